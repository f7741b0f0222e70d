"""Pictures of what the domain knows: the trajectory of a metric, the scorecard, the roadmap.

A chart is data: `trajectories`, `multiples` and `timelines` turn frozen snapshots into Vega
specifications (https://vega.github.io/vega/docs/specification/), without I/O; `rendering` turns
one and the same specification into PNG and SVG. All texts are placed here, by the widths of the
font in `lettering`, so that none covers another one or leaves the picture, whatever people call
their metrics. That is why it is Vega and not Vega-Lite, which would place axes and panels itself.

Lengths are pixels of a picture that is 720 wide. Slack shows it half as wide on a phone, so no
text is smaller than 20. No sign relies on its colour: each has a shape, a dash or a word too.
"""

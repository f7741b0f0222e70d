"""Drawing a chart. Nothing is fetched from anywhere, and no event loop is needed.

The first picture of a process takes about a second, for the renderer has to start.
"""

import vl_convert

from app.charts.charts import Chart

SCALE = 2
"""A PNG has so many pixels for each of the specification, for sharp screens."""
_NOWHERE: list[str] = []


def png(chart: Chart) -> bytes:
    """The chart as a PNG, 1,440 pixels wide. Raises ValueError for what is no specification."""
    return vl_convert.vega_to_png(
        dict(chart.specification), scale=SCALE, allowed_base_urls=_NOWHERE
    )


def svg(chart: Chart) -> str:
    """The chart as an SVG, 720 pixels wide. Raises ValueError for what is no specification."""
    return vl_convert.vega_to_svg(dict(chart.specification), allowed_base_urls=_NOWHERE)

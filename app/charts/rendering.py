"""Drawing a chart. Nothing is fetched from anywhere, and no event loop is needed.

The first picture of a process takes about a second, for the renderer has to start. It is imported
by who draws: it takes 18 MB, which the process that only knows these functions can do without.
"""

from types import ModuleType

from app.charts.charts import Chart

SCALE = 2
"""A PNG has so many pixels for each of the specification, for sharp screens."""
_NOWHERE: list[str] = []


def png(chart: Chart) -> bytes:
    """The chart as a PNG, 1,440 pixels wide. Raises ValueError for what is no specification."""
    picture: bytes = _renderer().vega_to_png(
        dict(chart.specification), scale=SCALE, allowed_base_urls=_NOWHERE
    )
    return picture


def svg(chart: Chart) -> str:
    """The chart as an SVG, 720 pixels wide. Raises ValueError for what is no specification."""
    picture: str = _renderer().vega_to_svg(dict(chart.specification), allowed_base_urls=_NOWHERE)
    return picture


def _renderer() -> ModuleType:
    import vl_convert  # noqa: PLC0415

    return vl_convert

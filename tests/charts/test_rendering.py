"""A chart becomes a PNG and an SVG, by the same specification and with nothing from elsewhere."""

import json
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from app.charts.charts import Chart
from app.charts.looks import DARK, LIGHT, Look
from app.charts.multiples import scorecard_chart
from app.charts.rendering import png, svg
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from tests.charts.histories import (
    THE_QUARTERS_END,
    history_of,
    the_billing_quarter,
    the_billing_snapshot,
)


def the_charts(look: Look = LIGHT) -> dict[str, Chart]:
    scorecard, readings = the_billing_quarter()
    snapshot, trajectories = the_billing_snapshot()
    return {
        "metric": metric_chart(
            history_of(scorecard, "rollbacks", readings, THE_QUARTERS_END), look
        ),
        "scorecard": scorecard_chart(snapshot, trajectories, look),
        "roadmap": roadmap_chart(snapshot, look),
    }


CHARTS = the_charts()


def test_a_png_is_twice_as_large_as_its_specification_says() -> None:
    chart = CHARTS["metric"]
    picture = png(chart)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    size = struct.unpack(">II", picture[16:24])
    assert size == (2 * 720, 2 * chart.specification["height"])


@pytest.mark.parametrize("name", CHARTS)
def test_an_svg_has_the_size_of_its_specification(name: str) -> None:
    root = ElementTree.fromstring(svg(CHARTS[name]))  # noqa: S314 (it is our own)
    assert (root.get("width"), root.get("height")) == (
        "720",
        str(CHARTS[name].specification["height"]),
    )


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_plain_data(name: str) -> None:
    chart = CHARTS[name]
    assert pickle.loads(pickle.dumps(chart)) == chart  # noqa: S301 (it is our own)
    assert json.loads(json.dumps(chart.specification)) == chart.specification


@pytest.mark.parametrize("name", CHARTS)
def test_light_and_dark_are_opaque_and_differ(name: str) -> None:
    light, dark = svg(CHARTS[name]), svg(the_charts(DARK)[name])
    assert (
        f'<rect width="720" height="{CHARTS[name].specification["height"]}" fill="#ffffff"' in light
    )
    assert LIGHT.ground not in dark
    assert f'fill="{DARK.ground}"' in dark


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_needs_nothing_from_elsewhere(name: str) -> None:
    picture = svg(CHARTS[name])
    namespaces = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
    for namespace in namespaces:
        picture = picture.replace(f'="{namespace}"', "")
    assert "http" not in picture
    assert "href" not in picture
    assert "<image" not in picture


@pytest.mark.parametrize("draw", [png, svg])
def test_what_a_specification_wants_from_elsewhere_is_not_fetched(
    draw: Callable[[Chart], object],
) -> None:
    wanted = {"name": "readings", "url": "http://127.0.0.1:9/readings.json"}
    chart = Chart("", "", {**CHARTS["metric"].specification, "data": [wanted], "marks": []})
    with pytest.raises(ValueError, match="not allowed"):
        draw(chart)


def test_who_only_serves_loads_no_renderer() -> None:
    loaded = "import sys, app.main; print('vl_convert' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"

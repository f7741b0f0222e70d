"""Charts: what is drawn, what is said of it, and the figures below it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.playground.page.html.lettering import lettering
from app.playground.page.html.pies import slices_of
from app.playground.page.html.scales import number, scale_of
from tests.playground.blocks import Json
from tests.playground.page.documents import Element
from tests.playground.page.reading import shown

WEEKS = ["W1", "W2", "W3"]


def series(name: str, *values: float) -> Json:
    data = [{"label": label, "value": value} for label, value in zip(WEEKS, values, strict=False)]
    return {"name": name, "data": data}


def chart(kind: str, *lines: Json, **axes: str) -> Json:
    categories = [point["label"] for point in lines[0]["data"]]
    drawn = {"type": kind, "series": list(lines), "axis_config": {"categories": categories, **axes}}
    return {"type": "data_visualization", "title": "Rollbacks", "chart": drawn}


def pie(*values: float) -> Json:
    segments = [{"label": f"Part {i}", "value": value} for i, value in enumerate(values)]
    drawn = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": "Drivers", "chart": drawn}


def table_of(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.all("th", "td")] for row in page.one("table").all("tr")]


def drawing(page: Element) -> Element:
    (found,) = (each for each in page.all("svg") if each["role"] == "img")
    return found


@pytest.mark.parametrize("kind", ["line", "area", "bar"])
def test_a_chart_is_said_in_words_and_its_figures_stand_below(kind: str) -> None:
    page = shown(chart(kind, series("seen", 196, 40.5, 12), series("planned", 196, 100, 0)))
    assert page.one("figcaption").text == "Rollbacks"
    assert drawing(page)["aria-label"] == (
        f"{kind.title()} chart: Rollbacks. "
        "seen: from 196 in W1 to 12 in W3, lowest 12, highest 196. "
        "planned: from 196 in W1 to 0 in W3, lowest 0, highest 196."
    )
    assert table_of(page) == [
        ["", "seen", "planned"],
        ["W1", "196", "196"],
        ["W2", "40.5", "100"],
        ["W3", "12", "0"],
    ]
    (legend,) = page.of_class("legend")
    assert [each.text for each in legend.all("li")] == ["seen", "planned"]


def test_points_are_drawn_in_the_order_of_the_categories() -> None:
    line = series("seen", 1, 2, 3)
    line["data"].reverse()
    page = shown(
        {
            "type": "data_visualization",
            "title": "x",
            "chart": {"type": "line", "series": [line], "axis_config": {"categories": WEEKS}},
        }
    )
    assert [row[1] for row in table_of(page)[1:]] == ["1", "2", "3"]


def test_axes_have_their_labels() -> None:
    page = shown(chart("line", series("seen", 1, 2), x_label="week", y_label="per day"))
    assert [each.text for each in page.of_class("axis-label")] == ["per day", "week"]


def test_six_series_differ_in_their_looks_and_their_marks() -> None:
    lines = [series(f"line {place}", place, place + 1) for place in range(6)]
    page = shown(chart("line", *lines))
    (legend,) = page.of_class("legend")
    marks = [each["d"] for each in legend.all("path")]
    assert len(set(marks)) == 6
    assert len({each["class"] for each in legend.all("svg")}) == 6


def test_a_bar_below_zero_hangs_from_it() -> None:
    page = shown(chart("bar", series("moved", 50, -50)))
    up, down = page.of_class("bar")
    assert up["y"] is not None
    assert down["y"] is not None
    assert up["height"] == down["height"]
    assert float(up["y"]) + float(up["height"] or 0) == pytest.approx(float(down["y"]))


def test_a_pie_says_its_shares() -> None:
    page = shown(pie(45, 54.5, 0.5))
    assert drawing(page)["aria-label"] == (
        "Pie chart: Drivers. Part 0 45%, Part 1 54%, Part 2 less than 1%."
    )
    (legend,) = page.of_class("legend")
    assert [each.text for each in legend.all("li")] == [
        "APart 0 45%",
        "BPart 1 54%",
        "CPart 2 less than 1%",
    ]


def test_one_slice_is_the_whole() -> None:
    page = shown(pie(7))
    assert page.one("circle")["class"] == "series-1"
    assert slices_of({"segments": [{"label": "all", "value": 7}]})[0].percent == "100%"


@pytest.mark.parametrize(
    ("values", "from_zero", "labels"),
    [
        ([0, 196], False, ["0", "50", "100", "150", "200"]),
        ([90, 100], False, ["90", "92", "94", "96", "98", "100"]),
        ([90, 100], True, ["0", "20", "40", "60", "80", "100"]),
        ([3], False, ["0", "1", "2", "3"]),
        ([0], False, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ([-7, 23], True, ["−10", "0", "10", "20", "30"]),
        ([0, 3_600_000], True, ["0", "1M", "2M", "3M", "4M"]),
        ([0.012, 0.019], False, ["0.012", "0.014", "0.016", "0.018", "0.02"]),
    ],
)
def test_ticks_are_round_numbers(values: list[float], from_zero: bool, labels: list[str]) -> None:
    exact = [Fraction(str(value)) for value in values]
    assert scale_of(exact, from_zero=from_zero).labels == labels


@given(
    values=st.lists(
        st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**400), 10**400),
        min_size=1,
        max_size=20,
    ),
    from_zero=st.booleans(),
)
def test_every_value_stands_on_its_scale(values: list[float], from_zero: bool) -> None:
    scale = scale_of([Fraction(each) for each in values], from_zero=from_zero)
    assert all(0 <= scale.share(Fraction(each)) <= 1 for each in values)
    assert 2 <= len(scale.ticks) <= 8
    assert len(set(scale.labels)) == len(scale.ticks)
    assert all(len(label) <= 12 for label in scale.labels)


def test_numbers_are_written_as_people_write_them() -> None:
    assert [number(each) for each in (1234, 1234.5, 12.0, -3, 1e22)] == [
        "1,234",
        "1,234.5",
        "12",
        "-3",
        "1e+22",
    ]


def test_names_stand_upright_where_there_is_no_room_beside_each_other() -> None:
    names = ["Rollbacks / day", "Disagreeing accounts", "Invoice coverage"]
    assert not lettering(names, "wide", 560, in_order=False).is_upright
    narrow = lettering(names, "narrow", 200, in_order=False)
    assert narrow.is_upright
    assert list(narrow.places) == [0, 1, 2]


def test_of_names_that_follow_each_other_some_are_left_out() -> None:
    weeks = [f"Week {number}" for number in range(1, 21)]
    assert list(lettering(weeks, "wide", 560, in_order=True).places) == [1, 4, 7, 10, 13, 16]
    assert list(lettering(weeks, "narrow", 200, in_order=True).places) == [3, 10]

"""The picture of a metric shows its readings, where they should lead, and what shipped."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from app.charts.charts import Chart
from app.charts.rendering import svg
from app.charts.trajectories import metric_chart
from app.domain.metrics import Baseline, Metric, MetricKind, Reading
from app.domain.trajectories import Trajectory
from tests.builders import NOW, a_metric, a_milestone, a_reading, a_value, an_instant, some_readings
from tests.charts.histories import THE_QUARTERS_END, a_history, history_of, the_billing_quarter
from tests.charts.layout import rows_of, texts_of

RECENT = some_readings(
    ("2025-12-01", "150"),
    ("2026-01-05", "~120"),
    ("2026-02-02", "90+"),
    ("2026-03-02", "60"),
    ("2026-03-12", "~55"),
)


def a_guard(kind: MetricKind = MetricKind.STAY_BELOW) -> Metric:
    baseline = Baseline(a_value("1.4"), "Q3 '25", date(2025, 9, 30))
    return Metric("rollbacks", "Error rate", "%", baseline, Decimal(2), kind=kind)


def words_of(chart: Chart) -> str:
    return " | ".join(texts_of(chart))


def texts_in_svg(chart: Chart) -> list[str]:
    root = ElementTree.fromstring(svg(chart))  # noqa: S314 (it is our own)
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_it_is_headed_by_the_name_the_way_and_the_status() -> None:
    metric = a_metric(name="Rollbacks / day", unit="/ day", target_on=date(2026, 6, 30))
    texts = texts_of(metric_chart(a_history(metric, RECENT)))
    assert texts[:3] == ["Rollbacks / day", "~55 → 0", "on track"]


def test_readings_keep_their_signs_in_the_picture() -> None:
    texts = texts_in_svg(metric_chart(a_history(a_metric(), RECENT)))
    assert {"150", "~120", "90+", "60", "~55"} <= set(texts)
    assert {"about (~)", "at least (+)"} <= set(texts)


def test_inexact_readings_have_marks_of_their_own() -> None:
    chart = metric_chart(a_history(a_metric(), RECENT))
    marks = {row["shown"]: (row["shape"], row["fill"]) for row in rows_of(chart, "plot-points")}
    assert len({marks["150"], marks["~120"], marks["90+"]}) == 3
    assert marks["150"] == marks["60"]


def test_exact_readings_need_no_key_to_the_marks() -> None:
    words = words_of(metric_chart(a_history(a_metric(), RECENT[:1])))
    assert "about" not in words


def test_the_line_leads_from_the_baseline_to_the_target_on_its_date() -> None:
    chart = metric_chart(a_history(a_metric(target_on=date(2026, 6, 30)), RECENT))
    start, end = rows_of(chart, "plot-line")
    assert (start["value"], end["value"]) == (196, 0)
    assert start["at"] == an_instant("2025-09-29 22:00").timestamp() * 1_000
    assert end["at"] == an_instant("2026-06-30 22:00").timestamp() * 1_000
    texts = texts_of(chart)
    assert {"Q3 '25: 196", "line to target", "target 0", "target date 30 Jun 2026"} <= set(texts)


def test_without_a_target_date_there_is_a_target_and_no_line() -> None:
    chart = metric_chart(a_history(a_metric(), RECENT))
    assert not rows_of(chart, "plot-line")
    assert [row["target"] for row in rows_of(chart, "plot-target")] == [0]
    assert "line to target" not in texts_of(chart)


def test_the_forecast_goes_from_now_to_the_target_date() -> None:
    chart = metric_chart(a_history(a_metric(target_on=date(2026, 6, 30)), RECENT))
    band = rows_of(chart, "plot-forecast")
    assert band[0]["at"] == NOW.timestamp() * 1_000
    assert band[-1]["at"] == an_instant("2026-06-30 22:00").timestamp() * 1_000
    assert all(0 <= row["low"] <= row["middle"] <= row["high"] for row in band)
    assert "4 of 5 futures" in texts_of(chart)


def test_a_forecast_without_an_end_goes_no_farther_ahead_than_the_plot_goes_back() -> None:
    chart = metric_chart(a_history(a_metric(), RECENT))
    last = rows_of(chart, "plot-forecast")[-1]["at"] / 1_000
    assert last <= (NOW + (NOW - an_instant("2025-09-29 22:00"))).timestamp()


def test_with_too_few_readings_there_is_no_forecast() -> None:
    chart = metric_chart(a_history(a_metric(), RECENT[:2]))
    assert not rows_of(chart, "plot-forecast")
    assert "4 of 5 futures" not in texts_of(chart)


def test_milestones_are_numbered_and_named_with_their_days() -> None:
    milestones = [
        a_milestone("one", title="Pay first", shipped_on=date(2026, 1, 7), work_streams=["pde"]),
        a_milestone("two", title="Shore up", shipped_on=date(2026, 2, 18), work_streams=["pde"]),
    ]
    chart = metric_chart(a_history(a_metric(drivers={"pde": ""}), RECENT, milestones))
    texts = texts_of(chart)
    assert [text for text in texts if text in {"1", "2"}] == ["1", "2", "1", "2"]
    assert texts.index("7 Jan 2026") < texts.index("Pay first") < texts.index("18 Feb 2026")
    first, second = rows_of(chart, "milestones")
    assert first["x2"] < second["x"]


def test_milestones_of_one_week_share_a_marker_and_the_newest_are_named() -> None:
    milestones = [
        a_milestone(
            f"milestone-{number}",
            title=f"Milestone {number:02}",
            shipped_on=date(2026, 2, 2) + timedelta(days=number // 5),
            work_streams=["pde"],
        )
        for number in range(30)
    ]
    chart = metric_chart(a_history(a_metric(drivers={"pde": ""}), RECENT, milestones))
    texts = texts_of(chart)
    assert "1–8" in texts
    assert [text for text in texts if text.startswith("Milestone")] == [
        f"Milestone {number}" for number in range(22, 30)
    ]
    assert "and 22 earlier" in texts


def test_a_milestone_before_the_readings_is_told_of() -> None:
    milestone = a_milestone("old", shipped_on=date(2024, 1, 1), work_streams=["pde"])
    chart = metric_chart(a_history(a_metric(drivers={"pde": ""}), RECENT, [milestone]))
    assert "1 milestone before the time that is drawn" in texts_of(chart)
    assert not rows_of(chart, "milestones")


@pytest.mark.parametrize(
    ("kind", "words", "is_above"),
    [
        (MetricKind.STAY_BELOW, "limit: at most 2%", True),
        (MetricKind.STAY_ABOVE, "limit: at least 2%", False),
    ],
)
def test_a_guard_has_a_limit_and_a_hatched_side(
    kind: MetricKind, words: str, is_above: bool
) -> None:
    chart = metric_chart(a_history(a_guard(kind), some_readings(("2026-03-12", "1.8"))))
    assert words in texts_of(chart)
    (group,) = (mark for mark in chart.specification["marks"] if mark["type"] == "group")
    height = group["encode"]["enter"]["height"]["value"]
    low, high = group["scales"][1]["domain"]
    limit = height * (high - 2) / (high - low)
    slants = rows_of(chart, "plot-forbidden")
    assert slants
    if is_above:
        assert all(max(row["y"], row["y2"]) <= limit + 0.1 for row in slants)
    else:
        assert all(min(row["y"], row["y2"]) >= limit - 0.1 for row in slants)


def test_a_guard_says_whether_it_is_within_its_limit() -> None:
    kept = metric_chart(a_history(a_guard(), some_readings(("2026-03-12", "1.8"))))
    broken = metric_chart(a_history(a_guard(), some_readings(("2026-03-12", "2.3"))))
    assert "within the limit" in texts_of(kept)
    assert "beyond the limit" in texts_of(broken)


def test_what_is_only_recorded_has_no_target() -> None:
    baseline = Baseline(a_value("120"), "Q3 '25", date(2025, 9, 30))
    metric = Metric("rollbacks", "Visits", "", baseline, None, kind=MetricKind.RECORD)
    chart = metric_chart(a_history(metric, RECENT))
    assert "target" not in words_of(chart)
    assert not rows_of(chart, "plot-target")
    assert "recorded only" in texts_of(chart)


def test_a_metric_without_readings_says_so() -> None:
    chart = metric_chart(a_history(a_metric(target_on=date(2026, 6, 30))))
    assert {"no reading yet", "Q3 '25: 196", "line to target"} <= set(texts_of(chart))
    assert "0 readings" in chart.alternative


def test_a_thinned_trajectory_says_so() -> None:
    history = a_history(a_metric(), RECENT)
    assert history.trajectory is not None
    thinned = Trajectory(history.state.metric, history.trajectory.points[::2], is_whole=False)
    drawn = metric_chart(replace(history, trajectory=thinned))
    assert "Not every reading is drawn." in words_of(drawn)


def test_without_a_trajectory_the_last_readings_are_drawn() -> None:
    chart = metric_chart(replace(a_history(a_metric(), RECENT), trajectory=None))
    assert [row["shown"] for row in rows_of(chart, "plot-points")] == [
        "196",
        "150",
        "~120",
        "90+",
        "60",
        "~55",
    ]


def test_a_metric_in_the_zone_of_its_scorecard() -> None:
    late = a_reading("12", an_instant("2026-03-15 23:30"))
    chart = metric_chart(a_history(a_metric(), [late], as_of=an_instant("2026-03-15 23:40")))
    assert "As of 16 Mar 2026." in texts_of(chart)


def test_names_from_people_are_escaped() -> None:
    chart = metric_chart(a_history(a_metric(name="<script>alert('&')</script>"), RECENT))
    picture = svg(chart)
    assert "<script" not in picture
    assert "<script>alert('&')</script>" in texts_in_svg(chart)


def test_the_alternative_tells_what_the_picture_shows() -> None:
    scorecard, readings = the_billing_quarter()
    chart = metric_chart(history_of(scorecard, "rollbacks", readings, THE_QUARTERS_END))
    for words in (
        "Rollbacks / day: ~12 → 0.",
        "On track: ",
        "14 readings since Q3 '25 (196, 30 Sep 2025).",
        "Target date 30 Jun 2026.",
        "Forecast: at target between",
        "Milestones: 11 Mar 2026 Stabilisation in 55 merge requests;",
    ):
        assert words in chart.alternative


def test_the_alternative_fits_however_much_there_is_to_tell() -> None:
    milestones = [
        a_milestone(
            f"milestone-{number}",
            title="A title " * 18,
            shipped_on=date(2026, 2, 2),
            work_streams=["pde"],
        )
        for number in range(30)
    ]
    chart = metric_chart(a_history(a_metric(drivers={"pde": ""}), RECENT, milestones))
    assert len(chart.alternative) == 1_900
    assert chart.alternative.endswith("…")


def test_numbers_are_never_cut() -> None:
    metric = a_metric(
        baseline="900000000000000.000001", target="100000000000000", unit="accounts of customers"
    )
    reading = Reading(1, "rollbacks", a_value("~899999999999999.999999"), NOW, NOW, "U1")
    words = words_of(metric_chart(a_history(metric, [reading])))
    assert "~899,999,999,999,999.999999" in words
    assert "target 100,000,000,000,000" in words

"""The scorecard's picture has a panel for each metric."""

from datetime import date, timedelta

from app.charts.multiples import scorecard_chart
from app.domain.scorecards import take_snapshot
from tests.builders import NOW, a_metric, a_scorecard, some_readings
from tests.charts.histories import the_billing_snapshot, trajectory_of
from tests.charts.layout import rows_of, texts_of


def test_each_metric_has_its_name_its_way_and_its_status() -> None:
    texts = texts_of(scorecard_chart(*the_billing_snapshot()))
    assert texts[0] == "Billing Platform"
    start = texts.index("Bad debt from upgrades")
    assert texts[start : start + 3] == ["Bad debt from upgrades", "~3 / day → 0 / day", "on track"]
    start = texts.index("Dunning code paths")
    assert texts[start : start + 3] == ["Dunning code paths", "3 → 1", "at risk"]


def test_the_metrics_stand_in_the_order_given() -> None:
    snapshot, trajectories = the_billing_snapshot()
    texts = texts_of(scorecard_chart(snapshot, trajectories[::-1]))
    names = [drawn.metric.name for drawn in trajectories]
    assert [text for text in texts if text in names] == names[::-1]


def test_each_panel_has_its_readings_and_its_line() -> None:
    chart = scorecard_chart(*the_billing_snapshot())
    assert [row["shown"] for row in rows_of(chart, "dunning-paths-points")] == [
        "5+",
        "5+",
        "5",
        "4",
        "4",
        "3",
        "3",
    ]
    assert [row["value"] for row in rows_of(chart, "dunning-paths-line")] == [5, 1]


def test_panels_share_the_time_and_not_the_values() -> None:
    chart = scorecard_chart(*the_billing_snapshot())
    panels = [mark for mark in chart.specification["marks"] if mark["type"] == "group"]
    assert len({tuple(panel["scales"][0]["domain"]) for panel in panels}) == 1
    assert len({tuple(panel["scales"][1]["domain"]) for panel in panels}) == len(panels)


def test_panels_stand_two_in_a_row_at_one_height() -> None:
    chart = scorecard_chart(*the_billing_snapshot())
    panels = [
        mark["encode"]["enter"] for mark in chart.specification["marks"] if mark["type"] == "group"
    ]
    places = [(panel["x"]["value"], panel["y"]["value"]) for panel in panels]
    assert len({x for x, _ in places}) == 2
    assert places[0][1] == places[1][1] < places[2][1] == places[3][1] < places[4][1]


def test_beyond_24_metrics_the_caption_says_how_many_more() -> None:
    metrics = [a_metric(f"metric-{number}", name=f"Metric {number}") for number in range(27)]
    readings = {each.key: some_readings(("2026-03-01", "20"), metric=each.key) for each in metrics}
    scorecard = a_scorecard(metrics=metrics)
    drawn = [trajectory_of(scorecard, each, readings[each.key]) for each in metrics]
    chart = scorecard_chart(take_snapshot(scorecard, readings, NOW), drawn)
    texts = texts_of(chart)
    assert "Metric 23" in texts
    assert "Metric 24" not in texts
    assert "3 more metrics aren't drawn." in " ".join(texts)
    assert "3 more metrics aren't drawn." in chart.alternative


def test_a_scorecard_without_metrics_says_so() -> None:
    chart = scorecard_chart(take_snapshot(a_scorecard(), {}, NOW), [])
    assert texts_of(chart) == ["Billing", "No metrics yet."]


def test_the_caption_names_the_time_that_is_drawn() -> None:
    scorecard = a_scorecard(metrics=[a_metric(target_on=date(2026, 6, 30))])
    snapshot = take_snapshot(scorecard, {}, NOW + timedelta(days=1))
    drawn = [trajectory_of(scorecard, scorecard.metrics[0], [])]
    words = " ".join(texts_of(scorecard_chart(snapshot, drawn)))
    assert "As of 17 Mar 2026. From 30 Sep 2025 to 30 Jun 2026" in words


def test_the_alternative_tells_every_metric() -> None:
    chart = scorecard_chart(*the_billing_snapshot())
    assert chart.alternative.startswith("Billing Platform on 19 Mar 2026.")
    assert "Invoice coverage: ~78% → 100%, on track." in chart.alternative


def test_numbers_are_never_cut() -> None:
    metrics = [
        a_metric(
            f"metric-{number}",
            baseline="900000000000000.000001",
            target="100000000000000",
            unit="accounts of customers",
        )
        for number in range(2)
    ]
    readings = {
        each.key: some_readings(("2026-03-12", "~899999999999999.999999"), metric=each.key)
        for each in metrics
    }
    scorecard = a_scorecard(metrics=metrics)
    drawn = [trajectory_of(scorecard, each, readings[each.key]) for each in metrics]
    words = " ".join(texts_of(scorecard_chart(take_snapshot(scorecard, readings, NOW), drawn)))
    assert words.count("~899,999,999,999,999.999999") == 2
    assert words.count("→ 100,000,000,000,000") == 2

"""The chart that Slack draws of a trajectory: its line, its labels, its limits."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.metrics import Reading
from app.domain.outcomes import MetricHistory
from app.domain.prospects import Prospect
from app.domain.scorecards import take_snapshot
from app.domain.trajectories import MOST_READINGS
from app.playground.blockkit import problems_in_message
from app.slack.blocks import native
from app.slack.blocks.kit import Block
from app.slack.blocks.metrics import metric_chart
from tests.builders import NOW, a_metric, a_reading, a_scorecard, an_instant, some_readings
from tests.slack.scorecards import (
    a_trajectory,
)
from tests.slack.test_native import texts_in


def a_chart(readings: Sequence[Reading], **metric: Any) -> tuple[Block, str]:
    """The chart of a metric with these readings, and what stands below it."""
    snapshot = take_snapshot(
        a_scorecard(metrics=[a_metric(**metric)]), {"rollbacks": list(readings)}, NOW
    )
    history = MetricHistory(
        snapshot,
        snapshot.metrics[0],
        readings,
        (),
        Prospect(None, None),
        a_trajectory(snapshot, readings),
    )
    message = metric_chart(history)
    assert message is not None
    chart, below = message.native
    assert problems_in_message({"blocks": [chart, below]}) == []
    return chart, "\n".join(texts_in(below))


def series(chart: Block, name: str) -> list[float]:
    (found,) = (each for each in chart["chart"]["series"] if each["name"] == name)
    return [point["value"] for point in found["data"]]


def categories(chart: Block) -> list[str]:
    labels: list[str] = chart["chart"]["axis_config"]["categories"]
    return labels


def test_the_line_leads_from_the_baseline_to_the_target_at_its_date() -> None:
    chart, below = a_chart(
        some_readings(("2025-12-15", "150"), ("2026-04-10", "9")),
        baseline="200",
        target_on=an_instant("2026-03-31").date(),
    )
    first, second, last = series(chart, "line to the target")
    assert (first, last) == (200, 0)
    assert 115 < second < 118, "some 76 of 183 days have passed"
    assert "The line leads from 200 (Q3 '25) to 0 by Tue 31 Mar 2026." in below


def test_values_that_are_not_exact_say_so_at_their_labels() -> None:
    chart, below = a_chart(
        some_readings(("2026-03-01", "~40"), ("2026-03-02", "5+"), ("2026-03-03", "4")),
        baseline="~60",
    )
    labels = ["30 Sep 25 (~)", "01 Mar 26 (~)", "02 Mar 26 (+)", "03 Mar 26"]
    assert categories(chart) == labels
    assert chart["title"] == "Rollbacks: ~60 → 4"
    assert "(~) is about, (+) at least." in below


def test_several_readings_of_a_day_are_told_apart_by_the_minute() -> None:
    evening = an_instant("2026-03-01 19:05")
    readings = [
        a_reading("~40", evening, id=1),
        a_reading("~39", evening + timedelta(minutes=1), id=2),
        a_reading("~38", evening + timedelta(seconds=70), id=3),
    ]
    chart, _ = a_chart(readings)
    assert categories(chart)[1:] == ["01 Mar 26 20:05 (~)", "01 Mar 26 20:06 (~)"]
    assert series(chart, "readings") == [196, 40, 38], "of a minute the last counts"


def test_as_many_readings_as_a_trajectory_has_fit_a_chart() -> None:
    days = [NOW - timedelta(days=day) for day in range(MOST_READINGS)]
    chart, _ = a_chart([a_reading("9", at, id=n) for n, at in enumerate(reversed(days), 1)])
    assert len(categories(chart)) == native.MOST_POINTS


def test_a_long_name_is_shortened_and_the_figures_are_not() -> None:
    readings = some_readings(("2026-03-01", "~123456789"))
    chart, _ = a_chart(readings, name="A very long name of a metric " * 2)
    assert chart["title"] == "A very long name of a metric…: 196 → ~123,456,789"
    huge = some_readings(("2026-03-01", "~123456789012345.123456"))
    chart, _ = a_chart(huge, name="Short", baseline="~123456789012344.5", unit="accounts")
    assert chart["title"] == "Short"


def test_labels_that_look_alike_are_told_apart() -> None:
    alike = ["~94% A name that begins alike", "~94% A name that begins otherwise", "~94% A"]
    assert native.labels(alike) == ["~94% A name that be…", "~94% A name that… 2", "~94% A"]
    assert len(set(native.labels(["x" * 30] * 20))) == 20
    assert max(map(len, native.labels(["x" * 30] * 20))) == native.MOST_LABEL_LENGTH


@pytest.mark.parametrize(
    "drawn",
    [
        {str(number): {"a": Decimal(1)} for number in range(7)},
        {"way": {str(number): Decimal(1) for number in range(21)}},
        {"way": {"a label of more than twenty": Decimal(1)}},
        {"a series of more than twenty": {"a": Decimal(1)}},
    ],
)
def test_a_chart_beyond_slacks_limits_is_a_mistake_of_ours(
    drawn: dict[str, dict[str, Decimal]],
) -> None:
    with pytest.raises(ValueError, match="at most"):
        native.chart("line", "Too much", drawn)

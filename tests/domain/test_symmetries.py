"""A status depends neither on the unit's scale nor on whether up or down is better."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics import Metric, Reading, newest
from app.domain.paces import pace
from app.domain.statuses import Status, Thresholds, verdict
from tests.builders import ZONE
from tests.domain.strategies import (
    closed_values,
    histories,
    instants,
    metrics_of_all_kinds,
    scaled,
    scaled_readings,
)

THRESHOLDS = st.tuples(st.integers(2, 100), st.integers(1, 99)).filter(
    lambda pair: pair[1] < pair[0]
)


def judged(
    metric: Metric, readings: list[Reading], as_of: datetime, percents: tuple[int, int]
) -> tuple[Status, str]:
    """The status, and its reason without the figures that are in the unit."""
    seen = pace(metric, readings, as_of, ZONE)
    current = newest(readings, as_of)
    found = verdict(metric, current, seen, as_of, ZONE, thresholds=Thresholds(*percents))
    return found.status, found.reason.rpartition("; ")[2] if metric.way is not None else ""


@st.composite
def closed_histories(draw: st.DrawFn) -> list[Reading]:
    readings = draw(histories())
    return [reading._replace(value=draw(closed_values)) for reading in readings]


@pytest.mark.parametrize("scale", [-1, 1000, Decimal("0.001"), Decimal("-2.5")], ids=str)
@given(metrics_of_all_kinds(), closed_histories(), instants(), THRESHOLDS)
def test_mirrored_or_scaled_data_have_the_same_status(
    scale: Decimal | int,
    metric: Metric,
    readings: list[Reading],
    as_of: datetime,
    percents: tuple[int, int],
) -> None:
    found = judged(metric, readings, as_of, percents)
    again = judged(scaled(metric, scale), scaled_readings(readings, scale), as_of, percents)

    assert again[0] is found[0]
    if "of the way" in found[1]:
        assert again[1] == found[1]

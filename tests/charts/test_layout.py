"""Whatever people call and measure, texts neither cover each other nor leave the picture."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as some

from app.charts.multiples import scorecard_chart
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from app.domain.metrics import Baseline, Driver, Metric, MetricKind, Reading
from app.domain.milestones import Milestone
from app.domain.roadmap import Phase
from app.domain.scorecards import take_snapshot
from app.domain.values import Qualifier, Value
from tests.builders import NOW, a_milestone, a_phase, a_scorecard
from tests.charts.histories import a_history, trajectory_of
from tests.charts.layout import assert_legible

NAMES = (
    "Rollbacks / day",
    "W" * 80,
    "<script>alert('&')</script>",
    "請求書の対象範囲" * 10,
    "👩🏽‍🚀🎉 launches " * 5,
    "a name\nwith a break and many words that go on and on until the line is full and more",
)
SIZES = ("1e-6", "0.5", "1", "40", "1e5", "1e12", "-3")

numbers = some.builds(
    lambda share, size: round(share * Decimal(size), 6),
    some.decimals(-9, 9, places=2),
    some.sampled_from(SIZES),
)
values = some.builds(
    lambda number, qualifier: Value(number + 0, qualifier),
    numbers,
    some.sampled_from(Qualifier),
)
days = some.dates(date(2025, 6, 1), date(2026, 3, 15))


UNITS = ("", "%", "/ day", "accounts of customers in all the countries")


@some.composite
def metrics(draw: some.DrawFn) -> Metric:
    """Of any kind, with a baseline before or among the readings, and a target date or none."""
    kind = draw(some.sampled_from(MetricKind))
    start = draw(values)
    labels = some.sampled_from(("Q3 '25", "before the great migration of all"))
    baseline = Baseline(start, draw(labels), draw(days))
    targets = numbers.filter(lambda number: number != start.number)
    later = some.integers(1, 900).map(lambda count: baseline.on + timedelta(days=count))
    return Metric(
        "rollbacks",
        draw(some.sampled_from(NAMES)),
        draw(some.sampled_from(UNITS)),
        baseline,
        None if kind is MetricKind.RECORD else draw(targets),
        draw(some.none() | later) if kind is MetricKind.REACH else None,
        kind=kind,
    )


@some.composite
def readings(draw: some.DrawFn) -> list[Reading]:
    """Few readings of any kind, or up to 500 that go up and down, on many days or on one."""
    count = draw(some.sampled_from((0, 1, 2, 6, 19, 60, 500)))
    drawn = draw(some.lists(values, min_size=1, max_size=8))
    span = draw(some.sampled_from((0.0, 0.4, 6.0, 90.0, 700.0)))
    first = NOW - timedelta(days=span)
    at = [first + timedelta(days=span * place / max(count, 1)) for place in range(count)]
    return [_reading(place, drawn[place % len(drawn)], when) for place, when in enumerate(at)]


def _reading(place: int, value: Value, at: datetime) -> Reading:
    return Reading(place, "rollbacks", value, at, at, "U1")


@some.composite
def milestones(draw: some.DrawFn) -> list[Milestone]:
    """Up to 30, all in a week or over a year."""
    span = draw(some.sampled_from((1, 7, 300)))
    count = draw(some.sampled_from((0, 1, 5, 30)))
    return [
        a_milestone(
            f"milestone-{place}",
            title=draw(some.sampled_from(NAMES)),
            shipped_on=date(2026, 3, 15) - timedelta(days=place * span // count),
            work_streams=["pde"],
        )
        for place in range(count)
    ]


@settings(max_examples=40, deadline=None)
@given(metrics(), readings(), milestones())
def test_the_texts_of_a_metric_are_legible(
    metric: Metric, readings: list[Reading], milestones: list[Milestone]
) -> None:
    driven = replace(metric, drivers=(Driver("pde"),))
    assert_legible(metric_chart(a_history(driven, readings, milestones)))


@settings(max_examples=20, deadline=None)
@given(some.lists(some.tuples(metrics(), readings()), max_size=26))
def test_the_texts_of_a_scorecard_are_legible(
    drawn: list[tuple[Metric, list[Reading]]],
) -> None:
    named = {f"metric-{place}": pair for place, pair in enumerate(drawn)}
    scorecard = a_scorecard(metrics=[replace(each, key=key) for key, (each, _) in named.items()])
    of_metric = {key: readings for key, (_, readings) in named.items()}
    trajectories = [
        trajectory_of(scorecard, each, of_metric[each.key]) for each in scorecard.metrics
    ]
    snapshot = take_snapshot(scorecard, of_metric, NOW)
    assert_legible(scorecard_chart(snapshot, trajectories))


WINDOWS = ("Q1 2024", "Q1 2026", "Q2 2026", "Q2–Q3 2026", "Q4 2026–Q1 2027", "Q3 2031")


@some.composite
def roadmaps(draw: some.DrawFn) -> tuple[list[Phase], list[Milestone]]:
    """Up to 26 phases, each of which may need any of those before it, and milestones."""
    needed = [
        a_milestone(
            f"milestone-{place}",
            title=draw(some.sampled_from(NAMES)),
            due_on=draw(some.none() | some.dates(date(2025, 1, 1), date(2027, 12, 31))),
        )
        for place in range(draw(some.integers(0, 12)))
    ]
    keys = [each.key for each in needed]
    phases: list[Phase] = []
    for place in range(draw(some.integers(0, 26))):
        before = [phase.key for phase in phases]
        phases.append(
            a_phase(
                f"phase-{place}",
                name=draw(some.sampled_from(NAMES)),
                window=draw(some.sampled_from(WINDOWS)),
                after=draw(some.lists(some.sampled_from(before), max_size=3)) if before else (),
                after_milestones=draw(some.lists(some.sampled_from(keys), max_size=9))
                if keys
                else (),
                done_on=draw(some.sampled_from((None, None, date(2026, 1, 1)))),
            )
        )
    return phases, needed


@settings(max_examples=20, deadline=None)
@given(roadmaps())
def test_the_texts_of_a_roadmap_are_legible(roadmap: tuple[list[Phase], list[Milestone]]) -> None:
    phases, needed = roadmap
    scorecard = a_scorecard(phases=phases, milestones=needed)
    assert_legible(roadmap_chart(take_snapshot(scorecard, {}, NOW)))

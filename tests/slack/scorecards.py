"""Snapshots as large and as odd as people make them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain import names
from app.domain.alerts import AlertKind
from app.domain.associations import associations
from app.domain.digests import Digest, DigestPeriod, Shipped, compose_digest
from app.domain.metrics import Reading
from app.domain.milestones import Effect, Milestone
from app.domain.outcomes import (
    AlertedMetric,
    AlertNews,
    GoalStory,
    MetricHistory,
    Recorded,
    ShippedNews,
)
from app.domain.prospects import prospect
from app.domain.scorecards import Scorecard, Snapshot, take_snapshot
from app.domain.trajectories import Trajectory, trajectory
from tests.builders import NOW, a_metric, a_milestone, a_phase, a_reading, a_scorecard, a_value

HOSTILE = "<!channel> <@U0BOB> *x* ~y~ _z_ `code` & > 🎉 שלום "
"""Everything that mrkdwn, HTML or a terminal might make something of."""

PLAIN = "Rollbacks / day"
SIZES = (1, 40, 400)


def as_long_as(text: str, length: int) -> str:
    """A text repeated up to a length."""
    return (text * (length // len(text) + 1))[:length].strip().ljust(length, ".")


def a_large_scorecard(count: int, text: str) -> Scorecard:
    """So many metrics, work streams, milestones and phases, each of the greatest length."""
    streams = [f"stream-{number}" for number in range(count)]
    scorecard = a_scorecard(
        name=as_long_as(text, names.MOST_NAME_LENGTH),
        work_streams=streams,
        metrics=[
            a_metric(
                f"metric-{number}",
                name=as_long_as(f"{number} {text}", names.MOST_NAME_LENGTH),
                unit="%",
                baseline="~0.5",
                target="100",
                owner="U0ANA",
                drivers={stream: as_long_as(text, 2_000) for stream in streams[:40]},
            )
            for number in range(count)
        ],
        milestones=[
            replace(
                a_milestone(
                    f"milestone-{number}",
                    title=as_long_as(f"{number} {text}", names.MOST_TITLE_LENGTH),
                    due_on=NOW.date() + timedelta(days=number % 20 - 10),
                ),
                detail=as_long_as(text, names.MOST_TEXT_LENGTH),
            )
            for number in range(count)
        ],
        phases=[
            a_phase(
                f"phase-{number}",
                name=as_long_as(f"{number} {text}", names.MOST_NAME_LENGTH),
                after_milestones=[f"milestone-{number}"],
            )
            for number in range(count)
        ],
    )
    longer = tuple(
        replace(stream, name=as_long_as(text, names.MOST_NAME_LENGTH))
        for stream in scorecard.work_streams
    )
    return replace(
        scorecard,
        goal=as_long_as(text, names.MOST_TEXT_LENGTH),
        work_streams=longer,
        possibilities=tuple(as_long_as(text, names.MOST_TEXT_LENGTH) for _ in range(10)),
    )


def readings_of(
    scorecard: Scorecard, *values: tuple[str, timedelta], until: datetime = NOW
) -> dict[str, Sequence[Reading]]:
    """The same readings for every metric: pairs of value and age."""
    return {
        metric.key: [
            a_reading(value, until - age, id=number, metric=metric.key)
            for number, (value, age) in enumerate(values, start=1)
        ]
        for metric in scorecard.metrics
    }


def a_snapshot(scorecard: Scorecard, now: datetime = NOW) -> Snapshot:
    """Each metric moved from ~40 to ~78 this week."""
    readings = readings_of(scorecard, ("~40", timedelta(days=8)), ("~78", timedelta(days=1)))
    return take_snapshot(scorecard, readings, now)


def a_history(snapshot: Snapshot, text: str) -> MetricHistory:
    """The first metric, with long notes and milestones that moved it."""
    state = snapshot.metrics[0]
    note = as_long_as(text, names.MOST_TEXT_LENGTH)
    readings = [
        a_reading("~78", NOW - timedelta(days=day), id=day + 1, metric=state.metric.key, note=note)
        for day in range(10)
    ]
    day = NOW.date()
    shipped = [
        replace(a_milestone(each.key, shipped_on=day), title=each.title)
        for each in snapshot.scorecard.milestones
    ]
    effects = [
        Effect(state.metric, a_value("~40"), readings[0]._replace(milestone=each.key))
        for each in shipped
    ]
    moved = associations(state.metric, shipped, effects, readings, snapshot.scorecard.zone)
    expected = prospect(state.metric, readings, snapshot.as_of, snapshot.scorecard.zone)
    drawn = a_trajectory(snapshot, readings[::-1])
    return MetricHistory(snapshot, state, readings, moved, expected, drawn)


def some_alerts(snapshot: Snapshot, text: str) -> AlertNews:
    """All that can be told of each metric, with the longest names on its line."""
    history = a_history(snapshot, text)
    kinds = (AlertKind.FELL_BACK, AlertKind.UNUSUAL, AlertKind.STALE)
    alerted = (
        AlertedMetric(
            replace(history, state=state), kinds, a_value("~40"), before_counts=True, raised_at=NOW
        )
        for state in snapshot.metrics
    )
    return AlertNews(snapshot, "channel", tuple(alerted))


def a_trajectory(snapshot: Snapshot, readings: Sequence[Reading]) -> Trajectory:
    """The first metric through these readings, oldest first."""
    return trajectory(snapshot.metrics[0].metric, readings, snapshot.scorecard.zone)


def a_recorded(snapshot: Snapshot, text: str) -> Recorded:
    """An update with the longest note."""
    state = snapshot.metrics[0]
    note = as_long_as(text, names.MOST_TEXT_LENGTH)
    reading = a_reading("~78", metric=state.metric.key, note=note)
    return Recorded(1, reading, a_reading("~40", metric=state.metric.key), state)


def some_news(snapshot: Snapshot, text: str) -> ShippedNews:
    """A milestone that moved forty metrics and made every phase ready."""
    milestone = Milestone(
        "milestone",
        as_long_as(text, names.MOST_TITLE_LENGTH),
        as_long_as(text, names.MOST_TEXT_LENGTH),
        work_streams=tuple(snapshot.scorecard.streams_by_key)[:5],
        links=tuple(f"https://example.com/a?b=1&c=2|{number}" for number in range(10)),
        tickets=tuple(f"{as_long_as(text, 40)}{number}" for number in range(10)),
        logged_by="U0ANA",
        logged_at=NOW,
    )
    effects = tuple(
        Effect(state.metric, a_value("~40"), a_reading("~78", metric=state.metric.key))
        for state in snapshot.metrics[:40]
    )
    return ShippedNews(snapshot, Shipped(milestone, effects), snapshot.phases)


def a_goal_story(scorecard: Scorecard) -> GoalStory:
    """All metrics at target, each moved there by as many milestones as there are."""
    readings = readings_of(scorecard, ("100", timedelta(days=1)))
    moved = {
        metric.key: [
            Effect(metric, a_value("~40"), readings[metric.key][0]._replace(milestone=each.key))
            for each in scorecard.milestones
        ]
        for metric in scorecard.metrics
    }
    return GoalStory(take_snapshot(scorecard, readings, NOW), moved)


def a_digest(scorecard: Scorecard, *, until: datetime = NOW, shipped: int = 0) -> Digest:
    """A week's digest, in which so many milestones shipped, each moving one metric."""
    period = DigestPeriod("2026-W12", until - timedelta(days=7), until)
    news = [
        replace(
            a_milestone(milestone.key, title=milestone.title, shipped_on=until.date()),
            logged_by="U0ANA",
            logged_at=until - timedelta(days=1),
        )
        for milestone in scorecard.milestones[:shipped]
    ]
    known = {milestone.key: milestone for milestone in news}
    scorecard = replace(
        scorecard,
        milestones=tuple(known.get(each.key, each) for each in scorecard.milestones),
    )
    moved = {
        milestone.key: [Effect(metric, a_value("~40"), a_reading("~78", metric=metric.key))]
        for milestone, metric in zip(news, scorecard.metrics, strict=False)
    }
    readings = some_weeks_of(scorecard, until)
    return compose_digest(period, a_snapshot(scorecard, until), moved, readings)


def some_weeks_of(scorecard: Scorecard, until: datetime) -> dict[str, Sequence[Reading]]:
    """Readings of seven weeks that rise, the last by more than usual."""
    values = ("~20", "~22", "~23", "~25", "~26", "~28", "~78")
    weeks = [(value, timedelta(weeks=6 - week)) for week, value in enumerate(values)]
    return readings_of(scorecard, *weeks, until=until)

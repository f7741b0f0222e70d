"""Which scorecard is meant, and how it stands."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.associations import Association, around, associations, on_line
from app.domain.errors import NotFound
from app.domain.metrics import Metric, Reading, baseline_fact
from app.domain.milestones import Effect
from app.domain.outcomes import GoalStory, MetricHistory
from app.domain.prospects import Prospect, looked_at, prospect, together
from app.domain.scorecards import Scorecard, Snapshot, take_snapshot
from app.domain.trajectories import MOST_READINGS, trajectory
from app.services.callers import Actor, Caller, Guarded, Right, Role, demand, may
from app.store.engine import Store
from app.store.queries import Listed, ids_by_key, scorecard_rows
from app.store.readings import (
    last_readings,
    newest_facts,
    readings_over_time,
    readings_with_milestones,
)
from app.store.tables import MetricRow, ScorecardRow
from app.store.writes import held

LAST_READINGS = 10


class NoneHere(NotFound):
    """No scorecard is at home in the channel, and none can be meant without being named."""


async def show(store: Store, caller: Caller, key: str | None = None) -> Snapshot:
    """The scorecard with this key, or the one meant here, as it stands now.

    Raises `NotFound` if there is none, or several and none is at home here.
    """
    async with store.reading() as session:
        _, snapshot = await _seen(session, store, caller, key)
        return snapshot


async def show_all(store: Store, caller: Caller) -> list[Snapshot]:
    """Every scorecard that the caller may see, by key, as it stands now."""
    async with store.reading() as session:
        listed = await store.listing.read(session)
        seen = [row for row in listed if may(caller.actor, Right.SEE, row)]
        return [await store.memory.snapshot(session, row, caller.now) for row in seen]


async def by_id(store: Store, caller: Caller, scorecard_id: int) -> Snapshot:
    """The scorecard of a delivery, as it stands now."""
    async with store.reading() as session:
        row = await session.get_one(ScorecardRow, scorecard_id)
        scorecard, readings = await store.memory.recall(session, row, caller.now)
        return take_snapshot(scorecard, readings, caller.now)


async def goal_story(store: Store, caller: Caller, scorecard_id: int) -> GoalStory:
    """A scorecard as it stands now, with all that milestones moved in it."""
    snapshot = await by_id(store, caller, scorecard_id)
    scorecard = snapshot.scorecard
    async with store.reading() as session:
        effects = await effects_of(session, scorecard_id, scorecard, scorecard.milestones_by_key)
    moved: dict[str, list[Effect]] = {}
    for effect in chain.from_iterable(effects.values()):
        moved.setdefault(effect.metric.key, []).append(effect)
    return GoalStory(snapshot, moved)


async def guarded(store: Store) -> dict[str, Guarded]:
    """What decides on the rights to each scorecard, by its key: for `may`, not to be shown."""
    async with store.reading() as session:
        return {row.key: row for row in await store.listing.read(session)}


async def homes(store: Store, caller: Caller) -> dict[str, str | None]:
    """The home channel of each scorecard that the caller may see, by its key."""
    async with store.reading() as session:
        listed = await store.listing.read(session)
        return {row.key: row.channel for row in listed if may(caller.actor, Right.SEE, row)}


async def named(store: Store, caller: Caller, right: Right = Right.SEE) -> dict[str, str]:
    """The names of the scorecards with which the caller may do this, by key."""
    async with store.reading() as session:
        rows = await scorecard_rows(session)
        return {row.key: row.name for row in rows if may(caller.actor, right, row)}


async def show_metric(
    store: Store,
    caller: Caller,
    typed: str,
    key: str | None = None,
    *,
    with_trajectory: bool = False,
    most_readings: int = MOST_READINGS,
) -> MetricHistory:
    """One metric, by its key or name; raises `NotFound` with suggestions.

    Its trajectory takes queries of its own, so it comes only where it is asked for, thinned out
    evenly where it has more than `most_readings`.
    """
    async with store.reading() as session:
        listed, snapshot = await _seen(session, store, caller, key)
        metric = snapshot.scorecard.metric(typed)
        readings, moved = await store.memory.history(
            listed, metric.key, lambda: _history(session, listed, snapshot.scorecard, metric)
        )
        expected = await _prospect(session, store, caller, listed, metric)
        state = snapshot.state(metric.key)
        history = MetricHistory(snapshot, state, readings, moved, expected)
        if not with_trajectory:
            return history
        zone = snapshot.scorecard.zone
        found, is_whole = await store.memory.history(
            listed,
            ("over time", metric.key, most_readings),
            lambda: _over_time(session, listed, metric, zone, most_readings),
        )
        until_now = [reading for reading in found if reading.at <= caller.now]
        drawn = trajectory(metric, until_now, zone, is_whole=is_whole)
        return replace(history, trajectory=drawn)


async def _history(
    session: AsyncSession, listed: Listed, scorecard: Scorecard, metric: Metric
) -> tuple[list[Reading], list[Association]]:
    """The last readings of a metric and what it did around milestones, newest first."""
    metric_ids = await ids_by_key(session, MetricRow, listed.id)
    readings = await last_readings(session, metric_ids[metric.key], LAST_READINGS)
    milestones = [milestone.key for milestone in scorecard.milestones]
    effects = [
        Effect(metric, before or metric.baseline.value, reading)
        for reading, before in await readings_with_milestones(session, listed.id, milestones)
        if reading.metric == metric.key
    ]
    tied = on_line(metric, scorecard.milestones, effects)
    caused = {effect.after.milestone: effect for effect in effects}
    ends = {
        instant
        for milestone in tied
        for instant in around(milestone, caused.get(milestone.key), scorecard.zone)
    }
    then = await newest_facts(session, listed.id, ends, metric=metric.key) if ends else {}
    found = then.get(metric.key, [])
    return readings, associations(metric, tied, effects, found, scorecard.zone)


async def _prospect(
    session: AsyncSession, store: Store, caller: Caller, listed: Listed, metric: Metric
) -> Prospect:
    """What may be expected of a metric, from what decides its state and what came before."""
    scorecard, deciding = await store.memory.recall(session, listed, caller.now)
    earlier = await store.memory.history(
        listed,
        ("earlier", metric.key),
        lambda: newest_facts(session, listed.id, looked_at(caller.now), metric=metric.key),
        on=caller.now.date(),
    )
    known = together(earlier, deciding).get(metric.key, ())
    return prospect(metric, known, caller.now, scorecard.zone)


async def _over_time(
    session: AsyncSession, listed: Listed, metric: Metric, zone: ZoneInfo, most: int
) -> tuple[list[Reading], bool]:
    """The readings of a metric since its baseline, `most` of them, and whether those are all."""
    metric_ids = await ids_by_key(session, MetricRow, listed.id)
    start = baseline_fact(metric, zone).at
    return await readings_over_time(session, metric_ids[metric.key], start, most)


async def present(
    session: AsyncSession, store: Store, caller: Caller, key: str | None, right: Right
) -> tuple[ScorecardRow, Snapshot]:
    """The row and the present snapshot of the scorecard that is meant, if the caller may.

    The row is held until the transaction ends, for this is a right to change it.
    """
    row = await held(session, (await meant(session, store, caller, key)).id)
    demand(caller, right, row)
    scorecard, readings = await store.memory.recall(session, row, caller.now)
    return row, take_snapshot(scorecard, readings, caller.now)


async def _seen(
    session: AsyncSession, store: Store, caller: Caller, key: str | None
) -> tuple[Listed, Snapshot]:
    """The present snapshot of the scorecard that is meant."""
    listed = await meant(session, store, caller, key)
    return listed, await store.memory.snapshot(session, listed, caller.now)


async def meant(session: AsyncSession, store: Store, caller: Caller, key: str | None) -> Listed:
    """The scorecard with this key; without one, that of the caller's channel or the only one.

    A scorecard that the caller may not see doesn't exist for them.
    """
    seen = [row for row in await store.listing.read(session) if may(caller.actor, Right.SEE, row)]
    if key is not None:
        row = next((row for row in seen if row.key == key), None)
        if row is None:
            raise _no_such(caller, key, [row.key for row in seen])
        return row
    channel = caller.actor.channel
    at_home = [row for row in seen if channel is not None and row.channel == channel]
    if at_home:
        return at_home[0]
    if len(seen) == 1:
        return seen[0]
    raise _none_here(caller, [row.key for row in seen])


def _no_such(caller: Caller, key: str, known: Sequence[str]) -> NotFound:
    """It may exist and not be for the caller: that is not told, only who can help."""
    if caller.actor.unanswered:
        return NotFound(not_said(caller.actor))
    if caller.actor.role is Role.PERSON:
        return NotFound(
            "There is no such scorecard that you may see. If it is of a private channel, ask "
            "somebody there to invite you."
        )
    close = names.suggestions(key, dict.fromkeys(known, ()))
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return NotFound(f"There is no scorecard “{key[:60]}”.{hint}", suggestions=close)


def not_said(actor: Actor) -> str:
    """What to tell somebody about whom Slack was asked and gave no answer."""
    return f"Slack did not say which scorecards you may see. {actor.unanswered}"


_REMEDIES = {
    Role.OPERATOR: "Name one with --scorecard KEY",
    Role.TOKEN: "Name one",
}
_NONE = {
    Role.OPERATOR: "There is no scorecard yet. Make one in Slack with /kpi setup, or: kpi "
    "load FILE",
    Role.TOKEN: "This token reaches no scorecard that is there. Make another: /kpi setup, Tokens.",
}


def _none_here(caller: Caller, seen: Sequence[str]) -> NoneHere:
    if caller.actor.unanswered:
        return NoneHere(not_said(caller.actor))
    role = caller.actor.role
    if seen:
        remedy = _REMEDIES.get(role, "Ask in the channel of one")
        return NoneHere(f"There are several scorecards: {', '.join(seen)}. {remedy}.")
    return NoneHere(_NONE.get(role, "This channel has no scorecard. Make one here: /kpi setup"))


async def effects_of(
    session: AsyncSession, scorecard_id: int, scorecard: Scorecard, milestones: Collection[str]
) -> dict[str, list[Effect]]:
    """What each of these milestones moved, from the value before to the reading it caused."""
    caused = await readings_with_milestones(session, scorecard_id, milestones)
    effects: dict[str, list[Effect]] = {}
    for reading, before in caused:
        metric = scorecard.metrics_by_key.get(reading.metric)
        if metric is None:
            continue  # retired since
        effect = Effect(metric, before or metric.baseline.value, reading)
        effects.setdefault(reading.milestone or "", []).append(effect)
    return effects

"""Logging milestones that shipped, together with what they moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.associations import on_line
from app.domain.digests import Shipped
from app.domain.edits import PartKind
from app.domain.errors import AlreadyDone, NotFound
from app.domain.milestones import Effect, Milestone, MilestoneStatus, shipped
from app.domain.outcomes import MilestoneStory, ShippedNews
from app.domain.roadmap import Need, NeedKind, PhaseOutlook, PhaseStatus
from app.domain.scorecards import Scorecard, Snapshot, take_snapshot
from app.domain.values import Value
from app.services.callers import Caller, Right
from app.services.changes import Action, write_change
from app.services.contents import READINGS, difference, name_of, part_from
from app.services.deliveries import Kind, State, announcement_row, enqueue, was_not_needed
from app.services.readings import after_readings, append
from app.services.scorecards import by_id, effects_of, meant, present, show_metric
from app.store.engine import Store
from app.store.queries import ids_by_key, load_scorecard
from app.store.tables import ChangeRow, MilestoneRow, ScorecardRow
from app.store.writes import add_need, needed_id, save_milestone

MOST_LINKS = 10
MOST_AROUND = 8
"""Metrics of which is told what they did around a milestone."""


@dataclass(frozen=True, slots=True)
class ShipForm:
    """What a person says of a milestone that shipped.

    `work_streams`, `phase` and the keys of `moved` are keys; `moved` gives each
    metric's new value, and `notes` what is noted with it. `submission` tells one sending of the
    form from another.
    """

    title: str
    shipped_on: date
    detail: str = ""
    work_streams: tuple[str, ...] = ()
    phase: str | None = None
    links: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    moved: Mapping[str, Value] | None = None
    notes: Mapping[str, str] | None = None
    submission: str | None = None


async def ship(
    store: Store, caller: Caller, form: ShipForm, *, key: str | None = None
) -> ShippedNews:
    """Log a milestone that shipped with the readings it caused, all of it or nothing.

    An open milestone of the same title is the one that ships. Raises `BadInput`
    for what a field can't hold, `NotFound` for keys that lead nowhere,
    `SentBefore` if this form was sent before, `AlreadyDone` if the milestone has shipped.
    """
    async with store.transaction() as session:
        return await _ship(session, store, caller, form, key)


async def _ship(
    session: AsyncSession, store: Store, caller: Caller, form: ShipForm, key: str | None
) -> ShippedNews:
    row, before = await present(session, store, caller, key, Right.SHIP)
    scorecard_id = needed_id(row.id)
    await refuse_second_sending(session, form.submission)
    refuse_unknown_keys(before.scorecard, form.work_streams, form.phase, form.moved or ())
    taken = await ids_by_key(session, MilestoneRow, scorecard_id)
    milestone = _shipped_milestone(before, caller, form, taken)
    milestone_id = await save_milestone(session, scorecard_id, milestone, form.submission)
    if form.phase is not None:
        phase = before.scorecard.phases_by_key[form.phase]
        if Need(NeedKind.MILESTONE, milestone.key) not in phase.needs:
            await add_need(session, scorecard_id, phase, milestone_id)
    effects = await _write_effects(
        session, scorecard_id, caller, before, milestone=milestone.key, form=form
    )
    scorecard = await load_scorecard(session, row)
    was, now = difference(before.scorecard, scorecard)
    caused = [effect.after.id for effect in effects]
    change = await write_change(
        session,
        scorecard_id,
        caller,
        Action.MILESTONE_SHIPPED,
        milestone.key,
        before={**was, READINGS: []},
        after={**now, READINGS: caused},
    )
    channel = before.scorecard.channel or caller.actor.channel
    delivery = await owe_announcement(
        session, scorecard_id, milestone, change, channel=channel, now=caller.now
    )
    snapshot = await after_readings(session, row, caller, scorecard, before)
    free = unblocked(snapshot, milestone)
    return ShippedNews(snapshot, Shipped(milestone, effects), free, delivery, change)


class SentBefore(AlreadyDone):
    """A form that has made a milestone, of which this is the key, is sent again."""

    def __init__(self, milestone: str) -> None:
        super().__init__("This form has been sent already: what it says is logged. Close it.")
        self.milestone = milestone


async def refuse_second_sending(session: AsyncSession, submission: str | None) -> None:
    """Raises `SentBefore` for a form that has made a milestone."""
    if submission is None:
        return
    query = select(MilestoneRow.key).where(MilestoneRow.submission == submission)
    made = (await session.exec(query)).first()
    if made is not None:
        raise SentBefore(made)


def refuse_unknown_keys(
    scorecard: Scorecard,
    work_streams: Iterable[str],
    phase: str | None = None,
    moved: Iterable[str] = (),
) -> None:
    """Raises `NotFound`, at the form's field, for a key that leads nowhere."""
    named: tuple[tuple[str, Iterable[str], Mapping[str, object]], ...] = (
        ("work_streams", work_streams, scorecard.streams_by_key),
        ("phase", (phase,) if phase else (), scorecard.phases_by_key),
        ("moved", moved, scorecard.metrics_by_key),
    )
    for field, keys, known in named:
        for key in keys:
            if key not in known:
                there = f"There are {', '.join(known)}." if known else "There is none."
                raise NotFound(f"“{key}” is not in {scorecard.name}. {there}", field=field)


def _shipped_milestone(
    snapshot: Snapshot, caller: Caller, form: ShipForm, taken: Iterable[str]
) -> Milestone:
    """The milestone as it will be: an open one of this title, or a new one of a key not `taken`.

    Raises `AlreadyDone` for the title of one that has shipped.
    """
    scorecard = snapshot.scorecard
    title = names.checked_text(form.title, names.MOST_TITLE_LENGTH, "The title", field="title")
    detail = names.checked_text(
        form.detail, names.MOST_TEXT_LENGTH, "The detail", needed=False, field="detail"
    )
    milestone = (
        open_milestone(scorecard, title)
        or shipped_before(scorecard, title)
        or Milestone(names.key_from(title, taken, fallback="milestone"), title)
    )
    milestone = replace(
        milestone,
        detail=detail or milestone.detail,
        work_streams=form.work_streams or milestone.work_streams,
        links=form.links or milestone.links,
        tickets=form.tickets or milestone.tickets,
        logged_by=caller.actor.id,
        logged_at=caller.now,
    )
    return shipped(milestone, form.shipped_on, snapshot.today)


def open_milestone(scorecard: Scorecard, title: str) -> Milestone | None:
    """The milestone of this title (or key) that has not shipped yet."""
    wanted = names.normalised(title)
    for milestone in scorecard.milestones:
        known = {names.normalised(milestone.title), names.normalised(milestone.key)}
        if milestone.is_open and wanted in known:
            return milestone
    return None


def shipped_before(scorecard: Scorecard, title: str) -> Milestone | None:
    """The milestone of this title that has shipped."""
    return next((known for known in same_title(scorecard, title) if known.is_shipped), None)


def same_title(scorecard: Scorecard, title: str) -> list[Milestone]:
    """The milestones of a title, however it is spelt."""
    wanted = names.normalised(title)
    return [known for known in scorecard.milestones if names.normalised(known.title) == wanted]


async def owe_announcement(
    session: AsyncSession,
    scorecard_id: int,
    milestone: Milestone,
    change: int,
    *,
    channel: str | None,
    now: datetime,
) -> int | None:
    """Owe what a change means for the channel: the announcement, or its update in place.

    Gives the id of the delivery, None where there is nothing to tell.
    """
    announcement = await announcement_row(session, scorecard_id, milestone.key)
    rests = announcement is None or announcement.state == State.FAILED.value
    if announcement is not None and not rests and not was_not_needed(announcement):
        return await enqueue(
            session,
            scorecard_id,
            Kind.ANNOUNCEMENT_EDIT,
            str(change),
            channel=announcement.channel,
            now=now,
        )
    if not milestone.is_shipped or channel is None:
        return None
    return await enqueue(
        session, scorecard_id, Kind.ANNOUNCEMENT, milestone.key, channel=channel, now=now
    )


async def _write_effects(
    session: AsyncSession,
    scorecard_id: int,
    caller: Caller,
    before: Snapshot,
    *,
    milestone: str,
    form: ShipForm,
) -> tuple[Effect, ...]:
    """Append the readings that a milestone caused."""
    effects = []
    for metric_key, value in (form.moved or {}).items():
        state = before.state(metric_key)
        reading, _ = await append(
            session,
            scorecard_id,
            caller,
            state,
            value,
            at=caller.now,
            note=(form.notes or {}).get(metric_key, ""),
            milestone=milestone,
        )
        start = state.current.value if state.current else state.metric.baseline.value
        effects.append(Effect(state.metric, start, reading))
    return tuple(effects)


def unblocked(snapshot: Snapshot, milestone: Milestone) -> tuple[PhaseOutlook, ...]:
    """Phases that needed this milestone and now wait for nothing: ready, or in progress."""
    return tuple(
        outlook
        for outlook in snapshot.phases
        if outlook.status in {PhaseStatus.READY, PhaseStatus.IN_PROGRESS}
        and not outlook.blocked_by
        and milestone.is_shipped
        and Need(NeedKind.MILESTONE, milestone.key) in outlook.phase.needs
    )


def known_milestone(scorecard: Scorecard, key: str) -> Milestone:
    """The milestone of this key; raises `NotFound`."""
    milestone = scorecard.milestones_by_key.get(key)
    if milestone is None:
        raise NotFound(f"“{key[:60]}” is no milestone of {scorecard.name}.")
    return milestone


async def show(
    store: Store, caller: Caller, milestone_key: str, key: str | None = None
) -> ShippedNews:
    """One milestone as it stands now, with what it moved; raises `NotFound`."""
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
    return await announced(store, caller, listed.id, milestone_key)


async def story(
    store: Store, caller: Caller, milestone_key: str, key: str | None = None
) -> MilestoneStory:
    """One milestone with what its metrics did in the weeks around it; raises `NotFound`."""
    news = await show(store, caller, milestone_key, key)
    scorecard, milestone = news.snapshot.scorecard, news.shipped.milestone
    metrics = [
        metric
        for metric in scorecard.metrics
        if on_line(
            metric, [milestone], [e for e in news.shipped.effects if e.metric.key == metric.key]
        )
    ]
    around = []
    for metric in metrics[:MOST_AROUND]:
        history = await show_metric(store, caller, metric.key, scorecard.key)
        around += [(metric, a) for a in history.milestones if a.milestone.key == milestone.key]
    return MilestoneStory(news, tuple(around), max(0, len(metrics) - MOST_AROUND))


async def edited_announcement(
    store: Store, caller: Caller, scorecard_id: int, change_id: int
) -> tuple[ShippedNews, State, str | None]:
    """What a change makes of an announcement, how its post stands, and the post's `ts`.

    A milestone that is there no more, for its logging was undone, counts as dropped.
    """
    async with store.reading() as session:
        change = await session.get_one(ChangeRow, change_id)
        row = await announcement_row(session, scorecard_id, change.subject)
    try:
        news = await announced(store, caller, scorecard_id, change.subject)
    except NotFound:
        gone = name_of(PartKind.MILESTONE, change.subject)
        recorded = {**(change.after or {}), **(change.before or {})}
        milestone: Milestone = part_from(gone, recorded[gone])
        dropped = replace(milestone, status=MilestoneStatus.DROPPED, shipped_on=None)
        snapshot = await by_id(store, caller, scorecard_id)
        news = ShippedNews(snapshot, Shipped(dropped), ())
    return news, State(row.state) if row else State.FAILED, row.message_ts if row else None


async def announced(
    store: Store, caller: Caller, scorecard_id: int, milestone_key: str
) -> ShippedNews:
    """A milestone as it has to be announced now; raises `NotFound`."""
    async with store.reading() as session:
        row = await session.get_one(ScorecardRow, scorecard_id)
        scorecard, readings = await store.memory.recall(session, row, caller.now)
        snapshot = take_snapshot(scorecard, readings, caller.now)
        milestone = known_milestone(scorecard, milestone_key)
        effects = await effects_of(session, scorecard_id, scorecard, [milestone_key])
        moved = tuple(effects.get(milestone_key, ()))
        return ShippedNews(snapshot, Shipped(milestone, moved), unblocked(snapshot, milestone))

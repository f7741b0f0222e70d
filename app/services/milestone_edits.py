"""Planning milestones, and editing those there are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain import names
from app.domain.digests import Shipped
from app.domain.errors import AlreadyDone, BadInput
from app.domain.milestones import Milestone, MilestoneStatus, shipped
from app.domain.outcomes import ShippedNews
from app.domain.scorecards import Scorecard, take_snapshot
from app.services.callers import Caller, Right
from app.services.changes import Action, write_change
from app.services.contents import difference, refuse_later_change
from app.services.milestones import (
    known_milestone,
    owe_announcement,
    refuse_second_sending,
    refuse_unknown_keys,
    same_title,
    unblocked,
)
from app.services.scorecards import effects_of, present
from app.store.engine import Store
from app.store.memory import deciding_now
from app.store.queries import ids_by_key, load_scorecard
from app.store.tables import MilestoneRow
from app.store.writes import add_need, needed_id, save_milestone


@dataclass(frozen=True, slots=True)
class MilestoneForm:
    """What a person says of a milestone, shipped or not.

    `work_streams` and `phase` are keys. `submission` tells one sending of the form from another.
    """

    title: str
    status: MilestoneStatus = MilestoneStatus.PLANNED
    detail: str = ""
    work_streams: tuple[str, ...] = ()
    shipped_on: date | None = None
    due_on: date | None = None
    phase: str | None = None
    links: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    submission: str | None = None


async def plan(
    store: Store, caller: Caller, form: MilestoneForm, *, key: str | None = None
) -> ShippedNews:
    """Log a milestone that is planned or in progress.

    Raises `AlreadyDone` for a title that is taken or a form that was sent before,
    `BadInput` and `NotFound` for what a field can't hold.
    """
    async with store.transaction() as session:
        row, before = await present(session, store, caller, key, Right.SHIP)
        scorecard, scorecard_id = before.scorecard, needed_id(row.id)
        await refuse_second_sending(session, form.submission)
        refuse_unknown_keys(scorecard, form.work_streams, form.phase)
        _refuse_taken_title(scorecard, form.title)
        taken = await ids_by_key(session, MilestoneRow, scorecard_id)
        new = Milestone(names.key_from(form.title, taken, fallback="milestone"), form.title)
        milestone = _as_said(new, caller, form, before.today)
        milestone_id = await save_milestone(session, scorecard_id, milestone, form.submission)
        if form.phase is not None:
            await add_need(session, scorecard_id, scorecard.phases_by_key[form.phase], milestone_id)
        planned = await load_scorecard(session, row)
        was, now = difference(scorecard, planned)
        change = await write_change(
            session,
            scorecard_id,
            caller,
            Action.MILESTONE_PLANNED,
            milestone.key,
            before=was,
            after=now,
        )
        readings = await deciding_now(session, scorecard_id, caller.now)
        snapshot = take_snapshot(planned, readings, caller.now)
        return ShippedNews(snapshot, Shipped(milestone), (), change=change)


async def edit(
    store: Store,
    caller: Caller,
    milestone_key: str,
    form: MilestoneForm,
    *,
    seen: Mapping[str, str],
    key: str | None = None,
) -> ShippedNews:
    """Write what a milestone is now; `seen` are its marks when the form was opened.

    An announcement that stands in Slack is brought up to date. Raises
    `ChangedMeanwhile` if somebody else was faster, and otherwise as `plan` does.
    """
    async with store.transaction() as session:
        row, before = await present(session, store, caller, key, Right.SHIP)
        scorecard, scorecard_id = before.scorecard, needed_id(row.id)
        known = known_milestone(scorecard, milestone_key)
        refuse_later_change(known, seen)
        refuse_unknown_keys(scorecard, form.work_streams)
        _refuse_taken_title(scorecard, form.title, besides=known.key)
        milestone = _as_said(known, caller, form, before.today)
        delivery = change = None
        await save_milestone(session, scorecard_id, milestone, None)
        edited = await load_scorecard(session, row)
        if milestone != known:
            was, now = difference(scorecard, edited)
            change = await write_change(
                session,
                scorecard_id,
                caller,
                Action.MILESTONE_EDITED,
                milestone.key,
                before=was,
                after=now,
            )
            channel = scorecard.channel or caller.actor.channel
            delivery = await owe_announcement(
                session, scorecard_id, milestone, change, channel=channel, now=caller.now
            )
        readings = await deciding_now(session, scorecard_id, caller.now)
        snapshot = take_snapshot(edited, readings, caller.now)
        effects = await effects_of(session, scorecard_id, edited, [milestone.key])
        return ShippedNews(
            snapshot,
            Shipped(milestone, tuple(effects.get(milestone.key, ()))),
            unblocked(snapshot, milestone),
            delivery,
            change,
        )


def _refuse_taken_title(scorecard: Scorecard, title: str, besides: str | None = None) -> None:
    for other in same_title(scorecard, title):
        if other.key != besides and other.status is not MilestoneStatus.DROPPED:
            raise AlreadyDone(
                f"“{other.title}” is there already: it is {other.status.words}.", field="title"
            )


def _as_said(milestone: Milestone, caller: Caller, form: MilestoneForm, today: date) -> Milestone:
    """The milestone as the form has it. What isn't shipped has no ship date."""
    said = replace(
        milestone,
        title=names.checked_text(form.title, names.MOST_TITLE_LENGTH, "The title", field="title"),
        detail=names.checked_text(
            form.detail, names.MOST_TEXT_LENGTH, "The detail", needed=False, field="detail"
        ),
        work_streams=form.work_streams,
        due_on=form.due_on,
        links=form.links,
        tickets=form.tickets,
        status=form.status,
        shipped_on=None,
        logged_by=milestone.logged_by or caller.actor.id,
        logged_at=milestone.logged_at or caller.now,
    )
    if form.status is not MilestoneStatus.SHIPPED:
        return said
    if not milestone.is_shipped:
        said = replace(said, logged_by=caller.actor.id, logged_at=caller.now)
        if form.shipped_on is None:
            raise BadInput("Choose the day on which it shipped.", field="shipped_on")
    if form.shipped_on is None:
        return said
    return shipped(replace(said, status=MilestoneStatus.PLANNED), form.shipped_on, today)

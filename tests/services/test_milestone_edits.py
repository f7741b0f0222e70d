"""Planning milestones and editing them: what is written, refused, recorded and owed."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import AlreadyDone, BadInput, NotFound
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.revisions import Revision
from app.services.callers import Surface
from app.services.contents import ChangedMeanwhile, marks_of, revisions
from app.services.deliveries import Kind, claim_due, delivered
from app.services.milestone_edits import MilestoneForm, edit, plan
from app.services.milestones import ShipForm, edited_announcement, ship
from app.services.scorecards import show
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import a_caller, billing_on_sqlite, changes, owed, row_counts

LATER = NOW + timedelta(hours=2)
ANA = a_caller("U0ANA", now=LATER, surface=Surface.FORM)
BEN = a_caller("U0BEN", now=LATER, surface=Surface.FORM)
PLANNED = MilestoneForm("Retry queue", due_on=date(2026, 4, 2), tickets=("BILL-1",))


async def _milestone(store: Store, key: str) -> Milestone:
    return (await show(store, ANA)).scorecard.milestones_by_key[key]


async def test_a_planned_milestone_is_kept_with_its_record(billing: Store) -> None:
    planned = (await plan(billing, ANA, replace(PLANNED, phase="one-code-path"))).shipped.milestone
    known = await _milestone(billing, "retry-queue")
    assert known == planned
    assert (known.status, known.due_on) == (MilestoneStatus.PLANNED, date(2026, 4, 2))
    assert (known.logged_by, known.tickets) == ("U0ANA", ("BILL-1",))
    change = (await changes(billing))[-1]
    assert (change.action, change.subject) == ("milestone planned", "retry-queue")
    assert revisions(change.before or {}, change.after or {}) == (
        Revision("phase one-code-path", "needs", "shore-up", "shore-up, retry-queue"),
        Revision("milestone retry-queue", "milestone", None, "Retry queue"),
    )
    assert await owed(billing) == []


@billing_on_sqlite
@pytest.mark.parametrize(
    ("form", "error"),
    [
        (replace(PLANNED, title=" "), BadInput),
        (replace(PLANNED, title="PDE step 2c"), AlreadyDone),
        (replace(PLANNED, work_streams=("none",)), NotFound),
        (replace(PLANNED, phase="none"), NotFound),
    ],
)
async def test_a_refused_plan_writes_nothing(
    billing: Store, form: MilestoneForm, error: type[Exception]
) -> None:
    before = await row_counts(billing)
    with pytest.raises(error):
        await plan(billing, ANA, form)
    with pytest.raises(NotFound):  # a scorecard that one may not see isn't there
        await plan(billing, a_caller(channel="C0OTHER"), PLANNED, key="billing")
    assert await row_counts(billing) == before


@billing_on_sqlite
async def test_a_form_sent_twice_plans_one(billing: Store) -> None:
    form = replace(PLANNED, submission="V1")
    await plan(billing, ANA, form)
    with pytest.raises(AlreadyDone, match="sent already"):
        await plan(billing, ANA, replace(form, title="Another"))


async def test_an_edit_records_before_and_after_and_owes_the_posts_update(billing: Store) -> None:
    news = await ship(billing, ANA, ShipForm("Retry queue", NOW.date(), detail="Old"))
    (announcement,) = await claim_due(billing, "worker", LATER)
    await delivered(billing, announcement, "worker", "1.2", LATER)
    known = news.shipped.milestone
    form = MilestoneForm("Retry queues", MilestoneStatus.SHIPPED, shipped_on=NOW.date())
    edited = await edit(billing, BEN, known.key, form, seen=marks_of(known))
    assert edited.shipped.milestone == await _milestone(billing, known.key)
    assert edited.shipped.milestone.logged_by == "U0ANA", "an edit takes no credit"
    change = (await changes(billing))[-1]
    assert (change.action, change.actor) == ("milestone edited", "U0BEN")
    assert change.before is not None
    assert change.after is not None
    told = revisions(change.before, change.after)
    assert Revision("milestone retry-queue", "detail", "Old", "nothing") in told
    (update,) = await claim_due(billing, "worker", LATER)
    assert (update.kind, update.subject) == (Kind.ANNOUNCEMENT_EDIT, str(change.id))
    shown, _, ts = await edited_announcement(billing, ANA, update.scorecard_id, int(update.subject))
    assert (shown.shipped.milestone.title, ts) == ("Retry queues", "1.2")


async def test_of_two_edits_at_once_one_is_shown_the_other(billing: Store) -> None:
    known = (await plan(billing, ANA, PLANNED)).shipped.milestone
    seen = marks_of(known)
    edits = [
        edit(billing, caller, known.key, replace(PLANNED, detail=caller.actor.id), seen=seen)
        for caller in (ANA, BEN)
    ]
    first, second = sorted(
        await asyncio.gather(*edits, return_exceptions=True),
        key=lambda result: isinstance(result, ChangedMeanwhile),
    )
    assert not isinstance(first, BaseException)
    assert isinstance(second, ChangedMeanwhile)
    assert second.fields == ("detail",)
    assert second.present == first.shipped.milestone


@billing_on_sqlite
async def test_a_stale_form_is_refused_whatever_changed(billing: Store) -> None:
    known = (await plan(billing, ANA, PLANNED)).shipped.milestone
    await ship(billing, BEN, ShipForm("Retry queue", NOW.date()))
    with pytest.raises(ChangedMeanwhile) as changed:
        await edit(billing, ANA, known.key, PLANNED, seen=marks_of(known))
    assert set(changed.value.fields) == {"status", "shipped_on"}


@billing_on_sqlite
async def test_an_edit_that_changes_nothing_writes_nothing(billing: Store) -> None:
    known = (await plan(billing, ANA, PLANNED)).shipped.milestone
    before = await row_counts(billing)
    await edit(billing, ANA, known.key, PLANNED, seen=marks_of(known))
    assert await row_counts(billing) == before


@billing_on_sqlite
async def test_a_shipped_milestone_without_a_date_may_stay_so(billing: Store) -> None:
    scorecard = (await show(billing, ANA)).scorecard
    undated = next(m for m in scorecard.milestones if m.is_shipped and m.shipped_on is None)
    form = MilestoneForm(undated.title, MilestoneStatus.SHIPPED, detail="More")
    edited = await edit(billing, ANA, undated.key, form, seen=marks_of(undated))
    assert edited.shipped.milestone.is_shipped
    assert edited.shipped.milestone.shipped_on is None


@billing_on_sqlite
async def test_the_title_of_another_is_refused(billing: Store) -> None:
    known = (await plan(billing, ANA, PLANNED)).shipped.milestone
    taken = replace(PLANNED, title="PDE step 2c")
    with pytest.raises(AlreadyDone, match="is there already: it is planned"):
        await edit(billing, ANA, known.key, taken, seen=marks_of(known))

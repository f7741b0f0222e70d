"""Logging a milestone that shipped: all of it or nothing, and what follows from it."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import AlreadyDone, BadInput, KpiError, NotFound
from app.domain.milestones import MilestoneStatus
from app.domain.revisions import Revision
from app.domain.roadmap import Need, NeedKind, PhaseStatus
from app.domain.values import parse_value
from app.services import milestones, readings
from app.services.callers import Surface
from app.services.contents import revisions
from app.services.loading import load
from app.services.milestones import ShipForm, announced, ship
from app.services.scorecards import show, show_metric
from app.services.undoing import undo
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    billing_on_sqlite,
    changes,
    on_sqlite,
    owed,
    row_counts,
    the_operator,
)

TODAY = NOW.date()
LATER = NOW + timedelta(hours=2)
ANA = a_caller("U0ANA", now=LATER, surface=Surface.FORM)


def a_form(title: str = "Retry queue", shipped_on: date = TODAY, **what: Any) -> ShipForm:
    return ShipForm(title, shipped_on, **what)


async def test_all_that_the_form_says_is_kept(billing: Store) -> None:
    form = a_form(
        detail="Failed payments are tried again.",
        work_streams=("pde", "recompute-engine"),
        links=("https://example.com/rfc",),
        tickets=("BILL-1", "BILL-2"),
    )
    await ship(billing, ANA, form)
    milestone = (await show(billing, ANA)).scorecard.milestones_by_key["retry-queue"]
    assert milestone.title == "Retry queue"
    assert milestone.detail == "Failed payments are tried again."
    assert milestone.work_streams == ("pde", "recompute-engine")
    assert milestone.links == ("https://example.com/rfc",)
    assert milestone.tickets == ("BILL-1", "BILL-2")
    assert (milestone.status, milestone.shipped_on) == (MilestoneStatus.SHIPPED, TODAY)
    assert (milestone.logged_by, milestone.logged_at) == ("U0ANA", LATER)


async def test_the_metrics_it_moved_are_told_from_before_to_after(billing: Store) -> None:
    moved = {"rollbacks": parse_value("~9"), "dunning-paths": parse_value("1")}
    news = await ship(billing, ANA, a_form(moved=moved))
    told = [
        (effect.metric.key, str(effect.before), str(effect.after.value))
        for effect in news.shipped.effects
    ]
    assert told == [("rollbacks", "~12", "~9"), ("dunning-paths", "3", "1")]
    assert str(news.snapshot.state("rollbacks").current.value) == "~9"  # type: ignore[union-attr]
    reading = (await show_metric(billing, ANA, "rollbacks")).readings[0]
    assert (reading.milestone, reading.at, reading.reported_by) == ("retry-queue", LATER, "U0ANA")


@on_sqlite
async def test_a_metric_without_a_reading_moved_from_its_baseline(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY))
    news = await ship(store, ANA, a_form(moved={"errors": parse_value("4")}))
    [effect] = news.shipped.effects
    assert str(effect.before) == "10"


async def test_milestone_and_readings_are_written_together_or_not_at_all(
    billing: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database breaks off after the milestone and the first of two readings."""
    appended = readings.append
    calls = []

    async def break_at_the_second(*args: Any, **options: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError("the database is gone")
        return await appended(*args, **options)

    monkeypatch.setattr(milestones, "append", break_at_the_second)
    before = await row_counts(billing)
    shown = (await show(billing, ANA)).metrics
    moved = {"rollbacks": parse_value("9"), "bad-debt": parse_value("1")}
    with pytest.raises(ConnectionError):
        await ship(billing, ANA, a_form("Shore Up", moved=moved))
    assert len(calls) == 2
    assert await row_counts(billing) == before
    snapshot = await show(billing, ANA)
    assert snapshot.metrics == shown
    assert snapshot.scorecard.milestones_by_key["shore-up"].is_open


@billing_on_sqlite
@pytest.mark.parametrize(
    ("refused", "form", "message"),
    [
        (BadInput, a_form("  "), "The title is missing"),
        (BadInput, a_form("t" * 151), "at most 150"),
        (BadInput, a_form(detail="d" * 2_001), "at most 2000"),
        (BadInput, a_form(shipped_on=TODAY + timedelta(days=1)), "still to come"),
        (
            NotFound,
            a_form(work_streams=("pdf",)),
            "“pdf” is not in Billing Platform. There are pde",
        ),
        (NotFound, a_form(phase="phase-9"), "“phase-9” is not in"),
        (NotFound, a_form(moved={"moods": parse_value("1")}), "“moods” is not in"),
        (AlreadyDone, a_form("Reliable billing", submission="V1"), "sent already"),
        (AlreadyDone, a_form("one CHECKOUT surface for cards and PayPal"), "already shipped"),
    ],
)
async def test_what_is_refused_changes_nothing(
    billing: Store, refused: type[KpiError], form: ShipForm, message: str
) -> None:
    await ship(billing, ANA, a_form("Sent before", submission="V1"))
    before = await row_counts(billing)
    with pytest.raises(refused, match=message):
        await ship(billing, ANA, form)
    assert await row_counts(billing) == before


async def test_a_form_that_is_sent_twice_at_once_ships_once(billing: Store) -> None:
    form = a_form(moved={"rollbacks": parse_value("9")}, submission="V1")
    outcomes = await asyncio.gather(
        *(ship(billing, ANA, form) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(outcome, AlreadyDone) for outcome in outcomes) == 2
    assert await owed(billing) == [("announcement", "retry-queue", HOME)]
    shown = await show_metric(billing, ANA, "rollbacks")
    assert [str(reading.value) for reading in shown.readings] == ["9", "~12"]


# --- a milestone that was planned ------------------------------------------------


@billing_on_sqlite
@pytest.mark.parametrize("title", ["Shore Up", "shore up", " SHORE-UP "])
async def test_a_planned_milestone_of_the_same_title_is_the_one_that_ships(
    billing: Store, title: str
) -> None:
    news = await ship(billing, ANA, a_form(title, detail="All leaks are closed."))
    milestone = news.shipped.milestone
    assert (milestone.key, milestone.title) == ("shore-up", "Shore Up")
    assert milestone.detail == "All leaks are closed."
    assert len(news.snapshot.scorecard.milestones) == 16


@billing_on_sqlite
async def test_what_the_form_leaves_out_stays_as_it_was_planned(billing: Store) -> None:
    news = await ship(billing, ANA, a_form("Reversal logic is deleted"))
    assert news.shipped.milestone.work_streams == ("pde",)
    assert news.shipped.milestone.detail.startswith("Code that commits first")


async def test_the_record_says_what_the_milestone_was_before(billing: Store) -> None:
    await ship(billing, ANA, a_form("Shore Up"))
    await ship(billing, ANA, a_form("Retry queue"))
    planned, new = (await changes(billing))[-2:]
    assert (planned.action, planned.subject, planned.actor, planned.surface) == (
        "milestone shipped",
        "shore-up",
        "U0ANA",
        "form",
    )
    assert planned.before is not None
    assert planned.after is not None
    told = revisions(planned.before, planned.after)
    assert Revision("milestone shore-up", "status", "planned", "shipped") in told
    assert Revision("milestone shore-up", "shipped on", "nothing", TODAY.isoformat()) in told
    told = revisions(new.before or {}, new.after or {})
    assert told == (Revision("milestone retry-queue", "milestone", None, "Retry queue"),)


@billing_on_sqlite
async def test_each_reading_it_caused_has_its_own_record(billing: Store) -> None:
    moved = {"rollbacks": parse_value("9"), "bad-debt": parse_value("1")}
    await ship(billing, ANA, a_form(moved=moved))
    assert [change.action for change in (await changes(billing))[1:]] == [
        "reading recorded",
        "reading recorded",
        "milestone shipped",
    ]


# --- phases ------------------------------------------------------------------------


@billing_on_sqlite
async def test_the_phase_that_waited_for_it_is_unblocked(billing: Store) -> None:
    first = await ship(billing, ANA, a_form("PDE step 2c"))
    assert first.unblocked == ()
    second = await ship(billing, ANA, a_form("PDE step 2d"))
    assert [outlook.phase.name for outlook in second.unblocked] == ["PDE Steps 3–4"]


@on_sqlite
async def test_a_phase_in_progress_is_told_that_it_has_all_it_needs(store: Store) -> None:
    text = (
        TINY
        + """
milestones: [{key: one, title: One}, {key: two, title: Two}]
phases:
  - {key: now, name: Now, window: Q2 2026, status: in_progress, needs: {milestones: [one, two]}}
"""
    )
    await load(store, the_operator(), a_file(text))
    assert (await ship(store, ANA, a_form("One"))).unblocked == ()
    [phase] = (await ship(store, ANA, a_form("Two"))).unblocked
    assert (phase.phase.key, phase.status) == ("now", PhaseStatus.IN_PROGRESS)


async def test_the_phase_it_was_logged_for_needs_it_from_then_on(billing: Store) -> None:
    await ship(billing, ANA, a_form(phase="one-code-path"))
    await ship(billing, ANA, a_form("Shore Up", phase="one-code-path"))
    phase = (await show(billing, ANA)).scorecard.phases_by_key["one-code-path"]
    assert phase.needs == (
        Need(NeedKind.MILESTONE, "shore-up"),
        Need(NeedKind.MILESTONE, "retry-queue"),
    )


@on_sqlite
async def test_a_phase_with_the_milestones_key_is_not_taken_for_it(store: Store) -> None:
    text = (
        TINY
        + """
phases:
  - {key: retry-queue, name: Retry queue, window: Q2 2026, status: done}
  - {key: next, name: Next, window: Q3 2026, needs: {phases: [retry-queue]}}
"""
    )
    await load(store, the_operator(), a_file(text))
    news = await ship(store, ANA, a_form("Retry queue"))
    assert news.unblocked == ()
    await ship(store, ANA, a_form("Retry queue 2", phase="next"))
    phase = (await show(store, ANA)).scorecard.phases_by_key["next"]
    assert phase.needs == (
        Need(NeedKind.PHASE, "retry-queue"),
        Need(NeedKind.MILESTONE, "retry-queue-2"),
    )


# --- the announcement ----------------------------------------------------------------


@billing_on_sqlite
async def test_the_announcement_is_owed_once_in_the_home_channel(billing: Store) -> None:
    news = await ship(billing, ANA, a_form())
    assert news.delivery is not None
    assert await owed(billing) == [("announcement", "retry-queue", HOME)]


@on_sqlite
@pytest.mark.parametrize(("channel", "expected"), [("D0ANA", "D0ANA"), (None, None)])
async def test_without_a_home_it_is_announced_where_it_was_logged(
    store: Store, channel: str | None, expected: str | None
) -> None:
    await load(store, the_operator(), a_file(TINY))
    news = await ship(store, a_caller(channel=channel), a_form())
    assert [owed_in for _, _, owed_in in await owed(store)] == ([expected] if expected else [])
    assert (news.delivery is None) == (expected is None)


async def test_what_is_announced_is_what_counts_by_then(billing: Store) -> None:
    moved = {"rollbacks": parse_value("9"), "bad-debt": parse_value("1")}
    shipped = await ship(billing, ANA, a_form("PDE step 2c", moved=moved))
    news = await announced(billing, the_operator(now=LATER), 1, "pde-step-2c")
    assert news.shipped == shipped.shipped

    taken_back = (await changes(billing))[-3]
    await undo(billing, ANA, taken_back.id or 0)
    news = await announced(billing, the_operator(now=LATER), 1, "pde-step-2c")
    assert [effect.metric.key for effect in news.shipped.effects] == ["bad-debt"]


@on_sqlite
async def test_a_milestone_may_bring_the_goal(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY), channel=HOME)
    news = await ship(store, ANA, a_form(moved={"errors": parse_value("0")}))
    assert news.snapshot.goal_reached
    assert [kind for kind, _, _ in await owed(store)] == ["announcement", "goal"]

"""What git servers tell of: offered, logged, decided once."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

import pytest

from app.domain.access import Access
from app.domain.errors import AlreadyDone, NotAllowed, NotFound
from app.domain.hooks import Forge, Hook, HookForm, HookMode, Outcome
from app.domain.landings import Landed, LandedKind, LandingState
from app.domain.milestones import MilestoneStatus
from app.services import hooks, landings, milestones, scorecards
from app.services.callers import Caller
from app.services.editing import edit_scorecard
from app.services.lists import history
from app.services.milestone_edits import MilestoneForm, plan
from app.services.undoing import undo
from app.store.engine import Store
from tests.builders import a_value, an_instant
from tests.services.builders import (
    HOME,
    a_caller,
    an_admin,
    billing_on_sqlite,
    owed,
    row_counts,
    the_operator,
)

NOW = an_instant("2026-03-19 15:00")
MERGED = Landed(
    Forge.GITHUB,
    LandedKind.MERGE,
    "acme/billing",
    "#412",
    "Delete the reversal logic",
    "https://github.com/acme/billing/pull/412",
    an_instant("2026-03-18 10:00"),
    body="Nobody reverses by hand.\n\nMoves: rollbacks ~9 after the deploy\nTicket: PAY-481",
    labels=("milestone",),
    by="dana",
)


def the_admin(user: str = "U0ADMIN", now: datetime = NOW) -> Caller:
    return an_admin(user, now=now)


async def a_hook(store: Store, mode: HookMode = HookMode.OFFER) -> Hook:
    return await hooks.make(store, the_admin(), HookForm(Forge.GITHUB, mode=mode))


async def offered(store: Store, landed: Landed = MERGED) -> int:
    """The id of what is offered."""
    taken = await landings.take(store, await a_hook(store), landed, NOW)
    assert taken.outcome is Outcome.OFFERED
    return next(int(subject) for kind, subject, _ in await owed(store) if kind == "offer")


async def test_a_merged_change_is_offered_in_the_home_channel(billing: Store) -> None:
    number = await offered(billing)
    assert await owed(billing) == [("offer", str(number), HOME)]
    offer = await landings.offer(billing, the_operator(now=NOW), number)
    assert (offer.landed, offer.state, offer.planned) == (MERGED, LandingState.OFFERED, None)
    assert offer.proposal.title == "Delete the reversal logic"
    assert offer.proposal.moved == {"rollbacks": a_value("~9")}
    [hook] = await hooks.of_scorecard(billing, the_admin())
    assert (hook.told, hook.told_at) == (
        "acme/billing #412: offered in the channel as “Delete the reversal logic”.",
        NOW,
    )


async def test_who_confirms_it_logs_it_with_what_it_moved(billing: Store) -> None:
    number = await offered(billing)
    ana = a_caller(now=NOW)
    news = await landings.log(billing, ana, number)
    milestone = news.shipped.milestone
    assert (milestone.title, milestone.detail, milestone.logged_by) == (
        "Delete the reversal logic",
        "Nobody reverses by hand.",
        "U0ANA",
    )
    assert milestone.shipped_on == date(2026, 3, 18)
    assert (milestone.links, milestone.tickets) == ((MERGED.url,), ("PAY-481",))
    [effect] = news.shipped.effects
    assert (str(effect.before), str(effect.after.value)) == ("~12", "~9")
    assert effect.after.note == "after the deploy"
    assert await owed(billing) == [
        ("offer", str(number), HOME),
        ("announcement", milestone.key, HOME),
        ("offer edit", str(number), HOME),
    ]
    done = await landings.offer(billing, ana, number)
    assert (done.state, done.by, done.logged) == (LandingState.LOGGED, "U0ANA", milestone)
    assert news.change is not None
    await undo(billing, ana, news.change)
    assert (await landings.offer(billing, ana, number)).logged is None
    state = (await scorecards.show(billing, ana)).state("rollbacks")
    assert state.current is not None
    assert str(state.current.value) == "~12"


async def test_who_is_first_decides(billing: Store) -> None:
    number = await offered(billing)
    ana, ben = a_caller(now=NOW), a_caller("U0BEN", now=NOW)
    decided = await asyncio.gather(
        landings.log(billing, ana, number),
        landings.decline(billing, ben, number),
        landings.log(billing, ben, number),
        return_exceptions=True,
    )
    assert sum(isinstance(each, AlreadyDone) for each in decided) == 2
    [told] = {str(each) for each in decided if isinstance(each, AlreadyDone)}
    assert told.startswith("Somebody was faster: it is ")


async def test_it_may_be_declined(billing: Store) -> None:
    number = await offered(billing)
    before = await row_counts(billing)
    await landings.decline(billing, a_caller("U0BEN", now=NOW), number)
    offer = await landings.offer(billing, the_operator(now=NOW), number)
    assert (offer.state, offer.by) == (LandingState.DECLINED, "U0BEN")
    after = await row_counts(billing)
    assert after["milestones"] == before["milestones"]
    again = await landings.take(billing, await a_hook(billing), MERGED, NOW)
    assert again.words == "seen before, and no milestone, as somebody said"


@billing_on_sqlite
async def test_who_may_not_log_decides_nothing(billing: Store) -> None:
    number = await offered(billing)
    await edit_scorecard(billing, the_admin(), {"access": Access(editors=("U0BEN",))})
    for stranger in (a_caller(now=NOW), a_caller("U0OUT", channel="C0OTHER", now=NOW)):
        with pytest.raises(NotAllowed):
            await landings.log(billing, stranger, number)
        with pytest.raises(NotAllowed):
            await landings.decline(billing, stranger, number)
    with pytest.raises(NotFound):
        await landings.offer(billing, a_caller("U0OUT", channel="C0OTHER", now=NOW), number)
    with pytest.raises(NotFound):
        await landings.log(billing, the_admin(), number + 1)
    assert (await landings.log(billing, a_caller("U0BEN", now=NOW), number)).change


async def test_it_is_logged_at_once_where_that_is_wanted(billing: Store) -> None:
    hook = await a_hook(billing, HookMode.LOG)
    taken = await landings.take(billing, hook, MERGED, NOW)
    assert (taken.outcome, taken.words) == (
        Outcome.LOGGED,
        "logged as “Delete the reversal logic”",
    )
    shown = await scorecards.show(billing, the_admin())
    milestone = next(
        each for each in shown.scorecard.milestones if each.title == "Delete the reversal logic"
    )
    assert milestone.logged_by == "GitHub: dana"
    assert await owed(billing) == [("announcement", milestone.key, HOME)]
    shipped, recorded = (await history(billing, the_admin())).changes[:2]
    assert (shipped.actor, shipped.surface, shipped.can_undo) == ("GitHub: dana", "hook", True)
    assert recorded.actor == "GitHub: dana"
    await undo(billing, the_admin(), shipped.id)
    again = await landings.take(billing, hook, MERGED, NOW)
    assert again.outcome is Outcome.SEEN, "what was undone stays undone, whatever is sent again"


async def test_a_mistake_is_offered_instead_so_that_somebody_looks(billing: Store) -> None:
    hook = await a_hook(billing, HookMode.LOG)
    wrong = replace(MERGED, body="Moves: rolbacks 9")
    taken = await landings.take(billing, hook, wrong, NOW)
    assert taken.outcome is Outcome.OFFERED
    assert "“Moves: rolbacks 9”: There is no metric “rolbacks”" in taken.words
    assert [kind for kind, _, _ in await owed(billing)] == ["offer"]


async def test_a_change_makes_one_milestone_whoever_tells_of_it(billing: Store) -> None:
    first, second = await a_hook(billing, HookMode.LOG), await a_hook(billing)
    taken = await asyncio.gather(
        *(landings.take(billing, hook, MERGED, NOW) for hook in (first, second, first, second))
    )
    outcomes = sorted(each.outcome for each in taken)
    assert outcomes[1:] == [Outcome.SEEN] * 3
    assert (await row_counts(billing))["landings"] == 1


async def test_a_planned_milestone_ships_by_its_title_or_its_key(billing: Store) -> None:
    form = MilestoneForm("Reversal logic deleted", MilestoneStatus.PLANNED, detail="All of it.")
    planned = (await plan(billing, the_admin(), form)).shipped.milestone
    hook = await a_hook(billing, HookMode.LOG)
    first = replace(MERGED, body=f"Milestone: {planned.key}")
    taken = await landings.take(billing, hook, first, NOW)
    assert taken.words == "logged as “Reversal logic deleted”"
    second = replace(MERGED, body="Milestone: reversal LOGIC deleted", url="https://x.example/2")
    taken = await landings.take(billing, hook, second, NOW)
    assert "“Reversal logic deleted” has already shipped" in taken.words, "so a person looks"
    news = await milestones.show(billing, the_admin(), planned.key)
    assert (news.shipped.milestone.status, news.shipped.milestone.detail) == (
        MilestoneStatus.SHIPPED,
        "All of it.",
    )


@billing_on_sqlite
async def test_what_makes_no_milestone_leaves_no_trace_but_its_reason(billing: Store) -> None:
    hook = await a_hook(billing)
    before = await row_counts(billing)
    taken = await landings.take(billing, hook, replace(MERGED, labels=()), NOW)
    assert taken.outcome is Outcome.LEFT
    assert await row_counts(billing) == before
    [hook] = await hooks.of_scorecard(billing, the_admin())
    assert hook.told == "acme/billing #412: left: no label “milestone” and no trailer “Milestone:”"
    labelled = await landings.take(billing, hook, MERGED, NOW)
    assert labelled.outcome is Outcome.OFFERED, "the label may come after the merge"


@billing_on_sqlite
async def test_where_nothing_can_be_offered_the_owner_is_told_and_it_may_come_again(
    billing: Store,
) -> None:
    hook = await a_hook(billing)
    await edit_scorecard(billing, the_admin(), {"channel": None})
    taken = await landings.take(billing, hook, MERGED, NOW)
    assert taken.outcome is Outcome.REFUSED
    assert "no home channel" in taken.words
    [hook] = await hooks.all_of(billing, the_operator())
    assert hook.is_troubled
    assert hook.trouble.startswith("acme/billing #412: The scorecard has no home channel")
    await edit_scorecard(billing, the_operator(), {"channel": HOME})
    assert (await landings.take(billing, hook, MERGED, NOW)).outcome is Outcome.OFFERED

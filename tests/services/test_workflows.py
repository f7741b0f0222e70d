"""What workflows may write, and that a run of one writes once."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.access import Access
from app.domain.errors import AlreadyDone, NotAllowed
from app.domain.values import parse_value
from app.services.callers import Actor, Caller, Right, Role, Surface
from app.services.editing import edit_scorecard
from app.services.milestones import SentBefore, ShipForm, ship, show
from app.services.readings import UpdateForm, record_several
from app.services.scorecards import NoneHere, show_metric
from app.services.workflows import scorecard_at_home
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import (
    HOME,
    a_caller,
    billing_on_sqlite,
    changes,
    row_counts,
    take_back,
    the_operator,
)

NINE = UpdateForm({"rollbacks": parse_value("~9")}, "from the form")
BUNDLES = ShipForm(
    "Bundles", NOW.date(), moved={"rollbacks": parse_value("~9")}, submission="Fx0RUN1"
)


def a_run(number: int = 1, channel: str = HOME, *, later: timedelta = timedelta(hours=1)) -> Caller:
    """One run of a workflow's step."""
    actor = Actor(f"workflow run Fx0RUN{number}", Role.WORKFLOW, channel)
    return Caller(actor, Surface.WORKFLOW, NOW + later)


async def let_workflows(store: Store) -> None:
    access = Access(owners=("U0OWNER",), workflows_edit=True)
    await edit_scorecard(store, the_operator(), {"access": access})


async def values(store: Store) -> list[str]:
    history = await show_metric(store, a_caller(now=NOW + timedelta(days=1)), "rollbacks")
    return [str(reading.value) for reading in history.readings]


@billing_on_sqlite
@pytest.mark.parametrize("right", [Right.RECORD, Right.SHIP])
async def test_workflows_write_nothing_until_an_owner_lets_them(
    billing: Store, right: Right
) -> None:
    before = await row_counts(billing)
    with pytest.raises(NotAllowed):
        await scorecard_at_home(billing, a_run(), right)
    assert await row_counts(billing) == before
    await let_workflows(billing)
    assert (await scorecard_at_home(billing, a_run(), right)).scorecard.key == "billing"


@billing_on_sqlite
async def test_only_the_scorecard_at_home_in_the_channel_is_meant(billing: Store) -> None:
    await let_workflows(billing)
    with pytest.raises(NoneHere, match="Choose the channel in which /kpi shows it") as nothing:
        await scorecard_at_home(billing, a_run(channel="C0ELSEWHERE"), Right.RECORD)
    assert nothing.value.field == "channel"


@billing_on_sqlite
async def test_what_a_workflow_may_not_do_stays_so(billing: Store) -> None:
    await let_workflows(billing)
    with pytest.raises(NotAllowed):
        await edit_scorecard(billing, a_run(), {"name": "Mine"}, key="billing")


async def test_a_run_records_once_and_gives_the_same_again(billing: Store) -> None:
    await let_workflows(billing)
    [first] = await record_several(billing, a_run(), NINE, key="billing")
    await record_several(billing, a_caller(now=NOW + timedelta(hours=2)), NINE)
    written = await row_counts(billing)
    [again] = await record_several(billing, a_run(later=timedelta(hours=3)), NINE, key="billing")
    assert await row_counts(billing) == written
    assert (again.change, again.reading) == (first.change, first.reading)
    assert again.before == first.before
    assert again.before is not None
    assert str(again.before.value) == "~12"


async def test_a_run_that_two_processes_are_told_of_records_once(
    billing: Store, billing_url: str
) -> None:
    await let_workflows(billing)
    async with Store(billing_url) as other:
        both = await asyncio.gather(
            *(record_several(store, a_run(), NINE, key="billing") for store in (billing, other))
        )
    assert both[0][0].reading == both[1][0].reading
    assert await values(billing) == ["~9", "~12"]


@billing_on_sqlite
async def test_each_run_records(billing: Store) -> None:
    await let_workflows(billing)
    for number in (1, 2):
        await record_several(billing, a_run(number), NINE, key="billing")
    assert await values(billing) == ["~9", "~9", "~12"]


@billing_on_sqlite
async def test_what_was_undone_is_not_recorded_again(billing: Store) -> None:
    await let_workflows(billing)
    [recorded] = await record_several(billing, a_run(), NINE, key="billing")
    await take_back(billing, a_caller(now=NOW + timedelta(hours=2)), recorded.change)
    with pytest.raises(AlreadyDone, match="undone since"):
        await record_several(billing, a_run(later=timedelta(hours=3)), NINE, key="billing")
    assert await values(billing) == ["~12"]


async def test_a_run_logs_its_milestone_once_and_finds_it_again(billing: Store) -> None:
    await let_workflows(billing)
    first = await ship(billing, a_run(), BUNDLES, key="billing")
    written = await row_counts(billing)
    with pytest.raises(SentBefore) as sent:
        await ship(billing, a_run(later=timedelta(hours=3)), BUNDLES, key="billing")
    assert await row_counts(billing) == written
    again = await show(billing, a_run(), sent.value.milestone, "billing")
    assert again.shipped == first.shipped


@billing_on_sqlite
async def test_the_history_names_the_run_and_the_surface(billing: Store) -> None:
    await let_workflows(billing)
    await record_several(billing, a_run(7), NINE, key="billing")
    change = (await changes(billing))[-1]
    assert (change.actor, change.surface) == ("workflow run Fx0RUN7", "workflow")

"""What is sent twice is written once, also where two processes take it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import AlreadyDone, KpiError
from app.domain.milestones import MilestoneStatus
from app.domain.scorecards import WorkStream
from app.domain.values import parse_value
from app.services.contents import marks_of
from app.services.editing import add_part, edit_part
from app.services.milestone_edits import MilestoneForm, edit, plan
from app.services.milestones import ShipForm, ship
from app.services.readings import UpdateForm, record, record_several
from app.services.scorecards import show
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import ChangeRow
from tests.builders import NOW
from tests.services.builders import a_caller, all_rows, the_operator

ANA = a_caller("U0ANA", now=NOW + timedelta(hours=2))
TWO = {"rollbacks": parse_value("9"), "bad-debt": parse_value("2")}

Sending = Callable[[Store], Awaitable[object]]


async def sent_twice(url: str, sending: Sending) -> tuple[list[object], int]:
    """One sending by two stores at once, as by two processes; the answers, and the changes."""
    async with Store(url) as one, Store(url) as other:
        before = len(await all_rows(one, ChangeRow))
        answers = await asyncio.gather(sending(one), sending(other), return_exceptions=True)
        return list(answers), len(await all_rows(one, ChangeRow)) - before


def refusals(answers: list[object]) -> list[KpiError]:
    assert all(isinstance(a, KpiError) for a in answers if isinstance(a, BaseException)), answers
    return [answer for answer in answers if isinstance(answer, KpiError)]


async def test_an_update_form(billing_url: str) -> None:
    form = UpdateForm(TWO, submission="V1")
    answers, changes = await sent_twice(billing_url, lambda s: record_several(s, ANA, form))
    [refused] = refusals(answers)
    assert isinstance(refused, AlreadyDone)
    assert changes == len(TWO)


async def test_an_update_form_that_is_opened_anew_is_another(billing_url: str) -> None:
    async with Store(billing_url) as store:
        for number in range(2):
            await record_several(store, ANA, UpdateForm(TWO, submission=f"V{number}"))
        with pytest.raises(AlreadyDone, match="sent already"):
            await record_several(store, ANA, UpdateForm(TWO, submission="V0"))


async def test_a_milestone_form(billing_url: str) -> None:
    form = ShipForm("Bundles", NOW.date(), moved=TWO, submission="V1")
    answers, changes = await sent_twice(billing_url, lambda s: ship(s, ANA, form))
    assert len(refusals(answers)) == 1
    assert changes == 1 + len(TWO)


async def test_a_form_that_plans_a_milestone(billing_url: str) -> None:
    form = MilestoneForm("Bundles", MilestoneStatus.PLANNED, submission="V1")
    answers, changes = await sent_twice(billing_url, lambda s: plan(s, ANA, form))
    assert (len(refusals(answers)), changes) == (1, 1)


async def test_an_edit_of_a_milestone_and_of_a_part(billing_url: str) -> None:
    async with Store(billing_url) as store:
        scorecard = (await show(store, ANA)).scorecard
    milestone, stream = scorecard.milestones_by_key["shore-up"], scorecard.work_streams[0]
    form = MilestoneForm("Shore up all", MilestoneStatus.PLANNED)
    seen = marks_of(milestone)
    answers, changes = await sent_twice(
        billing_url, lambda s: edit(s, ANA, milestone.key, form, seen=seen)
    )
    assert (len(refusals(answers)), changes) == (1, 1)
    renamed, marks = replace(stream, name="Renamed"), marks_of(stream)
    answers, changes = await sent_twice(
        billing_url, lambda s: edit_part(s, the_operator(), renamed, seen=marks)
    )
    assert (len(refusals(answers)), changes) == (1, 1)


async def test_a_new_part(billing_url: str) -> None:
    new = WorkStream("", "Another stream")
    answers, changes = await sent_twice(billing_url, lambda s: add_part(s, the_operator(), new))
    assert (len(refusals(answers)), changes) == (1, 1)


async def test_an_undoing(billing_url: str) -> None:
    async with Store(billing_url) as store:
        recorded = await record(store, ANA, "rollbacks", parse_value("9"))
    answers, changes = await sent_twice(billing_url, lambda s: undo(s, ANA, recorded.change))
    assert (len(refusals(answers)), changes) == (1, 1)

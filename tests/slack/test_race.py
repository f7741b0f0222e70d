"""Many people at once: nothing is lost, and all see one order."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from app.playground import Message, Person, View
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read, readable

ENTRY = re.compile(r"\*Rollbacks / day\*  (\S+) → (\S+)")
PEOPLE = 25


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """Slack waits for as long as it takes: how fast it is, the benchmark tells."""
    async with open_stage(answer_seconds=60.0) as stage:
        yield stage


async def fills_form(person: Person, stage: Stage, value: int) -> View:
    """Somebody opens the form and types a value."""
    await person.types("/kpi update rollbacks", stage.billing)
    form = await person.sees_view()
    person.fills(form, {"value:rollbacks": str(value)})
    return form


async def the_history(stage: Stage) -> list[tuple[str, str]]:
    """Each change of rollbacks on all pages of the history, before and after, oldest first."""
    page = await stage.types("/kpi history rollbacks")
    changes = changes_on(page)
    while "show_history:older" in str(page.blocks):
        await stage.ana.clicks(page, "show_history:older")
        await stage.rests()  # the next page stands where this one stood
        changes += changes_on(page)
    return changes[::-1]


def changes_on(page: Message) -> list[tuple[str, str]]:
    entries = [block["text"]["text"] for block in page.blocks if block["type"] == "section"]
    return [change for entry in entries for change in ENTRY.findall(readable(entry))]


async def test_fifty_updates_at_once_are_all_kept_in_one_order(stage: Stage) -> None:
    people = [stage.slack.add_person(f"person{number}") for number in range(PEOPLE)]
    for person in people:
        await person.joins(stage.billing)
    forms = [await fills_form(each, stage, value) for value, each in enumerate(people, start=100)]
    answers = await asyncio.gather(
        *(person.submits(form) for person, form in zip(people, forms, strict=True)),
        *(
            person.types(f"/kpi update rollbacks {value}", stage.billing)
            for value, person in enumerate(people, start=200)
        ),
    )
    assert [answer.error for answer in answers if answer.error] == []
    await stage.rests()

    changes = await the_history(stage)
    given = {str(number) for first in (100, 200) for number in range(first, first + PEOPLE)}
    assert len(changes) == len(given)
    assert {after for _, after in changes} == given
    before = ["~12", *(after for _, after in changes)]
    assert [start for start, _ in changes] == before[:-1], "each follows upon the one before it"
    shown = read(await stage.types("/kpi rollbacks"))
    assert f"*Current*\n{before[-1]}" in shown

"""Tickets are links wherever a milestone is shown, once the scorecard says where they are."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.slack.blocks.milestones import tickets
from tests.builders import a_scorecard
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.git import SETTINGS, offers
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import Stage, read

TRACKER = "https://tickets.example.com/browse/{key}"
LINKED = "<https://tickets.example.com/browse/PAY-481|PAY-481>"


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    async with open_stage(settings=SETTINGS) as stage:
        await let(stage, owners=(stage.ana.id,))
        yield stage


async def says_where_tickets_are(stage: Stage, address: str) -> dict[str, str]:
    """Ana fills in the form of name and goal; gives what is wrong with it."""
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    await stage.ana.clicks(await stage.ana.sees_view("Progress page"), "setup_edit")
    form = await stage.ana.sees_view("Ticket address")
    stage.ana.fills(form, {"ticket_address": address})
    sent = await stage.ana.submits(form)
    await stage.rests()
    return sent.errors


async def test_tickets_are_links_in_the_offer_the_announcement_and_lists(stage: Stage) -> None:
    assert await says_where_tickets_are(stage, TRACKER) == {}
    assert "ticket address" in read(stage.whispers()[-1])
    offer = await offers(stage)
    assert f"{LINKED}, <" in read(offer)
    await stage.ana.clicks(offer, "log_offer")
    await stage.rests()
    announced = stage.posts()[-1]
    assert LINKED in read(announced)
    assert LINKED in read(await stage.types("/kpi milestones shipped"))
    await stage.ana.clicks(announced, "show_milestone")
    assert LINKED in read(await stage.sees_answer("Tickets:"))


async def test_an_address_without_the_place_of_the_key_is_refused_there(stage: Stage) -> None:
    errors = await says_where_tickets_are(stage, "https://tickets.example.com/")
    assert list(errors) == ["ticket_address"]
    assert "{key}" in errors["ticket_address"]


def test_what_is_no_key_or_too_much_stays_text() -> None:
    scorecard = replace(a_scorecard(), ticket_address=TRACKER)
    assert tickets(scorecard, ("PAY-481", "see below")) == f"{LINKED}, see below"
    assert "<!channel>" not in tickets(scorecard, (HOSTILE,))
    many = tuple(f"PAY-{number}" for number in range(100))
    assert tickets(scorecard, many) == ", ".join(many)
    assert tickets(a_scorecard(), ("PAY-481",)) == "PAY-481"

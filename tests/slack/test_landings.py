"""Milestones from git: offered in the channel, and decided there once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.domain.hooks import Forge, HookMode
from app.playground import Message, Person
from app.playground.blockkit import problems_in_message
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.git import SETTINGS, a_hook, delivers, offers
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import Stage, read


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    async with open_stage(settings=SETTINGS) as stage:
        yield stage


@pytest.fixture
async def ben(stage: Stage) -> Person:
    """Somebody else in #billing."""
    ben = stage.slack.add_person("ben", real_name="Ben")
    stage.billing.members.append(ben.id)
    return ben


def buttons(message: Message) -> list[str]:
    return [
        each["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for each in block["elements"]
        if each["type"] == "button"
    ]


def at(stage: Stage, message: Message) -> Message:
    """A message as it stands now."""
    return next(each for each in stage.billing.messages if each.ts == message.ts)


async def test_a_merged_change_is_offered_with_what_it_would_move(stage: Stage) -> None:
    offer = await offers(stage)
    said = read(offer)
    for words in (
        "A milestone? *Reversal logic deleted*",
        "GitHub: eli-reviews merged <https://github.com/acme/billing/pull/412|acme/billing #412>",
        "“PAY-481: delete the reversal logic”",
        "The last reversals go through the journal, so that nothing is rolled back by hand.",
        "*Rollbacks / day*  ~12 → ~9",
        "*Bad debt from upgrades*  ~3 / day → 2 / day",
        "shipped on Thu 19 Mar 2026",
        "PAY-481, PAY-483, PAY-482",
    ):
        assert words in said
    assert "Is it *Reversal logic is deleted*, which is in progress?" in said
    assert "Not taken" not in said
    assert buttons(offer) == ["Log it", "Edit…", "Not a milestone"]
    assert "Reversal logic deleted" not in read(await stage.types("/kpi milestones"))


async def test_the_first_click_logs_it_and_the_offer_says_who(stage: Stage, ben: Person) -> None:
    offer = await offers(stage)
    await ben.clicks(offer, "log_offer")
    await stage.rests()
    done = at(stage, offer)
    assert f"<@{ben.id}> logged it: *Reversal logic deleted*" in read(done)
    assert buttons(done) == []
    announced = stage.posts()[-1]
    assert f"<@{ben.id}> shipped *Reversal logic deleted*" in read(announced)
    assert "*Rollbacks / day*  ~12 → ~9" in read(announced)
    reply = await ben.sees_message(stage.billing, "Logged: *Reversal logic deleted*.")
    assert "Undo" in buttons(reply)
    shown = read(await stage.types("/kpi rollbacks"))
    assert "after the deploy" in shown
    await ben.clicks(reply, "undo")
    await stage.rests()
    assert "~12" in read(await stage.types("/kpi rollbacks"))
    assert "is dropped now" in read(at(stage, announced))


async def test_who_is_second_is_told_so(stage: Stage, ben: Person) -> None:
    offer = await offers(stage)
    await asyncio.gather(
        stage.ana.clicks(offer, "decline_offer"), ben.clicks(offer, "decline_offer")
    )
    await stage.rests()
    assert ": no milestone." in read(at(stage, offer))
    [late] = [read(each) for each in stage.whispers()]
    assert late == "Somebody was faster: it is no milestone, as somebody said."
    assert "Reversal logic deleted" not in read(await stage.types("/kpi milestones"))


async def test_it_can_be_edited_first(stage: Stage, ben: Person) -> None:
    offer = await offers(stage)
    await ben.clicks(offer, "edit_offer")
    form = await ben.sees_view("Log a milestone")
    assert "Reversal logic deleted" in str(form.blocks)
    ben.fills(form, {"title": "No reversals any more", "value:rollbacks": "8"})
    sent = await ben.submits(form)
    assert sent.error is None
    await stage.rests()
    announced = read(stage.posts()[-1])
    assert "shipped *No reversals any more*" in announced
    assert "*Rollbacks / day*  ~12 → 8" in announced
    assert "*Bad debt from upgrades*  ~3 / day → 2 / day" in announced
    assert "The last reversals go through the journal" in announced
    assert "PDE" in announced
    assert "<https://github.com/acme/billing/pull/412>" in announced
    assert f"<@{ben.id}> logged it: *No reversals any more*" in read(at(stage, offer))


async def test_a_form_that_is_sent_after_somebody_decided_says_so(
    stage: Stage, ben: Person
) -> None:
    offer = await offers(stage)
    await ben.clicks(offer, "edit_offer")
    form = await ben.sees_view("Log a milestone")
    await stage.ana.clicks(offer, "log_offer")
    await stage.rests()
    sent = await ben.submits(form)
    assert "Somebody was faster: it is logged." in str(sent.errors)
    assert len([each for each in stage.posts() if "shipped *" in read(each)]) == 1


async def test_who_may_not_log_is_told_so_and_nobody_else(stage: Stage, ben: Person) -> None:
    await let(stage, owners=(stage.ana.id,), editors=(stage.ana.id,))
    offer = await offers(stage)
    for button in ("log_offer", "edit_offer", "decline_offer"):
        await ben.clicks(offer, button)
        await stage.rests()
        told = await ben.sees_message(stage.billing, "You can't log milestones in this scorecard.")
        assert told.visible_to == ben.id
    assert buttons(at(stage, offer)) == ["Log it", "Edit…", "Not a milestone"]
    await stage.ana.clicks(offer, "log_offer")
    await stage.rests()
    assert buttons(at(stage, offer)) == []


async def test_what_could_not_be_read_is_told_with_how_to_do_it_right(stage: Stage) -> None:
    await delivers(stage, await a_hook(stage, Forge.GITLAB))
    said = read(stage.posts()[-1])
    assert "A milestone? *Dunning on one path*" in said
    assert "Not taken: “Moves: rolbacks 9”: There is no metric “rolbacks”" in said
    assert "Did you mean rollbacks?" in said
    assert "*Dunning code paths*  3 → 2" in said
    assert "One Code Path" in said


async def test_the_title_of_a_planned_milestone_ships_that_one(stage: Stage) -> None:
    offer = await offers(stage, body="Milestone: reversal-logic-deletion")
    assert "It ships *Reversal logic is deleted*, which is in progress." in read(offer)
    await stage.ana.clicks(offer, "log_offer")
    await stage.rests()
    announced = read(stage.posts()[-1])
    assert "shipped *Reversal logic is deleted*" in announced
    assert "Reversal logic is deleted" not in read(await stage.types("/kpi milestones in progress"))


async def test_where_it_is_wanted_it_is_logged_at_once_by_the_name_of_who_merged(
    stage: Stage,
) -> None:
    hook = await a_hook(stage, mode=HookMode.LOG)
    assert (await delivers(stage, hook)).text == "logged as “Reversal logic deleted”\n"
    announced = stage.posts()[-1]
    assert "GitHub: eli-reviews shipped *Reversal logic deleted*" in read(announced)
    history = read(await stage.types("/kpi history"))
    assert "GitHub: eli-reviews · hook · milestone shipped" in history
    count = len(stage.posts())
    await delivers(stage, hook)
    assert len(stage.posts()) == count


async def test_text_of_a_change_pings_nobody(stage: Stage) -> None:
    body = f"{HOSTILE}\n\nMilestone: {HOSTILE}\nMoves: {HOSTILE}\nTicket: {HOSTILE}"
    offer = await offers(stage, title=HOSTILE * 3, body=body)
    assert "<!channel>" not in str(offer.blocks) + offer.text
    assert problems_in_message({"text": offer.text, "blocks": offer.blocks}) == []

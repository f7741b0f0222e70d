"""/kpi setup where there is no scorecard: from scratch, from an example, or one brought back."""

from typing import Any

import pytest

from app.domain.outcomes import Retired
from app.domain.scorecards import Scorecard
from app.playground import Channel, Person, View
from app.playground.blockkit import problems_in_view
from app.playground.users import Standing
from app.slack.blocks.setup_start import (
    Beginning,
    example_form,
    examples_view,
    new_form,
    start_view,
)
from tests.builders import NOW
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard
from tests.slack.stage import Stage, read
from tests.slack.test_setup_menu import opens, opens_menu


async def goes_on(stage: Stage, view: View, button: str, who: Person | None = None) -> View:
    """Click a button that shows what comes next in the same modal."""
    person = who or stage.ana
    await person.clicks(view, button)
    await stage.rests()
    assert await person.sees_view() is view
    return view


async def opens_new(stage: Stage, channel: Channel | None = None) -> View:
    await stage.ana.types("/kpi setup", channel or stage.billing)
    await stage.rests()
    return await goes_on(stage, await stage.ana.sees_view(), "setup_new")


def presets(form: View) -> dict[str, Any]:
    found = {}
    for block in form.blocks:
        element = block.get("element", {})
        for key in ("initial_conversation", "initial_time", "initial_value"):
            if key in element:
                found[block["block_id"]] = element[key]
        if "initial_option" in element:
            found[block["block_id"]] = element["initial_option"]["value"]
    return found


async def test_a_scorecard_is_made_from_scratch_and_its_menu_says_what_comes_next(
    empty_stage: Stage,
) -> None:
    stage = empty_stage
    stage.ana.user.tz = "Asia/Kolkata"
    form = await opens_new(stage)
    assert presets(form) == {
        "channel": stage.billing.id,
        "zone": "Asia/Kolkata",
        "day": "0",
        "time": "09:00",
    }
    stage.ana.fills(
        form,
        {"name": "Billing", "goal": "Paid, then booked", "possibilities": "One\nTwo", "day": "4"},
    )
    sent = await stage.ana.submits(form)
    assert not sent.closed
    shown = read(await stage.ana.sees_view("Add a metric"))
    for words in (
        "*Billing*",
        "It has no metric yet, so there is nothing to see: add the first one.",
        "Add a metric",
        "Friday 09:00 (Asia/Kolkata)",
        f"Owned by <@{stage.ana.id}>",
        f"Seen by everybody in <#{stage.billing.id}>",
    ):
        assert words in shown
    assert "Billing" in read(await stage.types("/kpi"))
    assert "Add the first one with `/kpi setup`" in read(await stage.types("/kpi update"))
    metric = await opens(stage, form, "open_part_form")
    stage.ana.fills(metric, {"name": "Errors", "baseline": "10", "target": "0"})
    stage.ana.fills(metric, {"baseline_label": "Q1", "baseline_on": "2026-01-01"})
    sent = await stage.ana.submits(metric)
    assert sent.errors == {}
    await stage.rests()
    assert "Metrics (1)" in read(form), "the menu shows what was added"
    assert f"<@{stage.ana.id}>" in read(await stage.types("/kpi history"))
    assert "scorecard made" in read(await stage.types("/kpi history"))


async def test_its_maker_may_edit_it_and_others_are_told_whom_to_ask(empty_stage: Stage) -> None:
    stage = empty_stage
    bob = stage.slack.add_person("bob")
    await bob.joins(stage.billing)
    await made(stage, "Billing")
    assert "*Billing*" in read(await opens_menu(stage))
    await bob.types("/kpi setup", stage.billing)
    told = await bob.sees_message(stage.billing, "You can't edit this scorecard.")
    assert f"<@{stage.ana.id}>" in read(told)


async def made(stage: Stage, name: str, channel: Channel | None = None) -> View:
    """Ana makes a scorecard; gives the modal with its menu."""
    form = await opens_new(stage, channel)
    stage.ana.fills(form, {"name": name, "goal": "More"})
    sent = await stage.ana.submits(form)
    assert sent.errors == {}
    await stage.rests()
    return form


async def test_what_is_missing_is_told_at_its_field(empty_stage: Stage) -> None:
    form = await opens_new(empty_stage)
    empty_stage.ana.fills(form, {"name": " ", "goal": "\n", "possibilities": "x" * 2_001})
    errors = (await empty_stage.ana.submits(form)).errors
    assert set(errors) == {"name", "goal", "possibilities"}


async def test_a_channel_has_one_scorecard(empty_stage: Stage) -> None:
    stage = empty_stage
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    await made(stage, "First")
    form = await opens_new(stage, lobby)
    stage.ana.fills(form, {"name": "Second", "goal": "More", "channel": stage.billing})
    errors = (await stage.ana.submits(form)).errors
    assert "is the home of another scorecard already" in errors["channel"]
    stage.ana.fills(form, {"channel": lobby})
    assert (await stage.ana.submits(form)).errors == {}


async def test_two_of_one_name_are_told_apart_by_their_keys(empty_stage: Stage) -> None:
    stage = empty_stage
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    await made(stage, HOSTILE.strip())
    await made(stage, HOSTILE.strip(), lobby)
    for channel in (stage.billing, lobby):
        assert "*x* ~y~ _z_" in read(await stage.types("/kpi", channel))


async def test_in_a_direct_message_the_home_is_chosen(empty_stage: Stage) -> None:
    stage = empty_stage
    direct = stage.slack.direct_message(stage.ana)
    form = await opens_new(stage, direct)
    assert "channel" not in presets(form)
    stage.ana.fills(form, {"name": "Billing", "goal": "More"})
    assert set((await stage.ana.submits(form)).errors) == {"channel"}
    stage.ana.fills(form, {"channel": stage.billing})
    assert (await stage.ana.submits(form)).errors == {}
    assert "Billing" in read(await stage.types("/kpi"))


async def test_a_private_channel_takes_the_bot_first(empty_stage: Stage) -> None:
    stage = empty_stage
    hidden = stage.slack.add_channel("hidden", private=True, members=[stage.ana])
    await stage.ana.removes_bot(hidden)
    form = await opens_new(stage)
    stage.ana.fills(form, {"name": "Billing", "goal": "More", "channel": hidden})
    errors = (await stage.ana.submits(form)).errors
    assert "If it is private, invite the bot there: /invite @KPI" in errors["channel"]
    await stage.ana.invites_bot(hidden)
    stage.clock.passes(minutes=2)
    assert (await stage.ana.submits(form)).errors == {}


async def test_the_menu_of_a_new_one_says_that_the_bot_is_not_in_the_channel(
    empty_stage: Stage,
) -> None:
    stage = empty_stage
    await stage.ana.removes_bot(stage.billing)
    menu = await made(stage, "Billing")
    assert "Invite it there: `/invite @KPI`" in read(menu)


async def test_people_of_other_organisations_make_none(empty_stage: Stage) -> None:
    stage = empty_stage
    eve = stage.slack.add_person("eve", stranger=True)
    await stage.ana.invites(eve, stage.billing)
    await eve.types("/kpi setup", stage.billing)
    told = await eve.sees_message(stage.billing, "can't make a scorecard")
    assert "Ask somebody of this workspace" in read(told)


async def test_one_begins_with_an_example_as_of_today(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    view = await goes_on(stage, await stage.ana.sees_view(), "setup_examples")
    assert "4 metrics, 3 work streams, 3 milestones, 3 phases" in read(view)
    await goes_on(stage, view, "setup_back")
    await goes_on(stage, view, "setup_examples")
    form = await goes_on(stage, view, "setup_example:reliability")
    for words in (
        "Incidents / month",
        "*Incidents / month*: 14 → target 3, moved by Safe releases",
        "Q1 2026",
    ):
        assert words in read(form)
    stage.ana.fills(form, {"name": "Our reliability"})
    assert (await stage.ana.submits(form)).errors == {}
    await stage.rests()
    assert "*Our reliability*" in read(view)
    assert "Metrics (4)" in read(view)
    assert "Incidents / month" in read(await stage.types("/kpi"))
    roadmap = read(await stage.types("/kpi roadmap"))
    assert "Quiet nights" in roadmap


async def test_what_an_example_lacks_is_told_at_its_field(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    view = await goes_on(stage, await stage.ana.sees_view(), "setup_examples")
    form = await goes_on(stage, view, "setup_example:onboarding")
    stage.ana.fills(form, {"name": "  "})
    assert set((await stage.ana.submits(form)).errors) == {"name"}


async def test_one_that_was_retired_here_is_brought_back(empty_stage: Stage) -> None:
    stage = empty_stage
    bob = stage.slack.add_person("bob")
    await bob.joins(stage.billing)
    menu = await made(stage, "Billing")
    await stage.ana.clicks(menu, "setup_retire")
    await stage.rests()
    assert "*Billing*, retired" in read(menu), "the way back shows at once"
    await bob.types("/kpi setup", stage.billing)
    await stage.rests()
    assert "Billing" not in read(await bob.sees_view()), "it is not for others to bring back"
    await goes_on(stage, menu, "setup_bring_back")
    assert "Owned by" in read(menu)
    assert "*Billing*" in read(menu)
    await stage.sees_answer("Undone in *Billing*")
    assert "Billing" in read(await stage.types("/kpi"))


async def test_where_others_are_offered_one_can_be_made_too(stage: Stage) -> None:
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    await stage.ana.types("/kpi", lobby)
    assert "Or make one: `/kpi setup`" in read(await stage.sees_answer("Billing Platform", lobby))
    await made(stage, "Lobby", lobby)
    assert "Lobby" in read(await stage.types("/kpi", lobby))


async def test_one_without_a_home_is_given_one(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.ana.user.standing = Standing(is_admin=True)
    await stage.load("key: tiny\nname: Tiny\ngoal: Done\n")
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    menu = await goes_on(stage, await stage.ana.sees_view(), "setup_open")
    assert "It has no home channel, so no digest goes out." in read(menu)
    form = await opens(stage, menu, "setup_schedule")
    stage.ana.fills(form, {"channel": stage.billing})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert f"in <#{stage.billing.id}>" in read(menu)
    assert len(stage.posts()) == 1


async def test_one_is_not_brought_back_where_another_is_at_home(empty_stage: Stage) -> None:
    stage = empty_stage
    menu = await made(stage, "Old")
    await stage.ana.clicks(menu, "setup_retire")
    await stage.rests()
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    other = await stage.ana.sees_view()
    await goes_on(stage, other, "setup_new")
    stage.ana.fills(other, {"name": "New", "goal": "More"})
    await stage.ana.submits(other)
    await stage.ana.closes(other)
    await stage.ana.clicks(menu, "setup_bring_back")
    await stage.sees_answer("is the home of another scorecard already")


async def test_it_works_over_http_too(open_stage: Opening) -> None:
    async with open_stage(empty=True, transport="http") as stage:
        menu = await made(stage, "Billing")
        assert "Add a metric" in read(menu)


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&", "_*~`"])
@pytest.mark.parametrize("count", SIZES)
def test_its_views_are_ones_that_slack_takes(count: int, text: str) -> None:
    large = a_large_scorecard(count, text)
    retired = [Retired(large.name, NOW, number) for number in range(count)]
    here: Scorecard = large
    for view in (
        start_view("C1", retired, dict.fromkeys(map(str, range(count)), large.name)),
        examples_view("C1", [here, here]),
        new_form(Beginning("C1"), here),
        example_form(Beginning("D1", "x"), here, "Europe/Berlin"),
    ):
        assert problems_in_view(view) == []

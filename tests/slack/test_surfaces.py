"""Every surface, over a socket as over signed requests: what a person begins there arrives."""

from collections.abc import AsyncIterator

import pytest

from app.playground.users import Standing
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.reminding import FRIDAY, comes_to, owns, told
from tests.slack.stage import Stage, read


@pytest.fixture(params=["socket", "http"])
async def stage(request: pytest.FixtureRequest, open_stage: Opening) -> AsyncIterator[Stage]:
    async with open_stage(transport=request.param) as stage:
        yield stage


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/kpi", "0 of 5 at target"),
        ("/kpi Bad Debt", "reversal logic elimination"),
        ("/kpi milestones shipped", "shipped: "),
        ("/kpi roadmap", "5 blocked"),
        ("/kpi history", "scorecard made"),
        ("/kpi digest preview", "nothing has been posted"),
        ("/kpi help", "What /kpi can do"),
    ],
)
async def test_what_is_asked_for_is_shown_to_the_asker(stage: Stage, line: str, says: str) -> None:
    assert says in read(await stage.types(line))


async def test_a_value_is_recorded_where_it_is_typed(stage: Stage) -> None:
    answer = await stage.types("/kpi update rollbacks 9")
    assert "~12 → 9" in read(answer)
    await stage.ana.clicks(answer, "undo")
    await stage.sees_answer("Taken back: 9")


async def test_several_values_are_recorded_in_a_form(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update")
    await stage.ana.dispatches(form, "metrics", ["rollbacks", "dunning-paths"])
    await stage.rests()
    stage.ana.fills(form, {"value:rollbacks": "~9", "value:dunning-paths": "few"})
    refused = await stage.ana.submits(form)
    assert set(refused.errors) == {"value:dunning-paths"}
    stage.ana.fills(form, {"value:dunning-paths": "2"})
    assert (await stage.ana.submits(form)).closed
    told = read(await stage.sees_answer("Rollbacks"))
    assert "~12 → ~9" in told
    assert "3 → 2" in told


async def test_a_milestone_is_planned_edited_and_shipped(stage: Stage) -> None:
    form = await stage.opens_form("/kpi plan Bundles")
    assert (await stage.ana.submits(form)).closed
    planned = await stage.sees_answer("Planned:")
    await stage.ana.clicks(planned, "edit_milestone")
    form = await stage.ana.sees_view("Status")
    stage.ana.fills(form, {"detail": "Pay first"})
    assert (await stage.ana.submits(form)).closed
    await stage.sees_answer("Saved:")
    form = await stage.opens_form("/kpi ship Bundles")
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "shipped *Bundles*")


@pytest.mark.parametrize("shortcut", ["log_milestone", "log_message_as_milestone"])
async def test_a_shortcut_opens_the_form(stage: Stage, shortcut: str) -> None:
    message = await stage.ana.says("Bundles are live", stage.billing)
    about = message if shortcut == "log_message_as_milestone" else None
    assert (await stage.ana.uses_shortcut(shortcut, about)).error is None
    await stage.rests()
    form = await stage.ana.sees_view("Title")
    stage.ana.fills(form, {"title": "Bundles"})
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "shipped *Bundles*")


async def test_a_mention_is_answered_in_its_thread(stage: Stage) -> None:
    asked = await stage.ana.mentions_bot("rollbacks", stage.billing)
    answer = await stage.ana.sees_message(stage.billing, "remaining off-session flows")
    assert answer.thread_ts == asked.ts


async def test_home_shows_the_scorecard_and_leads_on(stage: Stage) -> None:
    await stage.ana.opens_home()
    await stage.rests()
    home = stage.slack.home_of(stage.ana)
    assert home is not None
    assert "Billing Platform" in read(home)
    await stage.ana.clicks(home, "show_page")
    await stage.ana.sees_view("0 of 5 at target")


async def test_a_screen_is_shared_with_the_channel(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi rollbacks"), "share_metric")
    await stage.rests()
    [post] = stage.posts()
    assert f"Shared by <@{stage.ana.id}>" in read(post)


async def test_the_digest_is_posted_when_it_is_due(stage: Stage) -> None:
    await stage.run_due(days=4)
    [digest] = stage.posts()
    await stage.ana.clicks(digest, "ship")
    await stage.ana.sees_view("Log a milestone")


async def test_a_scorecard_is_set_up_from_an_example(stage: Stage) -> None:
    team = stage.slack.add_channel("team", members=[stage.ana])
    menu = await stage.opens_form("/kpi setup", team)
    await stage.rests()
    for action in ("setup_examples", "setup_example:onboarding"):
        await stage.ana.clicks(menu, action)
        await stage.rests()
    sent = await stage.ana.submits(await stage.ana.sees_view("Home channel"))
    assert sent.errors == {}
    await stage.ana.sees_view("Still to do")
    assert "0 of 4 at target" in read(await stage.types("/kpi", team))


async def test_a_metric_is_edited_and_the_digest_scheduled(stage: Stage) -> None:
    stage.ana.user.standing = Standing(is_admin=True)
    form = await stage.opens_form("/kpi digest schedule")
    await stage.rests()
    stage.ana.fills(form, {"day": "4"})
    assert (await stage.ana.submits(form)).closed
    await stage.sees_answer("Monday 09:00 → Friday 09:00")
    menu = await stage.opens_form("/kpi setup")
    await stage.rests()
    await stage.ana.clicks(menu, "setup_metrics")
    metrics = await stage.ana.sees_view("Add a metric")
    row = next(b for b in metrics.blocks if "metric rollbacks" in str(b.get("elements")))
    await stage.ana.clicks(metrics, "open_part_form", block_id=row["block_id"])
    form = await stage.ana.sees_view("Baseline date")
    stage.ana.fills(form, {"target": "196"})
    assert (await stage.ana.submits(form)).errors
    stage.ana.fills(form, {"target": "5"})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert "target 5" in read(await stage.types("/kpi"))


async def test_a_workflow_records_a_reading(stage: Stage) -> None:
    given = {"channel": stage.billing.id, "metric": "rollbacks", "value": "~9"}
    refused = await stage.slack.run_step("record_reading", given)
    assert "Workflows can't" in (refused.error or "")
    await let(stage, workflows_edit=True)
    step = await stage.slack.run_step("record_reading", given)
    assert (step.outputs or {})["value_before"] == "~12"


async def test_an_owner_is_reminded_and_updates_from_there(stage: Stage) -> None:
    await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY)
    [reminder] = told(stage, stage.ana)
    row = next(block for block in reminder.blocks if "Outages" in str(block))
    await stage.ana.clicks(reminder, "update", block_id=row["block_id"])
    form = await stage.ana.sees_view("Outages")
    stage.ana.fills(form, {"value:outages": "3"})
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.slack.direct_message(stage.ana), "→ 3")

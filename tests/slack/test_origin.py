"""Whose requests are answered: those of the bot's workspace, and of strangers in its channels."""

from typing import Any, cast

import pytest

from app.playground import Person
from app.playground.envelopes import EnvelopeType
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_http_transport import a_command, sent

SECRET = "a note that nobody else shall read"


async def everything_ana_does(stage: Stage) -> None:
    """A command, a click, a form, a shortcut, a mention and a look at the Home tab."""
    shown = await stage.types(f"/kpi update rollbacks 9 {SECRET}")
    await stage.ana.clicks(shown, "undo")
    await stage.rests()
    form = await stage.opens_form("/kpi ship Bundles")
    await stage.ana.submits(form)
    await stage.ana.uses_shortcut("log_milestone")
    await stage.ana.closes(await stage.ana.sees_view("Title"))
    await stage.ana.mentions_bot("rollbacks", stage.billing)
    await stage.ana.opens_home()
    await stage.rests()


@pytest.fixture
async def eve(stage: Stage) -> Person:
    """A person of another organisation, in #billing."""
    eve = stage.slack.add_person("eve", stranger=True)
    await stage.ana.invites(eve, stage.billing)
    return eve


async def test_requests_of_another_workspace_do_nothing_and_are_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await everything_ana_does(stage)
    done = stage.slack.journal.deliveries()
    before = len(stage.slack.journal.entries)
    for each in done:
        kind = cast("EnvelopeType", each.method)
        answer = await stage.slack.deliver(kind, each.payload, team_id="T0FOREIGN")
        assert answer.error is None
        assert not answer.response or not answer.response.get("payload")
    await stage.rests()
    after = stage.slack.journal.entries[before:]
    assert {each.method for each in after if each.kind == "call"} <= {"users.info"}
    (logged,) = [r.getMessage() for r in caplog.records if "T0FOREIGN" in r.getMessage()]
    assert SECRET not in caplog.text
    assert stage.ana.id not in logged


async def test_a_stranger_in_a_channel_of_ours_is_answered(stage: Stage, eve: Person) -> None:
    answer = (await eve.types("/kpi", stage.billing)).message
    assert answer is not None
    assert "Rollbacks / day" in read(answer)
    await eve.clicks(answer, "show_metric")
    await eve.sees_message(stage.billing, "Last readings")
    asked = await eve.mentions_bot("dunning", stage.billing)
    await stage.rests()
    (told,) = stage.replies(asked)
    assert "full consolidation" in read(told)


async def test_a_stranger_who_shares_no_channel_with_the_bot_is_not(stage: Stage) -> None:
    eve = stage.slack.add_person("eve", stranger=True)
    alone = stage.slack.add_channel("elsewhere", members=[eve], bot=False)
    reaction = await eve.types("/kpi", alone)
    assert (reaction.error, reaction.message) == (None, None)
    await stage.rests()
    assert stage.whispers(alone) == []


async def test_a_stranger_is_let_be_where_slack_does_not_say_who_they_are(
    stage: Stage, eve: Person
) -> None:
    stage.slack.faults.add("users.info", "status", times=1)
    assert (await eve.types("/kpi", stage.billing)).message is None
    assert (await eve.types("/kpi", stage.billing)).message is not None


async def test_a_bot_of_a_whole_organisation_answers_in_each_of_its_workspaces(
    stage: Stage,
) -> None:
    identity = stage.running.bot.identity
    identity.enterprise_id, identity.is_of_organisation = "E0OURS", True
    await stage.types("/kpi")
    command = stage.slack.journal.deliveries()[-1].payload | {"is_enterprise_install": "true"}

    async def answer(**ids: str) -> Any:
        sent = await stage.slack.deliver("slash_commands", {**command, **ids})
        return sent.response

    assert "Rollbacks" in str(await answer(team_id="T0OTHER", enterprise_id="E0OURS"))
    assert "Rollbacks" not in str(await answer(team_id="T0OTHER", enterprise_id="E0FOREIGN"))


async def test_over_http_a_foreign_request_gets_200_and_nothing(open_stage: Opening) -> None:
    async with open_stage(transport="http") as stage:
        command = a_command(stage, "update rollbacks 9")
        assert await sent(stage, {**command, "team_id": "T0FOREIGN"}) == (200, "")
        assert "~12" in read(await stage.types("/kpi rollbacks"))


async def test_before_slack_has_said_where_the_bot_is_nothing_is_answered(
    open_stage: Opening,
) -> None:
    async with open_stage(transport="http") as stage:
        stage.running.bot.identity.team_id = None
        assert (await sent(stage, a_command(stage, "")))[0] == 503

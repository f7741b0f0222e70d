"""Steps of workflows: what Workflow Builder has the bot do, and what it says when it doesn't."""

import asyncio
import copy
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from app.playground.steps import Step as Run
from app.playground.waiting import until
from app.slack.blocks import kit
from app.slack.ids import Step
from app.slack.listeners import steps
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import HOME, START, Stage, read
from tests.slack.test_access_form import opens_access
from tests.slack.test_failures import errors_in, locked
from tests.slack.test_scorecard_command import many_metrics


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, in which workflows may write."""
    async with open_stage() as stage:
        await let(stage, workflows_edit=True)
        yield stage


async def records(stage: Stage, **inputs: Any) -> Run:
    """A workflow comes to the step that records ~9 rollbacks, but for what is given."""
    given = {"channel": HOME, "metric": "rollbacks", "value": "~9"} | inputs
    return await stage.slack.run_step(Step.RECORD, given)


async def ships(stage: Stage, **inputs: Any) -> Run:
    """A workflow comes to the step that logs the milestone “Bundles”."""
    return await stage.slack.run_step(Step.SHIP, {"channel": HOME, "title": "Bundles"} | inputs)


async def is_unchanged(stage: Stage) -> bool:
    shown = read(await stage.types("/kpi"))
    history = read(await stage.types("/kpi history this week"))
    return "~12  →  target 0" in shown and "workflow run" not in history and stage.posts() == []


class TestRecordAReading:
    async def test_later_steps_get_what_it_is_and_was(self, stage: Stage) -> None:
        step = await records(stage, metric="Rollbacks / day", note="after the *second* fix")
        assert step.outputs == {
            "metric": "Rollbacks / day",
            "value": "~9",
            "value_before": "~12",
            "status": "no pace",
            "way_closed": "~95%",
            "summary": "Rollbacks / day: ~12 → ~9, ~−3",
            "scorecard": "Billing Platform",
        }
        shown = read(await stage.types("/kpi rollbacks"))
        assert "~9  by workflow run Fx" in shown
        assert "after the *second* fix" in shown
        assert stage.posts() == []

    async def test_the_history_names_the_run_and_an_editor_can_undo_it(self, stage: Stage) -> None:
        step = await records(stage)
        history = await stage.types("/kpi history rollbacks")
        assert f"workflow run {step.id} · workflow · reading recorded" in read(history)
        blocks = [block["block_id"] for block in history.blocks if "accessory" in block]
        await stage.ana.clicks(history, "undo", block_id=blocks[0])
        await stage.sees_answer("Taken back: ~9")

    async def test_what_was_true_earlier_is_recorded_for_then(self, stage: Stage) -> None:
        yesterday = int((START - timedelta(days=1)).timestamp())
        await records(stage, at=yesterday)
        assert f"<!date^{yesterday}" in (await stage.types("/kpi rollbacks")).wording

    async def test_the_last_value_reaches_the_goal(self, empty_stage: Stage) -> None:
        stage = empty_stage
        await stage.load(many_metrics(1), stage.billing)
        await let(stage, key="many", workflows_edit=True)
        step = await records(stage, metric="Metric 0", value="0")
        assert step.outputs is not None
        assert step.outputs["status"] == "at target"
        await stage.ana.sees_message(stage.billing, "the goal is reached")

    @pytest.mark.parametrize(
        ("inputs", "told"),
        [
            ({"metric": "rolbacks"}, "Metric: There is no metric “rolbacks” in Billing Platform."),
            ({"note": "x" * 2_001}, "Note: The note has 2001 characters; at most 2000"),
            ({"channel": "C0NOWHERE"}, "Scorecard's channel: No scorecard is at home there."),
        ],
    )
    async def test_a_wrong_input_is_named_and_nothing_is_changed(
        self, stage: Stage, inputs: dict[str, Any], told: str
    ) -> None:
        step = await records(stage, **inputs)
        assert step.outputs is None
        assert told in read_error(step)
        assert await is_unchanged(stage)


class TestLogAMilestone:
    async def test_one_run_writes_all_of_it_and_announces_it(self, stage: Stage) -> None:
        step = await ships(
            stage,
            title=" Reversal logic\n is DELETED ",
            detail="All of it.",
            shipped_on="2026-03-18",
            work_streams="pde, One Code Path",
            links="https://example.com/1\nhttps://example.com/2",
            tickets="ABC-1, ABC-2",
            moved="- Rollbacks / day: ~9\n\nbad debt 2 / day",
        )
        assert step.outputs == {
            "title": "Reversal logic is deleted",
            "milestone": "reversal-logic-deletion",
            "channel": HOME,
            "moved": "Rollbacks / day: ~12 → ~9, ~−3\n"
            "Bad debt from upgrades: ~3 / day → 2 / day, ~−1 / day",
            "scorecard": "Billing Platform",
        }
        post = read(await stage.ana.sees_message(stage.billing, "shipped"))
        assert f"workflow run {step.id} shipped *Reversal logic is deleted*" in post
        for line in ("~12 → ~9", "Wed 18 Mar 2026", "PDE, One Code Path", "ABC-1, ABC-2"):
            assert line in post
        assert "<https://example.com/2>" in post
        shown = read(await stage.types("/kpi rollbacks"))
        assert "*Reversal logic is deleted*: ~12 → ~9" in shown

    async def test_a_title_alone_is_enough(self, stage: Stage) -> None:
        step = await ships(stage)
        assert step.outputs is not None
        assert set(step.outputs) == {"title", "milestone", "channel", "scorecard"}
        post = read(await stage.ana.sees_message(stage.billing, "shipped *Bundles*"))
        assert "Thu 19 Mar 2026" in post

    async def test_a_phase_that_waited_for_it_alone_is_ready(self, stage: Stage) -> None:
        step = await ships(stage, title="Shore Up")
        assert step.outputs is not None
        assert step.outputs["ready_phases"] == "One Code Path"

    @pytest.mark.parametrize(
        ("inputs", "told"),
        [
            ({"moved": "rollbacks nine"}, "Metrics it moved: “nine” isn't a value."),
            ({"detail": "x" * 2_001}, "Detail: The detail has 2001 characters; at most 2000"),
            ({"channel": "C0NOWHERE"}, "Scorecard's channel: No scorecard is at home there."),
        ],
    )
    async def test_a_wrong_input_is_named_and_nothing_is_changed(
        self, stage: Stage, inputs: dict[str, Any], told: str
    ) -> None:
        step = await ships(stage, **{"moved": "rollbacks 9"} | inputs)
        assert step.outputs is None
        assert told in read_error(step)
        assert await is_unchanged(stage)

    async def test_what_has_shipped_does_not_ship_again(self, stage: Stage) -> None:
        await ships(stage)
        step = await ships(stage)
        assert read_error(step) == "Title: “Bundles” has already shipped."

    async def test_what_does_not_fit_into_an_output_is_counted(self, empty_stage: Stage) -> None:
        stage = empty_stage
        await stage.load(many_metrics(80), stage.billing)
        await let(stage, key="many", workflows_edit=True)
        lines = "\n".join(f"metric-{number} 5" for number in range(80))
        step = await ships(stage, moved=lines)
        assert step.outputs is not None
        assert step.outputs["moved"].startswith("Metric 0: ")
        assert step.outputs["moved"].endswith(" more metrics")
        assert len(step.outputs["moved"].encode()) < 4_000
        assert step.outputs["moved"].count("\n") + int(step.outputs["moved"].split()[-3]) == 80


class TestRights:
    @pytest.fixture
    async def stage(self, open_stage: Opening) -> AsyncIterator[Stage]:
        """The bot with the real scorecard, in which workflows may not write."""
        async with open_stage() as stage:
            yield stage

    async def test_a_workflow_writes_nothing_until_an_owner_lets_it(self, stage: Stage) -> None:
        for step in (await records(stage), await ships(stage)):
            assert step.outputs is None
            assert "until an owner lets them: /kpi setup, Access." in read_error(step)
            assert "Ask an admin of this workspace." in read_error(step)
        assert await is_unchanged(stage)

    async def test_a_refusal_mentions_the_owners(self, stage: Stage) -> None:
        await let(stage, owners=(stage.ana.id,))
        assert f"Ask <@{stage.ana.id}>" in read_error(await records(stage))

    async def test_an_owner_lets_workflows_write_and_takes_that_back(self, stage: Stage) -> None:
        await let(stage, owners=(stage.ana.id,))
        form = await opens_access(stage, stage.ana)
        stage.ana.fills(form, {"allowed": ["workflows_edit"]})
        assert (await stage.ana.submits(form)).closed
        answer = await stage.sees_answer("workflows may record: no → yes")
        assert (await records(stage)).outputs is not None
        await stage.ana.clicks(answer, "undo")
        await stage.sees_answer("Undone in")
        assert (await records(stage)).outputs is None

    async def test_a_scorecard_elsewhere_is_not_meant(self, stage: Stage) -> None:
        elsewhere = stage.slack.add_channel("elsewhere", members=[stage.ana])
        await let(stage, workflows_edit=True)
        step = await records(stage, channel=elsewhere.id)
        assert "Choose the channel in which /kpi shows it" in read_error(step)
        assert await is_unchanged(stage)


class TestOnce:
    async def test_a_run_that_slack_tells_of_again_is_carried_out_once(self, stage: Stage) -> None:
        first = await records(stage)
        await tells_again(stage, first)
        assert len(completions(stage)) == 1
        shown = read(await stage.types("/kpi history rollbacks"))
        assert shown.count(first.id) == 2, "once in the text, once in the blocks"

    async def test_a_run_is_acknowledged_once_it_is_written(self, stage: Stage) -> None:
        with locked(stage):
            under_way = asyncio.create_task(records(stage))
            await asyncio.sleep(0.1)
            assert stage.slack.journal.deliveries("events_api")[-1].seconds is None
        step = await under_way
        assert step.outputs is not None
        assert stage.slack.journal.deliveries("events_api")[-1].error is None

    @pytest.mark.parametrize("run", [records, ships])
    async def test_what_was_written_before_a_crash_is_completed_after_it(
        self, stage: Stage, run: Any
    ) -> None:
        first = asyncio.create_task(run(stage))
        stage.slack.faults.add("functions.completeSuccess", "refuse", error="fatal_crash")
        await until_refused(stage)
        [step] = stage.slack.workspace.steps.values()
        assert not step.is_over
        before = read(await stage.types("/kpi history"))
        restarted(stage, step)
        await tells_again(stage, step)
        assert (await first).outputs == step.outputs
        assert step.outputs is not None
        assert read(await stage.types("/kpi history")) == before
        assert len([post for post in stage.posts() if "shipped" in read(post)]) <= 1

    async def test_a_run_that_another_process_has_completed_is_no_failure(
        self, stage: Stage, caplog: pytest.LogCaptureFixture
    ) -> None:
        step = await records(stage)
        restarted(stage, step)
        await tells_again(stage, step)
        assert len(completions(stage)) == 2
        assert errors_in(caplog) == []


class TestFailures:
    async def test_a_database_that_fails_is_told_and_logged_once(
        self, stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.store.engine.BUSY_TIMEOUT_MS", 50)
        with locked(stage):
            step = await records(stage)
        assert "nothing was changed. Try again in a moment" in read_error(step)
        assert len(errors_in(caplog)) == 1
        assert await is_unchanged(stage)

    async def test_what_nobody_expected_ends_the_step_too(
        self, stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steps, "read_reading", lambda *_: 1 / 0)
        step = await records(stage)
        assert "Something went wrong here that shouldn't have." in read_error(step)
        assert len(errors_in(caplog)) == 1

    async def test_slack_is_told_again_while_it_is_out_of_reach(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steps, "PAUSES", (0.0, 0.0))
        stage.slack.faults.add("functions.completeSuccess", "status", times=2)
        assert (await records(stage)).outputs is not None

    async def test_text_from_people_pings_nobody_in_what_slack_shows(self, stage: Stage) -> None:
        step = await records(stage, metric=HOSTILE)
        assert "<!channel>" not in (step.error or "")
        assert "<!channel>" in read_error(step)

    async def test_over_http_too(self, open_stage: Opening) -> None:
        async with open_stage(transport="http") as stage:
            await let(stage, workflows_edit=True)
            assert (await records(stage)).outputs is not None


def read_error(step: Run) -> str:
    """What the people of the workflow read."""
    text = (step.error or "").replace(kit.ZERO_WIDTH_SPACE, "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def completions(stage: Stage) -> list[Any]:
    return stage.slack.journal.calls("functions.completeSuccess")


def restarted(stage: Stage, step: Run) -> None:
    """The bot has forgotten that it heard of this run."""
    stage.running.bot.once.may_begin_again(("step", step.id))


async def tells_again(stage: Stage, step: Run) -> None:
    """Slack sends the event of a run once more."""
    told = [
        entry.payload
        for entry in stage.slack.journal.deliveries("events_api")
        if entry.payload["event"].get("function_execution_id") == step.id
    ]
    payload = copy.deepcopy(told[0])
    payload["event"]["bot_access_token"] = step.token  # the journal masks it
    entry = await stage.slack.deliver("events_api", payload)
    assert entry.error is None
    await stage.rests()


async def until_refused(stage: Stage) -> None:
    await until(lambda: completions(stage) or None, 3.0, "no step was completed")
    await stage.rests()

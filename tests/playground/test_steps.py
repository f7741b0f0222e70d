"""Steps of workflows."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.complete.async_complete import AsyncComplete
from slack_bolt.context.fail.async_fail import AsyncFail
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import LocalSlack
from tests.playground.refusals import refusal

MANIFEST = {
    "display_information": {"name": "KPI"},
    "settings": {"event_subscriptions": {"bot_events": ["function_executed"]}},
    "functions": {
        "record": {
            "title": "Record a reading",
            "input_parameters": {"value": {"type": "string", "is_required": True}},
            "output_parameters": {"text": {"type": "string", "is_required": True}},
        }
    },
}


async def test_the_app_completes_a_step(app: AsyncApp, slack: LocalSlack) -> None:
    @app.function("record")
    async def record(inputs: dict[str, Any], complete: AsyncComplete, fail: AsyncFail) -> None:
        if inputs["value"] == "~9":
            await complete({"text": "recorded"})
        else:
            await fail("not a number")

    good = await slack.run_step("record", {"value": "~9"})
    bad = await slack.run_step("record", {"value": "nine"})

    assert (good.outputs, good.error) == ({"text": "recorded"}, None)
    assert (bad.outputs, bad.error) == (None, "not a number")


async def test_a_step_ends_once(socket_app: AsyncApp, slack: LocalSlack) -> None:
    refusals: list[str] = []

    @socket_app.function("record")
    async def record(complete: AsyncComplete, client: AsyncWebClient) -> None:
        step_id = complete.function_execution_id or ""
        await complete()
        again = client.functions_completeError(function_execution_id=step_id, error="no")
        refusals.append(await refusal(again))
        other = client.functions_completeSuccess(function_execution_id="Fx404", outputs={})
        refusals.append(await refusal(other))

    await slack.run_step("record", {})
    await slack.settled()

    assert refusals == ["execution_not_in_running_state", "function_execution_not_found"]


class TestManifest:
    """Parameters as the manifest describes them."""

    @pytest.fixture
    async def slack(self) -> AsyncIterator[LocalSlack]:
        """A workspace whose app has one step."""
        async with LocalSlack(MANIFEST) as slack:
            yield slack

    async def test_inputs(self, slack: LocalSlack) -> None:
        with pytest.raises(LookupError, match=r"no step 'log'; there are \['record'\]"):
            await slack.run_step("log", {})
        with pytest.raises(
            ValueError, match="missing required parameter: value; unknown parameter: note"
        ):
            await slack.run_step("record", {"note": "x"})

    async def test_outputs(self, socket_app: AsyncApp, slack: LocalSlack) -> None:
        refusals: list[str] = []

        @socket_app.function("record")
        async def record(complete: AsyncComplete) -> None:
            refusals.append(await refusal(complete({"value": "~9"})))
            await complete({"text": "recorded"})

        await slack.run_step("record", {"value": "~9"})

        assert refusals == ["parameter_validation_failed"]

    async def test_nobody_completes_it(self, slack: LocalSlack) -> None:
        with pytest.raises(TimeoutError, match="record was not completed"):
            await slack.run_step("record", {"value": "~9"}, timeout=0.01)

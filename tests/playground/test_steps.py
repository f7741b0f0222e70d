"""Steps of workflows."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.complete.async_complete import AsyncComplete
from slack_bolt.context.fail.async_fail import AsyncFail
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import LocalSlack
from tests.playground.blocks import Json
from tests.playground.refusals import refusal

MANIFEST: Json = {
    "display_information": {"name": "KPI"},
    "settings": {"org_deploy_enabled": True},
    "functions": {
        "record": {
            "title": "Record a reading",
            "description": "The value of a metric",
            "input_parameters": {
                "value": {"type": "string", "title": "Value", "is_required": True},
                "on": {"type": "slack#/types/date"},
                "share": {"type": "boolean"},
                "times": {"type": "integer"},
            },
            "output_parameters": {"text": {"type": "string", "is_required": True}},
        }
    },
}


FUNCTION: Json = MANIFEST["functions"]["record"]


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


async def test_a_step_needs_its_outputs_and_the_token_of_the_step_is_the_bots(
    socket_app: AsyncApp, slack: LocalSlack
) -> None:
    refusals: list[str] = []
    identities: list[str] = []

    @socket_app.function("record")
    async def record(complete: AsyncComplete, client: AsyncWebClient) -> None:
        step_id = complete.function_execution_id
        assert client.token != slack.bot_token
        identities.append((await client.auth_test())["user_id"])
        without = client.api_call(
            "functions.completeSuccess", data={"function_execution_id": step_id}
        )
        refusals.append(await refusal(without))
        await complete()

    await slack.run_step("record", {})

    assert refusals == ["invalid_arguments"]
    assert identities == [slack.bot_user_id]


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
        with pytest.raises(ValueError, match="value must be of type string"):
            await slack.run_step("record", {"value": 9})
        with pytest.raises(ValueError, match="times must be of type integer"):
            await slack.run_step("record", {"value": "9", "times": True})

    async def test_outputs(self, socket_app: AsyncApp, slack: LocalSlack) -> None:
        refusals: list[str] = []

        @socket_app.function("record")
        async def record(complete: AsyncComplete) -> None:
            refusals.append(await refusal(complete({"value": "~9"})))
            refusals.append(await refusal(complete({"text": 9})))
            await complete({"text": "recorded"})

        await slack.run_step("record", {"value": "~9"})

        assert refusals == ["parameter_validation_failed"] * 2

    async def test_the_app_is_told_what_the_step_is(
        self, socket_app: AsyncApp, slack: LocalSlack
    ) -> None:
        events: list[Json] = []

        @socket_app.function("record")
        async def record(event: Json, complete: AsyncComplete) -> None:
            events.append(event)
            await complete({"text": "recorded"})

        for _ in range(2):
            await slack.run_step("record", {"value": "~9"})

        first, second = events
        function = first["function"]
        assert function == second["function"]
        assert (function["callback_id"], function["title"]) == ("record", "Record a reading")
        assert function["type"] == "app"
        assert function["input_parameters"][:2] == [
            {"name": "value", "type": "string", "title": "Value", "is_required": True},
            {"name": "on", "type": "slack#/types/date", "is_required": False},
        ]
        assert first["inputs"] == {"value": "~9"}
        assert first["function_execution_id"] != second["function_execution_id"]
        assert first["workflow_execution_id"].startswith("Wx")
        assert first["bot_access_token"].startswith("xwfp-")
        assert slack.journal.deliveries()[0].payload["event"]["bot_access_token"] == "xwfp-***"

    async def test_parameters_as_a_manifest_of_version_2_has_them(self) -> None:
        section = {"properties": {"value": {"type": "string"}}, "required": ["value"]}
        function = {**FUNCTION, "input_parameters": section}
        manifest = {**MANIFEST, "functions": {"record": function}}
        async with LocalSlack(manifest) as slack:
            with pytest.raises(ValueError, match="missing required parameter: value"):
                await slack.run_step("record", {})

    def test_functions_that_slack_would_not_take(self) -> None:
        def refused(function: Json, **more: Any) -> str:
            with pytest.raises(ValueError, match="functions") as refusal:
                LocalSlack({**MANIFEST, "functions": {"record": function}, **more})
            return str(refusal.value)

        untold = {key: value for key, value in FUNCTION.items() if key != "description"}
        assert refused(untold) == "functions.record needs description"
        assert refused({**FUNCTION, "callback_id": "record"}).endswith("takes no callback_id")
        typeless = {"value": {"title": "Value"}}
        assert refused({**FUNCTION, "input_parameters": typeless}).endswith("value needs a type")
        many = {f"value{n}": {"type": "string"} for n in range(51)}
        assert refused({**FUNCTION, "output_parameters": many}).endswith("has more than 50")
        assert refused(FUNCTION, settings={}) == "functions need settings.org_deploy_enabled"

    async def test_nobody_completes_it(self, slack: LocalSlack) -> None:
        with pytest.raises(TimeoutError, match="record was not completed"):
            await slack.run_step("record", {"value": "~9"}, timeout=0.01)

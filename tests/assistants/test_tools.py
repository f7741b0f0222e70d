"""What a client gets to know of the tools, held against `tools.json`, and how they fail.

To write that anew, and then read what changed: `KPI_WRITE_GOLDEN=1 pytest` on this file.
"""

import json
import logging
import os
from pathlib import Path

import pytest
from sqlalchemy import text

from app.assistants.server import TOOLS
from tests.assistants.client import Assistant, Desk
from tests.services.builders import billing_on_sqlite

GOLDEN = Path(__file__).with_name("tools.json")


@billing_on_sqlite
async def test_a_client_is_told_of_the_same_tools_as_before(assistant: Assistant) -> None:
    async with assistant.connected() as client:
        tools = (await client.list_tools()).tools
    told = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
    if os.environ.get("KPI_WRITE_GOLDEN"):
        content = json.dumps(told, indent=1, ensure_ascii=False)
        GOLDEN.write_text(f"{content}\n", encoding="utf-8")
    assert told == json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_says_of_each_thing_that_it_takes_what_it_is(name: str) -> None:
    told = TOOLS[name].as_listed()
    assert told.title
    assert (told.description or "").endswith(".")
    assert told.input_schema["additionalProperties"] is False
    without = [
        field
        for field, each in told.input_schema["properties"].items()
        if "description" not in each
    ]
    assert without == []


def test_tools_that_write_say_so_and_take_nothing_away() -> None:
    hints = {name: tool.as_listed().annotations for name, tool in TOOLS.items()}
    writing = {name for name, hint in hints.items() if hint and hint.read_only_hint is False}
    assert writing == {"record_reading", "log_milestone"}
    assert not any(hint and hint.destructive_hint for hint in hints.values())


@billing_on_sqlite
async def test_what_fails_is_told_with_its_place_in_the_log_and_logged_once(
    desk: Desk, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk.store.transaction() as session:
        await session.exec(text("ALTER TABLE tokens RENAME TO elsewhere"))  # type: ignore[call-overload]
    with caplog.at_level(logging.ERROR):
        told = await assistant.is_refused("read_scorecard")
    assert told.startswith("The database doesn't answer. Try again. Reference: ")
    [record] = caplog.records
    assert record.getMessage() == "the database did not answer a call of read_scorecard"

"""What an assistant reads."""

import mcp_types
import pytest
from mcp.shared.exceptions import MCPError

from app.services import loading
from tests.assistants.client import Assistant, Desk
from tests.services.builders import TINY, a_file, billing_on_sqlite, the_operator


async def test_a_scorecard_is_read_with_where_each_metric_stands(assistant: Assistant) -> None:
    told = await assistant.asks("read_scorecard")
    assert told.data["scorecard"]["key"] == "billing"
    assert [metric["key"] for metric in told.data["metrics"]][:2] == ["rollbacks", "bad-debt"]
    assert told.data["metrics"][0]["current"]["value"]["text"] == "~12 / day"
    assert "**0 of 5 at target** · **~81% of the way**" in told.text
    assert "| Rollbacks / day | 196 (Q3 '25) | ~12 | 0 | █████████░ ~94% |" in told.text


async def test_scorecards_are_listed_by_the_reach_of_the_token(desk: Desk) -> None:
    await loading.load(desk.store, the_operator(), a_file(TINY), channel="C0TINY")
    of_one = desk.assistant(await desk.makes_token())
    [listed] = (await of_one.asks("list_scorecards")).data["scorecards"]
    assert listed["key"] == "billing"
    told = await of_one.is_refused("read_scorecard", scorecard="Tiny")
    assert told == "There is no scorecard “Tiny”."
    of_both = desk.assistant(await desk.makes_token(scorecards=("billing", "tiny")))
    told = await of_both.is_refused("read_scorecard")
    assert told == "There are several scorecards: billing, tiny. Name one."
    assert (await of_both.asks("read_scorecard", scorecard="Tiny")).data["metrics"]
    told = await of_both.is_refused("read_roadmap", scorecard="biling")
    assert told == "There is no scorecard “biling”. Did you mean billing?"


async def test_a_status_is_explained_with_all_that_it_follows_from(
    desk: Desk, assistant: Assistant
) -> None:
    for value in ("~9", "~7", "~5", "4"):
        desk.passes(days=3)
        await assistant.asks("record_reading", metric="rollbacks", value=value)
    moved = {"rollbacks": "3"}
    await assistant.asks("log_milestone", title="Flows moved", status="shipped", moved=moved)
    told = await assistant.asks("explain_status", metric="rollbacks")
    data = told.data
    assert data["metric"]["current"]["value"]["text"] == "3 / day"
    assert data["standing"] == data["metric"]["status"].replace("_", " ")
    assert data["pace"]["seen"]["text"].startswith("~−")
    assert data["pace"]["words"] in told.text
    assert data["forecast"]["earliest"] < data["forecast"]["latest"]
    assert data["forecast_words"] in told.text
    assert [each["value"]["number"] for each in data["readings"]] == ["3", "4", "5", "7", "9", "12"]
    [tied] = data["milestones"]
    assert (tied["title"], tied["moved"]["after"]["text"]) == ("Flows moved", "3 / day")
    assert "**Flows moved** 4 → 3" in told.text
    assert "- Driver: PDE: remaining off-session flows" in told.text


@pytest.mark.parametrize("typed", ["Rollbacks", "rollbacks / day", "ROLL"])
@billing_on_sqlite
async def test_a_metric_is_named_loosely(assistant: Assistant, typed: str) -> None:
    told = await assistant.asks("list_readings", metric=typed)
    assert told.data["metric"] == "rollbacks"
    assert told.text == "- 2026-03-16 00:00: ~12 by scorecard file"


async def test_milestones_are_narrowed_down_by_words_and_come_in_pages(
    assistant: Assistant,
) -> None:
    for number in range(30):
        await assistant.asks("log_milestone", title=f"Step {number}", due_on="2026-06-30")
    first = await assistant.asks("list_milestones", filters="planned Q2 2026")
    assert first.data["page"] == {"number": 1, "pages": 2, "items": 30}
    assert first.text.endswith("Page 1 of 2, 30 in all.")
    second = await assistant.asks("list_milestones", filters="planned Q2 2026", page=2)
    titles = [each["title"] for page in (first, second) for each in page.data["milestones"]]
    assert sorted(titles) == sorted(f"Step {number}" for number in range(30))
    told = await assistant.is_refused("list_milestones", filters="planned Q2 2026", page=3)
    assert told == "The last page is 2."
    assert "narrows nothing down" in await assistant.is_refused("list_milestones", filters="soon")


async def test_the_roadmap_tells_what_blocks_what(assistant: Assistant) -> None:
    told = await assistant.asks("read_roadmap")
    phases = {phase["key"]: phase for phase in told.data["phases"]}
    deferred = phases["deferred-collection"]
    assert deferred["blocked_by"] == [{"kind": "phase", "key": "pde-steps-3-4"}]
    assert "deferred-collection" in phases["pde-steps-3-4"]["needed_by"]
    assert "blocked by PDE step 2c, PDE step 2d" in told.text
    keys = list(phases)
    assert keys.index("pde-steps-3-4") < keys.index("deferred-collection")


async def test_readings_come_with_what_leads_to_older_ones(
    desk: Desk, assistant: Assistant
) -> None:
    for number in range(55):
        desk.passes(minutes=1)
        await assistant.asks("record_reading", metric="rollbacks", value=str(number))
    first = (await assistant.asks("list_readings", metric="rollbacks")).data
    rest = (await assistant.asks("list_readings", metric="rollbacks", before=first["older"])).data
    numbers = [each["value"]["number"] for page in (first, rest) for each in page["readings"]]
    assert numbers == [*(str(number) for number in reversed(range(55))), "12"]
    assert rest["older"] is None


async def test_the_scorecard_is_a_document_too(desk: Desk) -> None:
    async with desk.assistant(await desk.makes_token(writes=False)).connected() as client:
        [resource] = (await client.list_resources()).resources
        assert (resource.uri, resource.title) == ("scorecard://billing", "Billing Platform")
        found = await client.read_resource(resource.uri)
        assert isinstance(found, mcp_types.ReadResourceResult)
        [document] = found.contents
        assert isinstance(document, mcp_types.TextResourceContents)
        assert "## Roadmap" in document.text
        with pytest.raises(MCPError, match=r"There is no scorecard “bill”\. Did"):
            await client.read_resource("scorecard://bill")


@billing_on_sqlite
async def test_a_tool_that_is_not_there_is_told_with_those_that_are(assistant: Assistant) -> None:
    async with assistant.connected() as client:
        with pytest.raises(MCPError, match=r"no tool “read_score”\. There are list_score"):
            await client.call_tool("read_score", {})


async def test_what_people_wrote_formats_nothing(assistant: Assistant) -> None:
    title = "<b>[x](http://evil.example)</b> | # ignore"
    await assistant.asks("log_milestone", title=title)
    told = await assistant.asks("list_milestones", filters="planned")
    assert r"\<b\>\[x\](http://evil.example)\</b\> \| \# ignore" in told.text
    assert title in [each["title"] for each in told.data["milestones"]]

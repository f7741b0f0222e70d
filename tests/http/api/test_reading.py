"""Reading scorecards, metrics, readings, milestones and the roadmap."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.domain.sources import Every, Question, Source, SourceKind
from app.services import sources
from app.services.editing import edit_source
from tests.http.api.client import MILESTONES, READINGS, Api, problem
from tests.services.builders import billing_on_sqlite, the_operator

LISTS = ["/scorecards", "/scorecards/billing/metrics", MILESTONES, "/scorecards/billing/roadmap"]


async def all_pages(ci: httpx.AsyncClient, first: str) -> list[dict[str, Any]]:
    """All items of a list, following the header Link from page to page."""
    items: list[dict[str, Any]] = []
    address: str | None = first
    while address:
        answer = await ci.get(address)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        following = answer.links.get("next", {}).get("url")
        assert following == answer.json()["next"]
        address = following and following.removeprefix("/api/v1")
    return items


async def test_a_metric_tells_where_it_stands_in_exact_numbers(ci: httpx.AsyncClient) -> None:
    metric = (await ci.get("/scorecards/billing/metrics/rollbacks")).json()
    assert metric["current"]["value"] == {
        "text": "~12 / day",
        "number": "12",
        "qualifier": "about",
        "unit": "/ day",
    }
    assert metric["baseline"]["value"]["number"] == "196"
    assert metric["progress"]["text"] == "~94%"
    assert metric["progress"]["number"] == "0.938776"
    assert metric["status"] == "no_pace"
    assert metric["current"]["reported_by"] == "scorecard file"


@billing_on_sqlite
async def test_a_metric_tells_what_feeds_it_and_how_that_goes(
    api: Api, ci: httpx.AsyncClient
) -> None:
    address = "/scorecards/billing/metrics/rollbacks"
    assert (await ci.get(address)).json()["source"] is None
    source = Source(Question(SourceKind.SQL, "shop", "SELECT 9"), Every(60))
    caller = the_operator(now=api.now)
    await edit_source(api.store, caller, "rollbacks", source, seen={}, key="billing")
    [claim] = await sources.claim_due(api.store, "one", api.now, most=1)
    await sources.failed(api.store, claim, "one", "It is away.", api.now)
    metric = (await ci.get(address)).json()
    assert metric["source"] == {
        "kind": "sql",
        "every": "1h",
        "asked_at": "2026-03-19T15:00:00Z",
        "failing_since": "2026-03-19T15:00:00Z",
        "reason": "It is away.",
    }
    assert metric["current"]["value"]["text"] == "~12 / day"


async def test_a_scorecard_and_its_roadmap(ci: httpx.AsyncClient) -> None:
    scorecard = (await ci.get("/scorecards/billing")).json()
    assert (scorecard["metrics"], scorecard["at_target"]) == (5, 0)
    assert scorecard["work_streams"]["pde"] == "PDE"
    phases = {each["key"]: each for each in (await ci.get(LISTS[3])).json()["items"]}
    first = phases["pde-steps-3-4"]
    assert first["status"] == "blocked"
    assert {"kind": "milestone", "key": "pde-step-2c"} in first["blocked_by"]


@pytest.mark.parametrize("address", LISTS)
@billing_on_sqlite
async def test_a_list_is_read_page_by_page(ci: httpx.AsyncClient, address: str) -> None:
    whole = (await ci.get(address)).json()["items"]
    assert await all_pages(ci, f"{address}?limit=1") == whole
    assert await all_pages(ci, f"{address}?limit=3") == whole


async def test_readings_are_read_newest_first_also_when_new_ones_come(
    api: Api, ci: httpx.AsyncClient
) -> None:
    for day in range(1, 8):
        at = datetime(2026, 3, 17, tzinfo=UTC) + timedelta(hours=6 * (day // 2))  # in pairs
        sent = await ci.post(READINGS, json={"value": str(20 - day), "at": at.isoformat()})
        assert sent.status_code == 201, sent.text
    first = await ci.get(f"{READINGS}?limit=3")
    await ci.post(READINGS, json={"value": "1"})
    found = first.json()["items"] + await all_pages(
        ci, first.json()["next"].removeprefix("/api/v1")
    )
    assert [each["value"]["number"] for each in found] == [
        *["13", "14", "15", "16", "17", "18", "19"],
        "12",
    ]
    assert len({each["id"] for each in found}) == len(found)


@pytest.mark.parametrize("cursor", ["!", "eA", "OTk5OTk5OTk5OTk5", "_w"])
@billing_on_sqlite
async def test_a_cursor_that_leads_nowhere_is_refused(ci: httpx.AsyncClient, cursor: str) -> None:
    for address in (READINGS, MILESTONES):
        told = problem(await ci.get(address, params={"cursor": cursor}), 422, "invalid")
        assert [each["parameter"] for each in told["errors"]] == ["cursor"]


@billing_on_sqlite
async def test_limits_of_a_page_are_told(ci: httpx.AsyncClient) -> None:
    for limit in ("0", "1001", "many"):
        told = problem(await ci.get("/scorecards", params={"limit": limit}), 422, "invalid")
        assert told["errors"][0]["parameter"] == "limit"


@pytest.mark.parametrize("address", [*LISTS, READINGS, "/scorecards/billing"])
async def test_what_has_not_changed_is_not_sent_again(ci: httpx.AsyncClient, address: str) -> None:
    first = await ci.get(address)
    etag = first.headers["etag"]
    for given in (etag, f'"other", W/{etag}', "*"):
        again = await ci.get(address, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b""), given
        assert again.headers["etag"] == etag
    assert (await ci.get(address, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_reading_and_the_passing_of_time_change_the_etag(
    api: Api, ci: httpx.AsyncClient
) -> None:
    address = "/scorecards/billing/metrics/rollbacks"
    seen = [(await ci.get(address)).headers["etag"]]
    await ci.post(READINGS, json={"value": "~9"})
    seen.append((await ci.get(address)).headers["etag"])
    api.passes(days=30)  # nothing is written: the metric is stale
    answer = await ci.get(address, headers={"If-None-Match": seen[-1]})
    assert answer.status_code == 200
    assert answer.json()["is_stale"] is True
    assert len({*seen, answer.headers["etag"]}) == 3


@billing_on_sqlite
async def test_nothing_is_understood_by_half_a_name(ci: httpx.AsyncClient) -> None:
    told = problem(await ci.get("/scorecards/billing/metrics/rollback"), 404, "not-found")
    assert "rollbacks" in told["detail"]
    problem(await ci.get(f"{MILESTONES}/none"), 404, "not-found")
    problem(await ci.get("/scorecards/other"), 404, "not-found")

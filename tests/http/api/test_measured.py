"""Requests of the API are counted by route, method and status, and by nothing that people chose."""

import httpx
from prometheus_client import REGISTRY

from tests.http.api.client import READINGS, Api
from tests.services.builders import billing_on_sqlite

NAME = "kpi_api_request_seconds"


def counts() -> dict[tuple[str, str, str], float]:
    """How many requests there were, by their labels."""
    return {
        (labels["route"], labels["method"], labels["status"]): sample.value
        for family in REGISTRY.collect()
        if family.name == NAME
        for sample in family.samples
        if sample.name == f"{NAME}_count"
        for labels in [sample.labels]
    }


@billing_on_sqlite
async def test_each_answer_is_counted_by_its_route(api: Api, ci: httpx.AsyncClient) -> None:
    before = counts()
    await ci.get("/scorecards/billing")
    await ci.get("/scorecards/other")
    await ci.post(READINGS, json={"value": "9"})
    await ci.post(READINGS, json={"value": "many"})
    await ci.request("BREW", "/scorecards/billing")
    await ci.get("/nothing")
    async with api.program("kpi_unknown") as stranger:
        await stranger.get("/scorecards/billing")
    counted = {labels: count - before.get(labels, 0) for labels, count in counts().items()}
    of_readings = "/scorecards/{key}/metrics/{metric}/readings"
    assert {labels: count for labels, count in counted.items() if count} == {
        ("/scorecards/{key}", "GET", "200"): 1,
        ("/scorecards/{key}", "GET", "404"): 1,
        (of_readings, "POST", "201"): 1,
        (of_readings, "POST", "422"): 1,
        ("/scorecards/{key}", "other", "405"): 1,
        ("none", "GET", "404"): 1,
        ("none", "GET", "401"): 1,
    }

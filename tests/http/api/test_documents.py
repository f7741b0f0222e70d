"""The OpenAPI document, and the page made of it."""

import re
from typing import Any

import httpx
import pytest

from app.http.api.problems import Kind
from tests.http.api.client import Api
from tests.services.builders import billing_on_sqlite

pytestmark = billing_on_sqlite


@pytest.fixture
async def document(ci: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await ci.get("/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for methods in document["paths"].values() for each in methods.values()]


async def test_every_operation_says_what_it_does_and_how_it_may_be_answered(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api/v1"}]
    for operation in operations(document):
        assert 10 < len(operation["summary"]) < 110
        assert operation["security"] == [{"HTTPBearer": []}]
        headers = [each["name"] for each in operation["parameters"] if each["in"] == "header"]
        assert headers in (["If-None-Match"], ["Idempotency-Key"])
        assert {"400", "401", "404", "422", "429", "500", "503"} <= set(operation["responses"])
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]
        for content in operation.get("requestBody", {"content": {}})["content"].values():
            assert content["examples"]


async def test_the_page_shows_every_operation_and_every_problem(
    api: Api, document: dict[str, Any]
) -> None:
    async with api.program(None) as anyone:
        answer = await anyone.get("/docs")
    ids = re.findall(r'id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert {each["operationId"] for each in operations(document)} <= set(ids)
    assert {kind.slug for kind in Kind} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= set(ids)


async def test_the_page_asks_for_nothing_else_and_runs_nothing(api: Api) -> None:
    async with api.program(None) as anyone:
        answer = await anyone.get("/docs")
    assert (
        re.findall(r"<(?:script|link|img|iframe)\b|https?://(?!git\.example\.org)", answer.text)
        == []
    )
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy

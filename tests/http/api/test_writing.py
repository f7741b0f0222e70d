"""Recording readings, and planning and shipping milestones."""

from typing import Any

import httpx
import pytest

from app.services import lists
from tests.http.api.client import MILESTONES, READINGS, Api, pointers, problem
from tests.services.builders import billing_on_sqlite, changes, owed, the_operator

TOKEN = "token “CI” (1)"


async def test_a_reading_is_recorded_and_says_which_token_reported_it(
    api: Api, ci: httpx.AsyncClient
) -> None:
    sent = {"value": "~9", "at": "2026-03-18T10:00:00+01:00", "note": "after the fix"}
    answer = await ci.post(READINGS, json=sent)
    assert answer.status_code == 201, answer.text
    recorded = answer.json()
    assert recorded["reading"]["value"]["text"] == "~9 / day"
    assert recorded["reading"]["at"] == "2026-03-18T09:00:00Z"
    assert recorded["reading"]["reported_by"] == TOKEN
    assert recorded["before"]["value"]["number"] == "12"
    assert recorded["metric"]["current"] == recorded["reading"]
    assert recorded["metric"]["week"]["text"] == "~−3 / day"
    assert recorded["metric"]["week"]["number"] == "-3"
    history = await lists.history(api.store, the_operator(now=api.now), key="billing")
    told = history.changes[0]
    assert (told.actor, told.surface, told.action) == (TOKEN, "API", "reading recorded")


@pytest.mark.parametrize(
    ("metric", "typed", "number", "qualifier"),
    [
        ("rollbacks", "3 / day", "3", "exact"),
        ("rollbacks", "1.2k", "1200", "exact"),
        ("disagreeing-accounts", "1,234.50", "1234.50", "exact"),
        ("invoice-coverage", "78.125%", "78.125", "exact"),
        ("dunning-paths", "5+", "5", "at_least"),
        ("bad-debt", "999999999999999.123456", "999999999999999.123456", "exact"),
    ],
)
async def test_values_are_taken_as_people_type_them_and_no_digit_is_lost(
    ci: httpx.AsyncClient, metric: str, typed: str, number: str, qualifier: str
) -> None:
    address = f"/scorecards/billing/metrics/{metric}/readings"
    value = (await ci.post(address, json={"value": typed})).json()["reading"]["value"]
    assert (value["number"], value["qualifier"]) == (number, qualifier)
    assert (await ci.get(address)).json()["items"][0]["value"] == value


@pytest.mark.parametrize(
    ("sent", "pointed"),
    [
        ({"value": "many"}, ["#/value"]),
        ({"value": "78%"}, ["#/value"]),
        ({"value": 12.5}, ["#/value"]),
        ({"value": "9\x00"}, ["#/value"]),
        ({}, ["#/value"]),
        ({"value": "9", "vlaue": "8"}, ["#/vlaue"]),
        ({"value": "9", "at": "2026-03-20T00:00:00Z"}, ["#/at"]),
        ({"value": "9", "at": "2026-03-18T10:00:00"}, ["#/at"]),
        ({"value": "9", "at": 1773824400}, ["#/at"]),
        ({"value": "9", "at": "1773824400"}, ["#/at"]),
        ({"value": "9", "at": "0001-01-01T00:00:00+14:00"}, ["#/at"]),
        ({"value": "9", "note": "n" * 2001}, ["#/note"]),
        ({"value": "", "note": 3}, ["#/value", "#/note"]),
        ([{"value": "9"}], ["#"]),
    ],
    ids=str,
)
@billing_on_sqlite
async def test_what_is_wrong_is_pointed_to_and_changes_nothing(
    api: Api, ci: httpx.AsyncClient, sent: object, pointed: list[str]
) -> None:
    before = len(await changes(api.store))
    told = problem(await ci.post(READINGS, json=sent), 422, "invalid")
    assert pointers(told) == pointed
    assert len(await changes(api.store)) == before


async def test_a_milestone_is_planned_and_ships_with_what_it_moved(
    api: Api, ci: httpx.AsyncClient
) -> None:
    sent: dict[str, Any] = {
        "title": "Reversal logic gone",
        "due_on": "2026-06-30",
        "work_streams": ["pde"],
        "phase": "pde-steps-3-4",
        "links": ["https://git.example.org/merge/42"],
        "tickets": ["PAY-42"],
    }
    planned = await ci.post(MILESTONES, json=sent)
    assert planned.status_code == 201, planned.text
    place = planned.headers["location"].removeprefix("/api/v1")
    assert (await ci.get(place)).json() == planned.json()["milestone"]
    assert planned.json()["milestone"]["logged_by"] == TOKEN
    shipped = await ci.post(
        f"{place}/ship", json={"moved": {"rollbacks": "~9"}, "shipped_on": "2026-03-18"}
    )
    assert shipped.status_code == 201, shipped.text
    milestone = shipped.json()["milestone"]
    assert (milestone["status"], milestone["shipped_on"]) == ("shipped", "2026-03-18")
    assert milestone["links"] == sent["links"]
    [moved] = milestone["moved"]
    assert [moved["before"]["text"], moved["after"]["text"]] == ["~12 / day", "~9 / day"]
    assert ("announcement", milestone["key"], "C0BILLING") in await owed(api.store)
    await api.rests()
    assert api.deliveries == 2
    again = await ci.post(f"{place}/ship", json={})
    assert "shipped already" in problem(again, 409, "already-done")["detail"]


async def test_what_has_shipped_is_logged_at_once(ci: httpx.AsyncClient) -> None:
    sent = {"title": "Flows moved", "status": "shipped", "moved": {"rollbacks": "0"}}
    milestone = (await ci.post(MILESTONES, json=sent)).json()["milestone"]
    assert milestone["shipped_on"] == "2026-03-19"
    reading = (await ci.get(READINGS)).json()["items"][0]
    assert (reading["milestone"], reading["value"]["number"]) == (milestone["key"], "0")
    problem(await ci.post(MILESTONES, json=sent), 409, "already-done")


@pytest.mark.parametrize(
    ("sent", "pointed"),
    [
        ({"title": " "}, "#/title"),
        ({"title": "A", "status": "dropped"}, "#/status"),
        ({"title": "A", "work_streams": ["nope"]}, "#/work_streams"),
        ({"title": "A", "phase": "nope"}, "#/phase"),
        ({"title": "A", "links": ["ftp://x"]}, "#/links/0"),
        ({"title": "A", "shipped_on": "2026-03-16"}, "#/shipped_on"),
        ({"title": "A", "moved": {"rollbacks": "1"}}, "#/moved"),
        ({"title": "A", "status": "shipped", "due_on": "2026-03-16"}, "#/due_on"),
        ({"title": "A", "status": "shipped", "shipped_on": "2026-03-20"}, "#/shipped_on"),
        ({"title": "A", "status": "shipped", "moved": {"nope": "1"}}, "#/moved"),
        ({"title": "A", "status": "shipped", "moved": {"rollbacks": "x"}}, "#/moved/rollbacks"),
    ],
    ids=str,
)
@billing_on_sqlite
async def test_a_milestone_that_does_not_fit_is_refused_where_it_is_wrong(
    api: Api, ci: httpx.AsyncClient, sent: dict[str, Any], pointed: str
) -> None:
    before = len(await changes(api.store))
    told = problem(await ci.post(MILESTONES, json=sent), 422, "invalid")
    assert pointers(told) == [pointed]
    assert len(await changes(api.store)) == before


@billing_on_sqlite
async def test_a_token_that_reads_does_not_write(api: Api) -> None:
    _, secret = await api.makes_token("Dashboard", writes=False)
    async with api.program(secret) as dashboard:
        assert (await dashboard.get(READINGS)).status_code == 200
        for address, sent, what in (
            (READINGS, {"value": "9"}, "record readings in"),
            (MILESTONES, {"title": "A"}, "log milestones in"),
        ):
            told = problem(await dashboard.post(address, json=sent), 403, "not-allowed")
            assert f"This token can't {what} this scorecard." in told["detail"]

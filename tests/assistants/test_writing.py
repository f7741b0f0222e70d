"""What an assistant records and logs, and what it is refused."""

import asyncio
from typing import Any

import pytest

from app.services import lists, tokens
from app.services.undoing import undo
from tests.assistants.client import REPORTER, Assistant, Desk
from tests.services.builders import billing_on_sqlite, changes, owed, the_operator


async def test_a_reading_is_recorded_and_history_says_by_what_and_from_where(
    desk: Desk, assistant: Assistant
) -> None:
    told = await assistant.asks(
        "record_reading",
        metric="Rollbacks",
        value="~9",
        at="2026-03-18T10:00:00+01:00",
        note="after the fix",
    )
    assert told.text.startswith("**Rollbacks / day**: ~12 → ~9, ~−3. Status ")
    assert told.data["reading"]["at"] == "2026-03-18T09:00:00Z"
    assert told.data["metric"]["current"] == told.data["reading"]
    history = await lists.history(desk.store, the_operator(now=desk.now), key="billing")
    change = history.changes[0]
    assert (change.actor, change.surface, change.action) == (
        REPORTER,
        "assistant",
        "reading recorded",
    )
    await undo(desk.store, the_operator(now=desk.now), change.id)
    readings = (await assistant.asks("list_readings", metric="rollbacks")).data["readings"]
    assert [each["value"]["text"] for each in readings] == ["~12 / day"]


async def test_an_earlier_reading_says_that_a_later_one_is_current(assistant: Assistant) -> None:
    told = await assistant.asks(
        "record_reading", metric="rollbacks", value="40", at="2026-02-01T00:00:00Z"
    )
    assert told.text.endswith("A later reading is current.")


async def test_a_milestone_ships_with_what_it_moved_and_is_announced(
    desk: Desk, assistant: Assistant
) -> None:
    planned = await assistant.asks(
        "log_milestone", title="Reversal logic gone", due_on="2026-06-30", work_streams=["PDE"]
    )
    assert planned.data["milestone"]["work_streams"] == ["pde"]
    shipped = await assistant.asks(
        "log_milestone",
        title="Reversal logic gone",
        status="shipped",
        shipped_on="2026-03-18",
        moved={"Bad debt": "2", "rollbacks": "~9"},
    )
    milestone = shipped.data["milestone"]
    assert milestone["key"] == planned.data["milestone"]["key"]
    assert {each["metric"] for each in milestone["moved"]} == {"bad-debt", "rollbacks"}
    assert "Rollbacks / day ~12 → ~9, ~−3." in shipped.text
    assert shipped.text.endswith("It is announced in the scorecard's channel.")
    assert ("announcement", milestone["key"], "C0BILLING") in await owed(desk.store)
    told = await assistant.is_refused(
        "log_milestone", title="Reversal logic gone", status="shipped"
    )
    assert "already shipped" in told


async def test_what_a_phase_waited_for_is_told_when_it_ships(assistant: Assistant) -> None:
    told = await assistant.asks("log_milestone", title="Shore Up", status="shipped")
    assert "Ready now: One Code Path." in told.text
    assert told.data["unblocked"] == ["one-code-path"]


@pytest.mark.parametrize(
    ("tool", "sent", "told"),
    [
        ("record_reading", {"metric": "rolbacks", "value": "9"}, "Did you mean rollbacks?"),
        ("record_reading", {"metric": "rollbacks", "value": "many"}, "Type a number such as 12"),
        ("record_reading", {"metric": "rollbacks", "value": "78%"}, "“%” doesn't fit"),
        ("record_reading", {"metric": "rollbacks", "value": 9}, "A value as people type it"),
        ("record_reading", {"metric": "rollbacks"}, "“value” is missing. A value as people"),
        (
            "record_reading",
            {"metric": "rollbacks", "value": "9", "when": "now"},
            "“when” isn't known: record_reading takes scorecard, metric, value, at, note",
        ),
        (
            "record_reading",
            {"metric": "rollbacks", "value": "9", "at": "2026-03-20T00:00:00Z"},
            "A reading can't be from a time to come.",
        ),
        (
            "record_reading",
            {"metric": "rollbacks", "value": "9", "at": "yesterday"},
            "Write it as 2026-03-16, an instant as 2026-03-16T09:30:00+01:00.",
        ),
        ("record_reading", {"metric": "rollbacks", "value": "9", "note": "n" * 2001}, "“note”"),
        ("record_reading", {"metric": "rollbacks", "value": "9", "idempotency_key": "a b"}, "UUID"),
        ("log_milestone", {"title": " "}, "“title”"),
        ("log_milestone", {"title": "A", "status": "dropped"}, "'planned', 'in_progress'"),
        ("log_milestone", {"title": "A", "moved": {"rollbacks": "1"}}, "Only of a milestone that"),
        ("log_milestone", {"title": "A", "work_streams": ["PDF"]}, "Did you mean pde?"),
        ("log_milestone", {"title": "A", "phase": "nope"}, "There is no phase “nope”. There are"),
        ("log_milestone", {"title": "A", "links": ["ftp://x"]}, "“links.0”"),
        (
            "log_milestone",
            {"title": "A", "status": "shipped", "moved": {"rollbacks": "1", "Rollbacks": "2"}},
            "“rollbacks” and “Rollbacks” are the same metric.",
        ),
        (
            "log_milestone",
            {"title": "A", "status": "shipped", "moved": {"rollbacks": "1", "bad-debt": "x"}},
            "“x” isn't a value.",
        ),
    ],
    ids=str,
)
@billing_on_sqlite
async def test_what_does_not_fit_says_how_to_do_it_right_and_changes_nothing(
    desk: Desk, assistant: Assistant, tool: str, sent: dict[str, Any], told: str
) -> None:
    before = len(await changes(desk.store))
    assert told in await assistant.is_refused(tool, **sent)
    assert len(await changes(desk.store)) == before


@billing_on_sqlite
async def test_a_token_that_reads_does_not_write(desk: Desk) -> None:
    reader = desk.assistant(await desk.makes_token(writes=False))
    await reader.asks("read_scorecard")
    for tool, sent, what in (
        ("record_reading", {"metric": "rollbacks", "value": "9"}, "record readings in"),
        ("log_milestone", {"title": "A"}, "log milestones in"),
    ):
        told = await reader.is_refused(tool, **sent)
        remedy = "Make one that may: /kpi setup, Tokens."
        assert told == f"This token can't {what} this scorecard. {remedy}"


async def test_a_token_that_is_revoked_meanwhile_does_nothing_more(
    desk: Desk, assistant: Assistant
) -> None:
    await assistant.asks("read_scorecard")
    await desk.revokes_token()
    for tool, sent in (
        ("read_scorecard", {}),
        ("record_reading", {"metric": "rollbacks", "value": "9", "idempotency_key": "1"}),
        ("record_reading", {"value": 3}),
    ):
        assert await assistant.is_refused(tool, **sent) == tokens.UNKNOWN


async def test_a_call_with_a_key_does_nothing_a_second_time(
    desk: Desk, assistant: Assistant
) -> None:
    sent = {"metric": "rollbacks", "value": "~9", "idempotency_key": "night-1"}
    both = await asyncio.gather(*(assistant.asks("record_reading", **sent) for _ in range(2)))
    assert both[0] == both[1] == await assistant.asks("record_reading", **sent)
    recorded = [row for row in await changes(desk.store) if row.action == "reading recorded"]
    assert len(recorded) == 1
    told = await assistant.is_refused("record_reading", **{**sent, "value": "~8"})
    assert told == "This key was sent with another request before. Use a new one."
    told = await assistant.is_refused("log_milestone", title="A", idempotency_key="night-1")
    assert told == "This key was sent with another request before. Use a new one."


async def test_the_use_of_a_token_is_noted(desk: Desk, assistant: Assistant) -> None:
    await assistant.asks("read_scorecard")
    [token] = await tokens.all_of(desk.store, the_operator(now=desk.now))
    assert token.last_used_at == desk.now

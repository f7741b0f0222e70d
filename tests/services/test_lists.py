"""Lists read page by page: milestones, and the record of changes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.errors import BadInput, NotFound
from app.domain.outcomes import Change
from app.domain.revisions import Revision
from app.domain.values import parse_value
from app.services.callers import Standing
from app.services.lists import CHANGES_A_PAGE, Beside, history, milestones
from app.services.loading import load
from app.services.milestones import ShipForm, ship
from app.services.readings import record
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import ChangeRow
from tests.builders import NOW
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    billing_on_sqlite,
    on_sqlite,
    take_back,
    the_operator,
)
from tests.store.builders import statements_sent

LATER = NOW + timedelta(hours=2)
ANA = a_caller("U0ANA", now=LATER)
BEN = a_caller("U0BEN", now=LATER)


# --- milestones ----------------------------------------------------------------


async def test_milestones_come_with_what_they_moved(billing: Store) -> None:
    form = ShipForm("Queue", NOW.date(), moved={"rollbacks": parse_value("~9")})
    await ship(billing, ANA, form)
    listed = await milestones(billing, ANA, "rollbacks")
    [entry] = listed.entries
    assert entry.milestone.title == "Queue"
    [effect] = entry.effects
    assert (str(effect.before), str(effect.after.value)) == ("~12", "~9")
    assert len((await milestones(billing, ANA)).entries) == 17


async def test_however_many_milestones_the_queries_are_the_same(billing: Store) -> None:
    await ship(billing, ANA, ShipForm("Fix", NOW.date(), moved={"rollbacks": parse_value("9")}))
    await milestones(billing, ANA)
    with statements_sent() as few:
        await milestones(billing, ANA)
    for number in range(10):
        form = ShipForm(f"Fix {number}", NOW.date(), moved={"rollbacks": parse_value("9")})
        await ship(billing, ANA, form)
    await milestones(billing, ANA)
    with statements_sent() as many:
        await milestones(billing, ANA)
    assert 0 < len(many) <= len(few)


@billing_on_sqlite
async def test_lists_of_a_scorecard_that_may_not_be_seen_are_not_there(billing: Store) -> None:
    elsewhere = a_caller(channel="C0OTHER")
    for listing in (milestones, history):
        with pytest.raises(NotFound):
            await listing(billing, elsewhere)
        with pytest.raises(BadInput, match="narrows nothing down"):
            await listing(billing, ANA, "nonsense")


# --- history -------------------------------------------------------------------


async def _tiny(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY), channel=HOME)


async def test_the_newest_change_comes_first_with_what_it_was_before(billing: Store) -> None:
    await record(billing, ANA, "rollbacks", parse_value("~9"), note="queue fixed")
    await record(billing, BEN, "rollbacks", parse_value("8"))
    newest, before, loaded = (await history(billing, ANA)).changes
    assert (newest.actor, newest.surface, newest.at) == ("U0BEN", "command", LATER)
    assert _values(newest) == ("~9", "8")
    assert _values(before) == ("~12", "~9")
    assert before.reading is not None
    assert before.reading.note == "queue fixed"
    assert (loaded.action, loaded.reading) == ("scorecard made", None)


def _values(change: Change) -> tuple[str, str]:
    assert change.reading is not None
    return str(change.reading.before), str(change.reading.after)


async def test_a_change_can_be_undone_by_editors_while_nobody_has(billing: Store) -> None:
    stranger = a_caller("U0EVE", now=LATER, standing=Standing.STRANGER)
    recorded = await record(billing, ANA, "rollbacks", parse_value("~9"))
    assert [each.can_undo for each in (await history(billing, ANA)).changes] == [True, False]
    assert [each.can_undo for each in (await history(billing, BEN)).changes] == [True, False]
    assert [each.can_undo for each in (await history(billing, stranger)).changes] == [False, False]
    await undo(billing, ANA, recorded.change)
    withdrawn, first, _ = (await history(billing, ANA)).changes
    assert (withdrawn.can_undo, withdrawn.is_undone, _values(withdrawn)) == (
        True,
        False,
        ("~9", "~12"),
    )
    assert (first.can_undo, first.is_undone) == (False, True)


async def test_what_was_undone_and_redone_is_marked_by_what_counts_now(billing: Store) -> None:
    change = (await record(billing, ANA, "rollbacks", parse_value("~9"))).change
    undone_marks = []
    for _ in range(3):
        change = (await take_back(billing, ANA, change)).change
        made = (await history(billing, ANA, "rollbacks")).changes
        assert [each.can_undo for each in made] == [True, *[False] * (len(made) - 1)]
        undone_marks.append([each.is_undone for each in made])
    assert undone_marks == [
        [False, True],
        [False, True, False],
        [False, True, False, True],
    ]


async def test_filters_narrow_the_changes_down(billing: Store) -> None:
    yesterday = a_caller("U0BEN", now=LATER - timedelta(days=1))
    await record(billing, yesterday, "bad-debt", parse_value("2"))
    await record(billing, ANA, "rollbacks", parse_value("9"))
    await ship(billing, BEN, ShipForm("Queue", NOW.date()))
    for typed, subjects in (
        ("", ["queue", "rollbacks", "scorecard", "bad-debt"]),
        ("me", ["rollbacks"]),
        ("<@U0BEN>", ["queue", "bad-debt"]),
        ("bad debt", ["bad-debt"]),
        ("bad debt me", []),
        ("today <@U0BEN>", ["queue"]),
        ("until 2026-03-15", ["bad-debt"]),
        ("since 2026-03-17", []),
    ):
        found = await history(billing, ANA, typed)
        assert [each.subject for each in found.changes] == subjects, typed


@on_sqlite
async def test_a_day_is_that_of_the_scorecards_zone(store: Store) -> None:
    zoned = TINY.replace("goal:", "zone: Europe/Berlin\ngoal:")
    await load(store, the_operator(now=NOW - timedelta(days=30)), a_file(zoned), channel=HOME)
    late_in_the_evening = NOW.replace(hour=23, minute=30)
    await record(store, a_caller(now=late_in_the_evening), "errors", parse_value("9"))
    found = await history(store, ANA, "since 2026-03-17 until 2026-03-17")
    assert [each.subject for each in found.changes] == ["errors"]


async def test_pages_lead_to_every_change_and_back(store: Store) -> None:
    await _tiny(store)
    made = [(await record(store, ANA, "errors", parse_value(str(n)))).change for n in range(25)]
    expected = made[::-1]
    pages = [await history(store, ANA, "errors")]
    while pages[-1].has_older:
        beside = Beside(pages[-1].changes[-1].id)
        pages.append(await history(store, ANA, "errors", beside=beside))
    assert [each.id for page in pages for each in page.changes] == expected
    assert [len(page.changes) for page in pages] == [10, 10, 5]
    assert [page.has_newer for page in pages] == [False, True, True]
    back = await history(store, ANA, "errors", beside=Beside(expected[20], newer=True))
    assert [each.id for each in back.changes] == expected[10:20]
    assert (back.has_newer, back.has_older) == (True, True)
    first = await history(store, ANA, "errors", beside=Beside(expected[10], newer=True))
    assert [each.id for each in first.changes] == expected[:10]
    assert not first.has_newer


async def test_changes_of_the_same_instant_are_neither_lost_nor_shown_twice(store: Store) -> None:
    await _tiny(store)
    for n in range(2 * CHANGES_A_PAGE):
        await record(store, ANA, "errors", parse_value(str(n)))
    newest = await history(store, ANA, "errors")
    older = await history(store, ANA, "errors", beside=Beside(newest.changes[-1].id))
    ids = [each.id for each in (*newest.changes, *older.changes)]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 2 * CHANGES_A_PAGE
    assert not older.has_older


@on_sqlite
async def test_a_page_beside_a_change_of_another_scorecard_is_the_newest(store: Store) -> None:
    await _tiny(store)
    other = TINY.replace("key: tiny", "key: other")
    await load(store, the_operator(), a_file(other), channel="C0OTHER")
    theirs = (await record(store, a_caller(channel="C0OTHER"), "errors", parse_value("1"))).change
    found = await history(store, ANA, beside=Beside(theirs))
    assert [each.action for each in found.changes] == ["scorecard made"]
    assert not found.has_newer


@pytest.mark.parametrize("typed", ["", "since 2026-01-01"])
async def test_a_hundred_thousand_changes_are_paged_by_the_index(store: Store, typed: str) -> None:
    await _tiny(store)
    await record(store, ANA, "errors", parse_value("1"))
    await _add_many_changes(store)
    edge = (await history(store, ANA)).changes[-1].id
    with statements_sent() as sent:
        await history(store, ANA, typed, beside=Beside(edge))
    paging = [each for each in sent if "ORDER BY changes.at" in each[0]]
    assert len(sent) <= 4
    assert len(paging) == 1
    plan = await _plan(store, *paging[0])
    assert "ix_changes_scorecard_id_at" in plan
    assert "SCAN changes" not in plan
    assert "Seq Scan" not in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


async def test_one_change_is_found_among_a_hundred_thousand(store: Store) -> None:
    await _tiny(store)
    recorded = await record(store, ANA, "errors", parse_value("1"))
    await _add_many_changes(store)
    await history(store, ANA)  # the scorecard itself is in memory from then on
    for typed in ("me", "errors"):
        with statements_sent() as sent:
            found = await history(store, ANA, typed)
        assert [each.id for each in found.changes] == [recorded.change]
        assert len(sent) <= 3


ADD_MANY_CHANGES = """
    INSERT INTO changes (scorecard_id, at, actor, surface, action, subject)
    SELECT changes.scorecard_id, {earlier}, 'U0BEN', 'command', 'milestone shipped', 'queue'
    FROM changes, {numbers} WHERE changes.subject = 'errors'
"""
ON_SQLITE = {
    "earlier": "strftime('%Y-%m-%d %H:%M:%f', changes.at, '-' || i || ' minutes') || '000'",
    "numbers": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
    "SELECT i FROM n)",
}
ON_POSTGRESQL = {
    "earlier": "changes.at - i * interval '1 minute'",
    "numbers": "generate_series(1, 100000) AS i",
}


async def _add_many_changes(store: Store) -> None:
    async with store.transaction() as session:
        connection = await session.connection()
        words = ON_SQLITE if store.is_sqlite else ON_POSTGRESQL
        await connection.execute(text(ADD_MANY_CHANGES.format(**words)))
        await connection.execute(text("ANALYZE"))


async def _plan(store: Store, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
    async with store.reading() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return "\n".join(str(tuple(row)) for row in rows)


@billing_on_sqlite
async def test_records_from_before_parts_were_kept_whole_are_told_and_not_undone(
    billing: Store,
) -> None:
    old: dict[str, tuple[str, dict[str, Any]]] = {
        "scorecard loaded": ("billing", {"work stream pde: name": "PDE"}),
        "milestone edited": ("shore-up", {"status": "shipped", "links": []}),
    }
    async with billing.transaction() as session:
        for action, (subject, after) in old.items():
            row = ChangeRow(
                scorecard_id=1,
                at=LATER,
                actor="U0ANA",
                surface="file",
                action=action,
                subject=subject,
                after=after,
            )
            session.add(row)
    edited, loaded, _ = (await history(billing, ANA)).changes
    assert loaded.revisions == (Revision("", "work stream pde: name", None, "PDE"),)
    assert Revision("", "status", None, "shipped") in edited.revisions
    assert not loaded.can_undo
    assert not edited.can_undo

"""What feeds a metric, set up in Slack: tried, saved, shown, failing and removed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from app.playground import Person, View
from app.playground.users import Standing
from tests.cli.terminal import BILLING
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_setup_parts import clicks, opens_list

ROLLBACKS = "SELECT count(*) FROM rollbacks"


def runs(shop: Path, statement: str) -> None:
    with closing(sqlite3.connect(shop)) as database:
        database.execute(statement)
        database.commit()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The database of a shop that has had nine rollbacks."""
    path = tmp_path / "shop.db"
    runs(path, "CREATE TABLE rollbacks (at TEXT)")
    for _ in range(9):
        runs(path, "INSERT INTO rollbacks VALUES ('today')")
    return path


@pytest.fixture
async def stage(open_stage: Opening, shop: Path) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, Ana, who is an admin, and a shop's database to ask."""
    settings = {"kpi_source_database": {"shop": f"sqlite:///{shop}"}}
    async with open_stage(settings=settings) as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def opens_source(stage: Stage, metric: str = "rollbacks") -> View:
    """From the list of metrics in the menu of /kpi setup."""
    listed = await opens_list(stage, "metrics")
    await clicks(stage, listed, "open_source_form", f"metric {metric}")
    return await stage.ana.sees_view("by itself")


async def saves(stage: Stage, form: View) -> View:
    """Send the form, which closes; what was saved is asked. Gives the list below it."""
    sent = await stage.ana.submits(form)
    assert sent.closed, sent
    await stage.running.feeding.ask_due()
    await stage.rests()
    return await stage.ana.sees_view()


async def tries(stage: Stage, form: View) -> str:
    await stage.ana.clicks(form, "try_source")
    await stage.rests()
    return read(form)


def stands_in(form: View, field: str) -> str:
    [block] = [block for block in form.blocks if block["block_id"] == field]
    return str(block["element"]["initial_value"])


def adds_ben(stage: Stage, *, admin: bool = False) -> Person:
    ben = stage.slack.add_person("ben", real_name="Ben", admin=admin)
    stage.billing.members.append(ben.id)
    return ben


SQL = {"database": "shop", "query": ROLLBACKS}


async def test_a_source_is_tried_saved_asked_and_shown(stage: Stage) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, SQL)
    tried = await tries(stage, form)
    assert "✓ It gives *9*; now ~12, target 0. Nothing is recorded until you save." in tried
    assert "~12" in read(await stage.types("/kpi rollbacks"))
    listed = read(await saves(stage, form))
    assert "Saved: *Rollbacks / day*" in listed
    assert f"source: nothing → SQL, every hour: {ROLLBACKS}" in listed
    shown = read(await stage.types("/kpi rollbacks"))
    assert "SQL, every hour; last asked" in shown
    assert "9  by source" in shown


async def test_what_was_typed_stays_when_it_is_tried(stage: Stage) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, SQL | {"times": "2", "every": "daily at 07:00"})
    assert "It gives *18*" in await tries(stage, form)
    assert "times: 1 → 2" not in read(await saves(stage, form))
    form = await opens_source(stage)
    assert [stands_in(form, each) for each in ("every", "times", "query")] == [
        "daily at 07:00",
        "2",
        ROLLBACKS,
    ]


async def test_a_bad_query_is_told_where_it_is_tried_and_may_be_mended(stage: Stage) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, SQL | {"query": "SELECT count(*) FROM rolbacks"})
    assert "⚠ The database shop refuses the query: no such table: rolbacks." in await tries(
        stage, form
    )
    stage.ana.fills(form, {"query": ROLLBACKS})
    assert "It gives *9*" in await tries(stage, form)


async def test_what_can_not_be_asked_is_told_at_its_field_and_nothing_is_saved(
    stage: Stage,
) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, SQL | {"times": "~2", "every": "now and then"})
    refused = await stage.ana.submits(form)
    assert set(refused.errors) == {"times", "every"}
    assert "daily at 07:00" in refused.errors["every"]
    await stage.ana.closes(form)
    assert "Source: SQL" not in read(await opens_list(stage, "metrics"))


async def test_another_kind_shows_its_own_fields_and_says_what_the_operator_has_to_set(
    stage: Stage,
) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, {"query": "builds.failed"})
    await stage.ana.dispatches(form, "kind", "json")
    await stage.rests()
    inputs = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    assert inputs == ["kind", "address", "query", "headers", "times", "every"]
    assert "KPI_SOURCE_ADDRESSES" in read(form)
    assert stands_in(form, "query") == "builds.failed"
    stage.ana.fills(form, {"address": "https://ci.example.com/stats", "headers": "nonsense"})
    refused = await stage.ana.submits(form)
    assert "Name: value" in refused.errors["headers"]
    assert "KPI_SOURCE_ADDRESSES" in refused.errors["address"]
    assert "⚠" in await tries(stage, form)


async def test_without_any_place_the_form_says_what_to_set(open_stage: Opening) -> None:
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        form = await opens_source(stage)
        assert "KPI_SOURCE_DATABASE_SHOP" in read(form)
        stage.ana.fills(form, {"query": ROLLBACKS})
        assert "KPI_SOURCE_DATABASE" in (await stage.ana.submits(form)).errors["kind"]


async def test_a_source_is_removed_and_that_is_undone(stage: Stage) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, SQL)
    await saves(stage, form)
    form = await opens_source(stage)
    await clicks(stage, form, "remove_source")
    assert "*Rollbacks / day* has no source any more." in read(await stage.ana.sees_view())
    await stage.ana.closes(await stage.ana.sees_view())
    listed = await stage.ana.sees_view()
    assert "Source: SQL" not in read(listed)
    await clicks(stage, listed, "undo_part")
    assert "Source: SQL, every hour" in read(listed)


async def test_who_was_slower_is_shown_what_somebody_else_has_saved(stage: Stage) -> None:
    form = await opens_source(stage)
    stage.ana.fills(form, SQL)
    ben = adds_ben(stage, admin=True)
    listed = await opens_list(stage, "metrics", ben)
    await clicks(stage, listed, "open_source_form", "metric rollbacks", ben)
    faster = await ben.sees_view("by itself")
    ben.fills(faster, SQL | {"every": "6h"})
    assert (await ben.submits(faster)).closed
    refused = await stage.ana.submits(form)
    assert not refused.closed
    assert "Somebody changed this while you were writing." in read(form)
    assert "SQL, every 6 hours" in read(form)
    assert (await stage.ana.submits(form)).closed


async def owned_by(stage: Stage, owner: Person) -> None:
    """The scorecard's file names an owner of the metric."""
    key = "key: rollbacks\n"
    text = BILLING.read_text(encoding="utf-8")
    await stage.load(text.replace(key, f"{key}    owner: {owner.id}\n"))


async def feeds(stage: Stage, *minutes: int) -> None:
    """Let time go by and ask what is due, again and again; then deliver what is owed."""
    for each in minutes:
        stage.clock.passes(minutes=each)
        await stage.running.feeding.ask_due()
    await stage.run_due()


async def test_an_owner_is_told_once_that_a_source_fails_and_screens_say_so(
    stage: Stage, shop: Path
) -> None:
    await owned_by(stage, stage.ana)
    form = await opens_source(stage)
    stage.ana.fills(form, SQL)
    await saves(stage, form)
    runs(shop, "DROP TABLE rollbacks")
    await feeds(stage, 61, 6, 16, 46, 61)
    direct = stage.slack.direct_message(stage.ana)
    [told] = [each for each in direct.messages if "The source of" in each.wording]
    assert "no such table: rollbacks" in read(told)
    scorecard = await stage.types("/kpi")
    assert "⚠ source fails" in read(scorecard)
    await clicks(stage, scorecard, "share_page")
    assert "⚠ source fails" in str(stage.posts()[-1].blocks)
    shown = read(await stage.types("/kpi rollbacks"))
    assert "failing since" in shown
    assert "*Current*\n9" in shown
    await clicks(stage, told, "open_source_form")
    assert "failing since" in read(await stage.ana.sees_view("by itself"))
    runs(shop, "CREATE TABLE rollbacks (at TEXT)")
    await feeds(stage, 61)
    assert "⚠" not in read(await stage.types("/kpi"))


async def test_an_owner_who_may_not_edit_the_scorecard_is_told_so_by_the_button(
    stage: Stage,
) -> None:
    ben = adds_ben(stage)
    await owned_by(stage, ben)
    form = await opens_source(stage)
    stage.ana.fills(form, SQL | {"query": "SELECT nothing"})
    await saves(stage, form)
    await feeds(stage, 6)
    direct = stage.slack.direct_message(ben)
    [told] = [each for each in direct.messages if "The source of" in each.wording]
    await clicks(stage, told, "open_source_form", who=ben)
    refused = await ben.sees_message(direct, "You can't edit this scorecard")
    assert refused.visible_to == ben.id


async def test_while_a_source_is_asked_the_form_says_so_and_an_answer_to_another_form_is_dropped(
    stage: Stage,
) -> None:
    slow = (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1e6) "
        "SELECT max(n) FROM c"
    )
    form = await opens_source(stage)
    stage.ana.fills(form, SQL | {"query": slow})
    await stage.ana.clicks(form, "try_source")
    assert "Asking…" in read(await stage.ana.sees_view("Asking…"))
    await stage.ana.dispatches(form, "kind", "promql")
    await stage.rests()
    assert "✓" not in read(form)
    assert stands_in(form, "query").endswith("FROM c")

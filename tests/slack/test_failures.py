"""When the database, Slack or the bot itself fails: the person who waits is told, every time."""

import asyncio
import logging
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import select

from app.playground import View
from app.slack.blocks.milestones import ship_form
from app.slack.failures import explain
from app.slack.listeners import commands, submissions
from app.store.engine import Store
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, Staging, read, set_up

SECRET = "a note that nobody else shall read"
NOTHING_CHANGED = "The database is busy or can't be reached, and nothing was changed."


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for another write gives up soon; how long is tested with the store."""
    monkeypatch.setattr("app.store.engine.BUSY_TIMEOUT_MS", 50)


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """Another process writes and doesn't come to an end."""
    other = sqlite3.connect(stage.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def damage(stage: Stage, table: str = "scorecards") -> None:
    """A table goes away under the running bot."""
    with closing(sqlite3.connect(stage.database)) as other:
        other.execute(f"ALTER TABLE {table} RENAME TO lost")


def errors_in(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def reference_in(text: str) -> str:
    found = re.search(r"reference ([0-9a-f]{8})", text)
    assert found is not None, text
    return found[1]


def keeps_secrets(stage: Stage, caplog: pytest.LogCaptureFixture) -> bool:
    return not any(secret in caplog.text for secret in (stage.slack.bot_token, "xapp-", SECRET))


async def the_filled_form(stage: Stage) -> View:
    form = await stage.opens_form("/kpi ship Bundles")
    stage.ana.fills(form, {"detail": SECRET})
    return form


async def test_a_locked_database_is_told_and_reading_goes_on(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(stage):
        told = read(await stage.types(f"/kpi update rollbacks 9 {SECRET}"))
        assert NOTHING_CHANGED in told
        assert "~12" in read(await stage.types("/kpi"))
    (logged,) = errors_in(caplog)
    assert reference_in(told) in logged.getMessage()
    assert keeps_secrets(stage, caplog)
    assert "~12 → 9" in read(await stage.types("/kpi update rollbacks 9"))


async def test_a_locked_database_keeps_the_form_open_with_all_that_was_typed(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    form = await the_filled_form(stage)
    with locked(stage):
        refused = await stage.ana.submits(form)
    assert not refused.closed
    assert NOTHING_CHANGED in refused.errors["title"]
    assert len(errors_in(caplog)) == 1
    assert keeps_secrets(stage, caplog)
    assert (await stage.ana.submits(form)).closed


async def test_a_locked_database_is_told_to_who_clicked(stage: Stage) -> None:
    reply = await stage.types("/kpi update rollbacks 9")
    await stage.rests()
    with locked(stage):
        await stage.ana.clicks(reply, "undo")
        await stage.sees_answer("The database is busy")
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back")


async def test_a_database_that_is_gone_is_told_and_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    damage(stage)
    for asked in ("", "rollbacks", "update rollbacks 9", "ship X", "digest", "digest now"):
        caplog.clear()
        told = read(await stage.types(f"/kpi {asked}"))
        assert NOTHING_CHANGED in told
        logged = [record.getMessage() for record in errors_in(caplog)]
        assert [reference_in(told) in message for message in logged] == [True], asked
    assert keeps_secrets(stage, caplog)


async def test_what_people_wrote_never_gets_into_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.types("/kpi")
    damage(stage, "changes")
    assert NOTHING_CHANGED in read(await stage.types(f"/kpi update rollbacks 9 {SECRET}"))
    assert "no such table: changes" in caplog.text
    assert keeps_secrets(stage, caplog)


async def test_clicks_are_told_of_a_database_that_is_gone(stage: Stage) -> None:
    shown = await stage.types("/kpi rollbacks")
    damage(stage)
    await stage.ana.clicks(shown, "show_page")
    await stage.sees_answer("The database is busy")
    await stage.ana.clicks(shown, "ship")
    await stage.rests()
    assert len([m for m in stage.whispers() if "The database is busy" in read(m)]) == 2


async def test_the_schedule_outlives_a_database_that_is_gone(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    damage(stage)
    for _ in range(3):
        await stage.run_due(minutes=1)
    assert len([r for r in errors_in(caplog) if "what is due" in r.getMessage()]) == 1


async def test_what_nobody_expected_is_told_with_a_reference(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "scorecard_screen", fails)
    told = read(await stage.types("/kpi"))
    assert "Something went wrong here that shouldn't have." in told
    (logged,) = errors_in(caplog)
    assert reference_in(told) in logged.getMessage()
    assert logged.exc_info is not None
    assert "~12" in read(await stage.types("/kpi rollbacks"))


async def test_what_nobody_expected_keeps_the_form_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await the_filled_form(stage)
    with monkeypatch.context() as patched:
        patched.setattr(submissions, "read_ship_form", lambda *_: 1 / 0)
        refused = await stage.ana.submits(form)
    assert "Something went wrong" in refused.errors["title"]
    assert (await stage.ana.submits(form)).closed


async def test_a_form_that_slack_doesnt_open_is_told(stage: Stage) -> None:
    stage.slack.faults.add("views.open", "status")
    await stage.ana.types("/kpi ship X", stage.billing)
    await stage.sees_answer("Slack has a problem of its own. Try again in a moment.")


async def test_a_form_that_came_too_late_is_told_with_what_to_do(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = ship_form

    def slowly(*arguments: object, **options: object) -> object:
        stage.clock.passes(seconds=4)
        return opening(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(commands, "ship_form", slowly)
    await stage.ana.types("/kpi ship X", stage.billing)
    await stage.sees_answer("Slack waited too long for the form. Type the command again.")


async def test_an_answer_that_slack_doesnt_take_is_logged_and_not_fatal(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    shown = await stage.types("/kpi rollbacks")
    stage.slack.faults.add("response_url", "status", times=2)
    await stage.ana.clicks(shown, "show_page")
    await stage.rests()
    assert errors_in(caplog)
    assert keeps_secrets(stage, caplog)
    await stage.ana.clicks(shown, "show_page")
    await stage.sees_answer("Billing Platform")


@pytest.mark.parametrize("trouble", ["refresh", "cut"])
async def test_the_bot_answers_again_when_its_connection_ends(
    open_stage: Opening, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr("app.main.PING_SECONDS", 0.1)
    async with open_stage() as stage:
        if trouble == "refresh":
            await stage.slack.disconnect()
        else:
            stage.slack.break_connections()
            await stage.slack.connected(0)
        await stage.slack.connected(1, timeout=10)
        assert "~12" in read(await stage.types("/kpi"))


async def test_the_bot_comes_back_after_slack_has_turned_it_away_for_a_while(
    open_stage: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.main.PING_SECONDS", 0.1)
    async with open_stage() as stage:
        stage.slack.refuse_connections()
        stage.slack.break_connections()
        await stage.slack.connected(0)
        await asyncio.sleep(0.5)
        stage.slack.refuse_connections(False)
        await stage.slack.connected(1, timeout=10)
        assert "~12" in read(await stage.types("/kpi"))


async def test_work_begun_is_finished_before_the_bot_stops(
    billing_template: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(billing_template, tmp_path / "kpi.db"))
    async with set_up(Staging(database)) as stage:
        stage.slack.faults.add("chat.postMessage", "delay", seconds=0.2)
        form = await stage.opens_form("/kpi ship Bundles")
        assert (await stage.ana.submits(form)).closed
        await asyncio.sleep(0.05)
        assert stage.posts() == []
    assert len(stage.posts()) == 1
    with closing(sqlite3.connect(database)) as connection:
        states = connection.execute("SELECT state FROM deliveries").fetchall()
    assert states == [("delivered",)]


async def save_as_the_connection_breaks(store: Store, url: str) -> None:
    async with store.transaction() as session:
        own = (await session.exec(select(func.pg_backend_pid()))).one()
        async with Store(url) as other, other.reading() as ending:
            await ending.exec(select(func.pg_terminate_backend(own)))


async def test_who_saved_when_the_connection_broke_is_asked_to_look(postgresql_url: str) -> None:
    """PostgreSQL may have saved it and never said so."""
    async with Store(postgresql_url) as store:
        with pytest.raises(OperationalError) as broke:
            await save_as_the_connection_breaks(store, postgresql_url)
        told = explain(broke.value, "saving").text
        assert "Look whether it is there before you do it again" in told
        async with store.reading() as session:
            with pytest.raises(DBAPIError) as failed:
                await session.exec(select(func.there_is_no_such_function()))
        assert NOTHING_CHANGED in explain(failed.value, "reading").text

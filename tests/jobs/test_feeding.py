"""Sources that are due are asked side by side, once each, beside all else."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.exc import OperationalError

from app.domain.sources import Every, Question, Source, SourceFailure, SourceKind
from app.domain.values import Value
from app.feeding import AT_ONCE, Feeding
from app.services import sources
from app.services.editing import edit_source
from app.services.loading import load
from app.services.scorecards import show
from app.services.sources import Ask
from app.slack.tasks import Tasks
from app.sources import asking
from app.sources.places import Places
from app.store.engine import Store
from tests.builders import NOW, known
from tests.jobs.conftest import Clock
from tests.services.builders import a_file, the_operator

HOUR = timedelta(hours=1)
METRICS = ("errors", "outages", "visits", "tickets", "rollbacks")
TEAM = "key: team\nname: Team\ngoal: One thing gets done\nmetrics:\n" + "".join(
    f"  - key: {key}\n    name: {key.title()}\n    target: 0\n"
    "    baseline: {value: 10, label: Q1, on: 2026-01-01}\n"
    for key in METRICS
)


def _question(query: str = "SELECT 9") -> Question:
    return Question(SourceKind.SQL, "shop", query)


@dataclass
class Sources:
    """Sources that answer 9, one of them when it is let: who was asked, how often and at once."""

    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    slow: str = ""
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, question: Question) -> Decimal:
        self.asked.append(question.query)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await (self.let.wait() if question.query == self.slow else asyncio.sleep(0.01))
        finally:
            self.at_once -= 1
        return Decimal(9)


@dataclass
class Team:
    store: Store
    clock: Clock
    tasks: Tasks
    sources: Sources = field(default_factory=Sources)
    delivered: int = 0

    def feeding(self, worker: str = "one", ask: Ask | None = None) -> Feeding:
        return Feeding(
            self.store,
            ask or self.sources.ask,
            self.clock,
            worker,
            self.tasks,
            deliver=self.deliver,
        )

    async def deliver(self) -> None:
        self.delivered += 1

    async def feed(self, metric: str, question: Question) -> None:
        source = Source(question, Every(60))
        await edit_source(self.store, the_operator(now=NOW), metric, source, seen={})

    async def value(self, metric: str) -> Value | None:
        snapshot = await show(self.store, the_operator(now=self.clock.now))
        current = snapshot.state(metric).current
        return current.value if current else None


@pytest.fixture
async def team(store: Store) -> AsyncIterator[Team]:
    """A scorecard of five metrics, each with a source that is due."""
    await load(store, the_operator(now=NOW - HOUR), a_file(TEAM))
    team = Team(store, Clock(NOW), Tasks())
    for metric in METRICS:
        await team.feed(metric, _question(metric))
    yield team
    team.sources.let.set()
    await team.tasks.drain(5)


async def test_each_source_is_asked_when_it_is_due_and_not_before(team: Team) -> None:
    feeding = team.feeding()
    await feeding.ask_due()
    await feeding.ask_due()
    assert sorted(team.sources.asked) == sorted(METRICS)
    assert team.sources.most_at_once == AT_ONCE
    assert await team.value("errors") == Value(Decimal(9))
    team.clock.now += HOUR
    await feeding.ask_due()
    assert len(team.sources.asked) == 2 * len(METRICS)


async def test_after_a_week_of_downtime_each_is_asked_once(team: Team) -> None:
    await team.feeding().ask_due()
    team.clock.now += timedelta(days=7)
    await team.feeding().ask_due()
    assert len(team.sources.asked) == 2 * len(METRICS)


async def test_two_processes_share_what_is_due(team: Team) -> None:
    await asyncio.gather(team.feeding("one").ask_due(), team.feeding("two").ask_due())
    assert sorted(team.sources.asked) == sorted(METRICS)


async def _until_asked(team: Team, times: int) -> None:
    async with asyncio.timeout(10):
        while len(team.sources.asked) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _until_fed(team: Team, metrics: Collection[str]) -> None:
    async with asyncio.timeout(10):
        while None in [await team.value(metric) for metric in metrics]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_slow_source_holds_up_none_of_the_others_and_no_command(team: Team) -> None:
    team.sources.slow = "errors"
    feeding = team.feeding()
    feeding.start()
    await _until_fed(team, METRICS[1:])
    assert team.sources.at_once == 1
    assert await team.value("errors") is None
    await feeding.stop()


async def test_what_is_being_asked_at_the_stop_is_finished_and_nothing_new_is_begun(
    team: Team,
) -> None:
    team.sources.slow = "errors"
    feeding = team.feeding()
    feeding.start()
    await _until_asked(team, len(METRICS))
    await feeding.stop()
    team.clock.now += HOUR
    team.sources.let.set()
    await team.tasks.drain(5)
    assert len(team.sources.asked) == len(METRICS)
    assert await team.value("errors") == Value(Decimal(9))


async def test_a_source_that_is_saved_is_asked_without_waiting(team: Team) -> None:
    await team.feeding().ask_due()
    feeding = team.feeding()
    feeding.start()
    await asyncio.sleep(0.1)
    await team.feed("errors", _question("another"))
    feeding.wake()
    await _until_asked(team, len(METRICS) + 1)
    assert team.sources.asked[-1] == "another"
    await feeding.stop()


async def test_what_fails_is_logged_in_one_line_that_holds_no_query(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask(question: Question) -> Decimal:
        raise SourceFailure(f"There is no table {question.query}.")

    with caplog.at_level(logging.INFO):
        await team.feeding(ask=ask).ask_due()
    lines = [record.getMessage() for record in caplog.records if "source of" in record.message]
    assert len(lines) == len(METRICS)
    assert all("(sql): failed in " in line for line in lines)
    assert not any("no table" in line for line in lines)
    assert team.delivered == len(METRICS)


async def test_a_fault_of_the_bots_own_is_a_failure_like_others_and_logged(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask(question: Question) -> Decimal:
        raise ZeroDivisionError

    await team.feeding(ask=ask).ask_due()
    state = (await show(team.store, the_operator(now=NOW))).state("errors")
    assert "its log says why" in known(state.source).reason
    assert any(record.exc_info for record in caplog.records)


async def test_while_the_database_is_away_it_is_logged_once_and_asked_afterwards(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    gone = OperationalError("SELECT", {}, Exception("the database is gone"))
    feeding = team.feeding()
    with patch.object(sources, "next_due", side_effect=gone), caplog.at_level(logging.ERROR):
        feeding.start()
        for _ in range(3):
            await asyncio.sleep(0.02)
            feeding.wake()
    assert [record.name for record in caplog.records] == ["app.feeding"]
    feeding.wake()
    await _until_asked(team, len(METRICS))
    await feeding.stop()


async def test_a_real_database_feeds_a_metric(team: Team, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("CREATE TABLE rollbacks (day TEXT)")
        shop.executemany("INSERT INTO rollbacks VALUES (?)", [("mon",), ("tue",), ("tue",)])
    shop.close()
    places = Places(databases={"shop": f"sqlite:///{tmp_path / 'shop.db'}"})
    await team.feed("errors", _question("SELECT count(*) FROM rollbacks"))

    async def ask(question: Question) -> Decimal:
        return await asking.ask(question, places)

    await team.feeding(ask=ask).ask_due()
    assert await team.value("errors") == Value(Decimal(3))
    state = (await show(team.store, the_operator(now=NOW))).state("outages")
    assert "The database shop refuses the query" in known(state.source).reason

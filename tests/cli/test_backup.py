"""`kpi backup` and `kpi restore`: nothing is lost, neither by a disk nor by who restores."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.domain.values import parse_value
from app.services import readings
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from tests.builders import NOW
from tests.cli.conftest import Kpi

POSTGRESQL = "postgresql://kpi:s3cr3t@db.test:5433/scorecards?sslmode=require"


@contextmanager
def writing(database: Path) -> Iterator[None]:
    """The bot runs and records one reading after the other."""
    begun, stopped = threading.Event(), threading.Event()

    async def record() -> None:
        async with Store(f"sqlite:///{database}") as store:
            while not stopped.is_set():
                caller = Caller(OPERATOR, Surface.TERMINAL, NOW)
                await readings.record(store, caller, "rollbacks", parse_value("9"))
                begun.set()

    writer = threading.Thread(target=lambda: asyncio.run(record()))
    writer.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        stopped.set()
        writer.join()


def counted(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as reader:
        [(count,)] = reader.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608
        return int(count)


def kept_beside(database: Path) -> list[Path]:
    return list(database.parent.glob("kpi-until-*.db"))


def test_what_is_backed_up_comes_back_to_the_digit(kpi: Kpi, billing: Path, tmp_path: Path) -> None:
    before = kpi("show", "--json").data, kpi("show", "rollbacks", "--json").data
    saved = kpi("backup", "copy.db")
    assert saved.status == 0, saved
    assert saved.out.startswith("copy.db: 1 scorecard, 5 metrics, 5 readings, ")
    assert "whole, at revision" in saved.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "kpi.db"]
    billing.unlink()
    restored = kpi("restore", "copy.db")
    assert restored.status == 0, restored
    assert "copy.db is restored: 1 scorecard, 5 metrics, 5 readings, " in restored.out
    after = kpi("show", "--json").data, kpi("show", "rollbacks", "--json").data
    assert after == before


def test_a_backup_is_of_one_moment_while_the_bot_writes(
    kpi: Kpi, billing: Path, tmp_path: Path
) -> None:
    had = counted(billing, "readings"), counted(billing, "changes")
    with writing(billing):
        for _ in range(5):
            saved = kpi("backup", "--force", "copy.db")
            assert saved.status == 0, saved
            copy = tmp_path / "copy.db"
            # Each update is one reading and one change, written together.
            added = counted(copy, "readings") - had[0]
            assert added > 0
            assert counted(copy, "changes") - had[1] == added


def test_a_backup_replaces_nothing_unless_it_is_told_to(
    kpi: Kpi, billing: Path, tmp_path: Path
) -> None:
    other = tmp_path / "letters.db"
    other.write_text("dear Ana")
    kpi("backup", "letters.db").refused("letters.db", "exists", "--force")
    assert other.read_text() == "dear Ana"
    assert kpi("backup", "letters.db", "--force").status == 0
    assert counted(other, "metrics") == 5
    kpi("backup", "kpi.db", "--force").refused("kpi.db", "exists")
    kpi("backup", "nowhere/copy.db").refused("no folder", "nowhere")


def test_without_a_database_there_is_nothing_to_back_up(kpi: Kpi, tmp_path: Path) -> None:
    kpi("backup", "copy.db").refused("no database", "kpi.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_read_by_its_owner_alone(kpi: Kpi, billing: Path, tmp_path: Path) -> None:
    kpi("backup", "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_database_with_scorecards_is_replaced_on_demand_alone_and_kept(
    kpi: Kpi, billing: Path
) -> None:
    kpi("backup", "copy.db")
    kpi("record", "rollbacks", "7")
    kpi("restore", "copy.db").refused("holds scorecards", "--force", "kept")
    assert counted(billing, "readings") == 6
    restored = kpi("restore", "copy.db", "--force")
    assert restored.status == 0, restored
    assert counted(billing, "readings") == 5
    [kept] = kept_beside(billing)
    assert kept.name in restored.out
    assert counted(kept, "readings") == 6


def test_a_database_in_use_is_never_replaced(kpi: Kpi, billing: Path) -> None:
    kpi("backup", "copy.db")
    with writing(billing):
        kpi("restore", "copy.db", "--force").refused("kpi.db", "in use", "Stop the bot")
    with closing(sqlite3.connect(billing)) as idle:
        idle.execute("SELECT * FROM metrics").fetchall()
        kpi("restore", "copy.db", "--force").refused("kpi.db", "in use", "Stop the bot")
    assert kept_beside(billing) == []
    assert counted(billing, "readings") > 5


def test_into_an_empty_database_it_is_restored_without_asking(
    kpi: Kpi, billing: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    kpi("backup", "copy.db")
    shutil.copy(sqlite_template, billing)
    assert kpi("restore", "copy.db").status == 0
    assert counted(billing, "metrics") == 5


def test_what_is_no_whole_backup_replaces_nothing(kpi: Kpi, billing: Path, tmp_path: Path) -> None:
    before = billing.read_bytes()
    copy = tmp_path / "copy.db"
    kpi("restore", "copy.db", "--force").refused("no file", "copy.db")
    copy.write_text("dear Ana")
    kpi("restore", "copy.db", "--force").refused("copy.db", "no whole database")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE letters (text)")
    kpi("restore", "other.db", "--force").refused("other.db", "no whole database")
    copy.unlink()
    kpi("backup", "copy.db")
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    kpi("restore", "copy.db", "--force").refused("copy.db")
    assert billing.read_bytes() == before
    assert kept_beside(billing) == []


def test_a_backup_of_a_newer_program_is_refused(kpi: Kpi, billing: Path, tmp_path: Path) -> None:
    kpi("backup", "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        copy.execute("UPDATE alembic_version SET version_num = 'of_tomorrow'")
        copy.commit()
    kpi("restore", "copy.db", "--force").refused("of_tomorrow", "Update the program")


def test_a_damaged_database_is_replaced_on_demand_and_kept(kpi: Kpi, billing: Path) -> None:
    kpi("backup", "copy.db")
    billing.write_text("dear Ana, this is no database any more")
    kpi("restore", "copy.db").refused("damaged", "--force")
    assert kpi("restore", "copy.db", "--force").status == 0
    assert counted(billing, "metrics") == 5
    [kept] = kept_beside(billing)
    assert kept.read_text().startswith("dear Ana")


def test_of_postgresql_the_commands_are_shown_without_the_password(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)
    saved, restored = kpi("backup", "my copy.dump"), kpi("restore", "copy.dump")
    saved.refused("pg_dump --format=custom '--file=my copy.dump'")
    assert "'--dbname=postgresql://kpi@db.test:5433/scorecards?sslmode=require'" in saved.err
    restored.refused("pg_restore --clean --if-exists --no-owner --single-transaction")
    assert restored.err.endswith("?sslmode=require' copy.dump\n")
    assert "s3cr3t" not in saved.err + restored.err

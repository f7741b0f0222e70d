"""Callers, scorecards loaded as people load them, and a look at what was written."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import SQLModel, func, select

from app.domain.outcomes import Undone
from app.files import ScorecardFile, read_scorecard_file
from app.services.callers import Actor, Caller, Role, Standing, Surface
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import ChangeRow, DeliveryRow, metadata
from tests.builders import NOW

BILLING_FILE = Path(__file__).parents[2] / "app" / "demo" / "billing.yaml"
HOME = "C0BILLING"

TINY = """
key: tiny
name: Tiny
goal: One thing gets done
metrics:
  - key: errors
    name: Errors
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
"""
"""A scorecard with one metric, which has no reading yet."""

# For tests of what no database does differently.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
billing_on_sqlite = pytest.mark.parametrize("billing_url", ["sqlite"], indirect=True)
billing_on_postgresql = pytest.mark.parametrize("billing_url", ["postgresql"], indirect=True)

Row = TypeVar("Row", bound=SQLModel)


def a_caller(
    user: str = "U0ANA",
    *,
    channel: str | None = HOME,
    now: datetime = NOW,
    surface: Surface = Surface.COMMAND,
    standing: Standing = Standing.MEMBER,
    channels: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> Caller:
    """A person who asks in the home channel of the scorecard."""
    actor = Actor(user, Role.PERSON, channel, frozenset(channels), frozenset(groups), standing)
    return Caller(actor, surface, now)


def an_admin(user: str = "U0ADMIN", *, now: datetime = NOW) -> Caller:
    return a_caller(user, now=now, standing=Standing.ADMIN)


def the_operator(*, now: datetime = NOW, surface: Surface = Surface.TERMINAL) -> Caller:
    return Caller(Actor("operator", Role.OPERATOR), surface, now)


def a_file(text: str) -> ScorecardFile:
    return read_scorecard_file(text, "scorecard.yaml")


def the_billing_text() -> str:
    return BILLING_FILE.read_text(encoding="utf-8")


def the_billing_file() -> ScorecardFile:
    """The real scorecard."""
    return a_file(the_billing_text())


async def all_rows(store: Store, table: type[Row]) -> list[Row]:
    """Every row of a table, in order of arrival."""
    async with store.reading() as session:
        in_order = select(table).order_by(*metadata.tables[str(table.__tablename__)].primary_key)
        return list((await session.exec(in_order)).all())


async def changes(store: Store) -> list[ChangeRow]:
    return await all_rows(store, ChangeRow)


async def owed(store: Store) -> list[tuple[str, str, str]]:
    """Every message in the outbox besides alerts: its kind, its subject and its channel."""
    rows = await all_rows(store, DeliveryRow)
    return [(row.kind, row.subject, row.channel) for row in rows if "alert" not in row.kind]


async def row_counts(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    async with store.reading() as session:
        return {
            name: (await session.exec(select(func.count()).select_from(table))).one()
            for name, table in metadata.tables.items()
        }


async def take_back(store: Store, caller: Caller, change: int) -> Undone:
    """Undo a change of readings."""
    undone = await undo(store, caller, change)
    assert isinstance(undone, Undone)
    return undone

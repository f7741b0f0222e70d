"""A database with a scorecard in it, brought from the oldest revision to the newest."""

from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from app.services.editing import add_part
from app.services.scorecards import show
from app.services.undoing import undo
from app.store.engine import Store, sync_url
from app.store.migrations import SCRIPTS, migrate
from app.store.tables import ChangeRow
from tests.builders import NOW, a_metric, known
from tests.services.builders import billing_on_sqlite, the_operator

LATER = the_operator(now=NOW + timedelta(hours=1))
OLDEST = "0001"


def _downgrade(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["database_url"] = url
    command.downgrade(config, revision)


async def test_a_scorecard_is_the_same_after_the_upgrade(billing_url: str) -> None:
    async with Store(billing_url) as store:
        before = await show(store, LATER)
    _downgrade(billing_url, OLDEST)
    migrate(billing_url)
    async with Store(billing_url) as store:
        assert await show(store, LATER) == before


@billing_on_sqlite
async def test_an_upgrade_leaves_no_reference_behind(billing_url: str) -> None:
    _downgrade(billing_url, OLDEST)
    migrate(billing_url)
    engine = create_engine(sync_url(billing_url))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


def test_what_an_older_version_can_t_hold_keeps_it_from_being_installed_again(
    billing_url: str,
) -> None:
    engine = create_engine(sync_url(billing_url))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE metrics SET kind = 'record', target = NULL WHERE key = 'rollbacks'")
        )
    engine.dispose()
    with pytest.raises(RuntimeError, match="can't be kept by the older version"):
        _downgrade(billing_url, "0003")


@billing_on_sqlite
async def test_what_was_added_before_the_upgrade_can_be_undone_after_it(billing: Store) -> None:
    added = await add_part(billing, LATER, a_metric("errors", name="Errors"))
    assert added.change is not None
    async with billing.transaction() as session:
        row = await session.get_one(ChangeRow, added.change)
        recorded = dict(known(row.after))
        recorded["metric errors"] = {**recorded["metric errors"]}
        del recorded["metric errors"]["kind"]
        row.after = recorded
        session.add(row)
    await undo(billing, LATER, added.change)
    assert "errors" not in (await show(billing, LATER)).scorecard.metrics_by_key

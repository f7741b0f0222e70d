"""A store with the real scorecard in it, at home in a channel: loaded once, copied per test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from app.services.loading import load
from app.store.engine import Store
from tests.services.builders import HOME, the_billing_file, the_operator
from tests.store.postgresql import PostgreSQL


async def _load_billing(database_url: str) -> None:
    async with Store(database_url) as store:
        await load(store, the_operator(), the_billing_file(), channel=HOME)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def billing_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("billing") / "kpi.db"))
    await _load_billing(f"sqlite:///{path}")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def billing_postgresql(
    postgresql: PostgreSQL, postgresql_template: str
) -> AsyncIterator[str]:
    with postgresql.database(postgresql_template) as url:
        await _load_billing(url)
        yield make_url(url).database or ""


@pytest.fixture(params=["sqlite", "postgresql"])
def billing_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("billing_sqlite")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'kpi.db')}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        with server.database(request.getfixturevalue("billing_postgresql")) as url:
            yield url


@pytest.fixture
async def billing(billing_url: str) -> AsyncIterator[Store]:
    async with Store(billing_url) as opened:
        yield opened

"""The real bot against a local Slack: Ana in #billing, the real scorecard, a clock."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from app.demo.stage import BILLING
from app.files import read_scorecard_path
from app.services import loading
from app.store.engine import Store
from tests.slack.stage import HOME, OPERATING, Stage, Staging, set_up

Opening = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def billing_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the real scorecard, at home in the first channel of a workspace."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("billing") / "kpi.db"))
    async with Store(f"sqlite:///{path}") as store:
        await loading.load(store, OPERATING, read_scorecard_path(BILLING), channel=HOME)
    return path


@pytest.fixture
def open_stage(billing_template: Path, sqlite_template: Path, tmp_path: Path) -> Opening:
    """Set a stage as the test wants it. When it closes, Slack must have found nothing wrong."""

    @asynccontextmanager
    async def opened(*, empty: bool = False, **staging: object) -> AsyncIterator[Stage]:
        template = sqlite_template if empty else billing_template
        database = Path(shutil.copy(template, tmp_path / "kpi.db"))
        async with set_up(Staging(database, **staging)) as stage:  # type: ignore[arg-type]
            yield stage
            await stage.rests()
            assert stage.slack.journal.problems == []

    return opened


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot over Socket Mode, with the real scorecard at home in #billing."""
    async with open_stage() as stage:
        yield stage


@pytest.fixture
async def empty_stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot over Socket Mode, with no scorecard at all."""
    async with open_stage(empty=True) as stage:
        yield stage

"""Commands of `kpi`, run in this process where the process itself isn't what is tested."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from app.config import Settings
from app.files import read_scorecard_path
from app.services.callers import OPERATOR, Caller, Surface
from app.services.loading import load
from app.store.engine import Store
from tests.builders import NOW
from tests.cli.terminal import BILLING, HOME, Outcome, Shell

Kpi = Callable[..., Outcome]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A terminal in an empty folder."""
    return Shell(tmp_path)


@pytest.fixture
def kpi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kpi:
    """Run a command in an empty folder, on Monday 16 March 2026 at noon."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("app.cli.terminal.utc_now", lambda: NOW)

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["kpi", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def billing_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the real scorecard, at home in a channel."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("billing") / "kpi.db"))

    async def load_billing() -> None:
        async with Store(f"sqlite:///{path}") as store:
            caller = Caller(OPERATOR, Surface.FILE, NOW)
            await load(store, caller, read_scorecard_path(BILLING), channel=HOME)

    asyncio.run(load_billing())
    return path


@pytest.fixture
def billing(billing_template: Path, tmp_path: Path) -> Path:
    """The real scorecard, in the folder where commands run."""
    return Path(shutil.copy(billing_template, tmp_path / "kpi.db"))

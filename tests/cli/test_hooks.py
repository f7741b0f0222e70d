"""`kpi hook`: what git servers call, from the command line."""

import asyncio
import re
from pathlib import Path

import pytest

from app.domain.hooks import HookAddresses
from app.services import hooks
from app.store.engine import Store
from tests.builders import NOW
from tests.cli.conftest import Kpi

pytestmark = pytest.mark.usefixtures("billing")
KEY = "s3cr3t" * 6


@pytest.fixture(autouse=True)
def _turned_on(monkeypatch: pytest.MonkeyPatch, kpi: Kpi) -> None:
    monkeypatch.setenv("KPI_PUBLIC_URL", "https://kpi.example.com/")
    monkeypatch.setenv("KPI_LINK_KEY", KEY)


def test_a_hook_is_made_listed_shown_and_revoked(kpi: Kpi) -> None:
    assert kpi("hook", "list").out == "There is no hook yet. Make one: kpi hook new github\n"
    made = kpi("hook", "new", "gitlab", "--repository", "acme/*", "--releases", "--log")
    assert (made.status, made.err) == (0, "")
    found = re.fullmatch(
        r"address  https://kpi\.example\.com/hooks/gitlab/([0-9a-f]{16})\nsecret   (\S+)\n",
        made.out,
    )
    assert found is not None
    hook, secret = found.groups()
    assert secret == HookAddresses("", KEY.encode()).secret(hook)
    assert kpi("hook", "show", hook).out == made.out
    listed = kpi("hook", "list").out
    assert listed == (
        f"{hook}  GitLab for billing, from acme/*, with the label “milestone” and releases, "
        "logged at once\n  never called\n"
    )
    assert secret not in listed
    assert kpi("hook", "revoke", hook).out == f"{hook} is revoked.\n"
    assert "There is no hook yet" in kpi("hook", "list").out


def test_the_list_tells_of_trouble(kpi: Kpi, billing: Path) -> None:
    hook = kpi("hook", "new", "github", "--log").out.splitlines()[0].rpartition("/")[2]

    async def note() -> None:
        async with Store(f"sqlite:///{billing}") as store:
            await hooks.note_told(store, hook, "left: a ping", NOW)
            await hooks.note_trouble(store, hook, "The secret is wrong.", NOW)

    asyncio.run(note())
    listed = kpi("hook", "list").out
    assert "last delivery 2026-03-16 12:00 UTC: left: a ping" in listed
    assert "1 refused, last 2026-03-16 12:00 UTC: The secret is wrong." in listed


def test_without_the_settings_it_says_how_to_turn_it_on(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KPI_LINK_KEY")
    kpi("hook", "new", "github").refused("Milestones from git are off", "KPI_LINK_KEY")
    assert kpi("hook", "list").status == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("new", "svn"), ("'svn'",)),
        (("new", "github", "--repository", "billing", "--log"), ("isn't a repository",)),
        (("show", "8f3a1c5e9b2d7046"), ("There is no hook “8f3a1c5e9b2d7046”",)),
        (("revoke", "8f3a1c5e9b2d7046"), ("There is no hook “8f3a1c5e9b2d7046”",)),
    ],
)
def test_what_cannot_be_done_is_told(
    kpi: Kpi, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    kpi("hook", *arguments).refused(*told)

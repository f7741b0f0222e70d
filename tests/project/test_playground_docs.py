"""docs/playground.md says what is so."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from app.cli import kpi
from app.playground.installation import EVENTS
from app.playground.local_slack import LocalSlack
from app.playground.web_api import METHODS
from tests.playground.samples import FOLDER
from tests.project.files import ROOT, text_of

DOCS = text_of("docs/playground.md")
WITH_A_MANIFEST = {
    "channel_created",
    "file_deleted",
    "function_executed",
    "message.channels",
    "message.groups",
}
"""Events that an app hears when its manifest asks for them."""


def rows(heading: str) -> list[str]:
    """The rows of the table under that heading."""
    _, _, table = DOCS.partition(f"| {heading} |")
    return table.partition("\n\n")[0].splitlines()[2:]


def named(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def test_it_lists_every_method() -> None:
    listed = [name for row in rows("family | methods of the Web API") for name in named(row)]
    assert sorted(listed) == sorted(METHODS)


def test_it_lists_every_event() -> None:
    listed = [name for row in rows("events | when") for name in named(row)]
    assert sorted(listed) == sorted(EVENTS | WITH_A_MANIFEST)
    sent = re.findall(r'_send_if_heard\(\s*"([\w.]+)"', text_of("app/playground/events.py"))
    assert "app_mention" in sent
    assert set(sent) <= set(listed)


def test_it_lists_every_option() -> None:
    listed = [named(row)[0].split()[0] for row in rows("option | what it does")]
    options = [each.opts[0] for each in kpi.commands["playground"].params if each.opts[0][0] == "-"]
    assert sorted(listed) == sorted([*options, "--"])


async def test_it_names_every_variable() -> None:
    async with LocalSlack() as slack:
        assert set(slack.environment) <= set(named(DOCS))


def test_its_example_of_a_test_passes(tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(import sys.*?)```", DOCS, re.DOTALL)
    (tmp_path / "test_lunch.py").write_text(example, encoding="utf-8")
    for name in ("manifest.yml", "lunch_sync.py"):
        shutil.copy(FOLDER / name, tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in run.stdout, run.stdout + run.stderr

"""A terminal in a folder of its own, whose environment holds nothing but what a test sets."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BILLING = ROOT / "app" / "demo" / "billing.yaml"
HOME = "C0BILLING"


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed as JSON."""
        assert self.status == 0, self
        return json.loads(self.out)

    def refused(self, *words: str, status: int = 2) -> None:
        """Assert that it was refused with one line that holds these words."""
        assert self.status == status, self
        assert self.out == "", self
        [line] = self.err.splitlines()
        assert line.startswith("kpi: "), line
        for word in words:
            assert word in line, line


@dataclass(frozen=True)
class Shell:
    """Starts `python -m app` as a process."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def _environment(self) -> dict[str, str]:
        here = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        return {**here, "COLUMNS": "100", **self.environment}

    def kpi(self, *arguments: str) -> Outcome:
        """Run a command to its end."""
        process = self.started(*arguments)
        out, err = process.communicate(timeout=120)
        return Outcome(process.returncode, out, err)

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and don't wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

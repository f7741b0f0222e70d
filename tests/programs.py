"""Programs that tests drive and Python's packages don't hold: found on this machine, or installed.

`python -m tests.programs` installs Debian's packages of those that are missing, where it may.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


@dataclass(frozen=True)
class Program:
    """A program that tests need, under any of its names."""

    need: str
    """What needs it, as a sentence."""
    kind: str
    package: str
    names: tuple[str, ...]
    applications: tuple[Path, ...] = ()
    options: tuple[str, ...] = ()
    """Of its installation."""

    @property
    def install_command(self) -> tuple[str, ...]:
        return ("apt-get", "install", "--yes", *self.options, self.package)

    @property
    def missing(self) -> str:
        return f"{self.need} On Debian, install it with: sudo {' '.join(self.install_command)}"

    def installed(self) -> str:
        """Its path on this machine. Raises LookupError with the way to get it."""
        path = self._found()
        if path is None:
            raise LookupError(self.missing)
        return path

    def ensure(self) -> None:
        """Install Debian's package if it isn't there, as root or by a `sudo` that asks for nothing.

        Raises LookupError with the command to type where that can't be, or with what apt-get said.
        """
        if self._found() is not None:
            return
        sudo = () if os.geteuid() == 0 else ("sudo", "-n")
        if not shutil.which("apt-get") or (sudo and not _may(sudo)):
            raise LookupError(self.missing)
        command = (*sudo, *self.install_command)
        sys.stdout.write(f"Installing {self.kind} for the tests: {' '.join(command)}\n")
        sys.stdout.flush()
        _run(*sudo, "apt-get", "update")
        installed = _run(*command)
        if installed.returncode or self._found() is None:
            raise LookupError(f"{installed.stdout}{self.missing}")

    def _found(self) -> str | None:
        commands = (shutil.which(name) for name in self.names)
        applications = (str(path) for path in self.applications if path.exists())
        return next((path for path in (*commands, *applications) if path), None)


BROWSER = Program(
    need="The tests of the page need Chrome or Chromium.",
    kind="a browser",
    package="chromium",
    names=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    applications=APPLICATIONS,
)
PROMETHEUS = Program(
    need="The tests of sources need Prometheus.",
    kind="Prometheus",
    package="prometheus",
    names=("prometheus",),
    options=("--no-install-recommends",),  # which would be a service that exports this machine
)
PROGRAMS = (BROWSER, PROMETHEUS)


def _may(sudo: tuple[str, ...]) -> bool:
    return shutil.which("sudo") is not None and _run(*sudo, "true").returncode == 0


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def main() -> None:
    """Ends with status 1 and the command to type where a program is missing afterwards."""
    try:
        for program in PROGRAMS:
            program.ensure()
    except LookupError as missing:
        sys.exit(str(missing.args[0]))


if __name__ == "__main__":
    main()

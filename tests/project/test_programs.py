"""`make test` gets itself the programs it needs where it may, or says how to get them."""

import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests import programs
from tests.project.files import text_of

ROOT, SOMEBODY = 0, 1000
INSTALLS = """for last; do :; done
test "$1" = update || printf "#!/bin/sh\\n" > {0}/$last; {1} 755 {0}/*"""
INSTALL = "apt-get install --yes chromium"
BROWSER = replace(programs.BROWSER, applications=())


class Machine:
    """A machine on which only these programs are found; it notes how they are called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str, script: str) -> None:
        program = self.folder / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.folder}/../calls\n{script}\n')
        program.chmod(stat.S_IRWXU)

    def has_apt_get(self) -> None:
        self.has("apt-get", INSTALLS.format(self.folder, "/bin/chmod"))

    @property
    def calls(self) -> list[str]:
        noted = self.folder.parent / "calls"
        return noted.read_text().splitlines() if noted.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine without a browser, used by root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(programs, "PROGRAMS", (BROWSER,))
    _used_by(ROOT, monkeypatch)
    return Machine(folder)


def _used_by(user: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)


def test_a_browser_that_is_there_is_used(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.has_apt_get()
    machine.has("google-chrome", "")
    programs.main()
    assert BROWSER.installed() == str(machine.folder / "google-chrome")
    assert (machine.calls, capsys.readouterr().out) == ([], "")


def test_root_installs_debians_and_is_told(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.has_apt_get()
    programs.main()
    assert BROWSER.installed() == str(machine.folder / "chromium")
    assert machine.calls == ["apt-get update", INSTALL]
    told = capsys.readouterr().out
    assert told == f"Installing a browser for the tests: {INSTALL}\n"


def test_others_install_it_where_no_password_is_asked_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _used_by(SOMEBODY, monkeypatch)
    machine.has_apt_get()
    machine.has("true", "")
    machine.has("sudo", 'shift; exec "$@"')
    programs.main()
    assert f"sudo -n {INSTALL}" in machine.calls
    assert "sudo -n apt-get install" in capsys.readouterr().out


def test_where_a_password_would_be_asked_for_the_command_is_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _used_by(SOMEBODY, monkeypatch)
    machine.has_apt_get()
    machine.has("sudo", "exit 1")
    with pytest.raises(SystemExit, match=f"sudo {INSTALL}"):
        programs.main()
    assert machine.calls == ["sudo -n true"]


def test_without_sudo_the_command_is_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _used_by(SOMEBODY, monkeypatch)
    machine.has_apt_get()
    with pytest.raises(SystemExit) as ended:
        programs.main()
    assert ended.value.code == BROWSER.missing


def test_without_apt_get_the_command_is_named(machine: Machine) -> None:
    with pytest.raises(SystemExit) as ended:
        programs.main()
    assert ended.value.code == BROWSER.missing


@pytest.mark.parametrize("script", ["echo No space left; exit 100", "echo No space left"])
def test_what_apt_get_says_is_shown_where_no_browser_came_of_it(
    machine: Machine, script: str
) -> None:
    machine.has("apt-get", script)
    with pytest.raises(SystemExit) as ended:
        programs.main()
    assert ended.value.code == f"No space left\n{BROWSER.missing}"


def test_tests_without_make_fail_in_the_same_words(machine: Machine) -> None:
    with pytest.raises(LookupError) as failed:
        BROWSER.installed()
    assert str(failed.value.args[0]) == BROWSER.missing
    assert "\n" not in BROWSER.missing


def test_what_is_missing_is_installed_and_nothing_else(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "PROGRAMS", (BROWSER, programs.PROMETHEUS))
    machine.has("google-chrome", "")
    machine.has_apt_get()
    programs.main()
    assert programs.PROMETHEUS.installed() == str(machine.folder / "prometheus")
    assert machine.calls[1:] == ["apt-get install --yes --no-install-recommends prometheus"]


def test_make_test_begins_with_it() -> None:
    makefile = text_of("Makefile")
    assert re.search(r"^test: programs\b", makefile, re.MULTILINE)
    assert re.search(r"^programs: .+\n\t.+ -m tests\.programs$", makefile, re.MULTILINE)

"""What is installed is pinned, by names and hashes alone."""

import re

import pytest

from tests.project.files import PROJECT, text_of, tracked_files

LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("dev",)}
REGISTRIES = re.compile(r"pypi[.]|python[h]osted|npmjs[.]|crates[.]io", re.IGNORECASE)


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def _required(extras: tuple[str, ...]) -> set[str]:
    listed = [*PROJECT["project"]["dependencies"]]
    for extra in extras:
        listed += PROJECT["project"]["optional-dependencies"][extra]
    return {_normalised(re.split(r"[\[<>=~!; ]", each, maxsplit=1)[0]) for each in listed}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_with_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", text_of(lock).strip())
    pinned = {}
    for entry in entries:
        found = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", entry)
        assert found, entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]
        pinned[_normalised(found[1])] = found[2]
    assert _required(LOCKS[lock]) <= pinned.keys()


def test_what_runs_is_the_same_in_both_lock_files() -> None:
    pins = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
    runs, develops = (dict(pins.findall(text_of(lock))) for lock in LOCKS)
    assert runs.items() <= develops.items()


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = [
        path
        for path in tracked_files()
        if REGISTRIES.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []

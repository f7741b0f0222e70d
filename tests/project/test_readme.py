"""README and changelog say what is so."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.cli.test_help import COMMANDS
from tests.project.files import MANIFEST, PROJECT, ROOT, text_of

README = text_of("README.md")


def test_commands_that_it_names_exist() -> None:
    named = set(re.findall(r"\bkpi (?!python)((?:(?:digest|link|token) )?[a-z]+)\b", _code(README)))
    assert {"serve", "load", "doctor", "backup", "restore"} <= named
    assert named <= {" ".join(command) for command in COMMANDS}


def _code(markdown: str) -> str:
    """What stands in backticks or fenced blocks, without the commands of Slack."""
    fenced = re.findall(r"```(.*?)```", markdown, re.DOTALL)
    inline = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL))
    return "\n".join(line for line in "\n".join(fenced + inline).splitlines() if "/kpi" not in line)


def test_make_targets_that_it_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test", "check"} <= named <= targets


def test_files_that_it_links_to_exist() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert "manifest.yml" in linked
    assert [name for name in linked if not (ROOT / name).exists()] == []
    folders = re.findall(r"`((?:app|migrations)/[\w/.]*)`", README)
    assert [name for name in folders if not (ROOT / name).exists()] == []


def test_pictures_are_described_shown_and_small() -> None:
    shown = dict(_pictures_shown_by("README.md"))
    for page in (ROOT / "docs").rglob("*.md"):
        shown |= dict(_pictures_shown_by(str(page.relative_to(ROOT))))
    assert all(len(description) > 40 for description in shown.values())
    pictures = [*(ROOT / "docs").rglob("*.png"), *(ROOT / "docs").rglob("*.svg")]
    assert sorted(shown) == sorted(pictures)
    assert [path.name for path in pictures if path.stat().st_size > 250_000] == []


def _pictures_shown_by(page: str) -> Iterator[tuple[Path, str]]:
    """The pictures in Markdown and those in HTML for light and dark, each with its description."""
    text, folder = text_of(page), (ROOT / page).parent
    for description, address in re.findall(r"!\[([^\]]*)\]\(([^)#]+)", text):
        yield (folder / address).resolve(), description
    in_html = r'<source media="[^"]+" srcset="([^"]+)">\n<img src="([^"]+)" [^>]*alt="([^"]+)">'
    for dark, light, description in re.findall(in_html, text):
        for address in (dark, light):
            yield (folder / address).resolve(), description


def test_the_names_that_people_type_in_slack_are_the_manifests() -> None:
    assert f"/invite @{MANIFEST['features']['bot_user']['display_name']}" in README


def test_the_changelog_begins_with_the_present_version() -> None:
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == PROJECT["project"]["version"]

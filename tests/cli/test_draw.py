"""`kpi draw`: pictures as files."""

from pathlib import Path

import pytest

from tests.cli.conftest import Kpi

PNG = b"\x89PNG\r\n\x1a\n"

pytestmark = pytest.mark.usefixtures("billing")


def test_the_scorecard_is_drawn_as_png(kpi: Kpi, tmp_path: Path) -> None:
    drawn = kpi("draw", "--out", "scorecard.png")
    assert (drawn.status, drawn.out) == (0, "Billing Platform: drawn into scorecard.png.\n")
    assert (tmp_path / "scorecard.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("subject", "title", "words"),
    [
        ("rollbacks", "Rollbacks / day", "~12"),
        ("Bad debt", "Bad debt from upgrades", "~3"),
        ("roadmap", "Roadmap of Billing Platform", "Checkout V2"),
        ("scorecard", "Billing Platform", "Invoice coverage"),
    ],
)
def test_a_picture_as_svg_can_be_read(
    kpi: Kpi, tmp_path: Path, subject: str, title: str, words: str
) -> None:
    assert kpi("draw", subject, "--out", "new.SVG").out == f"{title}: drawn into new.SVG.\n"
    content = (tmp_path / "new.SVG").read_text(encoding="utf-8")
    assert content.startswith("<svg")
    assert words in content


def test_a_dark_look_is_another_picture(kpi: Kpi, tmp_path: Path) -> None:
    for look in ("light", "dark"):
        assert kpi("draw", "rollbacks", "--out", f"{look}.svg", "--look", look).status == 0
    assert (tmp_path / "light.svg").read_text() != (tmp_path / "dark.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "scorecard.gif"), ("“scorecard.gif” is no name of a picture", ".png or .svg")),
        (("--out", "."), ("is no name of a picture",)),
        (("--out", "nowhere/it.png"), ("There is no folder “nowhere”",)),
        (("rolbacks", "--out", "it.png"), ("no metric “rolbacks”", "Did you mean rollbacks?")),
        (("--out", "it.png", "--look", "blue"), ("'light', 'dark'", "kpi draw --help")),
        (("--out", "it.png", "--scorecard", "bill"), ("no scorecard “bill”", "billing")),
        ((), ("Missing option '--out'",)),
    ],
)
def test_what_cannot_be_drawn_is_told(
    kpi: Kpi, tmp_path: Path, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    kpi("draw", *arguments).refused(*told)
    assert [path.name for path in tmp_path.iterdir()] == ["kpi.db"]


def test_a_file_that_cannot_be_written_is_told(kpi: Kpi, tmp_path: Path) -> None:
    (tmp_path / "it.svg").mkdir()
    kpi("draw", "--out", "it.svg").refused("“it.svg” can't be written", "directory")

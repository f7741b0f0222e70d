"""`kpi report`: the whole scorecard as a page, as text and as data."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Kpi

pytestmark = pytest.mark.usefixtures("billing")
GOLDEN = Path(__file__).parents[1] / "pages" / "golden" / "billing.md"


def test_the_page_is_one_file_with_its_pictures(kpi: Kpi, tmp_path: Path) -> None:
    told = kpi("report", "-o", "progress.html")
    assert (told.status, told.out) == (0, "Billing Platform: written into progress.html.\n")
    page = (tmp_path / "progress.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<figure>") == 1 + 5 + 1
    assert "src=" not in page
    assert "@import" not in page


def test_without_a_file_it_is_printed(kpi: Kpi) -> None:
    told = kpi("report", "--format", "md", "--scorecard", "billing")
    assert (told.status, told.out) == (0, GOLDEN.read_text(encoding="utf-8"))


def test_data_has_the_figures_to_the_digit(kpi: Kpi) -> None:
    data = json.loads(kpi("report", "--format", "json").out)
    shown = json.loads(kpi("show", "--json").out)
    assert (data["at_target"], data["judged"], data["goal_reached"]) == (0, 5, False)
    assert data["progress"] == {"value": shown["progress"], "qualifier": "about"}
    for whole, known in zip(data["metrics"], shown["metrics"], strict=True):
        assert {name: whole[name] for name in known if name != "progress"} == {
            name: said for name, said in known.items() if name != "progress"
        }
        assert Decimal(whole["progress"]["value"]) == Decimal(known["progress"])
    first = data["metrics"][0]
    assert first["current"] == {
        "value": "12",
        "qualifier": "about",
        "label": None,
        "at": "2026-03-16T00:00:00+00:00",
    }
    assert data["phases"][0]["needs"] == [
        {"kind": "milestone", "key": "pde-step-2c"},
        {"kind": "milestone", "key": "pde-step-2d"},
    ]
    assert data["roadmap_ends_on"] == "2026-09-30"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "pdf"), ("'html', 'md', 'json'", "kpi report --help")),
        (("-o", "nowhere/page.html"), ("There is no folder “nowhere”",)),
        (("-o", "."), ("“.” can't be written",)),
        (("--scorecard", "bill"), ("no scorecard “bill”", "billing")),
    ],
)
def test_what_cannot_be_written_is_told(
    kpi: Kpi, tmp_path: Path, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    kpi("report", *arguments).refused(*told)
    assert [path.name for path in tmp_path.iterdir()] == ["kpi.db"]

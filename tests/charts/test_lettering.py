"""Texts are measured as wide as the renderer makes them, and made to fit without losing signs."""

from xml.etree import ElementTree

import pytest

from app.charts.charts import Chart
from app.charts.labels import Label
from app.charts.lettering import one_line, shortened, width, wrapped
from app.charts.looks import LIGHT
from app.charts.rendering import svg
from app.charts.sheets import Sheet

TEXTS = (
    "The quick brown fox jumps over the lazy dog",
    "WAVY Toy fly-by: 0123456789.,;!?()[]{}/\\|",
    "~−1,234.5+ ≤ 2% → ≥ 3 · “Q3 '25” – … × ± ≈ € 5°",
    '@#$&*^_`<=>"',
    "Ännchen façade señor Łódź",
    "Щука и ЖЮРИ Љ Њ",
    "Ελληνικά ΩΨ",
    "漢字かな",
)


def rendered(*labels: Label, room_factor: float) -> list[str]:
    """The texts that the renderer shows when each is cut to a share of its measured width."""
    sheet = Sheet(LIGHT)
    sheet.write(*labels)
    specification = sheet.specification(100, "")
    for row, label in zip(specification["data"][0]["values"], labels, strict=True):
        row["room"] = label.width * room_factor
    root = ElementTree.fromstring(svg(Chart("", "", specification)))  # noqa: S314 (it is our own)
    return [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("bold", [False, True])
def test_no_text_is_wider_than_measured(bold: bool) -> None:
    labels = [Label(text, 0, 20, bold=bold) for text in TEXTS]
    assert rendered(*labels, room_factor=1.005) == list(TEXTS)


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_s_own_letters_are_measured_exactly(bold: bool) -> None:
    labels = [Label(text, 0, 20, bold=bold) for text in TEXTS[:3]]
    shown = rendered(*labels, room_factor=0.97)
    assert all(
        text.endswith("…") and text != whole for text, whole in zip(shown, TEXTS, strict=False)
    )


def test_a_text_that_fits_stays_whole() -> None:
    assert shortened("Rollbacks", 20, width("Rollbacks", 20)) == "Rollbacks"


@pytest.mark.parametrize("text", [*TEXTS, "👩🏽‍🚀" * 20])
@pytest.mark.parametrize("room", [30, 90, 250])
def test_a_shortened_text_fits_and_says_so(text: str, room: float) -> None:
    short = shortened(text, 20, room)
    assert width(short, 20) <= room
    assert short == text or short.endswith("…")


def test_what_is_written_as_one_sign_is_not_torn() -> None:
    astronaut = "👩🏽‍🚀"
    for room in range(20, 200, 7):
        kept = shortened(astronaut * 9, 20, room).removesuffix("…")
        assert kept == astronaut * (len(kept) // len(astronaut))


def test_lines_break_between_words_and_hold_the_whole_text() -> None:
    text = "On-session payments come before the commit"
    lines = wrapped(text, 20, 200, 4)
    assert " ".join(lines) == text
    assert all(width(line, 20) <= 200 for line in lines)


def test_the_last_line_says_that_there_is_more() -> None:
    lines = wrapped("Wide words without an end " * 9, 20, 200, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_name_of_several_lines_is_written_in_one() -> None:
    assert one_line("Bad\n debt\tfrom  upgrades ") == "Bad debt from upgrades"

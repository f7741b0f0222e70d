"""Trailers, as git reads them and as people write them below a description."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.trailers import split_trailers

KNOWN = frozenset({"milestone", "moves", "work-stream"})


@pytest.mark.parametrize(
    ("text", "before", "trailers"),
    [
        ("", "", ()),
        ("Milestone: One", "", (("milestone", "One"),)),
        ("Why.\n\nMilestone: One", "Why.", (("milestone", "One"),)),
        ("Why.\r\n\r\nMILESTONE : One\r\n", "Why.", (("milestone", "One"),)),
        ("Why.\n\nMoves:rollbacks ~9", "Why.", (("moves", "rollbacks ~9"),)),
        ("Work stream: PDE", "", (("work-stream", "PDE"),)),
        ("Work-stream: PDE", "", (("work-stream", "PDE"),)),
        ("Milestone: a long\n  title\n\tgoes on", "", (("milestone", "a long title goes on"),)),
        ("Milestone: One: two", "", (("milestone", "One: two"),)),
        ("Milestone:", "", (("milestone", ""),)),
        (
            "Moves: a 1\nSigned-off-by: Ana <a@b.c>\nMoves: b 2",
            "",
            (("moves", "a 1"), ("signed-off-by", "Ana <a@b.c>"), ("moves", "b 2")),
        ),
        ("Why.\n\nMoves: a 1\n\n<!-- keep\n\nthese last -->\n", "Why.", (("moves", "a 1"),)),
        ("Moves: a 1\n<!-- never closed", "", (("moves", "a 1"),)),
        ("(merged by a bot)\nMoves: a 1", "", (("moves", "a 1"),)),
    ],
)
def test_the_last_paragraph_is_read(
    text: str, before: str, trailers: tuple[tuple[str, str], ...]
) -> None:
    assert split_trailers(text, KNOWN) == (before, trailers)


@pytest.mark.parametrize(
    "text",
    [
        "Milestone: in the first paragraph\n\nand the last is none",
        "Note: this is a sentence",
        "Milestone: among\nfour\nlines\nof\nprose",
        "See https://example.com/a:b",
        "- Milestone: a bullet",
    ],
)
def test_what_is_no_trailer_stays_text(text: str) -> None:
    assert split_trailers(text, KNOWN) == (text, ())


_words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(sorted(KNOWN)), _words), min_size=1), _words)
def test_what_is_written_as_trailers_is_read_as_such(
    trailers: list[tuple[str, str]], why: str
) -> None:
    lines = "\n".join(f"{key.capitalize()}: {value}" for key, value in trailers)
    assert split_trailers(f"{why}\n\n{lines}\n", KNOWN) == (why, tuple(trailers))


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    before, trailers = split_trailers(text, KNOWN)
    assert not trailers or any(key in KNOWN for key, _ in trailers)
    assert len(before) <= len(text)

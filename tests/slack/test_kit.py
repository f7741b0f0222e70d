"""The builders of Block Kit: Slack's limits, and text from people shown literally."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.playground.blockkit import problems_in_message
from app.slack.blocks import forms, kit
from tests.slack.stage import readable

SIGNS = st.text(st.sampled_from("<>!@#&;*_~`| \nabU1"), max_size=60)
TEXTS = (st.text(max_size=200) | SIGNS).filter(lambda text: kit.ZERO_WIDTH_SPACE not in text)
MARKED_UP = re.compile(
    r"(?<![^\W_])[*_`](?!\u200b)"  # opens bold, italic or code
    r"|(?<=\S)~(?!\u200b)"  # closes struck text
    r"|~(?![−+\d\u200b-])"  # opens struck text, and is not that of a value
    r"|<|>|^&gt;",
    re.MULTILINE,
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_escaped_text_says_what_it_said_and_marks_nothing_up(text: str) -> None:
    escaped = kit.escaped(text)
    assert readable(escaped) == text
    assert MARKED_UP.search(escaped) is None


@pytest.mark.parametrize("text", ["~12", "~12 → ~9", "from ~−3 to ~+4"])
def test_a_value_can_be_searched_and_copied(text: str) -> None:
    assert kit.escaped(text) == text


@pytest.mark.parametrize("text", ["snake_case_name", "5 + 3", "a-b", "78%", "PDE Steps 3–4"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert kit.escaped(text) == text


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS.map(lambda text: text * 40), max_size=8))
def test_sections_hold_every_line_within_the_limit(lines: list[str]) -> None:
    blocks = kit.sections([kit.escaped(line) for line in lines])
    told = "".join(block["text"]["text"] for block in blocks)
    assert _letters(told) == _letters("".join(lines))
    assert problems_in_message({"text": "x", "blocks": blocks}) == []


def _letters(text: str) -> str:
    return "".join(readable(text).split())


def test_a_line_too_long_for_one_section_goes_on_in_the_next() -> None:
    words = " ".join(f"word{number}" for number in range(1_000))
    blocks = kit.sections(["A title", words])
    assert len(blocks) == 4
    assert " ".join(block["text"]["text"] for block in blocks).split() == f"A title {words}".split()


def test_no_entity_or_link_is_broken_between_sections() -> None:
    link = f"<https://example.com/{'x' * 500}>"
    blocks = kit.sections(["&amp;" * 1_000, " ".join([link] * 20)])
    for block in blocks:
        text = block["text"]["text"]
        assert re.sub(r"&amp;|<https://example.com/x{500}>|\s", "", text) == ""


def test_lines_beyond_a_length_are_counted() -> None:
    lines = [f"{number:04} " + "x" * 294 for number in range(100)]
    blocks = kit.sections(lines, most=9_000, rest="metrics")
    told = "\n".join(block["text"]["text"] for block in blocks).split("\n")
    assert told == [*lines[:29], "… and 71 more metrics"]
    blocks = kit.sections(lines[:30], most=9_000)
    assert "more" not in str(blocks), "all of them, where they fit"


def test_the_text_of_a_message_holds_all_or_counts_the_rest() -> None:
    assert kit.in_words(["one", "two"]) == "one\ntwo"
    text = kit.in_words([f"{number:03} " + "x" * 96 for number in range(400)], "metrics")
    lines = text.split("\n")
    assert len(text) <= kit.MOST_TEXT_LENGTH < len(text) + 101
    assert lines[-1] == f"… and {400 - (len(lines) - 1)} more metrics"


def test_a_text_of_one_endless_line_says_that_there_is_more() -> None:
    assert kit.in_words(["x" * 5_000]) == "… and 1 more in the message"


def test_asides_of_any_number_and_length_fit() -> None:
    blocks = kit.contexts(["word " * 2_000, *("x" * 20)])
    assert len(blocks) == 3
    assert "… and 20 more" in str(kit.contexts(["word " * 200, *(["x" * 50] * 20)], most=1_050))
    assert problems_in_message({"text": "x", "blocks": blocks}) == []


@pytest.mark.parametrize(
    ("build", "limit"),
    [
        (lambda length: kit.section("x" * length), kit.MOST_SECTION_LENGTH),
        (lambda length: kit.fields("x" * length), kit.MOST_FIELD_LENGTH),
        (lambda length: kit.fields(*("x" * length)), kit.MOST_FIELDS),
        (lambda length: kit.context(*("x" * length)), kit.MOST_CONTEXT_ELEMENTS),
        (lambda length: kit.Message("x", (kit.divider(),) * length), kit.MOST_BLOCKS),
    ],
)
def test_what_slack_would_refuse_is_refused_here(build: object, limit: int) -> None:
    assert callable(build)
    assert build(limit)
    with pytest.raises(ValueError, match=f"{limit}"):
        build(limit + 1)


@pytest.mark.parametrize("name", ["x" * 75, "x" * 76])
def test_what_has_to_be_short_shows_that_it_was_shortened(name: str) -> None:
    label = kit.option("key", name)["text"]["text"]
    assert len(label) <= 75
    assert label.endswith("…") == (len(name) > 75)


def test_nothing_becomes_a_mention_that_we_did_not_write() -> None:
    blocks = [kit.section("@channel"), kit.context("@here"), kit.fields("#general")]
    texts = [blocks[0]["text"], *blocks[1]["elements"], *blocks[2]["fields"]]
    assert all(text["verbatim"] for text in texts)


@pytest.mark.parametrize(
    ("reporter", "shown"),
    [("U0ANA", "<@U0ANA>"), ("scorecard file", "scorecard file"), ("<!here>", "&lt;!here&gt;")],
)
def test_a_person_is_mentioned_and_a_source_named(reporter: str, shown: str) -> None:
    assert kit.person(reporter) == shown


def test_what_was_typed_is_kept_unless_it_is_too_long_for_its_field() -> None:
    form = {
        "blocks": [forms.field("title", "Title", forms.text_input("input", initial="Old", most=9))]
    }
    for typed, kept in {"New": "New", "": None, "much too long": None}.items():
        state = {"title": {"input": {"type": "plain_text_input", "value": typed}}}
        element = forms.keeping_state(form, state)["blocks"][0]["element"]
        assert element.get("initial_value") == kept


def test_an_instant_of_any_zone_falls_back_to_what_it_is_in_utc() -> None:
    late = datetime(2026, 3, 23, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert "|22 Mar 2026 23:30 UTC>" in kit.moment(late)
    assert "|22 Mar 2026>" in kit.day(late)

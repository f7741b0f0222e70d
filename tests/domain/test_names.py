"""Keys and names: made, told apart, and found again when typed loosely."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.names import (
    MOST_KEY_LENGTH,
    checked_key,
    checked_text,
    found,
    key_from,
    matching,
    normalised,
    suggestions,
)

NAMES = {
    "rollbacks": ("Rollbacks / day", "Rollbacks"),
    "bad-debt": ("Bad debt from upgrades (per day)",),
    "dunning-code-paths": ("Dunning code paths", "Dunning code"),
}


@pytest.mark.parametrize("key", ["a", "rollbacks", "step-2b", "2b", "a" * MOST_KEY_LENGTH])
def test_a_key_is_small_letters_digits_and_single_hyphens(key: str) -> None:
    assert checked_key(key) == key


@pytest.mark.parametrize(
    "key", ["", "A", "a b", "-a", "a-", "a--b", "a_b", "é", "٢", "a\n", "a" * 41, "<!channel>"]
)
def test_anything_else_is_no_key(key: str) -> None:
    with pytest.raises(BadInput, match="small letters, digits and single hyphens") as refused:
        checked_key(key, field="key")

    assert refused.value.field == "key"


def test_a_text_is_kept_without_outer_blanks() -> None:
    assert checked_text("  Step 2b \n", 7, "The title") == "Step 2b"
    assert checked_text("  ", 7, "The note", needed=False) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  ", "The title is missing."),
        ("Step 2b+", "The title has 8 characters; at most 7 are possible."),
    ],
)
def test_a_text_that_is_missing_or_too_long_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked_text(text, 7, "The title", field="title")

    assert (refused.value.message, refused.value.field) == (message, "title")


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("PDE Steps 3–4", "pde-steps-3-4"),
        ("PDE—Steps 3/4", "pde-steps-3-4"),
        ("Rollbacks / day", "rollbacks-day"),
        ("Évaluation des échecs", "evaluation-des-echecs"),
        ("E\N{COMBINING ACUTE ACCENT}tude", "etude"),
        ("snake_case", "snake-case"),
        ("課金", "item"),
        ("", "item"),
    ],
)
def test_a_key_is_made_from_a_title(title: str, key: str) -> None:
    assert key_from(title) == key


@given(st.lists(st.text(max_size=60) | st.sampled_from(["Shore Up", "x" * 99]), max_size=15))
def test_keys_from_titles_are_valid_and_never_the_same(titles: list[str]) -> None:
    taken: list[str] = []
    for title in titles:
        taken.append(checked_key(key_from(title, taken, fallback="milestone")))

    assert len(set(taken)) == len(titles)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("rollbacks", "rollbacks"),
        ("ROLLBACKS / Day", "rollbacks"),
        ("  rollbacks/day ", "rollbacks"),
        ("bad debt", "bad-debt"),
        ("Bad-Debt", "bad-debt"),
        ("bad debt from upgrades per day", "bad-debt"),
        ("dun", "dunning-code-paths"),
        ("“dunning code”", "dunning-code-paths"),
        ("debt", "bad-debt"),
        ("ebt", None),
        ("rollback rate", None),
        ("", None),
        ("  / ", None),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, key: str | None) -> None:
    assert found(typed, NAMES) == key


def test_a_beginning_that_several_names_share_finds_none_of_them() -> None:
    names = {"bad-debt": ("Bad debt",), "bad-data": ("Bad data",)}

    assert found("bad", names) is None
    assert found("bad da", names) == "bad-data"


def test_a_name_that_two_share_finds_neither_but_a_key_finds_its_own() -> None:
    names = {
        "per-week": ("Rollbacks / week", "Rollbacks"),
        "per-day": ("Rollbacks / day", "Rollbacks"),
        "week": ("Per week",),
    }
    assert found("rollbacks", names) is None
    assert found("rollbacks / day", names) == "per-day"
    assert found("per week", names) == "per-week"


def test_a_whole_name_counts_more_than_a_longer_one_that_begins_so() -> None:
    assert found("errors", {"errors-5xx": ("Errors 5xx",), "e": ("Errors",)}) == "e"


@pytest.mark.parametrize(
    ("typed", "close"),
    [
        ("rolbacks", ("rollbacks",)),
        ("debt", ("bad-debt",)),
        ("duning code path", ("dunning-code-paths",)),
        ("weather", ()),
    ],
)
def test_names_that_come_close_are_suggested(typed: str, close: tuple[str, ...]) -> None:
    assert suggestions(typed, NAMES) == close


def test_the_best_suggestions_come_first_and_are_few() -> None:
    names = {f"{word}-errors": () for word in ("old", "new", "slow", "hot")} | {"errors": ()}

    assert suggestions("errors", names) == ("errors", "old-errors", "new-errors")
    assert suggestions("errors", names, most=1) == ("errors",)


def test_a_whole_message_typed_as_a_name_costs_no_time() -> None:
    names = {f"metric-{number}": ("Bad debt from upgrades (per day)",) for number in range(50)}
    started = time.process_time()
    suggestions("bad debt from upgrades " * 150, names)

    assert time.process_time() - started < 0.2


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_reads_the_same_is_found_and_suggested(typed: str, other: str) -> None:
    names = {"first-key": (typed,), "second-key": (other,)}
    assume(normalised(typed) not in {"", normalised(other), "first key", "second key"})

    assert found(f"  {typed.casefold()}! ", names) == "first-key"
    assert suggestions(typed, names)[0] == "first-key"


def test_a_later_word_means_the_only_name_that_has_it() -> None:
    known = {"invoice-coverage": ("Invoice coverage",), "bad-debt": ("Bad debt from upgrades",)}
    assert found("coverage", known) == "invoice-coverage"
    assert found("upgr", known) == "bad-debt"
    assert found("verage", known) is None


def test_all_that_a_name_may_mean_equally_well() -> None:
    known = {"inv-coverage": ("Invoice coverage",), "inv-delay": ("Invoice delay",), "late": ()}
    assert matching("inv", known) == ("inv-coverage", "inv-delay")
    assert matching("delay", known) == ("inv-delay",)
    assert matching("nothing", known) == ()
    assert matching(" ", known) == ()

"""What people type, what they are shown, and what is known of a difference."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.values import (
    Qualifier,
    Value,
    about_if,
    accepted_forms,
    checked_number,
    difference,
    format_bar,
    format_change,
    format_share,
    format_value,
    parse_value,
    split_value,
)
from tests.domain.strategies import UNITS, numbers, small_values, units, values

EXACT, ABOUT, AT_LEAST = Qualifier.EXACT, Qualifier.ABOUT, Qualifier.AT_LEAST


@pytest.mark.parametrize(
    ("typed", "unit", "number", "qualifier"),
    [
        ("12", "", "12", EXACT),
        (" 12 ", "", "12", EXACT),
        ("\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}", "", "12", EXACT),
        ("~12", "", "12", ABOUT),
        ("~ 12", "", "12", ABOUT),
        ("≈12", "", "12", ABOUT),
        ("5+", "", "5", AT_LEAST),
        ("-5", "", "-5", EXACT),
        ("−5", "", "-5", EXACT),
        ("~−5", "", "-5", ABOUT),
        ("−5+", "", "-5", AT_LEAST),
        ("-0", "", "0", EXACT),
        ("1,234", "", "1234", EXACT),
        ("1,234,567.89", "", "1234567.89", EXACT),
        ("1234", "", "1234", EXACT),
        ("1.50", "", "1.50", EXACT),
        ("1.2k", "", "1200", EXACT),
        ("~1.2K", "", "1200", ABOUT),
        ("1.2345k", "", "1234.5", EXACT),
        ("3m", "", "3000000", EXACT),
        ("2bn+", "", "2000000000", AT_LEAST),
        ("78%", "%", "78", EXACT),
        ("78 %", "%", "78", EXACT),
        ("78", "%", "78", EXACT),
        ("~78%", "%", "78", ABOUT),
        ("78%+", "%", "78", AT_LEAST),
        ("78+%", "%", "78", AT_LEAST),
        ("3 / day", "/ day", "3", EXACT),
        ("3/day", "/ day", "3", EXACT),
        ("3 per day", "/ day", "3", EXACT),
        ("3 a day", "/ day", "3", EXACT),
        ("~3 Per Day", "/ day", "3", ABOUT),
        ("3+ / day", "/ day", "3", AT_LEAST),
        ("3 / day+", "/ day", "3", AT_LEAST),
        ("3 paths", "paths", "3", EXACT),
        ("1 path", "paths", "1", EXACT),
        ("2 paths", "path", "2", EXACT),
        ("5+ Paths", "paths", "5", AT_LEAST),
        ("4 code paths", "code paths", "4", EXACT),
        ("12ms", "ms", "12", EXACT),
        ("12 ms", "ms", "12", EXACT),
        ("1.5k ms", "ms", "1500", EXACT),
        ("12kg", "kg", "12", EXACT),
        ("4months", "months", "4", EXACT),
        ("12 s", "s", "12", EXACT),
        ("999999999999999.999999", "", "999999999999999.999999", EXACT),
    ],
)
def test_takes_a_value_as_people_type_it(
    typed: str, unit: str, number: str, qualifier: Qualifier
) -> None:
    value = parse_value(typed, unit)

    assert str(value.number) == number
    assert value.qualifier is qualifier


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "twelve", "NaN", "inf", "-inf", "Infinity", "1e5", "1E5", "0x10", "1_000"),
        *("1,23", "1,2345", "12,34,567", "1234,567", "0,500", "1.234,5", ".5", "1.2.3", "½"),
        *("+5", "~5+", "5++", "5 +", "5 + 3", "~~5", "--5", "- 5", "5-6", "5~", "−", "~", "+"),
        *("١٢", "１２", "1.2 k", "1.2kk", "3b", "12 of them", "$5", "(5)", "<!channel>"),
    ],
)
def test_refuses_anything_else_with_the_form_that_works(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_value(typed)

    assert refused.value.message.endswith(
        "Type a number such as 12, ~12 (about), 5+ (at least), 1,234, 1.2k."
    )


@pytest.mark.parametrize(
    ("typed", "unit", "message"),
    [
        ("12%", "", "“%” doesn't fit: this metric has no unit."),
        ("12 / day", "%", "“/ day” doesn't fit: this metric is a percentage."),
        ("12 per week", "/ day", "“per week” doesn't fit: this metric is counted per day."),
        ("12%", "paths", "“%” doesn't fit: this metric is counted in paths."),
        ("12 % done", "", "“%” doesn't fit: this metric has no unit."),
    ],
)
def test_refuses_another_unit_and_says_which_one_counts(
    typed: str, unit: str, message: str
) -> None:
    with pytest.raises(BadInput) as refused:
        split_value(typed, unit)

    assert refused.value.message == f"{message} {accepted_forms(unit)}"


def test_refuses_a_foreign_word_behind_the_number_unless_a_note_may_follow() -> None:
    with pytest.raises(BadInput):
        parse_value("5 accounts", "paths")

    assert split_value("5 accounts", "paths") == (Value(Decimal(5)), "accounts")


@pytest.mark.parametrize(
    ("unit", "example"), [("%", "78%"), ("/ day", "3 / day"), ("paths", "3 paths")]
)
def test_the_form_that_works_shows_the_own_unit_and_works(unit: str, example: str) -> None:
    assert accepted_forms(unit).endswith(f", {example}.")
    for form in re.findall(r"[~\d][^\s(]*(?=,| \()", accepted_forms(unit)):
        parse_value(form, unit)


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890123456",
        "999999999999999999k",
        "1.1234567",
        "9" * 10_000,
        "1." + "0" * 10_000 + "1",
        "1.2" + "0" * 40 + "1k",
    ],
)
def test_refuses_more_digits_than_are_kept(typed: str) -> None:
    with pytest.raises(BadInput, match="at most 15 digits before the point and 6 after it"):
        parse_value(typed)


def test_shortens_what_it_repeats() -> None:
    with pytest.raises(BadInput) as refused:
        parse_value("no number " * 1_000)

    assert len(refused.value.message) < 160


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_number_from_elsewhere_must_be_finite(number: str) -> None:
    with pytest.raises(BadInput, match="finite"):
        checked_number(Decimal(number))


@pytest.mark.parametrize(
    ("typed", "unit", "shown", "note"),
    [
        ("3 / day after fix", "/ day", "3", "after fix"),
        ("3 after fix", "/ day", "3", "after fix"),
        ("3/day: after fix", "/ day", "3", "after fix"),
        ("~12, 3 flows left", "", "~12", "3 flows left"),
        ("5+ - one is hidden", "", "5+", "one is hidden"),
        ("78% — backfill done", "%", "78%", "backfill done"),
        ("12 . done", "", "12", "done"),
        ("12.", "", "12", ""),
        ("12 after fix", "s", "12", "after fix"),
        ("12\nsecond line", "", "12", "second line"),
        ("12 <!channel>", "", "12", "<!channel>"),
        ("12", "", "12", ""),
    ],
)
def test_what_follows_the_value_is_the_note(typed: str, unit: str, shown: str, note: str) -> None:
    assert split_value(typed, unit) == (parse_value(shown, unit), note)


@pytest.mark.parametrize("typed", ["5 + paths", "5 + 3", "12after", "12ms", "12/daytime"])
def test_what_looks_like_a_part_of_the_value_is_not_taken_for_a_note(typed: str) -> None:
    with pytest.raises(BadInput):
        split_value(typed, "paths")


@given(values, units)
def test_what_is_shown_can_be_typed_back_without_losing_a_digit(value: Value, unit: str) -> None:
    again = parse_value(format_value(value, unit), unit)

    assert again == value
    if value.number:
        assert again.number.as_tuple() == value.number.as_tuple()


@given(st.text() | st.text("0123456789.,+-−~≈%/kmbn daypth\n"), units)
def test_whatever_is_typed_gives_a_value_or_a_refusal_to_read(typed: str, unit: str) -> None:
    try:
        value, note = split_value(typed, unit)
    except BadInput:
        return
    assert checked_number(value.number) == value.number
    assert typed.rstrip().endswith(note)


@pytest.mark.parametrize("unit", UNITS)
def test_a_value_with_a_note_is_that_value_with_that_note(unit: str) -> None:
    shown = format_value(Value(Decimal("1234.5"), AT_LEAST), unit)

    assert split_value(f"{shown} after fix", unit) == (parse_value(shown, unit), "after fix")


# --- what is shown ---------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("~12", "", "~12"),
        ("5+", "paths", "5+ paths"),
        ("1234567.50", "", "1,234,567.50"),
        ("-3", "/ day", "−3 / day"),
        ("~78", "%", "~78%"),
        ("78+", "%", "78%+"),
    ],
)
def test_shows_a_value_with_its_unit_and_what_is_known_of_it(
    value: str, unit: str, shown: str
) -> None:
    assert format_value(parse_value(value), unit) == shown


@pytest.mark.parametrize(
    ("change", "unit", "shown"),
    [
        ("4", "", "+4"),
        ("-3", "", "−3"),
        ("0", "", "0"),
        ("~4", "/ day", "~+4 / day"),
        ("-2+", "paths", "−2+ paths"),
        ("1", "%", "+1 point"),
        ("~-1", "%", "~−1 point"),
        ("-3", "%", "−3 points"),
        ("1234", "", "+1,234"),
    ],
)
def test_shows_a_change_with_its_sign_and_percentages_in_points(
    change: str, unit: str, shown: str
) -> None:
    assert format_change(parse_value(change), unit) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        ("0.9387", "94%"),
        ("1", "100%"),
        ("0.9999", "99%"),
        ("0.995", "99%"),
        ("0.004", "<1%"),
        ("0", "0%"),
        ("-0", "0%"),
        ("0.005", "1%"),
        ("-0.25", "−25%"),
        ("1.25", "125%"),
        ("12.5", "1,250%"),
    ],
)
def test_a_share_is_a_whole_percentage_that_claims_no_end(share: str, shown: str) -> None:
    assert format_share(Value(Decimal(share))) == shown
    assert format_share(Value(Decimal(share), ABOUT)) == f"~{shown}"


def test_an_open_share_is_shown_as_approximate() -> None:
    assert format_share(Value(Decimal("0.5"), AT_LEAST)) == "~50%"


# --- differences -----------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("196", "12", "−184"),
        ("196", "~12", "~−184"),
        ("~196", "~12", "~−184"),
        ("5+", "3", "−2+"),
        ("3", "5+", "+2+"),
        ("0", "5+", "+5+"),
        ("-3", "5+", "+8+"),
        ("-3", "2+", "+5+"),
        ("-3", "-5+", "−2+"),
        ("5+", "8", "~+3"),
        ("5+", "5", "~0"),
        ("5+", "8+", "~+3"),
        ("5+", "~3", "~−2"),
    ],
)
def test_a_difference_says_what_is_known_of_it(start: str, end: str, shown: str) -> None:
    assert format_change(difference(parse_value(end), parse_value(start))) == shown


@given(values, values)
def test_a_difference_is_exact_arithmetic_in_either_direction(one: Value, other: Value) -> None:
    there, back = difference(one, other), difference(other, one)

    assert there.number == -back.number
    assert there.qualifier is back.qualifier
    assert there.number + other.number == one.number


@given(values, values)
def test_a_difference_is_as_sure_as_its_ends(one: Value, other: Value) -> None:
    found = difference(one, other).qualifier

    assert (found is EXACT) == (one.is_exact and other.is_exact)
    if ABOUT in {one.qualifier, other.qualifier}:
        assert found is ABOUT


@given(small_values, small_values, st.integers(0, 200), st.integers(0, 200))
def test_an_open_difference_is_a_bound_for_whatever_is_true(
    end: Value, start: Value, beyond_end: int, beyond_start: int
) -> None:
    shown = difference(end, start)
    true_difference = _true(end, beyond_end) - _true(start, beyond_start)

    if shown.qualifier is AT_LEAST:
        assert abs(true_difference) >= abs(shown.number)


@given(small_values.filter(lambda value: value.number != 0), numbers(most_digits=2))
def test_a_bound_is_claimed_wherever_one_holds(value: Value, other: Decimal) -> None:
    open_end = Value(value.number, AT_LEAST)
    shown = difference(open_end, Value(other))
    slightly_beyond = abs(_true(open_end, Decimal("0.0000001")) - other)

    assert (shown.qualifier is AT_LEAST) == (slightly_beyond > abs(shown.number) > 0)


def _true(value: Value, beyond: Decimal | int) -> Decimal:
    """A number that the value may stand for: one that is open may lie further from zero."""
    if value.qualifier is not AT_LEAST:
        return value.number
    return value.number + (-beyond if value.number < 0 else beyond)


def test_a_computed_number_is_approximate_as_soon_as_one_end_is() -> None:
    exact, about, at_least = (parse_value(text) for text in ("1", "~1", "1+"))

    assert about_if(Decimal(2), exact, exact).qualifier is EXACT
    assert about_if(Decimal(2), exact, about).qualifier is ABOUT
    assert about_if(Decimal(2), at_least).qualifier is ABOUT


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        ("0", "░░░░░░░░░░"),
        ("-2", "░░░░░░░░░░"),
        ("0.55", "█████░░░░░"),
        ("0.999", "█████████░"),
        ("1", "██████████"),
    ],
)
def test_a_bar_is_full_only_at_the_target_and_empty_at_the_baseline(share: str, shown: str) -> None:
    assert format_bar(Value(Decimal(share))) == shown

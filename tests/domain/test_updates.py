"""Updates as people type them."""

import pytest

from app.domain.errors import BadInput, NotFound
from app.domain.updates import TypedUpdate, parse_update
from tests.builders import a_metric, a_scorecard, a_value, the_real_scorecard

SCORECARD = the_real_scorecard()


@pytest.mark.parametrize(
    ("text", "metric", "value", "note"),
    [
        ("rollbacks 12", "rollbacks", "12", ""),
        ("rollbacks ~9 after the fix", "rollbacks", "~9", "after the fix"),
        ("rollbacks ~ 9", "rollbacks", "~9", ""),
        ("rollbacks ≈ 9", "rollbacks", "~9", ""),
        ("rollbacks: 12, after fix", "rollbacks", "12", "after fix"),
        ("rollbacks = 12", "rollbacks", "12", ""),
        ("rollbacks -12", "rollbacks", "-12", ""),
        ("bad debt 3 / day after fix", "bad-debt", "3", "after fix"),
        ("Bad Debt 3/day after fix", "bad-debt", "3", "after fix"),
        ("bad-debt 3 per day", "bad-debt", "3", ""),
        ("bad 3", "bad-debt", "3", ""),
        ("Bad debt from upgrades (per day) ~3", "bad-debt", "~3", ""),
        ("Rollbacks / day 7", "rollbacks", "7", ""),
        ("roll 7 twice checked", "rollbacks", "7", "twice checked"),
        ("invoice coverage 78%", "invoice-coverage", "78", ""),
        ("invoice 78 % of all", "invoice-coverage", "78", "of all"),
        ("dunning 5+", "dunning-code-paths", "5+", ""),
        ("disagreeing accounts 1,234", "disagreeing-accounts", "1234", ""),
        ("disagreeing 1.2k", "disagreeing-accounts", "1200", ""),
    ],
)
def test_an_update_is_a_metric_a_value_and_a_note(
    text: str, metric: str, value: str, note: str
) -> None:
    typed = parse_update(text, SCORECARD)
    assert typed == TypedUpdate(metric, a_value(value), note)


def test_the_longest_name_that_matches_is_the_metric() -> None:
    scorecard = a_scorecard(
        metrics=[a_metric("errors", name="Errors"), a_metric("errors-500", name="Errors 500")]
    )
    assert parse_update("errors 12", scorecard).metric == "errors"
    assert parse_update("errors 500 12", scorecard).metric == "errors-500"


def test_an_abbreviation_gives_the_metric_even_if_the_value_is_none() -> None:
    with pytest.raises(BadInput, match="“lots” isn't a value"):
        parse_update("invoice lots", SCORECARD)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rollbacks many", "“many” isn't a value. Type a number such as 12, ~12"),
        ("rollbacks - 12", "“- 12” isn't a value"),
        ("invoice coverage 3 / day", "“/ day” doesn't fit: this metric is a percentage"),
        ("bad debt 3 / week", "this metric is counted per day"),
    ],
)
def test_what_is_wrong_is_told_with_the_form_that_works(text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_update(text, SCORECARD)
    assert says in refused.value.message


def test_an_unknown_metric_in_an_update_is_suggested() -> None:
    with pytest.raises(NotFound, match="Did you mean rollbacks") as refused:
        parse_update("rolbacks 12", SCORECARD)
    assert refused.value.suggestions == ("rollbacks",)


def test_a_metric_without_a_value_is_no_error() -> None:
    assert parse_update("bad debt", SCORECARD) == TypedUpdate("bad-debt")

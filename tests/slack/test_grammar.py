"""The words behind /kpi."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput, KpiError, NotFound
from app.domain.scorecards import Scorecard
from app.slack import grammar
from app.slack.grammar import (
    Help,
    PostDigest,
    PreviewDigest,
    ScheduleDigest,
    SetUp,
    Ship,
    ShowHistory,
    ShowMetric,
    ShowMilestones,
    ShowRoadmap,
    ShowScorecard,
    TypedUpdate,
    Update,
)
from tests.builders import a_metric, a_scorecard, a_value, the_real_scorecard

SCORECARD = the_real_scorecard()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ShowScorecard()),
        ("   ", ShowScorecard()),
        ("rollbacks", ShowMetric("rollbacks")),
        ("  Bad   debt ", ShowMetric("Bad   debt")),
        ("update", Update("")),
        ("update rollbacks 12", Update("rollbacks 12")),
        ("UPDATE rollbacks 12", Update("rollbacks 12")),
        ("update\trollbacks 12", Update("rollbacks 12")),
        ("update\nrollbacks 12", Update("rollbacks 12")),
        ("ship", Ship("")),
        ("ship  PDE step 2c ", Ship("PDE step 2c")),
        ("milestones", ShowMilestones("")),
        ("Milestones shipped <@U1|ana>", ShowMilestones("shipped <@U1|ana>")),
        ("history rollbacks me", ShowHistory("rollbacks me")),
        ("roadmap", ShowRoadmap()),
        ("Roadmap", ShowRoadmap()),
        ("digest", PreviewDigest()),
        ("digest preview", PreviewDigest()),
        ("Digest  Preview", PreviewDigest()),
        ("digest now", PostDigest()),
        ("digest NOW", PostDigest()),
        ("digest schedule", ScheduleDigest()),
        ("setup", SetUp()),
        ("help", Help()),
        ("help me", Help()),
        ("updates", ShowMetric("updates")),
    ],
)
def test_reads_every_command_in_any_case_and_spacing(text: str, command: grammar.Command) -> None:
    assert grammar.parse(text) == command


def test_a_digest_is_followed_by_a_word_that_there_is() -> None:
    with pytest.raises(BadInput, match="preview, now or schedule, not by “tomorrow”"):
        grammar.parse("digest tomorrow")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("ship R&amp;D moves", "R&D moves"),
        ("ship a &lt; b &gt; c", "a < b > c"),
        ("ship &amp;lt;", "&lt;"),
        ("ship with <@U0BEN|ben> in <#C0BILLING|billing>", "with @ben in #billing"),
        ("ship <https://example.com/a|https://example.com/a>", "https://example.com/a"),
        ("ship <http://example.com|example.com> and <https://a.b>", "example.com and https://a.b"),
        ("ship <https://example.com|here>", "<https://example.com|here>"),
        ("ship \u200b~12\u200b", "~12"),
    ],
)
def test_reads_what_was_typed_and_not_how_slack_writes_it(text: str, title: str) -> None:
    assert grammar.parse(text) == Ship(title)


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
    typed = grammar.parse_update(text, SCORECARD)
    assert typed == TypedUpdate(metric, a_value(value), note)


def test_the_longest_name_that_matches_is_the_metric() -> None:
    scorecard = a_scorecard(
        metrics=[a_metric("errors", name="Errors"), a_metric("errors-500", name="Errors 500")]
    )
    assert grammar.parse_update("errors 12", scorecard).metric == "errors"
    assert grammar.parse_update("errors 500 12", scorecard).metric == "errors-500"


def test_an_abbreviation_gives_the_metric_even_if_the_value_is_none() -> None:
    with pytest.raises(BadInput, match="“lots” isn't a value"):
        grammar.parse_update("invoice lots", SCORECARD)


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
        grammar.parse_update(text, SCORECARD)
    assert says in refused.value.message


def test_an_unknown_metric_in_an_update_is_suggested() -> None:
    with pytest.raises(NotFound, match="Did you mean rollbacks") as refused:
        grammar.parse_update("rolbacks 12", SCORECARD)
    assert refused.value.suggestions == ("rollbacks",)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("rolbacks", "Did you mean rollbacks"),
        ("shp", "Did you mean /kpi ship?"),
        ("digets", "Did you mean /kpi digest?"),
        ("updte rollbacks 12", "did you mean /kpi update?"),
        ("weather", "There are rollbacks, bad-debt"),
        ("weather", "/kpi help"),
    ],
)
def test_an_unknown_word_gets_the_nearest_metric_or_command(typed: str, says: str) -> None:
    with pytest.raises(NotFound) as refused:
        SCORECARD.metric(typed)
    assert says in grammar.unknown_word(typed, refused.value)


@st.composite
def _commands(draw: st.DrawFn) -> str:
    """Random text, half of the time after words that mean something."""
    words = draw(
        st.lists(st.sampled_from(["update", "ship", "digest", "bad debt", "~", "12", "%"]))
    )
    return " ".join([*words, draw(st.text())])


@settings(max_examples=200, deadline=None)
@given(_commands(), st.sampled_from([SCORECARD, a_scorecard()]))
def test_no_text_fails_in_another_way_than_with_a_message(text: str, scorecard: Scorecard) -> None:
    assert _told(text, scorecard)


def _told(text: str, scorecard: Scorecard) -> str:
    """What the bot makes of a text, or says of it."""
    try:
        command = grammar.parse(text)
        if isinstance(command, Update):
            return str(grammar.parse_update(command.typed, scorecard))
        if isinstance(command, ShowMetric):
            return scorecard.metric(command.typed).name
    except NotFound as error:
        return grammar.unknown_word(text.strip() or "update", error)
    except KpiError as error:
        return error.message
    return str(command)


def test_a_metric_without_a_value_is_no_error() -> None:
    assert grammar.parse_update("bad debt", SCORECARD) == grammar.TypedUpdate("bad-debt")

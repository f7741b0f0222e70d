"""The words behind /kpi."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput, KpiError, NotFound
from app.domain.scorecards import Scorecard
from app.domain.updates import parse_update
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
    Update,
)
from tests.builders import a_scorecard, the_real_scorecard

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
            return str(parse_update(command.typed, scorecard))
        if isinstance(command, ShowMetric):
            return scorecard.metric(command.typed).name
    except NotFound as error:
        return grammar.unknown_word(text.strip() or "update", error)
    except KpiError as error:
        return error.message
    return str(command)

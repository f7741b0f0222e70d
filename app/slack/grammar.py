"""The words behind /kpi, read into what is asked for. Pure: nothing is looked up."""

from dataclasses import dataclass

from app.domain import names
from app.domain.errors import BadInput, NotFound
from app.domain.metrics import Metric
from app.domain.scorecards import Scorecard
from app.domain.values import Value, accepted_forms, split_value


@dataclass(frozen=True, slots=True)
class ShowScorecard:
    pass


@dataclass(frozen=True, slots=True)
class ShowMetric:
    typed: str


@dataclass(frozen=True, slots=True)
class Update:
    typed: str


@dataclass(frozen=True, slots=True)
class Ship:
    title: str


@dataclass(frozen=True, slots=True)
class PreviewDigest:
    pass


@dataclass(frozen=True, slots=True)
class PostDigest:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    pass


Command = ShowScorecard | ShowMetric | Update | Ship | PreviewDigest | PostDigest | Help

WORDS = ("update", "ship", "digest", "help")
_DIGEST_WORDS: dict[str, Command] = {
    "": PreviewDigest(),
    "preview": PreviewDigest(),
    "now": PostDigest(),
}


def parse(text: str) -> Command:
    """What follows /kpi as a command; words that are no subcommand name a metric.

    Raises `BadInput` for a subcommand that can't be followed by what was typed.
    """
    text = text.strip()
    word, _, rest = text.partition(" ")
    word, rest = word.casefold(), rest.strip()
    if not word:
        return ShowScorecard()
    if word == "help":
        return Help()
    if word == "update":
        return Update(rest)
    if word == "ship":
        return Ship(rest)
    if word == "digest":
        return _digest(rest)
    return ShowMetric(text)


def _digest(rest: str) -> Command:
    command = _DIGEST_WORDS.get(rest.casefold())
    if command is None:
        raise BadInput(
            f"/kpi digest is followed by preview or now, not by “{rest[:40]}”.", field="digest"
        )
    return command


@dataclass(frozen=True, slots=True)
class TypedUpdate:
    """An update as it was typed: the metric's key, the new value, and the note."""

    metric: str
    value: Value
    note: str


def parse_update(text: str, scorecard: Scorecard) -> TypedUpdate:
    """`bad debt 3 / day after fix`: the longest name that matches, the value, the note.

    Raises `NotFound` for a metric that isn't there, `BadInput` for a value that
    is none or is missing.
    """
    words = text.split()
    if not words:
        raise BadInput(f"Type a metric and its new value: {_example(scorecard)}")
    metric, rest = _leading_metric(words, scorecard)
    if not rest:
        raise BadInput(
            f"The new value of {metric.name} is missing: /kpi update {metric.key} VALUE. "
            f"{accepted_forms(metric.unit)}"
        )
    value, note = split_value(rest, metric.unit)
    return TypedUpdate(metric.key, value, note)


def _example(scorecard: Scorecard) -> str:
    first = next(iter(scorecard.metrics_by_key), "METRIC")
    return f"/kpi update {first} ~12 after the fix"


def _leading_metric(words: list[str], scorecard: Scorecard) -> tuple[Metric, str]:
    """The metric whose name is the longest that the words begin with, and the words after it."""
    spoken = {
        names.normalised(name): key
        for key, given in scorecard.metric_names.items()
        for name in (key, *given)
    }
    for count in range(len(words), 0, -1):
        key = spoken.get(names.normalised(" ".join(words[:count])))
        if key is not None:
            return scorecard.metrics_by_key[key], " ".join(words[count:])
    return _abbreviated_metric(words, scorecard)


def _abbreviated_metric(words: list[str], scorecard: Scorecard) -> tuple[Metric, str]:
    """The only metric whose name begins with the words before the first number."""
    count = next(
        (place for place, word in enumerate(words) if word.lstrip("~≈-−")[:1].isdigit()), len(words)
    )
    typed = " ".join(words[: count or 1])
    return scorecard.metric(typed), " ".join(words[count:])


def unknown_word(typed: str, error: NotFound) -> str:
    """What to say of a word that is neither a metric nor a subcommand."""
    close = names.suggestions(typed.split(maxsplit=1)[0], dict.fromkeys(WORDS, ()))
    if close and not error.suggestions:
        return f"There is nothing called “{typed[:60]}”. Did you mean /kpi {close[0]}?"
    return f"{error.message} /kpi help lists what can be asked."

"""An update as people type it: the metric, its new value, and a note."""

from dataclasses import dataclass
from itertools import takewhile

from app.domain import names
from app.domain.metrics import Metric
from app.domain.scorecards import Scorecard
from app.domain.values import Value, split_value

_VALUE_SIGNS = "~≈-−"


@dataclass(frozen=True, slots=True)
class TypedUpdate:
    """An update as it was typed: the metric's key, the new value if there is one, and the note."""

    metric: str
    value: Value | None = None
    note: str = ""


def parse_update(text: str, scorecard: Scorecard) -> TypedUpdate:
    """`bad debt 3 / day after fix`: the longest name that matches, the value, the note.

    Raises `NotFound` for a metric that isn't there, `BadInput` for a value that
    is none.
    """
    metric, rest = _leading_metric(text.split(), scorecard)
    if not rest:
        return TypedUpdate(metric.key)
    value, note = split_value(rest, metric.unit)
    return TypedUpdate(metric.key, value, note)


def _leading_metric(words: list[str], scorecard: Scorecard) -> tuple[Metric, str]:
    """The metric whose name is the longest that the words begin with, and the words after it."""
    spoken = {
        names.normalised(name): key
        for key, given in scorecard.metric_names.items()
        for name in (key, *given)
    }
    for count in range(len(words), 0, -1):
        key = spoken.get(names.normalised(" ".join(words[:count])))
        if key is not None and not _begins_a_value(words[count - 1]):
            return scorecard.metrics_by_key[key], " ".join(words[count:])
    return _abbreviated_metric(words, scorecard)


def _begins_a_value(word: str) -> bool:
    """Whether a word is a sign that belongs to the number behind it: `~ 9`."""
    return not word.strip(_VALUE_SIGNS)


def _abbreviated_metric(words: list[str], scorecard: Scorecard) -> tuple[Metric, str]:
    """The only metric whose name begins with the most words there are before the value."""
    before_value = list(takewhile(lambda word: not _holds_a_value(word), words)) or words[:1]
    for count in range(len(before_value), 0, -1):
        key = names.found(" ".join(words[:count]), scorecard.metric_names)
        if key is not None:
            return scorecard.metrics_by_key[key], " ".join(words[count:])
    raise scorecard.unknown_metric(" ".join(before_value))


def _holds_a_value(word: str) -> bool:
    return _begins_a_value(word) or word.lstrip(_VALUE_SIGNS)[:1].isdigit()

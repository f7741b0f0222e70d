"""The words behind /kpi, read into what is asked for. Pure: nothing is looked up."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain import names
from app.domain.errors import BadInput, NotFound
from app.slack.blocks.kit import ZERO_WIDTH_SPACE


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
class Plan:
    title: str


@dataclass(frozen=True, slots=True)
class ShowRoadmap:
    pass


@dataclass(frozen=True, slots=True)
class ShowMilestones:
    typed: str


@dataclass(frozen=True, slots=True)
class ShowHistory:
    typed: str


@dataclass(frozen=True, slots=True)
class PreviewDigest:
    pass


@dataclass(frozen=True, slots=True)
class PostDigest:
    pass


@dataclass(frozen=True, slots=True)
class ScheduleDigest:
    pass


@dataclass(frozen=True, slots=True)
class SetUp:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    pass


Command = (
    ShowScorecard
    | ShowMetric
    | Update
    | Ship
    | Plan
    | ShowMilestones
    | ShowRoadmap
    | ShowHistory
    | PreviewDigest
    | PostDigest
    | ScheduleDigest
    | SetUp
    | Help
)
ReadOnly = ShowScorecard | ShowMetric | ShowMilestones | ShowRoadmap | ShowHistory | Help
"""What changes nothing, so that a mention may ask for it; everybody reads the answer."""

DIGEST_WORDS: dict[str, Command] = {
    "": PreviewDigest(),
    "preview": PreviewDigest(),
    "now": PostDigest(),
    "schedule": ScheduleDigest(),
}


def parse(text: str) -> Command:
    """What follows /kpi as a command; words that are no subcommand name a metric.

    Raises `BadInput` for a subcommand that can't be followed by what was typed.
    """
    text = _as_typed(text)
    if not text:
        return ShowScorecard()
    word, rest = (*text.split(maxsplit=1), "")[:2]
    if list_of := _LISTS.get(word.casefold()):
        return list_of(rest)
    command = _SUBCOMMANDS.get(word.casefold())
    return command(_named(rest)) if command else ShowMetric(_named(text))


def _as_typed(text: str) -> str:
    """What a person typed, without how Slack writes it and what was copied along unseen.

    Slack escapes `&`, `<` and `>` in what people write
    (https://docs.slack.dev/messaging/formatting-message-text); our own answers
    hold spaces without width, which people copy with a `~12`.
    """
    text = text.replace(ZERO_WIDTH_SPACE, "").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&amp;", "&").strip()


_MENTION = re.compile(r"<([@#])[A-Z0-9]+\|([^<>|]+)>", re.ASCII)
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>|\s]+)(?:\|([^<>|]*))?>")


def _named(text: str) -> str:
    """The text with people, channels and addresses as they were typed.

    Slack writes `<@U1|ana>`, `<#C1|billing>` and `<http://example.com|example.com>` for them
    (https://docs.slack.dev/interactivity/implementing-slash-commands). A link under any other
    name was typed so.
    """

    def address(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if not label:
            return target
        return label if target.endswith(label) else found[0]

    return _ADDRESS.sub(address, _MENTION.sub(r"\1\2", text))


def _digest(rest: str) -> Command:
    command = DIGEST_WORDS.get(rest.casefold())
    if command is None:
        raise BadInput(
            f"/kpi digest is followed by preview, now or schedule, not by “{rest[:40]}”.",
            field="digest",
        )
    return command


_SUBCOMMANDS: Mapping[str, Callable[[str], Command]] = {
    "update": Update,
    "ship": Ship,
    "plan": Plan,
    "roadmap": lambda _: ShowRoadmap(),
    "digest": _digest,
    "setup": lambda _: SetUp(),
    "help": lambda _: Help(),
}
_LISTS: Mapping[str, Callable[[str], Command]] = {
    "milestones": ShowMilestones,
    "history": ShowHistory,
}
"""Lists, whose filters name people as Slack writes them."""

WORDS = (*_SUBCOMMANDS, *_LISTS)


def unknown_word(typed: str, error: NotFound) -> str:
    """What to say of a word that is neither a metric nor a subcommand."""
    close = names.suggestions(typed.split(maxsplit=1)[0], dict.fromkeys(WORDS, ()))
    if close and error.suggestions:
        return f"{error.message} Or did you mean /kpi {close[0]}?"
    if error.suggestions:
        return error.message
    if close:
        return f"There is nothing called “{typed[:60]}”. Did you mean /kpi {close[0]}?"
    return f"{error.message} /kpi help lists what can be asked."

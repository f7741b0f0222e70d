"""Builders of Block Kit that hold Slack's limits, so that no message is refused for its size.

Only classic blocks are built here: they may stand in an answer to a command,
where a refused block would be an error that nobody sees. Those that Slack draws
as tables and charts come from `native`. The limits are those of
https://docs.slack.dev/reference/block-kit.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_SECTION_LENGTH = 3_000
MOST_FIELDS = 10
MOST_FIELD_LENGTH = 2_000
MOST_HEADER_LENGTH = 150
MOST_BUTTON_LENGTH = 75
MOST_OPTION_LENGTH = 75
MOST_OPTIONS = 100
MOST_LABEL_LENGTH = 2_000
MOST_TITLE_LENGTH = 24
MOST_CONTEXT_ELEMENTS = 10
MOST_TEXT_LENGTH = 4_000
MOST_LIST_LENGTH = 18_000
"""A list of so many characters takes 13 blocks at most."""
MOST_POST_LENGTH = 9_000
"""All blocks of a posted message together. Slack refuses more than some 12,000 characters as
`msg_blocks_too_long`, and counts more than the text: https://github.com/slackapi/bolt-js/issues/2509
"""
MOST_ERROR_LENGTH = 2_000
MOST_IMAGE_TEXT_LENGTH = 2_000

_OF_A_VALUE = r"(?<!\S)~(?=[−+\d-])"
_OTHER_TILDE = re.compile(rf"(?!{_OF_A_VALUE})~")
_OPENS_FORMAT = re.compile(r"(?<![^\W_])[*_`]|^&gt;", re.MULTILINE)
_OPENS_FORMAT_OR_STRIKE = re.compile(rf"~|{_OPENS_FORMAT.pattern}", re.MULTILINE)
_UNBROKEN = re.compile(r"<[^<>]*>|&\w+;|\s+|[^<&\s]{1,200}|[<&]")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}", re.ASCII)
SUB_BULLET = "\n\u00a0\u00a0\u00a0\u00a0◦ "
"""Deeper than its bullet: Slack drops blanks at the start of a line, but not these."""
ZERO_WIDTH_SPACE = "\u200b"


NATIVE_TYPES = frozenset({"data_table", "data_visualization"})
RICH_TYPES = NATIVE_TYPES | {"image"}


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown: `text` says it in words, for notifications and screen readers.

    `native` is what `blocks` shows, with tables and charts that Slack draws, and `pictured` the
    same with pictures of ours. An ack, a modal and the Home tab take `blocks` alone, which hold
    none of these.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    native: tuple[Block, ...] = ()
    pictured: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        for blocks in (self.blocks, self.native, self.pictured):
            if len(blocks) > MOST_BLOCKS:
                raise ValueError(f"a message has at most {MOST_BLOCKS} blocks, not {len(blocks)}")
        if any(block["type"] in RICH_TYPES for block in self.blocks):
            raise ValueError(
                "an ack could not carry tables, charts and pictures: they belong in `native` or "
                "`pictured`"
            )

    def as_payload(self) -> dict[str, Any]:
        """The message as an ack takes it."""
        return {"text": self.text, **({"blocks": list(self.blocks)} if self.blocks else {})}

    def payloads(self) -> list[dict[str, Any]]:
        """The message as Slack's methods may take it, richest first; the last is words alone."""
        rich = [blocks for blocks in (self.pictured, self.native, self.blocks) if blocks]
        return [*({"text": self.text, "blocks": list(each)} for each in rich), {"text": self.text}]


@lru_cache(maxsize=4_096)  # names and figures, the same in one answer after the other
def escaped(text: str) -> str:
    """Text from people as mrkdwn shows it literally: it pings nobody and formats nothing.

    Slack asks for three characters to be escaped. An invisible space on each side
    keeps a sign from opening bold, italic, struck or code text, or a quote: the one
    before takes it away from the start of a line, and with the one behind it doesn't
    stand at the word that it would format. The `~` of a value such as `~12` is left
    alone, to be searched and copied, unless the text has another that might close what
    it would open: behind a blank it can only open.
    https://docs.slack.dev/messaging/formatting-message-text
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    opens = _OPENS_FORMAT_OR_STRIKE if _OTHER_TILDE.search(safe) else _OPENS_FORMAT
    return opens.sub(rf"{ZERO_WIDTH_SPACE}\g<0>{ZERO_WIDTH_SPACE}", safe)


def shortened(text: str, most: int) -> str:
    """Text that fits, with a sign where something is left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def person(reporter: str) -> str:
    """Who did something: a mention for a Slack user, otherwise the name of the source."""
    return f"<@{reporter}>" if _USER_ID.fullmatch(reporter) else escaped(reporter)


def channel(channel_id: str) -> str:
    return f"<#{channel_id}>"


def day(instant: datetime) -> str:
    """An instant as a date in the reader's own zone."""
    fallback = f"{instant.astimezone(UTC):%d %b %Y}"
    return f"<!date^{int(instant.timestamp())}^{{date_short_pretty}}|{fallback}>"


def moment(instant: datetime) -> str:
    """An instant as date and time in the reader's own zone."""
    fallback = f"{instant.astimezone(UTC):%d %b %Y %H:%M} UTC"
    stamp = int(instant.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}} at {{time}}|{fallback}>"


def calendar_day(on: date) -> str:
    """A date that is the same in every zone."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def bold(text: str) -> str:
    return f"*{escaped(text)}*"


# --- blocks ----------------------------------------------------------------


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, MOST_HEADER_LENGTH)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": _mrkdwn(text, MOST_SECTION_LENGTH)}
    return {**block, "accessory": accessory} if accessory else block


def fields(*texts: str) -> Block:
    """Short texts side by side, up to ten."""
    if len(texts) > MOST_FIELDS:
        raise ValueError(f"a section has at most {MOST_FIELDS} fields")
    return {"type": "section", "fields": [_mrkdwn(text, MOST_FIELD_LENGTH) for text in texts]}


def sections(
    lines: Sequence[str], *, most: int = MOST_LIST_LENGTH, rest: str = "that don't fit here"
) -> list[Block]:
    """Lines in as few sections as hold them; a line too long for one goes on in the next.

    What doesn't fit into `most` characters is counted: `… and 12 more {rest}`.
    """
    kept = _first(lines, lambda some: length(some) <= most, rest)
    return [section(text) for text in _packed(kept)]


def length(lines: Iterable[str]) -> int:
    """The characters that lines take, one below the other."""
    return sum(len(line) + 1 for line in lines)


def in_words(
    lines: Sequence[str], rest: str = "in the message", *, most: int = MOST_TEXT_LENGTH
) -> str:
    """Lines as one text, that of a message if nothing else is said; the rest is counted."""
    return "\n".join(_first(lines, lambda some: length(some) <= most, rest))


def _first(lines: Sequence[str], fits: Callable[[Sequence[str]], bool], rest: str) -> Sequence[str]:
    """All the lines if they fit, otherwise the first of them and how many more there are."""

    def first(count: int) -> Sequence[str]:
        return [*lines[:count], f"… and {len(lines) - count} more {rest}"]

    if fits(lines):
        return lines
    too_many = bisect_left(range(len(lines)), True, key=lambda count: not fits(first(count)))
    return first(max(0, too_many - 1))


def _packed(lines: Iterable[str]) -> list[str]:
    """Lines together in texts that each fit a section."""
    texts: list[str] = []
    held = ""
    for piece in (piece for line in lines for piece in _pieces(line)):
        longer = f"{held}\n{piece}" if held else piece
        if len(longer) > MOST_SECTION_LENGTH:
            texts.append(held)
            longer = piece
        held = longer
    return [*texts, held] if held else texts


def _pieces(line: str) -> Iterator[str]:
    """A line in pieces that each fit a section; no word, entity or link is broken."""
    if len(line) <= MOST_SECTION_LENGTH:
        yield line
        return
    held = ""
    for token in _UNBROKEN.findall(line):
        if len(held) + len(token) > MOST_SECTION_LENGTH:
            yield held
            held = token.lstrip()
        else:
            held += token
    yield held


def context(*texts: str) -> Block:
    if len(texts) > MOST_CONTEXT_ELEMENTS:
        raise ValueError(f"a context has at most {MOST_CONTEXT_ELEMENTS} elements")
    return {"type": "context", "elements": [_mrkdwn(text, MOST_SECTION_LENGTH) for text in texts]}


def contexts(texts: Sequence[str], *, most: int = MOST_LIST_LENGTH) -> list[Block]:
    """Texts as asides; what doesn't fit into `most` characters is counted."""
    kept = _first(texts, lambda some: length(some) <= most, "that don't fit here")
    pieces = [piece for text in kept for piece in _pieces(text)]
    starts = range(0, len(pieces), MOST_CONTEXT_ELEMENTS)
    return [context(*pieces[start : start + MOST_CONTEXT_ELEMENTS]) for start in starts]


def divider() -> Block:
    return {"type": "divider"}


def image(file_id: str, *, title: str, alternative: str) -> Block:
    """A picture that Slack keeps, for `Message.pictured`, and what it shows in words.

    https://docs.slack.dev/reference/block-kit/blocks/image-block
    """
    return {
        "type": "image",
        "slack_file": {"id": file_id},
        "title": plain_text(title, MOST_IMAGE_TEXT_LENGTH),
        "alt_text": shortened(alternative, MOST_IMAGE_TEXT_LENGTH),
    }


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action: str, value: str, *, style: str | None = None) -> Block:
    block: Block = {
        "type": "button",
        "text": plain_text(label, MOST_BUTTON_LENGTH),
        "action_id": action,
        "value": value,
    }
    return {**block, "style": style} if style else block


def choice(
    action: str, options: Mapping[str, str], *, placeholder: str, several: bool = False
) -> Block:
    """A select over `options` (value → label).

    More than Slack shows at once are searched instead: Slack then asks us for
    the options that match what is typed.
    """
    prefix = "multi_" if several else ""
    kind = "static" if len(options) <= MOST_OPTIONS else "external"
    block: Block = {
        "type": f"{prefix}{kind}_select",
        "action_id": action,
        "placeholder": plain_text(placeholder, MOST_HEADER_LENGTH),
    }
    if kind == "external":
        return {**block, "min_query_length": 0}
    return {**block, "options": [option(value, label) for value, label in options.items()]}


def option(value: str, label: str) -> Block:
    return {"text": plain_text(label, MOST_OPTION_LENGTH), "value": value}


def _mrkdwn(text: str, most: int) -> Block:
    """Marked up by us alone: `verbatim` keeps Slack from making mentions of plain words.

    https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    """
    if len(text) > most:
        raise ValueError(f"at most {most} characters fit, not {len(text)}")
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": shortened(text, most), "emoji": False}

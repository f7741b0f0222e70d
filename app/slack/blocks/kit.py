"""Builders of Block Kit that hold Slack's limits, so that no message is refused for its size.

Only classic blocks are built here: they may stand in an answer to a command,
where a refused block would be an error that nobody sees. The limits are those
of https://docs.slack.dev/reference/block-kit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Block = dict[str, Any]
FormState = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What stands in a form: by block id and action id, as Slack sends it."""

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
MOST_ERROR_LENGTH = 2_000

_OPENS_FORMAT = re.compile(r"(?<!\w)(?=[*_~`])")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}", re.ASCII)
_ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown: `text` says it in words, for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        if len(self.blocks) > MOST_BLOCKS:
            raise ValueError(f"a message has at most {MOST_BLOCKS} blocks, not {len(self.blocks)}")

    def as_payload(self) -> dict[str, Any]:
        """The message as arguments of Slack's methods."""
        return {"text": self.text, **({"blocks": list(self.blocks)} if self.blocks else {})}


def escaped(text: str) -> str:
    """Text from people as mrkdwn shows it literally: it pings nobody and formats nothing.

    Slack asks for three characters to be escaped; an invisible space before a
    sign that would open bold, italic, struck or code text keeps it a sign.
    https://docs.slack.dev/messaging/formatting-message-text
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _OPENS_FORMAT.sub(_ZERO_WIDTH_SPACE, safe)


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
    return f"<!date^{int(instant.timestamp())}^{{date_short_pretty}}|{instant:%d %b %Y}>"


def moment(instant: datetime) -> str:
    """An instant as date and time in the reader's own zone."""
    fallback = f"{instant:%d %b %Y %H:%M} UTC"
    stamp = int(instant.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}} at {{time}}|{fallback}>"


def calendar_day(on: date) -> str:
    """A date that is the same in every zone."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def bold(text: str) -> str:
    return f"*{escaped(text)}*"


# --- blocks ----------------------------------------------------------------


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(text, MOST_HEADER_LENGTH)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    if len(text) > MOST_SECTION_LENGTH:
        raise ValueError(f"a section has at most {MOST_SECTION_LENGTH} characters")
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {**block, "accessory": accessory} if accessory else block


def fields(*texts: str) -> Block:
    """Short texts side by side, up to ten."""
    if len(texts) > MOST_FIELDS or any(len(text) > MOST_FIELD_LENGTH for text in texts):
        raise ValueError(f"at most {MOST_FIELDS} fields of {MOST_FIELD_LENGTH} characters fit")
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in texts]}


def sections(lines: Iterable[str], *, separator: str = "\n") -> list[Block]:
    """Lines in as few sections as hold them; no line is split or lost."""
    blocks: list[Block] = []
    held = ""
    for line in lines:
        longer = f"{held}{separator}{line}" if held else line
        if len(longer) > MOST_SECTION_LENGTH:
            blocks.append(section(held))
            longer = shortened(line, MOST_SECTION_LENGTH)
        held = longer
    return [*blocks, section(held)] if held else blocks


def context(*texts: str) -> Block:
    if len(texts) > MOST_CONTEXT_ELEMENTS:
        raise ValueError(f"a context has at most {MOST_CONTEXT_ELEMENTS} elements")
    return {
        "type": "context",
        "elements": [
            {"type": "mrkdwn", "text": shortened(text, MOST_SECTION_LENGTH)} for text in texts
        ],
    }


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action: str, value: str, *, style: str | None = None) -> Block:
    block: Block = {
        "type": "button",
        "text": _plain(label, MOST_BUTTON_LENGTH),
        "action_id": action,
        "value": value,
    }
    return {**block, "style": style} if style else block


# --- forms -----------------------------------------------------------------


def modal(
    title: str,
    callback: str,
    blocks: Sequence[Block],
    *,
    submit: str,
    metadata: str,
) -> dict[str, Any]:
    if len(blocks) > MOST_VIEW_BLOCKS:
        raise ValueError(f"a view has at most {MOST_VIEW_BLOCKS} blocks")
    return {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(title, MOST_TITLE_LENGTH),
        "submit": _plain(submit, MOST_TITLE_LENGTH),
        "close": _plain("Cancel", MOST_TITLE_LENGTH),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def field(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    dispatches: bool = False,
) -> Block:
    """An input of a form; one that dispatches tells us at once what is chosen in it."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label, MOST_LABEL_LENGTH),
        "element": element,
        "optional": optional,
        "dispatch_action": dispatches,
    }
    return {**block, "hint": _plain(hint, MOST_LABEL_LENGTH)} if hint else block


def text_input(
    action: str,
    *,
    initial: str = "",
    most: int,
    multiline: bool = False,
    placeholder: str = "",
) -> Block:
    block: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": multiline,
        "max_length": min(most, MOST_SECTION_LENGTH),
    }
    if initial:
        block["initial_value"] = shortened(initial, most)
    if placeholder:
        block["placeholder"] = _plain(placeholder, MOST_HEADER_LENGTH)
    return block


def date_input(action: str, initial: date) -> Block:
    return {"type": "datepicker", "action_id": action, "initial_date": initial.isoformat()}


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
        "placeholder": _plain(placeholder, MOST_HEADER_LENGTH),
    }
    if kind == "external":
        return {**block, "min_query_length": 0}
    return {**block, "options": [option(value, label) for value, label in options.items()]}


_INITIALS = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}


def keeping_state(view: dict[str, Any], state: FormState) -> dict[str, Any]:
    """The view with what stands in its fields as their initial values.

    Slack keeps what was typed when a view is updated, but shows the new initial
    value of a field that nobody touched.
    """
    blocks = [
        _with_initial(block, state.get(block.get("block_id", ""), {})) for block in view["blocks"]
    ]
    return {**view, "blocks": blocks}


def _with_initial(block: Block, state: Mapping[str, Mapping[str, Any]]) -> Block:
    for given in state.values():
        initials = {_INITIALS[key]: value for key, value in given.items() if key in _INITIALS}
        kept = {key: value for key, value in initials.items() if value}
        element = {key: value for key, value in block["element"].items() if key not in initials}
        return {**block, "element": {**element, **kept}}
    return block


def option(value: str, label: str) -> Block:
    return {"text": _plain(label, MOST_OPTION_LENGTH), "value": value}


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": shortened(text, most), "emoji": False}

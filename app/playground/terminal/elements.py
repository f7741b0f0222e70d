"""Interactive elements, as they stand in a row of actions or inside an input."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from app.playground.mrkdwn import read_plain
from app.playground.passages import Names
from app.playground.terminal.mrkdwn import inline, styled
from app.playground.terminal.richtext import rich_line
from app.playground.terminal.safe import clean, readable

Value = str | Sequence[str]

MENU_SIGN = "▾"
UPLOAD_SIGN = "↑"
_BUTTON_STYLES = {"primary": "bold green", "danger": "bold red"}
_CHOICE_SIGNS = {"checkboxes": ("☑", "☐"), "radio_buttons": ("◉", "○")}
_INITIAL_FIELDS = (
    *("initial_option", "initial_options", "initial_value", "initial_date", "initial_time"),
    *("initial_date_time", "initial_user", "initial_users", "initial_channel", "initial_channels"),
    *("initial_conversation", "initial_conversations"),
)


def text_of(holder: Mapping[str, Any] | None, names: Names | None = None) -> Text:
    """A text object as styled text; nothing for none."""
    if not holder:
        return Text()
    if holder.get("type") == "mrkdwn":
        return inline(holder.get("text", ""), names)
    text = clean(holder.get("text", ""))
    return styled(read_plain(text, with_emoji=holder.get("emoji", True)), {})


def picture(holder: Mapping[str, Any]) -> Text:
    """A picture, which a terminal shows by its alternative text."""
    return Text(f"[picture: {readable(holder.get('alt_text', ''))}]", style="italic")


def piece(element: Mapping[str, Any], names: Names) -> Text:
    """An element as one short piece beside others: `[ Button ]`, `[ chosen ▾ ]`."""
    match element.get("type"):
        case "image":
            return picture(element)
        case "button" | "workflow_button" | "icon_button":
            label = text_of(element.get("text")).plain + (" ↗" if element.get("url") else "")
            return Text(f"[ {label} ]", style=_BUTTON_STYLES.get(element.get("style", ""), "bold"))
        case "feedback_buttons":
            both = (element.get("positive_button", {}), element.get("negative_button", {}))
            return Text("  ").join(Text(f"[ {text_of(each.get('text'))} ]") for each in both)
        case "overflow":
            labels = (text_of(each.get("text")).plain for each in element.get("options", []))
            return Text(f"[ ⋯ {' · '.join(labels)} ]")
        case "checkboxes" | "radio_buttons":
            return Text("  ").join(choices(element))
        case _:
            return Text("[ ").append_text(content(element, names)).append(f" {MENU_SIGN} ]")


def content(element: Mapping[str, Any], names: Names, value: Value | None = None) -> Text:
    """What stands in an element: `value`, or else what it starts with, or else its placeholder."""
    options = _options(element)
    held = [readable(names.get(each, options.get(each, each))) for each in _held(element, value)]
    if any(held):
        return Text(", ".join(held))
    placeholder = _invitation(element)
    placeholder.stylize("dim italic")
    return placeholder


def _invitation(element: Mapping[str, Any]) -> Text:
    """What stands in an empty element."""
    if element.get("type") != "file_input":
        return text_of(element.get("placeholder"))
    kinds = ", ".join(element.get("filetypes", []))
    return Text(readable(f"Add a file ({kinds})" if kinds else "Add a file"))


def is_choice(element: Mapping[str, Any]) -> bool:
    """Whether an element shows all its options at once."""
    return element.get("type") in _CHOICE_SIGNS


def choices(element: Mapping[str, Any], value: Value | None = None) -> list[Text]:
    """Checkboxes or radio buttons, each with its sign and what describes it."""
    chosen, open_ = _CHOICE_SIGNS[element["type"]]
    held = _held(element, value)
    return [
        Text(f"{chosen if option.get('value') in held else open_} ").append_text(_described(option))
        for option in element.get("options", [])
    ]


def _described(option: Mapping[str, Any]) -> Text:
    label = text_of(option.get("text"))
    if option.get("description"):
        label.append(f" – {text_of(option['description'])}", "dim")
    return label


def _held(element: Mapping[str, Any], value: Value | None) -> list[str]:
    """The values that an element holds: those of options by their value, all others as they are."""
    if value is not None:
        return [value] if isinstance(value, str) else list(value)
    initial: object = next((element[field] for field in _INITIAL_FIELDS if field in element), [])
    values = initial if isinstance(initial, list) else [initial]
    return [_plain_value(each) for each in values]


def _plain_value(initial: object) -> str:
    if isinstance(initial, Mapping):
        if initial.get("type") == "rich_text":
            return rich_line(initial, {}).plain
        return str(initial.get("value", ""))
    if isinstance(initial, int):
        return f"{datetime.fromtimestamp(initial, UTC):%Y-%m-%d %H:%M} UTC"
    return str(initial)


def _options(element: Mapping[str, Any]) -> dict[str, str]:
    """What options are called, by their value, wherever the element keeps them."""
    groups = (group.get("options", []) for group in element.get("option_groups", []))
    initial = (element[field] for field in ("initial_option",) if field in element)
    options = [
        *element.get("options", []),
        *(option for group in groups for option in group),
        *element.get("initial_options", []),
        *initial,
    ]
    return {option["value"]: str(option["text"]["text"]) for option in options}

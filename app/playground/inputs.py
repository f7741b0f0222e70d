"""What people can fill in: the stateful elements of blocks and their state. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from app.playground.blocks import Json, Place, elements_of, every_block

_STATE_OF: Mapping[str, tuple[str, str | None]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", None),
}
"""For every stateful element: where its state is kept, and where its initial value stands, if it
can have one (docs.slack.dev/reference/block-kit/block-elements)."""

_LISTS = frozenset(
    {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
)


@dataclass(frozen=True)
class Field:
    """An element together with the block that it stands in."""

    block: Json
    element: Json

    @property
    def place(self) -> Place:
        """Block id and action id."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def is_input(self) -> bool:
        """Whether it is filled in for a submission, and not an action of its own."""
        return bool(self.block["type"] == "input")

    @property
    def is_stateful(self) -> bool:
        """Whether it keeps what was chosen. Buttons and overflow menus don't."""
        return self.element.get("type") in _STATE_OF

    @property
    def dispatches(self) -> bool:
        """Whether filling it in tells the app at once."""
        return not self.is_input or bool(self.block.get("dispatch_action"))

    @property
    def state_key(self) -> str:
        """Where the element's state keeps its value, such as `selected_option`."""
        return _STATE_OF[self.element["type"]][0]

    def initial_state(self) -> Json:
        """The state before anybody touched it."""
        state_key, initial_key = _STATE_OF[self.element["type"]]
        empty: list[Any] | None = [] if state_key in _LISTS else None
        return {
            "type": self.element["type"],
            state_key: self.element.get(initial_key, empty) if initial_key else empty,
        }


def fields_of(blocks: Iterable[Json]) -> list[Field]:
    """Every interactive element of the blocks, in order."""
    return [
        Field(block, element)
        for block in every_block(blocks)
        for element in elements_of(block)
        if "action_id" in element
    ]


def state_values(blocks: Iterable[Json], chosen: Mapping[Place, Json]) -> Json:
    """`state.values` of a message or view: {block id: {action id: state}}."""
    values: Json = {}
    for field in fields_of(blocks):
        if field.is_stateful:
            block_id, action_id = field.place
            values.setdefault(block_id, {})[action_id] = state_of(field, chosen)
    return values


def state_of(field: Field, chosen: Mapping[Place, Json]) -> Json:
    """What stands in one element: chosen by the person, or its initial value."""
    state = chosen.get(field.place)
    if state is not None and state["type"] == field.element["type"]:
        return state
    return field.initial_state()


def chosen_state(field: Field, choice: Any, offered: Sequence[Json] = ()) -> Json:
    """The state after a person has typed or picked `choice`.

    Options are named by their value, users, channels and dates by what Slack calls them; lists
    for elements that take several; files are file objects; None empties the element. `offered` are
    the options that the app has suggested for an external select.

    Raises LookupError for an option that isn't there.
    """
    key = field.state_key
    state = field.initial_state()
    if choice is None:
        state[key] = [] if key in _LISTS else None
    elif key == "selected_options":
        state[key] = [option_named(field, value, offered) for value in choice]
    elif key == "selected_option":
        state[key] = option_named(field, choice, offered)
    elif key == "rich_text_value":
        state[key] = _rich_text(str(choice))
    elif key == "files":
        state[key] = list(choice)
    elif key in _LISTS:
        state[key] = [name_of(one) for one in choice]
    elif key == "selected_date_time":
        state[key] = int(choice)
    else:
        state[key] = name_of(choice)
    return state


def name_of(choice: Any) -> str:
    """The choice as Slack writes it: people and channels by their ids, dates and numbers as they
    print."""
    return str(getattr(choice, "id", choice))


def option_named(field: Field, value: str, offered: Sequence[Json] = ()) -> Json:
    """The option with this value. Raises LookupError naming those that exist."""
    element = field.element
    options = [*offered, *(option for _, option in grouped_options(element))]
    for option in options:
        if option.get("value") == value:
            return dict(option)
    there = [option.get("value") for option in options]
    raise LookupError(f"no option {value!r} in {element['action_id']}; there are {there}")


def grouped_options(holder: Json) -> list[tuple[str, Json]]:
    """The options of an element or of the app's suggestions, each with the label of its group,
    which is empty for options that stand in none."""
    found = [("", option) for option in holder.get("options", [])]
    for group in holder.get("option_groups", []):
        found += [(group["label"]["text"], option) for option in group["options"]]
    return found


def momentary_choice(field: Field, choice: Any) -> Json:
    """What an action says of a choice in an element that keeps none. Raises LookupError."""
    match field.element["type"]:
        case "overflow":
            return {"selected_option": option_named(field, str(choice))}
        case "feedback_buttons":
            return _feedback(field.element, str(choice))
    return {}


def _feedback(element: Json, value: str) -> Json:
    """docs.slack.dev/tools/bolt-js/reference/interfaces/FeedbackButtonsAction: text and value."""
    buttons = [element["positive_button"], element["negative_button"]]
    for button in buttons:
        if button["value"] == value:
            return {"text": button["text"], "value": value}
    there = [button["value"] for button in buttons]
    raise LookupError(f"no feedback {value!r} in {element['action_id']}; there are {there}")


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def complaints(blocks: Iterable[Json], chosen: Mapping[Place, Json]) -> dict[str, str]:
    """What Slack itself objects to before it sends a submission: {block id: text}."""
    found = {}
    for field in fields_of(blocks):
        if field.is_input:
            text = _complaint(field, state_of(field, chosen)[field.state_key])
            if text is not None:
                found[field.block["block_id"]] = text
    return found


def _complaint(field: Field, value: Any) -> str | None:
    if not value:
        return None if field.block.get("optional") else "Please complete this required field."
    if isinstance(value, str):
        return _length_complaint(field.element, value) or _form_complaint(field.element, value)
    return None


def _length_complaint(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", len(value)):
        return f"Please enter at most {element['max_length']} characters."
    return None


def _form_complaint(element: Json, value: str) -> str | None:
    match element["type"]:
        case "number_input":
            return _number_complaint(element, value)
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return "Please enter a valid email address."
        case "url_text_input" if not re.match(r"[a-z][a-z0-9+.-]*://\S+$", value):
            return "Please enter a valid URL."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None

"""Interactive elements as HTML."""

from collections.abc import Callable, Mapping

import htpy as h

from app.playground.inputs import Field
from app.playground.page.html import buttons, options, pickers, selects, typing
from app.playground.page.html.reader import Reader, Surface
from app.playground.page.html.widget import Widget

_RENDERERS: Mapping[str, Callable[[Widget], h.Node]] = {
    "button": buttons.button,
    "workflow_button": buttons.button,
    "icon_button": buttons.icon_button,
    "feedback_buttons": buttons.feedback,
    "overflow": buttons.overflow,
    "static_select": selects.select,
    "external_select": selects.select,
    "users_select": selects.select,
    "conversations_select": selects.select,
    "channels_select": selects.select,
    "multi_static_select": selects.select,
    "multi_external_select": selects.select,
    "multi_users_select": selects.select,
    "multi_conversations_select": selects.select,
    "multi_channels_select": selects.select,
    "datepicker": pickers.date,
    "timepicker": pickers.time,
    "datetimepicker": pickers.date_and_time,
    "checkboxes": options.checkboxes,
    "radio_buttons": options.radio_buttons,
    "plain_text_input": typing.text,
    "number_input": typing.number,
    "email_text_input": typing.email,
    "url_text_input": typing.address,
    "rich_text_input": typing.rich_text,
    "file_input": pickers.files,
}


def render_element(field: Field, reader: Reader, surface: Surface) -> h.Node:
    """One element, as it stands in an actions block, beside a section, or in an input."""
    only = field.element.get("visible_to_user_ids")
    if only is not None and reader.id not in only:
        return None
    return _RENDERERS[field.element["type"]](Widget(field, reader, surface))

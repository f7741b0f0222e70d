"""Interactive elements and input blocks as HTML."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.playground.inputs import Field
from app.playground.page.html.elements import render_element
from app.playground.page.html.inputs import render_input
from app.playground.page.html.reader import Surface
from tests.playground.blocks import Json, input_block, options, plain, section
from tests.playground.page.documents import Element
from tests.playground.page.reading import ANA

Chosen = Mapping[tuple[str, str], Json]


def asked(block: Json, chosen: Chosen | None = None, problem: str = "") -> Element:
    """An input block as Ana sees it."""
    errors = {block["block_id"]: problem} if problem else {}
    return Element.of(render_input(block, ANA, Surface("V1", chosen or {}, errors)))


def used(element: Json, chosen: Chosen | None = None) -> Element:
    """An element beside the words "Rollbacks", as Ana sees it."""
    block = section("Rollbacks", block_id="block", accessory=element)
    field = Field(block, {"action_id": "act", **element})
    return Element.of(render_element(field, ANA, Surface("C1:1.0", chosen or {})))


def labelled(form: Element) -> Element:
    """The field that the input's label belongs to."""
    label = form.one("label")
    return next(each for each in form.all() if each["id"] == label["for"])


@pytest.mark.parametrize(
    ("kind", "element", "state", "shown"),
    [
        ("plain_text_input", {"initial_value": "PDE"}, None, "PDE"),
        ("plain_text_input", {"initial_value": "PDE"}, {"value": "<b>"}, "<b>"),
        ("plain_text_input", {"initial_value": "PDE"}, {"value": None}, ""),
        ("number_input", {"is_decimal_allowed": True, "initial_value": "1.5"}, None, "1.5"),
        ("email_text_input", {"initial_value": "a@b.example"}, None, "a@b.example"),
        ("url_text_input", {"initial_value": "https://b.example"}, None, "https://b.example"),
        ("datepicker", {"initial_date": "2026-03-16"}, None, "2026-03-16"),
        ("datepicker", {}, {"selected_date": "2026-03-17"}, "2026-03-17"),
        ("timepicker", {"initial_time": "09:30"}, None, "09:30"),
        ("datetimepicker", {"initial_date_time": 1_773_649_800}, None, "2026-03-16T09:30"),
        ("users_select", {"initial_user": "U2"}, None, "Ben Cole"),
        ("channels_select", {"initial_channel": "C1"}, None, "billing"),
        ("static_select", {"initial_option": options("week")[0]}, None, "Week"),
    ],
)
def test_a_field_shows_what_stands_in_it(
    kind: str, element: Json, state: Json | None, shown: str
) -> None:
    block = input_block("asked", kind, **element)
    chosen = {("asked", "value"): {"type": kind, **state}} if state else {}

    assert labelled(asked(block, chosen))["value"] == shown


@pytest.mark.parametrize(
    ("kind", "element", "shown"),
    [
        ("plain_text_input", {"multiline": True, "initial_value": "\nOne\nTwo"}, "\n\nOne\nTwo"),
        (
            "rich_text_input",
            {
                "initial_value": {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "text", "text": "Done "},
                                {"type": "emoji", "name": "tada"},
                            ],
                        },
                        {
                            "type": "rich_text_list",
                            "style": "bullet",
                            "elements": [
                                {
                                    "type": "rich_text_section",
                                    "elements": [{"type": "link", "url": "https://b.example"}],
                                }
                            ],
                        },
                    ],
                }
            },
            "\nDone :tada:\nhttps://b.example",
        ),
    ],
)
def test_text_keeps_its_lines(kind: str, element: Json, shown: str) -> None:
    """The line break that comes first is one that browsers leave out."""
    assert asked(input_block("asked", kind, **element)).one("textarea").text == shown


def test_an_input_says_what_it_is_and_what_is_wrong_with_it() -> None:
    block = input_block("asked", "plain_text_input") | {"hint": plain("In a few words")}
    form = asked(block, problem="Too long")
    field = labelled(form)
    texts = {each["id"]: each.text for each in form.all("p")}

    assert form.one("label").text == "Asked"
    assert (field["aria-required"], field["aria-invalid"]) == ("true", "true")
    described = (field["aria-describedby"] or "").split()
    assert [texts[each] for each in described] == ["In a few words", "Too long"]


def test_an_optional_input_says_so() -> None:
    form = asked(input_block("asked", "plain_text_input", optional=True))

    assert form.one("label").text == "Asked (optional)"
    assert labelled(form)["aria-required"] is None


def test_ids_with_spaces_stay_one() -> None:
    block = input_block("a block", "plain_text_input") | {"hint": plain("In a few words")}
    field = labelled(asked(block))

    assert field["aria-describedby"] == "V1/a%20block/value/hint"
    assert field["data-block"] == "a block"


@pytest.mark.parametrize(
    ("kind", "initial", "ticked"),
    [
        ("radio_buttons", {"initial_option": options("pin")[0]}, ["pin"]),
        ("checkboxes", {"initial_options": options("pin", "drop")}, ["pin", "drop"]),
        ("checkboxes", {}, []),
    ],
)
def test_choices_stand_below_each_other(kind: str, initial: Json, ticked: list[str]) -> None:
    three = options("announce", "pin", "drop")
    form = asked(input_block("asked", kind, options=three, **initial), problem="Wrong")
    inputs = list(form.all("input"))

    assert form.one("legend").text == "Asked"
    assert [each["value"] for each in inputs] == ["announce", "pin", "drop"]
    assert [each["value"] for each in inputs if "checked" in each.attributes] == ticked
    invalid = form.one("fieldset") if kind == "radio_buttons" else inputs[0]
    assert invalid["aria-invalid"] == "true"


def test_options_may_be_formatted() -> None:
    bold = {"text": {"type": "mrkdwn", "text": "*Now*"}, "value": "now"}
    form = asked(input_block("asked", "checkboxes", options=[bold]))

    assert form.one("strong", "b").text == "Now"


def test_several_choices_are_tokens_that_can_be_removed() -> None:
    block = input_block("asked", "multi_users_select", initial_users=["U1", "U2"])
    form = asked(block)

    assert [each["data-chosen"] for each in form.of_class("token")] == ["U1", "U2"]
    assert [each["aria-label"] for each in form.all("button")] == [
        "Remove Ana Beck",
        "Remove Ben Cole",
    ]


@pytest.mark.parametrize(
    ("kind", "element", "least"),
    [
        ("external_select", {}, "3"),
        ("multi_external_select", {"min_query_length": 0}, "0"),
        ("static_select", {"options": options("week")}, None),
    ],
)
def test_a_select_knows_how_much_is_to_be_typed(
    kind: str, element: Json, least: str | None
) -> None:
    [box] = asked(input_block("asked", kind, **element)).of_class("combobox")

    assert box["data-least"] == least


@pytest.mark.parametrize(
    ("block", "tells"),
    [
        (input_block("asked", "plain_text_input"), None),
        (input_block("asked", "plain_text_input", dispatch=True), "enter"),
        (
            input_block(
                "asked",
                "plain_text_input",
                dispatch=True,
                dispatch_action_config={
                    "trigger_actions_on": ["on_character_entered", "on_enter_pressed"]
                },
            ),
            "characters enter",
        ),
        (input_block("asked", "datepicker"), None),
        (input_block("asked", "datepicker", dispatch=True), "choice"),
    ],
)
def test_when_an_input_tells_the_app(block: Json, tells: str | None) -> None:
    assert labelled(asked(block))["data-tells"] == tells


def test_elements_outside_of_forms_have_names_of_their_own() -> None:
    with_words = used({"type": "datepicker", "placeholder": plain("Which day")})
    without = used({"type": "users_select"})

    assert with_words.one("input")["aria-label"] == "Which day"
    assert without.one("input")["aria-label"] == "Rollbacks"


@pytest.mark.parametrize(
    ("url", "tag"),
    [("https://b.example/x", "a"), ("javascript:alert(1)", "button"), ("", "button")],
)
def test_a_button_is_a_link_where_its_address_opens_a_page(url: str, tag: str) -> None:
    element = used({"type": "button", "text": plain("Open"), "url": url, "style": "primary"})
    pressed = element.one(tag)

    assert pressed.text == "Open"
    assert "is-primary" in (pressed["class"] or "")
    assert pressed["href"] == (url if tag == "a" else None)


def test_a_button_may_be_for_some_alone() -> None:
    trash = {"type": "icon_button", "icon": "trash", "text": plain("Delete")}

    assert used(trash | {"visible_to_user_ids": ["U1"]}).one("button")["aria-label"] == "Delete"
    assert list(used(trash | {"visible_to_user_ids": ["U2"]}).all("button")) == []


def test_a_menu_has_its_options_behind_a_button() -> None:
    edit, report = options("edit", "report")
    menu = used({"type": "overflow", "options": [edit, report | {"url": "https://b.example"}]})
    items = [each for each in menu.all() if each["role"] == "menuitem"]

    assert [(each.tag, each.text) for each in items] == [("button", "Edit"), ("a", "Report")]


def test_feedback_has_two_buttons() -> None:
    element: dict[str, Any] = {
        "type": "feedback_buttons",
        "positive_button": {"text": plain("Yes"), "value": "y", "accessibility_label": "Good"},
        "negative_button": {"text": plain("No"), "value": "n"},
    }
    buttons = list(used(element).all("button"))

    assert [(each.text, each["data-choice"]) for each in buttons] == [("Yes", "y"), ("No", "n")]
    assert buttons[0]["aria-label"] == "Good"


def test_the_zone_of_a_time_is_said() -> None:
    at = datetime(2026, 3, 16, 8, 30, tzinfo=UTC)
    instant = asked(input_block("asked", "datetimepicker", initial_date_time=int(at.timestamp())))
    hour = asked(input_block("asked", "timepicker", timezone="America/New_York"))

    assert [each.text for each in instant.of_class("zone")] == ["Europe/Berlin"]
    assert [each.text for each in hour.of_class("zone")] == ["America/New York"]

"""Inputs and modals as a person reads them in a terminal."""

from typing import Any

import pytest
from rich.cells import cell_len

from app.playground.terminal import plain_text, render_view
from tests.playground.printed import METRICS, Payload, asked, asking, formatted, plain


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_an_input_has_its_label_value_error_and_hint(kind: str) -> None:
    block = asking({"type": "plain_text_input"}, hint=plain("as you would say it"), optional=True)
    title = {"title": plain("Update"), "submit": plain("Save")} if kind == "modal" else {}
    page = plain_text(
        render_view(
            {"type": kind, "blocks": [block], **title},
            values={"asked": "~9"},
            errors={"asked": "Say a number"},
        ),
        width=44,
    )
    wanted = ["Metric (optional)", "~9", "✗ Say a number", "as you would say it"]
    places = [page.index(words) for words in wanted]
    assert places == sorted(places)


def test_an_input_is_a_box_with_what_it_holds() -> None:
    typed = asking({"type": "plain_text_input", "initial_value": "~12"})
    assert asked(typed) == "Metric\n╭" + "─" * 38 + "╮\n│ ~12" + " " * 34 + "│\n╰" + "─" * 38 + "╯"


@pytest.mark.parametrize(
    ("element", "value", "held"),
    [
        ({"type": "plain_text_input", "placeholder": plain("e.g. ~12")}, None, "e.g. ~12"),
        ({"type": "datepicker", "initial_date": "2026-03-16"}, None, "2026-03-16"),
        ({"type": "datepicker", "initial_date": "2026-03-16"}, "2026-03-17", "2026-03-17"),
        ({"type": "datetimepicker", "initial_date_time": 1_773_619_200}, None, "2026-03-16 00:00"),
        ({"type": "static_select", "options": METRICS}, "bad_debt", "Bad debt"),
        (
            {
                "type": "static_select",
                "option_groups": [{"label": plain("All"), "options": METRICS}],
            },
            "bad_debt",
            "Bad debt",
        ),
        ({"type": "external_select", "initial_option": METRICS[0]}, None, "Rollbacks / day"),
        (
            {"type": "multi_static_select", "options": METRICS},
            ["rollbacks", "bad_debt"],
            "Rollbacks / day, Bad debt",
        ),
        ({"type": "users_select", "initial_user": "U1"}, None, "Ada"),
        ({"type": "multi_users_select"}, ["U1", "U9"], "Ada, U9"),
        ({"type": "file_input"}, None, "Add a file"),
        ({"type": "file_input", "filetypes": ["csv", "yml"]}, None, "Add a file (csv, yml)"),
        ({"type": "file_input"}, ["scorecard.yml", "b.yml"], "scorecard.yml, b.yml"),
    ],
)
def test_what_stands_in_an_input(element: Payload, value: Any, held: str) -> None:
    assert held in asked(asking(element), values={} if value is None else {"asked": value})


def test_checkboxes_show_every_option() -> None:
    boxes = asking({"type": "checkboxes", "options": METRICS, "initial_options": METRICS[:1]})
    assert asked(boxes) == "Metric\n☑ Rollbacks / day\n☐ Bad debt"
    assert asked(boxes, values={"asked": ["bad_debt"]}) == "Metric\n☐ Rollbacks / day\n☑ Bad debt"
    radio = asking({"type": "radio_buttons", "options": METRICS})
    assert asked(radio, values={"asked": "bad_debt"}) == "Metric\n○ Rollbacks / day\n◉ Bad debt"


def test_a_modal_is_framed_with_its_title_and_buttons() -> None:
    view = {
        "type": "modal",
        "title": plain("Log a milestone 🚢"),
        "submit": plain("Log"),
        "close": plain("Not now"),
        "blocks": [{"type": "section", "text": formatted("中文 ⚠️ :tada: *x*")}],
    }
    lines = plain_text(render_view(view), width=60).splitlines()
    assert lines[0].startswith("╭─  Log a milestone 🚢  ─")
    assert lines[-3].split("│")[1].strip() == "[ Not now ]  [ Log ]"
    assert {cell_len(line) for line in lines} == {60}

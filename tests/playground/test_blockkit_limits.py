"""Every length and number that Slack documents: the last one that fits, and the first that doesn't.

Each case is a payload made from a size, the largest size that Slack takes, and where a larger one
is reported.
"""

from collections.abc import Callable

import pytest

from app.playground.blockkit import Problem, problems_in_message, problems_in_view
from tests.playground.sized import (
    Payload,
    actions,
    address,
    asking,
    button,
    card,
    cell,
    chart,
    confirm,
    container,
    context,
    data_table,
    feedback,
    group,
    home,
    image,
    menu,
    message,
    modal,
    mrkdwn,
    named_line,
    option,
    options,
    pie,
    plain,
    plot,
    section,
    source,
    table,
    task,
    trash,
    trashing,
    video,
    workflow,
)

Case = tuple[str, Callable[[int], Payload], int, str]

ELEMENT = "/blocks/0/elements/0"
ACCESSORY = "/blocks/0/accessory"
DRAWN = "/blocks/0/chart"
ASKED = "/blocks/0"


TEXT_IN_MESSAGES: list[Case] = [
    ("message", lambda n: {"text": "x" * n}, 40_000, "/text"),
    ("section", lambda n: section(text=mrkdwn(n)), 3000, "/blocks/0/text/text"),
    ("field", lambda n: section(fields=[mrkdwn(n)]), 2000, "/blocks/0/fields/0/text"),
    ("header", lambda n: message({"type": "header", "text": plain(n)}), 150, "/blocks/0/text/text"),
    ("context", lambda n: context(mrkdwn(n)), 3000, f"{ELEMENT}/text"),
    ("block id", lambda n: section(block_id="x" * n), 255, "/blocks/0/block_id"),
    ("action id", lambda n: actions(button(action_id="x" * n)), 255, f"{ELEMENT}/action_id"),
    ("button", lambda n: actions(button(text=plain(n))), 75, f"{ELEMENT}/text/text"),
    ("button value", lambda n: actions(button(value="x" * n)), 2000, f"{ELEMENT}/value"),
    ("button url", lambda n: actions(button(url=address(n))), 3000, f"{ELEMENT}/url"),
    (
        "button label for screen readers",
        lambda n: actions(button(accessibility_label="x" * n)),
        75,
        f"{ELEMENT}/accessibility_label",
    ),
    (
        "option",
        lambda n: actions(menu(option(text=plain(n)))),
        75,
        f"{ELEMENT}/options/0/text/text",
    ),
    (
        "option value",
        lambda n: actions(menu(option(value="x" * n))),
        150,
        f"{ELEMENT}/options/0/value",
    ),
    (
        "option description",
        lambda n: actions(menu(option(description=plain(n)))),
        75,
        f"{ELEMENT}/options/0/description/text",
    ),
    (
        "overflow option url",
        lambda n: section(accessory={"type": "overflow", "options": [option(url=address(n))]}),
        3000,
        f"{ACCESSORY}/options/0/url",
    ),
    (
        "option group",
        lambda n: actions({"type": "static_select", "option_groups": [group(label=plain(n))]}),
        75,
        f"{ELEMENT}/option_groups/0/label/text",
    ),
    (
        "placeholder",
        lambda n: actions(menu(placeholder=plain(n))),
        150,
        f"{ELEMENT}/placeholder/text",
    ),
    ("confirm title", lambda n: confirm(title=plain(n)), 100, f"{ELEMENT}/confirm/title/text"),
    ("confirm text", lambda n: confirm(text=plain(n)), 300, f"{ELEMENT}/confirm/text/text"),
    ("confirm button", lambda n: confirm(confirm=plain(n)), 30, f"{ELEMENT}/confirm/confirm/text"),
    ("deny button", lambda n: confirm(deny=plain(n)), 30, f"{ELEMENT}/confirm/deny/text"),
    ("alternative text", lambda n: message(image(alt_text="x" * n)), 2000, "/blocks/0/alt_text"),
    ("image url", lambda n: message(image(image_url=address(n))), 3000, "/blocks/0/image_url"),
    ("image title", lambda n: message(image(title=plain(n))), 2000, "/blocks/0/title/text"),
    (
        "picture in a context",
        lambda n: context(image(alt_text="x" * n)),
        2000,
        f"{ELEMENT}/alt_text",
    ),
    ("table", lambda n: table([[cell(n)]]), 10_000, "/blocks/0/rows"),
    ("data table", lambda n: data_table([[cell()], [cell(n - 1)]]), 10_000, "/blocks/0/rows"),
    ("chart title", lambda n: message(chart(title="x" * n)), 50, "/blocks/0/title"),
    (
        "axis label",
        lambda n: message(chart(plot(x_label="x" * n))),
        50,
        f"{DRAWN}/axis_config/x_label",
    ),
    ("series name", named_line, 20, f"{DRAWN}/series/0/name"),
    (
        "pie segment",
        lambda n: pie([{"label": "x" * n, "value": 1}]),
        20,
        f"{DRAWN}/segments/0/label",
    ),
    ("video title", lambda n: video(title=plain(n)), 199, "/blocks/0/title/text"),
    ("video author", lambda n: video(author_name="x" * n), 49, "/blocks/0/author_name"),
    ("card title", lambda n: message(card(title=mrkdwn(n))), 150, "/blocks/0/title/text"),
    ("card subtitle", lambda n: message(card(subtitle=plain(n))), 150, "/blocks/0/subtitle/text"),
    ("card body", lambda n: message(card(body=mrkdwn(n))), 200, "/blocks/0/body/text"),
    ("card subtext", lambda n: message(card(subtext=mrkdwn(n))), 200, "/blocks/0/subtext/text"),
    ("container title", lambda n: container(title=plain(n)), 150, "/blocks/0/title/text"),
    ("container subtitle", lambda n: container(subtitle=mrkdwn(n)), 150, "/blocks/0/subtitle/text"),
    (
        "second axis label",
        lambda n: message(chart(plot(y_label="x" * n))),
        50,
        f"{DRAWN}/axis_config/y_label",
    ),
    ("feedback", lambda n: feedback(text=plain(n)), 75, f"{ELEMENT}/positive_button/text/text"),
    ("feedback value", lambda n: feedback(value="x" * n), 2000, f"{ELEMENT}/positive_button/value"),
    ("icon button", lambda n: trashing(text=plain(n)), 75, f"{ELEMENT}/text/text"),
    ("icon button value", lambda n: trashing(value="x" * n), 2000, f"{ELEMENT}/value"),
    ("workflow button", lambda n: actions(workflow(text=plain(n))), 75, f"{ELEMENT}/text/text"),
    ("source", lambda n: task(sources=[source(address(n))]), 3000, "/blocks/0/sources/0/url"),
    (
        "description of a checkbox",
        lambda n: section(
            accessory={"type": "checkboxes", "options": [option(description=mrkdwn(n))]}
        ),
        75,
        f"{ACCESSORY}/options/0/description/text",
    ),
]

TEXT_IN_VIEWS: list[Case] = [
    ("title", lambda n: modal(title=plain(n)), 24, "/title/text"),
    ("submit", lambda n: modal(submit=plain(n)), 24, "/submit/text"),
    ("close", lambda n: modal(close=plain(n)), 24, "/close/text"),
    ("callback id", lambda n: modal(callback_id="x" * n), 255, "/callback_id"),
    ("external id", lambda n: modal(external_id="x" * n), 255, "/external_id"),
    ("callback id at home", lambda n: home(callback_id="x" * n), 255, "/callback_id"),
    ("private data", lambda n: modal(private_metadata="x" * n), 3000, "/private_metadata"),
    (
        "private data at home",
        lambda n: home(private_metadata="x" * n),
        3000,
        "/private_metadata",
    ),
    ("label", lambda n: asking(label=plain(n)), 2000, f"{ASKED}/label/text"),
    ("hint", lambda n: asking(hint=plain(n)), 2000, f"{ASKED}/hint/text"),
    (
        "initial value",
        lambda n: asking({"type": "plain_text_input", "initial_value": "x" * n}),
        3000,
        f"{ASKED}/element/initial_value",
    ),
    (
        "placeholder of an input",
        lambda n: asking({"type": "plain_text_input", "placeholder": plain(n)}),
        150,
        f"{ASKED}/element/placeholder/text",
    ),
    ("alert", lambda n: modal({"type": "alert", "text": mrkdwn(n)}), 200, f"{ASKED}/text/text"),
]

ITEMS_IN_MESSAGES: list[Case] = [
    ("blocks", lambda n: message(*[{"type": "divider"}] * n), 50, "/blocks"),
    ("fields", lambda n: section(fields=[mrkdwn()] * n), 10, "/blocks/0/fields"),
    ("context", lambda n: context(*[mrkdwn()] * n), 10, "/blocks/0/elements"),
    ("actions", lambda n: actions(*[button()] * n), 25, "/blocks/0/elements"),
    ("options", lambda n: actions(menu(*options(n))), 100, f"{ELEMENT}/options"),
    (
        "option groups",
        lambda n: actions({"type": "static_select", "option_groups": [group()] * n}),
        100,
        f"{ELEMENT}/option_groups",
    ),
    (
        "options of a group",
        lambda n: actions({"type": "static_select", "option_groups": [group(options=options(n))]}),
        100,
        f"{ELEMENT}/option_groups/0/options",
    ),
    (
        "overflow",
        lambda n: section(accessory={"type": "overflow", "options": options(n)}),
        5,
        f"{ACCESSORY}/options",
    ),
    (
        "checkboxes",
        lambda n: section(accessory={"type": "checkboxes", "options": options(n)}),
        10,
        f"{ACCESSORY}/options",
    ),
    (
        "radio buttons",
        lambda n: section(accessory={"type": "radio_buttons", "options": options(n)}),
        10,
        f"{ACCESSORY}/options",
    ),
    ("table rows", lambda n: table([[cell()]] * n), 100, "/blocks/0/rows"),
    ("table columns", lambda n: table([[cell()] * n]), 20, "/blocks/0/rows/0"),
    (
        "column settings",
        lambda n: table([[cell()]], column_settings=[None] * n),
        20,
        "/blocks/0/column_settings",
    ),
    ("data table rows", lambda n: data_table([[cell()]] * n), 101, "/blocks/0/rows"),
    ("series", lambda n: message(chart(plot(series=n))), 6, f"{DRAWN}/series"),
    ("segments", lambda n: pie([{"label": "x", "value": 1}] * n), 6, f"{DRAWN}/segments"),
    (
        "cards",
        lambda n: message({"type": "carousel", "elements": [card()] * n}),
        10,
        "/blocks/0/elements",
    ),
    ("buttons of a card", lambda n: message(card(actions=[button()] * n)), 3, "/blocks/0/actions"),
    (
        "children of a container",
        lambda n: container(child_blocks=[{"type": "divider"}] * n),
        10,
        "/blocks/0/child_blocks",
    ),
    (
        "first choices",
        lambda n: section(
            accessory={"type": "multi_external_select", "initial_options": options(n)}
        ),
        100,
        f"{ACCESSORY}/initial_options",
    ),
    (
        "context actions",
        lambda n: message({"type": "context_actions", "elements": [trash()] * n}),
        5,
        "/blocks/0/elements",
    ),
]

ITEMS_IN_VIEWS: list[Case] = [
    ("modal", lambda n: modal(*[{"type": "divider"}] * n), 100, "/blocks"),
    ("home", lambda n: home(*[{"type": "divider"}] * n), 100, "/blocks"),
]


def cases(table_of_limits: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("payload", "most", "pointer"),
        [pytest.param(*rest, id=name) for name, *rest in table_of_limits],
    )


@cases(TEXT_IN_MESSAGES)
def test_text_in_a_message_fits_up_to_its_limit(
    payload: Callable[[int], Payload], most: int, pointer: str
) -> None:
    assert problems_in_message(payload(most)) == []
    assert problems_in_message(payload(most + 1)) == [too_long(pointer, most)]


@cases(TEXT_IN_VIEWS)
def test_text_in_a_view_fits_up_to_its_limit(
    payload: Callable[[int], Payload], most: int, pointer: str
) -> None:
    assert problems_in_view(payload(most)) == []
    assert problems_in_view(payload(most + 1)) == [too_long(pointer, most)]


@cases(ITEMS_IN_MESSAGES)
def test_items_in_a_message_fit_up_to_their_number(
    payload: Callable[[int], Payload], most: int, pointer: str
) -> None:
    assert problems_in_message(payload(most)) == []
    assert problems_in_message(payload(most + 1)) == [too_many(pointer, most)]


@cases(ITEMS_IN_VIEWS)
def test_blocks_in_a_view_fit_up_to_their_number(
    payload: Callable[[int], Payload], most: int, pointer: str
) -> None:
    assert problems_in_view(payload(most)) == []
    assert problems_in_view(payload(most + 1)) == [too_many(pointer, most)]


def test_markdown_blocks_share_one_limit() -> None:
    halves = message(*[{"type": "markdown", "text": "x" * 6000}] * 2)
    assert problems_in_message(halves) == []
    halves["blocks"].append({"type": "markdown", "text": "x"})
    assert problems_in_message(halves) == [
        Problem("/blocks", "markdown must be less than 12001 characters in all")
    ]


def test_a_chart_has_up_to_twenty_categories_with_a_point_each() -> None:
    assert problems_in_message(message(chart(plot(categories=20)))) == []
    assert problems_in_message(message(chart(plot(categories=21)))) == [
        too_many(f"{DRAWN}/series/0/data", 20),
        too_many(f"{DRAWN}/axis_config/categories", 20),
    ]


@pytest.mark.parametrize(
    ("block", "kind", "most"),
    [
        pytest.param(table([[cell()]])["blocks"][0], "table", 1, id="table"),
        pytest.param(chart(), "data_visualization", 2, id="chart"),
    ],
)
def test_a_message_holds_few_tables_and_charts(block: Payload, kind: str, most: int) -> None:
    assert problems_in_message(message(*[block] * most)) == []
    assert problems_in_message(message(*[block] * (most + 1))) == [
        Problem(f"/blocks/{most}", f"no more than {most} {kind} blocks allowed")
    ]


@pytest.mark.parametrize("field", ["min_length", "max_length"])
def test_a_text_input_takes_up_to_3000_characters(field: str) -> None:
    def limited(size: int) -> Payload:
        return asking({"type": "plain_text_input", field: size})

    assert problems_in_view(limited(3000)) == []
    assert problems_in_view(limited(3001)) == [
        Problem(f"{ASKED}/element/{field}", "must be at most 3000")
    ]


@pytest.mark.parametrize(("size", "fits"), [(0, False), (1, True), (100, True), (101, False)])
def test_a_page_of_a_data_table_has_1_to_100_rows(size: int, fits: bool) -> None:
    problems = problems_in_message(data_table([[cell()], [cell()]], page_size=size))
    assert [problem.pointer for problem in problems] == ([] if fits else ["/blocks/0/page_size"])


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (10, True), (11, False)])
def test_a_file_input_takes_1_to_10_files(count: int, fits: bool) -> None:
    problems = problems_in_view(asking({"type": "file_input", "max_files": count}))
    assert (problems == []) is fits


def too_long(pointer: str, most: int) -> Problem:
    return Problem(pointer, f"must be less than {most + 1} characters")


def too_many(pointer: str, most: int) -> Problem:
    return Problem(pointer, f"no more than {most} items allowed")

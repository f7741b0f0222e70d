"""What Slack refuses besides length: wrong types, wrong places, fields at odds with each other."""

from typing import Any

import pytest

from app.playground.blockkit import Problem, problems_in_message, problems_in_view

Payload = dict[str, Any]

TEXT = {"type": "plain_text", "text": "Ship"}
FORMATTED = {"type": "mrkdwn", "text": "*Ship*"}
DIVIDER = {"type": "divider"}
BUTTON = {"type": "button", "text": TEXT, "action_id": "ship"}
FIRST = {"text": TEXT, "value": "first"}
SECOND = {"text": TEXT, "value": "second"}
INPUT = {"type": "input", "label": TEXT, "element": {"type": "plain_text_input"}}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "PDE"}]]}
CHART = {
    "type": "data_visualization",
    "title": "Rollbacks",
    "chart": {"type": "pie", "segments": [{"label": "PDE", "value": 1}]},
}
MARKDOWN = {"type": "markdown", "text": "**Ship**"}
ALERT = {"type": "alert", "text": TEXT}
PICTURE = {"type": "image", "alt_text": "A chart", "slack_file": {"id": "F1"}}


def in_message(*blocks: Any) -> list[Problem]:
    return problems_in_message({"blocks": list(blocks)})


def in_modal(*blocks: Any, **fields: Any) -> list[Problem]:
    return problems_in_view(
        {"type": "modal", "title": TEXT, "submit": TEXT, "blocks": list(blocks), **fields}
    )


def asking_for(element: Payload) -> Payload:
    return {"type": "input", "label": TEXT, "element": element}


def in_element(element: Payload) -> list[Problem]:
    return in_modal(asking_for(element))


class TestSurfaces:
    @pytest.mark.parametrize("block", [TABLE, CHART, MARKDOWN], ids=lambda block: block["type"])
    def test_new_blocks_belong_into_messages_only(self, block: Payload) -> None:
        refused = Problem("/blocks/0/type", f"unsupported type: {block['type']}")
        assert in_message(block) == []
        assert in_modal(block) == [refused]
        assert problems_in_view({"type": "home", "blocks": [block]}) == [refused]

    @pytest.mark.parametrize(
        "block", [TABLE, CHART, MARKDOWN, INPUT], ids=lambda block: block["type"]
    )
    def test_an_ack_takes_classic_blocks_only(self, block: Payload) -> None:
        assert problems_in_message({"blocks": [DIVIDER, PICTURE]}, surface="ack") == []
        assert problems_in_message({"blocks": [block]}, surface="ack") == [
            Problem("/blocks/0/type", f"unsupported type: {block['type']}")
        ]

    def test_an_alert_belongs_into_a_modal(self) -> None:
        assert in_modal(ALERT) == []
        assert in_message(ALERT) == [Problem("/blocks/0/type", "unsupported type: alert")]

    def test_a_file_is_asked_for_in_a_modal_only(self) -> None:
        upload = asking_for({"type": "file_input"})
        assert in_modal(upload) == []
        assert in_message(upload) == [
            Problem("/blocks/0/element/type", "unsupported type: file_input")
        ]

    def test_a_home_view_has_no_title_and_no_submit(self) -> None:
        view = {"type": "home", "blocks": [DIVIDER], "title": TEXT, "submit": TEXT}
        assert problems_in_view(view) == [
            Problem("", "invalid additional property: title"),
            Problem("", "invalid additional property: submit"),
        ]

    def test_a_view_is_a_modal_or_a_home(self) -> None:
        assert problems_in_view({"type": "dialog", "blocks": []}) == [
            Problem("/type", "unsupported type: dialog")
        ]


class TestShape:
    def test_blocks_are_a_list_of_objects_with_a_type(self) -> None:
        assert problems_in_message({"blocks": {"type": "divider"}}) == [
            Problem("/blocks", "must provide an array")
        ]
        assert in_message("divider", {}, {"type": "banner"}, {"type": 7}) == [
            Problem("/blocks/0", "must provide an object"),
            Problem("/blocks/1", "missing required field: type"),
            Problem("/blocks/2/type", "unsupported type: banner"),
            Problem("/blocks/3/type", "must provide a string"),
        ]

    def test_a_message_may_have_no_blocks_but_a_view_has_some(self) -> None:
        assert problems_in_message({"text": "Shipped", "blocks": []}) == []
        assert problems_in_message({"text": "Shipped", "blocks": None}) == []
        assert in_modal() == [Problem("/blocks", "no fewer than 1 items allowed")]

    def test_unknown_fields_are_named(self) -> None:
        assert in_message(DIVIDER | {"colour": "red"}) == [
            Problem("/blocks/0", "invalid additional property: colour")
        ]

    def test_other_arguments_of_a_message_are_not_looked_at(self) -> None:
        assert (
            problems_in_message({"channel": "C1", "text": "Shipped", "unfurl_links": False}) == []
        )

    def test_empty_text_is_refused(self) -> None:
        assert in_message({"type": "header", "text": {"type": "plain_text", "text": ""}}) == [
            Problem("/blocks/0/text/text", "must be more than 0 characters")
        ]

    def test_a_header_and_a_button_take_no_formatting(self) -> None:
        refused = "unsupported type: mrkdwn"
        assert in_message({"type": "header", "text": FORMATTED}) == [
            Problem("/blocks/0/text/type", refused)
        ]
        assert in_message(
            {"type": "actions", "elements": [{"type": "button", "text": FORMATTED}]}
        ) == [Problem("/blocks/0/elements/0/text/type", refused)]

    def test_a_section_has_text_or_fields(self) -> None:
        assert in_message({"type": "section", "fields": [FORMATTED]}) == []
        assert in_message({"type": "section"}) == [
            Problem("/blocks/0", "must define either `text` or `fields`")
        ]

    def test_a_picture_has_words_and_one_source(self) -> None:
        both = PICTURE | {"image_url": "https://x.test/chart.png"}
        assert in_message({"type": "image"}, both) == [
            Problem("/blocks/0", "missing required field: alt_text"),
            Problem("/blocks/0", "must define either `image_url` or `slack_file`"),
            Problem("/blocks/1", "must define only one of `image_url` or `slack_file`"),
        ]

    @pytest.mark.parametrize(
        "address", ["PDE", "www.x.test", "https://", "https://x.test/a b", " "]
    )
    def test_an_address_leads_somewhere(self, address: str) -> None:
        linked = {"type": "actions", "elements": [BUTTON | {"url": address}]}
        picture = {"type": "image", "alt_text": "A chart", "image_url": address}
        assert in_message(linked, picture) == [
            Problem("/blocks/0/elements/0/url", "invalid url"),
            Problem("/blocks/1/image_url", "invalid url"),
        ]

    def test_a_link_may_lead_elsewhere_than_a_picture(self) -> None:
        address = "mailto:ana@example.com"
        linked = {"type": "actions", "elements": [BUTTON | {"url": address}]}
        assert in_message(linked) == []
        assert in_message({"type": "image", "alt_text": "A chart", "image_url": address}) == [
            Problem("/blocks/0/image_url", "invalid url")
        ]

    def test_elements_stand_where_their_page_says(self) -> None:
        typing = {"type": "plain_text_input"}
        many = {"type": "multi_static_select", "options": [FIRST]}
        assert in_message(
            {"type": "section", "text": TEXT, "accessory": typing},
            {"type": "actions", "elements": [many]},
            {"type": "context", "elements": [BUTTON]},
        ) == [
            Problem("/blocks/0/accessory/type", "unsupported type: plain_text_input"),
            Problem("/blocks/1/elements/0/type", "unsupported type: multi_static_select"),
            Problem("/blocks/2/elements/0/type", "unsupported type: button"),
        ]

    def test_metadata_is_an_event_type_and_its_payload(self) -> None:
        good = {"event_type": "digest_posted", "event_payload": {"week": "2026-W11"}}
        assert problems_in_message({"text": "Digest", "metadata": good}) == []
        assert problems_in_message({"text": "Digest", "metadata": {"event_payload": "x"}}) == [
            Problem("/metadata", "missing required field: event_type"),
            Problem("/metadata/event_payload", "must provide an object"),
        ]

    def test_rich_text_is_read_to_its_last_part(self) -> None:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "PDE"}]}
        listed = {"type": "rich_text_list", "style": "bullet", "elements": [section]}
        broken = {"type": "rich_text_quote", "elements": [{"type": "user", "name": "Ada"}]}
        assert in_message({"type": "rich_text", "elements": [section, listed, broken]}) == [
            Problem("/blocks/0/elements/2/elements/0", "missing required field: user_id"),
            Problem("/blocks/0/elements/2/elements/0", "invalid additional property: name"),
        ]


class TestBlocksInsideOthers:
    def container(self, *children: Payload, **fields: Any) -> Payload:
        return {"type": "container", "title": TEXT, "child_blocks": list(children), **fields}

    def test_a_container_has_a_title_of_either_kind(self) -> None:
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
        untitled = {"type": "container", "child_blocks": [DIVIDER]}
        assert in_message(untitled | {"rich_text_title": rich}) == []
        assert in_message(untitled) == [
            Problem("/blocks/0", "must define either `title` or `rich_text_title`")
        ]

    def test_a_container_collapses_only_if_it_can(self) -> None:
        collapsed = self.container(DIVIDER, default_collapsed=True)
        assert in_message(collapsed | {"is_collapsible": True}) == []
        assert in_message(collapsed) == [
            Problem("/blocks/0/default_collapsed", "requires `is_collapsible`")
        ]

    def test_not_every_block_goes_into_a_container(self) -> None:
        assert in_message(self.container(TABLE)) == []
        assert in_message(self.container(CHART, self.container(DIVIDER))) == [
            Problem("/blocks/0/child_blocks/0/type", "unsupported type: data_visualization"),
            Problem("/blocks/0/child_blocks/1/type", "unsupported type: container"),
        ]

    def test_it_counts_like_any_other(self) -> None:
        named = DIVIDER | {"block_id": "b1"}
        assert in_message(TABLE, named, self.container(TABLE, named)) == [
            Problem(
                "/blocks/2/child_blocks/1/block_id",
                "`block_id` b1 already exists for another block",
            ),
            Problem("/blocks/2/child_blocks/0", "no more than 1 table blocks allowed"),
        ]

    def test_a_plan_has_tasks_and_a_task_a_status(self) -> None:
        task = {"type": "task_card", "task_id": "1", "title": "Ship", "status": "complete"}
        assert in_message({"type": "plan", "title": "Steps", "tasks": [task]}, task) == []
        assert in_message(
            {"type": "plan", "title": "Steps", "tasks": [task | {"status": "ok"}]}
        ) == [
            Problem(
                "/blocks/0/tasks/0/status",
                "must be one of: pending, in_progress, complete, error",
            )
        ]


class TestUniqueness:
    def test_a_block_id_is_used_once(self) -> None:
        block = DIVIDER | {"block_id": "b1"}
        refused = "`block_id` b1 already exists for another block"
        assert in_message(block, block) == [Problem("/blocks/1/block_id", refused)]
        assert in_modal(block, block) == [Problem("/blocks/1/block_id", refused)]

    def test_an_action_id_is_used_once_in_a_block(self) -> None:
        alone = {"type": "actions", "elements": [BUTTON]}
        assert in_message(alone, alone) == []
        assert in_message({"type": "actions", "elements": [BUTTON, BUTTON]}) == [
            Problem(
                "/blocks/0/elements/1/action_id",
                "`action_id` ship already exists for another element",
            )
        ]

    def test_a_card_has_buttons_and_an_icon_of_its_own(self) -> None:
        card = {"type": "card", "title": TEXT, "actions": [BUTTON]}
        star = {"type": "icon", "name": "star"}
        assert in_message({"type": "carousel", "elements": [card, card]}) == []
        assert in_message(card | {"actions": [BUTTON, BUTTON]}) == [
            Problem(
                "/blocks/0/actions/1/action_id",
                "`action_id` ship already exists for another element",
            )
        ]
        assert in_message(card | {"slack_icon": star}) == []
        assert in_message(card | {"slack_icon": star, "icon": PICTURE}) == [
            Problem("/blocks/0", "must define only one of `icon` or `slack_icon`")
        ]

    def test_one_element_takes_the_focus(self) -> None:
        focused = asking_for({"type": "plain_text_input", "focus_on_load": True})
        assert in_modal(focused, INPUT) == []
        assert in_modal(focused, focused) == [
            Problem("/blocks/1/element/focus_on_load", "only one element can have focus")
        ]


class TestInputs:
    def test_a_modal_that_asks_needs_a_submit_button(self) -> None:
        view = {"type": "modal", "title": TEXT, "blocks": [INPUT]}
        assert problems_in_view(view) == [Problem("", "missing required field: submit")]
        assert problems_in_view(view | {"blocks": [DIVIDER]}) == []

    def test_the_first_choice_is_one_of_the_options(self) -> None:
        menu = {"type": "static_select", "options": [FIRST, SECOND]}
        refused = "must exactly match one of the provided options"
        assert in_element(menu | {"initial_option": SECOND}) == []
        assert in_element(menu | {"initial_option": FIRST | {"value": "third"}}) == [
            Problem("/blocks/0/element/initial_option", refused)
        ]
        boxes = {"type": "checkboxes", "options": [FIRST], "initial_options": [FIRST, SECOND]}
        assert in_element(boxes) == [Problem("/blocks/0/element/initial_options/1", refused)]

    def test_the_first_choice_may_come_from_a_group(self) -> None:
        groups = [{"label": TEXT, "options": [FIRST]}, {"label": TEXT, "options": [SECOND]}]
        menu = {"type": "static_select", "option_groups": groups, "initial_option": SECOND}
        assert in_element(menu) == []

    def test_a_menu_has_options_or_groups(self) -> None:
        assert in_element({"type": "static_select"}) == [
            Problem("/blocks/0/element", "must define either `options` or `option_groups`")
        ]

    def test_only_an_overflow_menu_links(self) -> None:
        linked = FIRST | {"url": "https://x.test"}
        assert (
            in_message(
                {
                    "type": "section",
                    "text": TEXT,
                    "accessory": {"type": "overflow", "options": [linked]},
                }
            )
            == []
        )
        assert in_element({"type": "static_select", "options": [linked]}) == [
            Problem("/blocks/0/element/options/0", "invalid additional property: url")
        ]

    @pytest.mark.parametrize(
        ("field", "good", "bad"),
        [
            ("datepicker/initial_date", "2026-03-16", "16.3.2026"),
            ("datepicker/initial_date", "2026-12-31", "2026-13-01"),
            ("timepicker/initial_time", "09:05", "24:00"),
            ("datetimepicker/initial_date_time", 1_773_619_200, 1_773_619_200_000),
            ("users_select/initial_user", "U1", 1),
            ("multi_users_select/max_selected_items", 1, 0),
            ("external_select/min_query_length", 0, -1),
            ("conversations_select/filter", {"include": ["im"]}, {"include": ["team"]}),
            ("conversations_select/filter", {"exclude_bot_users": True}, {}),
            ("rich_text_input/focus_on_load", True, "yes"),
        ],
    )
    def test_first_values_have_the_form_of_their_element(
        self, field: str, good: object, bad: object
    ) -> None:
        kind, name = field.split("/")
        assert in_element({"type": kind, name: good}) == []
        problems = in_element({"type": kind, name: bad})
        assert len(problems) == 1
        assert problems[0].pointer.startswith(f"/blocks/0/element/{name}")

    def test_a_number_input_says_whether_it_takes_decimals(self) -> None:
        element = {"type": "number_input", "min_value": "10", "max_value": "9.5"}
        assert in_element(element) == [
            Problem("/blocks/0/element", "missing required field: is_decimal_allowed"),
            Problem("/blocks/0/element/min_value", "must not be greater than max_value"),
        ]

    def test_lengths_of_a_text_input_are_in_order(self) -> None:
        element = {"type": "plain_text_input", "min_length": 5, "max_length": 4}
        assert in_element(element) == [
            Problem("/blocks/0/element/min_length", "must not be greater than max_length")
        ]


class TestTablesAndCharts:
    def data_table(self, *rows: list[Payload], **fields: Any) -> list[Problem]:
        return in_message(
            {"type": "data_table", "caption": "Metrics", "rows": list(rows), **fields}
        )

    def test_rows_of_a_data_table_are_of_one_length(self) -> None:
        cell = {"type": "raw_text", "text": "12"}
        assert self.data_table([cell, cell], [cell]) == [
            Problem("/blocks/0/rows/1", "must have 2 cells")
        ]
        assert self.data_table([cell]) == [
            Problem("/blocks/0/rows", "no fewer than 2 items allowed")
        ]

    def test_the_header_of_a_data_table_is_plain(self) -> None:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "PDE"}]}
        rich = {"type": "rich_text", "elements": [section]}
        assert self.data_table([rich], [rich]) == [
            Problem("/blocks/0/rows/0/0/type", "unsupported type: rich_text")
        ]

    def test_the_row_header_is_a_column_that_exists(self) -> None:
        cell = {"type": "raw_number", "value": 12, "text": "~12"}
        assert self.data_table([cell], [cell], row_header_column_index=0) == []
        assert self.data_table([cell], [cell], row_header_column_index=1) == [
            Problem("/blocks/0/row_header_column_index", "must be at most 0")
        ]

    def test_rich_cells_count_towards_the_characters_of_a_table(self) -> None:
        part = {"type": "text", "text": "x" * 5001}
        section = {"type": "rich_text_section", "elements": [part]}
        rich = {"type": "rich_text", "elements": [section]}
        assert in_message({"type": "table", "rows": [[rich, rich]]}) == [
            Problem("/blocks/0/rows", "must be less than 10001 characters")
        ]

    def plot(self, *series: Payload, categories: list[str]) -> list[Problem]:
        drawn = {"type": "bar", "series": list(series), "axis_config": {"categories": categories}}
        return in_message(CHART | {"chart": drawn})

    def test_series_and_categories_have_names_of_their_own(self) -> None:
        point = {"label": "W1", "value": 1}
        line = {"name": "Rollbacks", "data": [point, point]}
        assert self.plot(line, line, categories=["W1", "W1"]) == [
            Problem("/blocks/0/chart/series/1/name", "series name `Rollbacks` is not unique"),
            Problem("/blocks/0/chart/axis_config/categories/1", "category `W1` is not unique"),
        ]

    def test_a_series_has_a_point_for_each_category(self) -> None:
        line = {"name": "Rollbacks", "data": [{"label": "W1", "value": 196}]}
        assert self.plot(line, categories=["W1"]) == []
        refused = Problem("/blocks/0/chart/series/0/data", "must have one point for each category")
        assert self.plot(line, categories=["W1", "W2"]) == [refused]
        assert self.plot(line, categories=["W2"]) == [refused]

    @pytest.mark.parametrize("value", [0, -1, "1", True, float("nan")])
    def test_a_slice_of_a_pie_is_a_number_above_zero(self, value: object) -> None:
        pie = {"type": "pie", "segments": [{"label": "PDE", "value": value}]}
        assert [problem.pointer for problem in in_message(CHART | {"chart": pie})] == [
            "/blocks/0/chart/segments/0/value"
        ]

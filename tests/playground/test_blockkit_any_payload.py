"""Whatever arrives, the validator answers; and what is built by the rules has no problems."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.playground.blockkit import Problem, problems_in_message, problems_in_view

TYPES = [
    *("section", "context", "actions", "image", "divider", "header", "rich_text", "input"),
    *("markdown", "table", "data_table", "data_visualization", "video", "card", "carousel"),
    *("button", "static_select", "checkboxes", "plain_text_input", "number_input", "overflow"),
    *("plain_text", "mrkdwn", "modal", "home", "pie", "line", "raw_text", "rich_text_list"),
]
FIELDS = [
    *("type", "text", "blocks", "elements", "element", "accessory", "fields", "rows", "label"),
    *("options", "option_groups", "initial_option", "initial_options", "title", "submit", "value"),
    *("chart", "series", "axis_config", "categories", "data", "segments", "name", "block_id"),
    *("action_id", "min_value", "max_value", "is_decimal_allowed", "style", "metadata", "other"),
]

SIGNS = "aZ0~+/<>&*`\n ü中🚢"

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(SIGNS, max_size=5)
json_like = st.recursive(
    scalars | st.sampled_from(TYPES),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
        | st.fixed_dictionaries({"type": st.sampled_from(TYPES), "elements": inner, "text": inner})
    ),
    max_leaves=25,
)
# Most of what is drawn freely fails at its first field. These get past it: a list of things that
# look like blocks, with anything inside.
block_like = st.dictionaries(st.sampled_from(FIELDS), json_like, max_size=5).flatmap(
    lambda fields: st.sampled_from(TYPES).map(lambda kind: {**fields, "type": kind})
)


@given(payload=st.dictionaries(st.sampled_from(FIELDS), json_like))
def test_no_payload_makes_the_validator_raise(payload: dict[str, Any]) -> None:
    assert all(isinstance(each, Problem) for each in problems_in_message(payload))
    assert all(isinstance(each, Problem) for each in problems_in_view(payload))


@given(blocks=st.lists(block_like, max_size=3), kind=st.sampled_from(["modal", "home"]))
def test_nothing_inside_a_block_makes_the_validator_raise(
    blocks: list[dict[str, Any]], kind: str
) -> None:
    in_message = problems_in_message({"blocks": blocks})
    in_ack = problems_in_message({"blocks": blocks}, surface="ack")
    in_view = problems_in_view({"type": kind, "blocks": blocks})
    assert all(each.pointer.startswith("/blocks") for each in [*in_message, *in_ack])
    assert all(each.pointer.startswith("/blocks") or not each.pointer for each in in_view)


def text_object(kind: str, most: int) -> st.SearchStrategy[dict[str, Any]]:
    words = st.text(SIGNS, min_size=1, max_size=min(most, 40))
    return words.map(lambda text: {"type": kind, "text": text})


plain = text_object("plain_text", 75)
any_text = plain | text_object("mrkdwn", 3000)
options = st.lists(
    st.builds(
        lambda text, value: {"text": text, "value": value},
        plain,
        st.text(SIGNS, min_size=1, max_size=150),
    ),
    min_size=1,
    max_size=5,
)
elements = st.one_of(
    plain.map(lambda text: {"type": "button", "text": text}),
    options.map(
        lambda some: {"type": "static_select", "options": some, "initial_option": some[-1]}
    ),
    options.map(lambda some: {"type": "overflow", "options": some}),
    options.map(lambda some: {"type": "checkboxes", "options": some, "initial_options": some[:1]}),
)
valid_blocks = st.one_of(
    st.just({"type": "divider"}),
    plain.map(lambda text: {"type": "header", "text": text}),
    st.builds(
        lambda text, accessory: {"type": "section", "text": text, "accessory": accessory},
        any_text,
        elements,
    ),
    st.lists(any_text, min_size=1, max_size=10).map(
        lambda fields: {"type": "section", "fields": fields}
    ),
    st.lists(any_text, min_size=1, max_size=10).map(
        lambda parts: {"type": "context", "elements": parts}
    ),
    st.lists(elements, min_size=1, max_size=25).map(
        lambda shown: {"type": "actions", "elements": shown}
    ),
)


@given(
    blocks=st.lists(valid_blocks, min_size=1, max_size=8).map(
        lambda some: [block | {"block_id": f"b{place}"} for place, block in enumerate(some)]
    ),
    text=st.text(SIGNS, max_size=100),
)
def test_what_is_built_by_the_rules_passes_everywhere(
    blocks: list[dict[str, Any]], text: str
) -> None:
    title = {"type": "plain_text", "text": "Log a milestone"}
    assert problems_in_message({"text": text, "blocks": blocks}) == []
    assert problems_in_message({"text": text, "blocks": blocks}, surface="ack") == []
    assert problems_in_view({"type": "modal", "title": title, "blocks": blocks}) == []
    assert problems_in_view({"type": "home", "blocks": blocks}) == []

"""The schema that editors complete and check scorecard files with."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

import app.demo
from app.files import read_scorecard_file, scorecard_schema

BILLING = Path(app.demo.__file__).with_name("billing.yaml")
SCHEMA = scorecard_schema()
FIELDS: dict[str, dict[str, Any]] = {
    f"{entry['title']}.{name}": field
    for entry in (SCHEMA, *SCHEMA["$defs"].values())
    for name, field in entry.get("properties", {}).items()
}


class EditorLoader(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: a date and the word `on` are text there."""


EditorLoader.yaml_implicit_resolvers = {
    sign: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))
    ]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(text: str) -> list[str]:
    data = yaml.load(text, Loader=EditorLoader)  # noqa: S506
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(data)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_an_editor_accepts_the_billing_scorecard() -> None:
    assert complaints(BILLING.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_described(name: str) -> None:
    assert FIELDS[name]["description"].endswith(".")


@pytest.mark.parametrize("name", FIELDS)
def test_every_example_and_default_is_sound(name: str) -> None:
    field = FIELDS[name]
    given = [*field.get("examples", []), *([field["default"]] if "default" in field else [])]
    validator = Draft202012Validator({**field, "$defs": SCHEMA["$defs"]})
    assert [error.message for value in given for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: A\ngoal: B\ngoall: C\n", "'goall' was unexpected"),
        ("name: A\n", "'goal' is a required property"),
        ("name: A\ngoal: B\nmilestones: [{title: C, status: landed}]\n", "'landed' is not one of"),
        ("name: A\ngoal: B\nmilestones: [{title: C, due_on: 2026-02-30}]\n", "2026-02-30"),
        ("name: A\ngoal: B\ndigest: {day: mondy}\n", "'mondy' is not one of"),
        (f"name: {'x' * 81}\ngoal: B\n", "is too long"),
    ],
)
def test_an_editor_sees_a_mistake_while_it_is_typed(text: str, complaint: str) -> None:
    assert any(complaint in told for told in complaints(text)), complaints(text)


def test_keys_may_be_left_out_and_values_be_numbers() -> None:
    text = (
        "name: A\ngoal: B\nmetrics:\n  - {name: M, target: 0, fresh_days: 7, "
        "baseline: {value: 1.5, label: S, on: 2026-01-01}}\n"
    )
    assert complaints(text) == []
    assert read_scorecard_file(text, "card.yaml").metrics[0].fresh_days == 7

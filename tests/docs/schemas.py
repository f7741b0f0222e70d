"""What a JSON Schema says of a thing's fields, as a table for people."""

import json
import re
from typing import Any

from tests.docs.markdown import code, listed, table

Schema = dict[str, Any]


def section(heading: str, entry: Schema, known: Schema) -> str:
    """A thing under its heading; `known` are the schemas by the names that references end with."""
    words = entry.get("description", "").strip()
    parts = [f"## {heading}", *([words] if words else []), _fields(entry, known)]
    return "\n\n".join(parts)


def heading_of(name: str) -> str:
    """`WorkStreamEntry` as `Work stream`, `Page_MetricOut_` as `Page of metric`."""
    page = re.fullmatch(r"Page_(\w+)_", name)
    if page:
        return f"Page of {heading_of(page[1]).lower()}"
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
    return re.sub(r" (entry|out)$", "", words).capitalize()


def link_to(name: str) -> str:
    heading = heading_of(name)
    return f"[{heading}](#{heading.lower().replace(' ', '-')})"


def _fields(entry: Schema, known: Schema) -> str:
    required = entry.get("required", ())
    rows = [
        (code(name), type_of(field, known), _default(field, name in required), _meaning(field))
        for name, field in entry["properties"].items()
    ]
    return table(("field", "what it takes", "if left out", "meaning"), rows)


def type_of(field: Schema, known: Schema) -> str:
    if alternatives := [each for each in field.get("anyOf", ()) if each.get("type") != "null"]:
        return " or ".join(type_of(each, known) for each in alternatives)
    if "items" in field:
        return f"list: {type_of(field['items'], known)}"
    if target := field.get("$ref"):
        name = target.rpartition("/")[2]
        return listed(known[name]["enum"]) if "enum" in known[name] else link_to(name)
    if "enum" in field:
        return listed(field["enum"])
    return _plain_type(field)


def _plain_type(field: Schema) -> str:
    types = field.get("type", "text")
    words = {"string": "text", "integer": "whole number", "array": "list", "boolean": "yes or no"}
    names = [words.get(each, each) for each in ([types] if isinstance(types, str) else types)]
    most = f", at most {field['maxLength']:,} characters" if "maxLength" in field else ""
    return f"{field.get('format') or ' or '.join(names)}{most}"


def _default(field: Schema, is_required: bool) -> str:
    if is_required:
        return "always there"
    default = field.get("default")
    return "" if default in (None, "", []) or isinstance(default, dict) else code(default)


def _meaning(field: Schema) -> str:
    examples = [
        each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
        for each in field.get("examples", ())
    ]
    such = [f"Such as {listed(examples)}."] if examples else []
    return " ".join([field.get("description", ""), *such]).strip()

"""The page on the HTTP API, from its OpenAPI document."""

from typing import Any

from app.http import API_ROOT
from app.http.api import Parts, build_api, document
from app.main import utc_now
from app.store.engine import Store
from tests.docs.markdown import code, page, table
from tests.docs.schemas import Schema, heading_of, link_to, section, type_of


def http_api() -> str:
    told = document(build_api(_parts()))
    schemas = told["components"]["schemas"]
    operations = [
        _operation(method, path, each, schemas)
        for path, methods in told["paths"].items()
        for method, each in methods.items()
    ]
    return page(
        "HTTP API",
        f"{told['info']['description']} All of it is under `{API_ROOT}`; a running bot serves this "
        f"page at `{API_ROOT}/docs` and as an OpenAPI document at `{API_ROOT}/openapi.json`. "
        "[How to use it](../api.md).",
        *operations,
        *(
            section(heading_of(name), each, schemas)
            for name, each in schemas.items()
            if "properties" in each
        ),
    )


def _parts() -> Parts:
    """What a running API has; nothing is asked of it here."""

    def no_work(*_: object) -> Any:
        raise AssertionError("a document needs no work")

    return Parts(Store("sqlite:///nothing.db"), utc_now, no_work, no_work)


def _operation(method: str, path: str, told: Schema, schemas: Schema) -> str:
    parts = [f"## {method.upper()} {path}", told["description"]]
    parameters = [
        (
            code(each["name"]),
            each["in"],
            type_of(each["schema"], schemas),
            "yes" if each["required"] else "",
            each.get("description", ""),
        )
        for each in told.get("parameters", ())
    ]
    if parameters:
        parts.append(
            table(("parameter", "where", "what it takes", "always", "meaning"), parameters)
        )
    if body := told.get("requestBody"):
        parts.append(f"Body: {_content(body['content'], schemas)}.")
    answers = [
        (status, each["description"] if int(status) >= 400 else "",
         _content(each.get("content", {}), schemas))
        for status, each in sorted(told["responses"].items())
    ]  # fmt: skip
    parts.append(table(("answer", "when", "body"), answers))
    return "\n\n".join(parts)


def _content(content: Schema, schemas: Schema) -> str:
    return ", or ".join(
        f"{code(kind)}: {_named(each.get('schema', {}), schemas)}"
        for kind, each in content.items()
        if kind != "application/problem+json"
    ) or ", ".join(_named(each["schema"], schemas) for each in content.values())


def _named(schema: Schema, schemas: Schema) -> str:
    if target := schema.get("$ref"):
        return link_to(target.rpartition("/")[2])
    return type_of(schema, schemas)

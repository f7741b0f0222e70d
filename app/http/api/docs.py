"""The page about the API: its OpenAPI document for people, without a script or a request more."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import htpy as h

from app.http.api.problems import Kind

Json = Mapping[str, Any]

STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 3rem; border-top: 1px solid; padding-top: 1rem; }
code, pre { font: 0.9rem/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
th { font-weight: 600; }
td { overflow-wrap: anywhere; }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
STYLE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
_MEANINGS = {
    Kind.UNREADABLE: "The body isn't what its Content-Type says.",
    Kind.UNKNOWN_TOKEN: "There is no token in the header Authorization, or one that isn't known "
    "or was revoked.",
    Kind.NOT_ALLOWED: "The token may only read. Make one that writes.",
    Kind.NOT_FOUND: "There is no such scorecard, metric or milestone that the token reaches, or no "
    "such address.",
    Kind.METHOD: "The header Allow says what can be done there.",
    Kind.ALREADY_DONE: "Such as a milestone that has shipped. Nothing was changed.",
    Kind.TOO_LARGE: "Send less, or the same in several requests.",
    Kind.MEDIA_TYPE: "Say in Content-Type what the body is.",
    Kind.INVALID: "Each of errors says what is wrong and where. Nothing was changed.",
    Kind.KEY_USED: "A key is for one request. Nothing was changed.",
    Kind.TOO_MANY: "The header Retry-After says after how many seconds to go on.",
    Kind.FAILED: "Nothing was changed. The reference leads to the failure in the bot's log.",
    Kind.UNAVAILABLE: "Nothing was changed. Try again, with the same Idempotency-Key.",
}


def page(document: Json) -> str:
    """The page of an OpenAPI document, as HTML."""
    info = document["info"]
    return str(
        h.html(lang="en")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width"),
                h.title[f"{info['title']}: HTTP API"],
                h.style[STYLE],
            ],
            h.body[
                h.h1[f"{info['title']}: HTTP API"],
                h.p[info["description"]],
                h.p[
                    "The same for programs: ",
                    h.a(href="openapi.json")["the OpenAPI document"],
                    ".",
                ],
                h.ul[(_entry(*each) for each in _operations(document))],
                h.main[
                    (_operation(*each) for each in _operations(document)),
                    _schemas(document),
                    _problems(),
                ],
            ],
        ]
    )


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, address and description of each thing that can be done."""
    root = document["servers"][0]["url"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), f"{root}{path}", operation


def _entry(method: str, path: str, operation: Json) -> h.Element:
    link = h.a(href=f"#{operation['operationId']}")[operation["summary"]]
    return h.li[link, " ", h.code[f"{method} {path}"]]


def _operation(method: str, path: str, operation: Json) -> h.Element:
    return h.section[
        h.h2(id=operation["operationId"])[operation["summary"]],
        h.pre[h.code[f"{method} {path}"]],
        (h.p[_words(said)] for said in _more(operation)),
        _parameters(operation),
        _body(operation),
        h.h3["Answers"],
        h.table[
            (
                _row(status, h.span[answer["description"], ". ", _content(answer)])
                for status, answer in sorted(operation["responses"].items())
            )
        ],
    ]


def _parameters(operation: Json) -> h.Fragment:
    known = operation.get("parameters", ())
    return h.fragment[
        known and h.h3["Parameters"],
        known
        and h.table[
            (
                _row(
                    each["name"],
                    h.span[_place(each), _words(each.get("description", ""))],
                )
                for each in known
            )
        ],
    ]


def _body(operation: Json) -> h.Fragment:
    kinds = operation.get("requestBody", {}).get("content", {})
    return h.fragment[
        kinds and h.h3["Body"],
        (
            h.fragment[
                h.p[kind, ": ", _type(content["schema"])],
                (
                    h.fragment[h.p[each["summary"], ":"], h.pre[h.code[_shown(each["value"])]]]
                    for each in content.get("examples", {}).values()
                ),
            ]
            for kind, content in kinds.items()
        ),
    ]


def _content(answer: Json) -> h.Fragment:
    return h.fragment[
        ((_type(content["schema"]), " ") for content in answer.get("content", {}).values())
    ]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2)


def _schemas(document: Json) -> h.Fragment:
    return h.fragment[
        h.h2(id="schemas")["What stands in bodies"],
        (
            h.section[
                h.h3(id=f"schema-{name}")[name],
                schema.get("description") and h.p[_words(schema["description"])],
                h.table[
                    (
                        _row(field, h.span[_type(said), ". ", _words(said.get("description", ""))])
                        for field, said in schema.get("properties", {}).items()
                    )
                ],
            ]
            for name, schema in document["components"]["schemas"].items()
        ),
    ]


def _type(schema: Json) -> h.Fragment:
    """What a value may be: a link to what it consists of, or a word."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return h.fragment[h.a(href=f"#schema-{name}")[name]]
    if "anyOf" in schema:
        first, *more = schema["anyOf"]
        return h.fragment[_type(first), ((" or ", _type(each)) for each in more)]
    if schema.get("type") == "array":
        return h.fragment["list of ", _type(schema.get("items", {}))]
    if "enum" in schema:
        return h.fragment[" | ".join(map(str, schema["enum"]))]
    return h.fragment[schema.get("format") or schema.get("type", "anything")]


def _problems() -> h.Fragment:
    return h.fragment[
        h.h2(id="problems")["What can go wrong"],
        (
            h.section[h.h3(id=kind.slug)[f"{kind.status}: {kind.title}"], h.p[meaning]]
            for kind, meaning in _MEANINGS.items()
        ),
    ]


def _place(parameter: Json) -> str:
    """Where a parameter stands, and whether it has to."""
    needed = "needed" if parameter.get("required") else "may be left out"
    return f"{parameter['in']}, {needed}. "


def _more(operation: Json) -> list[str]:
    """What is said of an operation beyond its summary, in paragraphs."""
    said = operation["description"].removeprefix(f"{operation['summary']}.").strip()
    return said.split("\n\n") if said else []


def _words(text: str) -> h.Fragment:
    """Text with what stands in backticks as code."""
    pieces = enumerate(text.split("`"))
    return h.fragment[(h.code[piece] if place % 2 else piece for place, piece in pieces)]


def _row(name: str, said: h.Node) -> h.Element:
    return h.tr[h.th(scope="row")[h.code[name]], h.td[said]]

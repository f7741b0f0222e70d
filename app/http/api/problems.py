"""What goes wrong, as problem details: RFC 9457, https://www.rfc-editor.org/rfc/rfc9457."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.domain.errors import AlreadyDone, KpiError, NotAllowed, NotFound
from app.services.answers import KeyUsed
from app.services.tokens import Revoked

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"


class Kind(Enum):
    """What can go wrong: its name in the page of the API, the status, the title."""

    UNREADABLE = ("unreadable", 400, "The request can't be read")
    UNKNOWN_TOKEN = ("unknown-token", 401, "The request needs a token that is known")
    NOT_ALLOWED = ("not-allowed", 403, "The token may not do this")
    NOT_FOUND = ("not-found", 404, "Nothing is there")
    METHOD = ("method", 405, "This can't be done there")
    ALREADY_DONE = ("already-done", 409, "It has happened before")
    TOO_LARGE = ("too-large", 413, "The request is too large")
    MEDIA_TYPE = ("media-type", 415, "The body is of another kind than can be read")
    INVALID = ("invalid", 422, "Something in the request isn't right")
    KEY_USED = ("key-used", 422, "The Idempotency-Key belongs to another request")
    TOO_MANY = ("too-many", 429, "There are too many requests")
    FAILED = ("failed", 500, "It failed by no fault of the request")
    UNAVAILABLE = ("unavailable", 503, "It can't be done just now")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title


class Wrong(BaseModel):
    """One thing that is wrong, and where: in the body, in a parameter or in a header."""

    detail: str
    pointer: str | None = Field(
        None, description="A JSON pointer (RFC 6901) into the body.", examples=["#/value"]
    )
    parameter: str | None = Field(None, description="A parameter of the path or of the query.")
    header: str | None = None
    line: int | None = Field(None, description="Of a body with one object a line, from 1.")


class Problem(BaseModel):
    """What went wrong (RFC 9457): `type` leads to its explanation, `detail` says how to do it
    right."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})

    type: str
    title: str
    status: int
    detail: str
    errors: list[Wrong] | None = None


class Refusal(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Sequence[Wrong] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers

    def response(self) -> Response:
        problem = Problem(
            type=f"{DOCS}#{self.kind.slug}",
            title=self.kind.title,
            status=self.kind.status,
            detail=self.detail,
            errors=list(self.errors) or None,
        )
        return Response(
            problem.model_dump_json(exclude_none=True),
            self.kind.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


def handle_problems(api: FastAPI) -> None:
    """Answer whatever is wrong with a request with a problem."""
    for kind in (Refusal, KpiError, RequestValidationError, HTTPException):
        api.add_exception_handler(kind, _answered)


async def _answered(request: Request, error: Exception) -> Response:
    return _refusal_of(error, request).response()


def _refusal_of(error: Exception, request: Request) -> Refusal:
    match error:
        case Refusal():
            return error
        case KpiError():
            return _of_use_case(error)
        case RequestValidationError():
            return _of_validation(error)
        case HTTPException():
            return _of_framework(error, request)
    raise error


_KINDS: Mapping[type[KpiError], Kind] = {
    KeyUsed: Kind.KEY_USED,
    Revoked: Kind.UNKNOWN_TOKEN,
    NotAllowed: Kind.NOT_ALLOWED,
    AlreadyDone: Kind.ALREADY_DONE,
    NotFound: Kind.NOT_FOUND,
}


def _of_use_case(error: KpiError) -> Refusal:
    """What the use cases raise; what is wrong with a field points to that."""
    kind = next((kind for each, kind in _KINDS.items() if isinstance(error, each)), Kind.INVALID)
    if isinstance(error, NotFound) and error.field not in {None, "metric"}:
        kind = Kind.INVALID  # the body names what isn't there
    if kind is Kind.KEY_USED:
        errors = [Wrong(detail=error.message, header="Idempotency-Key")]
    elif kind is Kind.INVALID and error.field:
        errors = [Wrong(detail=error.message, pointer=f"#/{error.field}")]
    else:
        errors = []
    headers = CHALLENGE if kind is Kind.UNKNOWN_TOKEN else None
    return Refusal(kind, error.message, errors, headers)


CHALLENGE = {"WWW-Authenticate": 'Bearer realm="KPI Trajectories"'}


def _of_validation(error: RequestValidationError) -> Refusal:
    """What FastAPI finds wrong with a request."""
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return Refusal(Kind.UNREADABLE, "The body isn't JSON.")
    errors = [_wrong(each) for each in found]
    return Refusal(Kind.INVALID, errors[0].detail, errors)


def _wrong(found: Mapping[str, Any]) -> Wrong:
    place, *way = found["loc"]
    detail = found["msg"].removeprefix("Value error, ")
    name = ".".join(map(str, way))
    if place == "body":
        return Wrong(detail=detail, pointer=pointer(*way))
    return Wrong(detail=detail, **{place if place == "header" else "parameter": name})


def pointer(*way: object) -> str:
    """A JSON pointer as a fragment: `#/moved/rollbacks`."""
    return "#" + "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in way)


def _of_framework(error: HTTPException, request: Request) -> Refusal:
    """What the framework refuses by itself, and bodies that are too large."""
    headers = error.headers
    match error.status_code:
        case 404:
            kind, told = Kind.NOT_FOUND, f"There is no such address. All that there are: {DOCS}"
        case 405:
            kind, told = Kind.METHOD, f"It takes other methods. All that can be done: {DOCS}"
            headers = {"Allow": ", ".join(sorted(_methods_there(request)))}
        case 413:
            kind, told = Kind.TOO_LARGE, error.detail
        case _:
            kind, told = Kind.UNREADABLE, error.detail
    return Refusal(kind, told, headers=headers)


def _methods_there(request: Request) -> set[str]:
    """What the address takes; the framework names one of its methods alone."""
    routes: Sequence[APIRoute] = request.app.state.routes
    there = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in there for method in route.methods or ()}


def problems(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The answers to a request that isn't carried out, for the OpenAPI document."""
    told: dict[int | str, dict[str, Any]] = {}
    for kind in (*kinds, *_ANYWHERE):
        known = told.setdefault(kind.status, {"description": kind.title, "content": {}})
        example = {
            "type": f"{DOCS}#{kind.slug}",
            "title": kind.title,
            "status": kind.status,
            "detail": "What is wrong and how to do it right.",
        }
        schema = {"$ref": "#/components/schemas/Problem"}
        known["content"].setdefault(MEDIA_TYPE, {"schema": schema, "example": example})
        if kind is Kind.TOO_MANY:
            known["headers"] = {"Retry-After": {"schema": {"type": "string"}}}
    return told


_ANYWHERE = (
    Kind.UNREADABLE,
    Kind.UNKNOWN_TOKEN,
    Kind.NOT_FOUND,
    Kind.INVALID,
    Kind.TOO_MANY,
    Kind.FAILED,
    Kind.UNAVAILABLE,
)

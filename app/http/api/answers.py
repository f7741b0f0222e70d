"""How requests are read and answered: pages, what hasn't changed, and once for each key."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Header, Query, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from app.domain.access import Token
from app.http.api.door import Parts
from app.http.api.problems import Kind, Refusal, Wrong
from app.services import tokens
from app.services.answers import KEPT_FOR, Answer, answered_once
from app.services.callers import Caller
from app.store.engine import Store

Item = TypeVar("Item")
ITEMS_A_PAGE = 100
MOST_ITEMS = 1_000

bearer = HTTPBearer(
    auto_error=False,
    description="A token, as `Authorization: Bearer kpi_…`. Owners of a scorecard make it in "
    "Slack: `/kpi setup`, *Tokens*; whoever runs the bot with `kpi token create`.",
)


@dataclass(frozen=True)
class Asking:
    """A request that was let in: by which token, and with what it is answered."""

    request: Request
    parts: Parts
    token: Token
    caller: Caller

    @property
    def store(self) -> Store:
        return self.parts.store


async def _asking(request: Request, _: Annotated[object, Depends(bearer)]) -> Asking:
    parts: Parts = request.app.state.parts
    token: Token = request.state.token
    return Asking(request, parts, token, tokens.caller_of(token, parts.clock()))


Asked = Annotated[Asking, Depends(_asking)]


# --- reading ---------------------------------------------------------------


class Page(BaseModel, Generic[Item]):
    """Some of a list. `next` is the address of the page that follows, also in the header Link."""

    items: list[Item]
    next: str | None = Field(examples=["/api/v1/scorecards?cursor=Yg&limit=100"])


Limit = Annotated[
    int, Query(ge=1, le=MOST_ITEMS, description="How many items the page has at most.")
]
Cursor = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=200,
        pattern="^[A-Za-z0-9_-]+$",
        description="Where the page begins: what `next` of the page before says.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="The ETag of an answer at hand: 304 if it still holds.",
    ),
]


class BadCursor(Refusal):
    def __init__(self) -> None:
        told = "This cursor leads nowhere any more. Begin with the first page."
        super().__init__(Kind.INVALID, told, [Wrong(detail=told, parameter="cursor")])


def as_cursor(last: object) -> str:
    """The cursor of the page behind an item, told by its key or number."""
    return base64.urlsafe_b64encode(str(last).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The key or number in a cursor; raises `BadCursor`."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise BadCursor from error


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


ByKey = TypeVar("ByKey", bound=Keyed)


def paged(
    asking: Asking,
    pages: "type[Page[ByKey]]",
    items: Sequence[ByKey],
    cursor: str | None,
    limit: int,
) -> Response:
    """The page of the items behind a cursor, at most so many. Raises `BadCursor`."""
    start = 0
    if cursor is not None:
        keys = [item.key for item in items]
        last = read_cursor(cursor)
        if last not in keys:
            raise BadCursor
        start = keys.index(last) + 1
    some = list(items[start : start + limit])
    is_more = start + limit < len(items)
    following = as_cursor(some[-1].key) if is_more else ""
    return answered(asking, pages(items=some, next=next_page(asking, following, limit)))


def next_page(asking: Asking, following: str, limit: int) -> str | None:
    """The address of the page with this cursor, relative to the host."""
    if not following:
        return None
    query = urlencode({"cursor": following, "limit": limit})
    return f"{asking.request.url.path}?{query}"


def answered(asking: Asking, content: BaseModel) -> Response:
    """Content with its ETag, or 304 where that is at hand already.

    The ETag is made of the content itself, and not of the scorecard's version alone: time
    passes without one, and makes a metric stale or a milestone late.
    """
    body = content.model_dump_json()
    etag = f'"{hashlib.blake2s(body.encode(), digest_size=16).hexdigest()}"'
    headers = {"ETag": etag}
    following = getattr(content, "next", None)
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    if _holds(asking.request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _holds(given: Sequence[str], etag: str) -> bool:
    """By weak comparison, see https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match."""
    known = [each.strip().removeprefix("W/") for line in given for each in line.split(",")]
    return etag in known or known == ["*"]


# --- writing ---------------------------------------------------------------

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,200}$",
        description="Anything that no other request of this token has, such as a UUID. Sent "
        f"again within {KEPT_FOR.days} days, the same request is answered the same and does "
        "nothing.",
    ),
]


async def written(
    asking: Asking, key: str | None, work: Callable[[Store], Awaitable[Answer]], content: bytes
) -> Response:
    """Do some work, once for each key, and answer with what came of it; `content` is the body."""
    if key is None:
        answer = await work(asking.store)
    else:
        answer = await answered_once(
            asking.store,
            asking.caller,
            work,
            token_id=asking.token.id,
            key=key,
            request=_digest(asking.request, content),
        )
    headers = {"Location": answer.location} if answer.location else {}
    return Response(answer.body, answer.status, headers, "application/json")


def _digest(request: Request, content: bytes) -> str:
    """What tells one request from another: what is asked for, of what, and with which body."""
    kind = request.headers.get("content-type", "")
    asked = f"{request.method} {request.url.path}\n{kind}\n".encode()
    return hashlib.sha256(asked + content).hexdigest()


def made(content: BaseModel, location: str | None = None) -> Answer:
    return Answer(201, content.model_dump_json(), location)

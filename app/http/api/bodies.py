"""Bodies of requests: of which kind they are, and that no more is read than an address takes."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from app.http.api.problems import Kind, Refusal

MOST_BODY_BYTES = 64 * 1024
"""Of one reading or milestone, several times what its fields can hold."""


class SmallBody(APIRoute):
    """A route of which no request may be larger than one reading or milestone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            return await handle(within(request, MOST_BODY_BYTES))

        return limited


def within(request: Request, most: int) -> Request:
    """The request, which ends with 413 as soon as its body is known to have more bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    return Request(request.scope, _counting(request.receive, most))


def _counting(receive: Receive, most: int) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise _too_large(most)
        return message

    return counted


def _too_large(most: int) -> HTTPException:
    # What is left of the request isn't read, so nothing can follow it.
    told = f"At most {most:,} bytes are taken here."
    return HTTPException(413, told, headers={"Connection": "close"})


async def json_alone(request: Request) -> None:
    """Raises `Refusal` for a body that isn't said to be JSON."""
    if media_type(request) != "application/json":
        raise Refusal(Kind.MEDIA_TYPE, "Send JSON, as Content-Type: application/json.")


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()

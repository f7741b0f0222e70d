"""Bodies of requests, of which no more than a limit is ever held."""

from starlette.requests import ClientDisconnect, Request


class TooLarge(Exception):
    """A body is larger than it may be."""


class EndedEarly(Exception):
    """Who sent a body was gone before its end."""


async def limited_body(request: Request, most: int) -> bytes:
    """The body of at most so many bytes, whatever length is announced.

    Raises `TooLarge`, before more is read than that, and `EndedEarly`.
    """
    if int(request.headers.get("content-length", 0)) > most:
        raise TooLarge
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > most:
                raise TooLarge
    except ClientDisconnect as gone:
        raise EndedEarly from gone
    return bytes(body)

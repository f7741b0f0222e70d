"""What is let in over HTTP: of a request's body no more than a limit is ever held."""

from starlette.requests import ClientDisconnect, Request


class Refused(Exception):
    """Why a request isn't let in, in the status that says so, and in words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def limited_body(request: Request, most: int) -> bytes:
    """The body of at most so many bytes, whatever length is announced.

    Raises `Refused` where it is larger, before more is read than that, and where its sender was
    gone before its end.
    """
    too_large = Refused(413, f"It is larger than {most // 1_000_000} MB.")
    if int(request.headers.get("content-length", 0)) > most:
        raise too_large
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > most:
                raise too_large
    except ClientDisconnect as gone:
        raise Refused(400, "It ended too early.") from gone
    return bytes(body)

"""What stands in an HTTP request to Slack: arguments, files, a token."""

import json
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.playground.blocks import Json
from app.playground.errors import SlackError

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


async def arguments_of(request: Request) -> Json:
    """The arguments from the address and the body, which may be JSON, a form or multipart.

    Raises SlackError `invalid_json`, `json_not_object`, `missing_post_type`, `invalid_post_type`
    (docs.slack.dev/apis/web-api).
    """
    arguments: Json = dict(request.query_params)
    body = await request.body()
    content_type = _content_type(request)
    if content_type.startswith(_JSON):
        arguments |= _json_object(body)
    elif content_type.startswith("multipart/form-data"):
        parts = parts_of(content_type, body)
        arguments |= {name: part.decode(errors="replace") for name, part in parts.items()}
    elif content_type.startswith(_FORM):
        arguments |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif body and not content_type.startswith("text/plain"):
        raise SlackError("invalid_post_type" if content_type else "missing_post_type")
    return arguments


def token_of(request: Request, arguments: Json) -> str:
    """The token in the header or, except in JSON, among the arguments
    (docs.slack.dev/apis/web-api)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        return token
    return "" if _content_type(request).startswith(_JSON) else str(arguments.get("token", ""))


def parts_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """The named parts of a multipart body; none if it isn't one."""
    if not content_type.startswith("multipart/"):
        return {}
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            parts[name] = payload
    return parts


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")


def _json_object(body: bytes) -> Json:
    try:
        value: Any = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value

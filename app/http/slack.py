"""Slack's requests: let in if they are signed, of Slack's kinds and sizes, and can be read.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import logging
import re

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response

from app.http.bodies import Refused, limited_body

log = logging.getLogger(__name__)

MOST_BODY_BYTES = 1_000_000

_KINDS = frozenset({"application/json", "application/x-www-form-urlencoded"})
_SECONDS = re.compile("[0-9]{1,12}")


class SlackRequests:
    """The door to the bot over HTTP. Nothing of a request is parsed before it is known as Slack's.

    `signing_secret` is what Slack signs with.
    """

    def __init__(self, bolt: AsyncApp, signing_secret: str) -> None:
        self._bolt = bolt
        self._verifier = SignatureVerifier(signing_secret)

    async def answer(self, request: Request) -> Response:
        try:
            answer = await self._answered(await self._let_in(request))
        except Refused as refusal:
            # What is left of the request isn't read, so nothing can follow it.
            closing = {"Connection": "close"}
            return Response(str(refusal), status_code=refusal.status, headers=closing)
        return to_starlette_response(answer)

    async def _let_in(self, request: Request) -> AsyncBoltRequest:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _KINDS:
            raise Refused(415, "Slack sends JSON or a form.")
        timestamp, signature = _signed(request)
        body = await limited_body(request, MOST_BODY_BYTES)
        if not self._is_slacks(body, timestamp, signature):
            raise Refused(401, "The request isn't signed by Slack.")
        try:
            return to_async_bolt_request(request, body)
        except Exception as error:  # Bolt trusts the shape of what it reads
            raise Refused(400, "The request can't be read.") from error

    async def _answered(self, accepted: AsyncBoltRequest) -> BoltResponse:
        """The bot's answer; what its listeners raise is answered too, by its error handler."""
        try:
            return await self._bolt.async_dispatch(accepted)
        except Exception as error:
            log.warning("a signed request has a shape that Slack never sends", exc_info=error)
            raise Refused(400, "The request can't be read.") from error

    def _is_slacks(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Whether Slack signed this within five minutes, compared in constant time."""
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:  # Slack sends UTF-8
            return False


def _signed(request: Request) -> tuple[str, str]:
    """When a request was signed, and the signature: each given once, in Slack's form."""
    timestamps = request.headers.getlist("x-slack-request-timestamp")
    signatures = request.headers.getlist("x-slack-signature")
    if len(timestamps) != 1 or len(signatures) != 1:
        raise Refused(401, "The request isn't signed.")
    timestamp, signature = timestamps[0], signatures[0]
    if not (_SECONDS.fullmatch(timestamp) and signature.isascii()):
        raise Refused(401, "The request isn't signed by Slack.")
    return timestamp, signature

"""Delivery to a request URL: signed HTTP requests as Slack sends them.

docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

from app.playground.blocks import Json
from app.playground.deliveries import NotDeliveredError
from app.playground.envelopes import Envelope
from app.playground.installation import Installation

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


class HttpDelivery:
    """Sends commands, interactions and events to one address."""

    name = "HTTP"

    def __init__(self, url: str, installation: Installation) -> None:
        self._url = url
        self._installation = installation
        self._session = aiohttp.ClientSession()

    async def send(self, envelope: Envelope) -> Json | None:
        """Post and read the answer. Raises NotDeliveredError on any status but 200."""
        headers = {}
        if envelope.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
            headers["X-Slack-Retry-Reason"] = f"http_{envelope.retry_reason}"
        if envelope.type == "slash_commands":
            return await self._post(urlencode(envelope.payload), _FORM, headers)
        body = json.dumps(envelope.payload)
        if envelope.type == "interactive":
            return await self._post(urlencode({"payload": body}), _FORM, headers)
        return await self._post(body, _JSON, headers)

    async def verify(self) -> None:
        """Prove that the app answers there (docs.slack.dev/reference/events/url_verification).

        Raises NotDeliveredError when it does not give the challenge back.
        """
        challenge = secrets.token_hex(16)
        token = self._installation.verification_token
        body = {"type": "url_verification", "token": token, "challenge": challenge}
        answer = await self._post(json.dumps(body), _JSON, {})
        if answer is None or challenge not in answer.values():
            raise NotDeliveredError(f"{self._url} did not give the challenge back")

    async def close(self) -> None:
        """Close the connections to the app."""
        await self._session.close()

    async def _post(self, body: str, kind: str, headers: Mapping[str, str]) -> Json | None:
        timestamp = str(int(time.time()))  # the app compares it with its own clock
        signed = {
            **headers,
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._installation.signing_secret, timestamp, body),
        }
        try:
            async with self._session.post(self._url, data=body, headers=signed) as response:
                text = await response.text()
        except aiohttp.ClientError as broken:
            raise NotDeliveredError(str(broken)) from broken
        if response.status != 200:
            raise NotDeliveredError(f"HTTP {response.status}")
        return _read(text, response.content_type)


def signature(signing_secret: str, timestamp: str, body: str) -> str:
    """The `X-Slack-Signature` of a request body."""
    signed = f"v0:{timestamp}:{body}".encode()
    return f"v0={hmac.new(signing_secret.encode(), signed, hashlib.sha256).hexdigest()}"


def _read(text: str, content_type: str) -> Json | None:
    if not text:
        return None
    if content_type != _JSON:
        return {"text": text}
    try:
        answer = json.loads(text)
    except ValueError as broken:
        raise NotDeliveredError("the answer is not JSON") from broken
    return answer if isinstance(answer, dict) else {"text": text}

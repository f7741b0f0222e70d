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
from app.playground.request_urls import RequestUrls

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_NO_HEADERS: Mapping[str, str] = {}


_OK, _SUCCESS = range(200, 201), range(200, 300)


class NobodyAnswersError(NotDeliveredError):
    """Nobody listens at the app's address."""


class HttpDelivery:
    """Sends commands, interactions and events to the app's addresses.

    Events are sent to an address that has proven to be the app's: it is asked before the first.
    """

    name = "HTTP"

    def __init__(self, urls: RequestUrls, installation: Installation) -> None:
        self._urls = urls
        self._installation = installation
        self.is_verified = not urls.events
        # None is kept open, for the app might close it just as the next request is sent.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))

    async def send(self, envelope: Envelope) -> Json | None:
        """Post and read the answer. Raises NotDeliveredError on any status but 200, of which an
        event takes others of success, too (docs.slack.dev/apis/events-api), and for what the app
        has no address for."""
        url = self._urls.of(envelope.type, envelope.payload)
        if not url:
            raise NotDeliveredError(f"the app has no request URL for {envelope.type}")
        if envelope.type == "slash_commands":
            return await self._post(url, urlencode(envelope.payload), _FORM)
        body = json.dumps(envelope.payload)
        if envelope.type == "interactive":
            return await self._post(url, urlencode({"payload": body}), _FORM)
        if not self.is_verified:
            await self.verify()
        return await self._post(url, body, _JSON, _retry_headers(envelope), accepted=_SUCCESS)

    async def verify(self) -> None:
        """Prove that the app answers where it takes events
        (docs.slack.dev/reference/events/url_verification).

        Raises NobodyAnswersError, and NotDeliveredError when it does not give the challenge back.
        """
        challenge = secrets.token_hex(16)
        token = self._installation.verification_token
        body = {"type": "url_verification", "token": token, "challenge": challenge}
        answer = await self._post(self._urls.events, json.dumps(body), _JSON)
        if answer is None or challenge not in answer.values():
            raise NotDeliveredError(f"{self._urls.events} did not give the challenge back")
        self.is_verified = True

    async def close(self) -> None:
        """Close the connections to the app."""
        await self._session.close()

    async def _post(
        self,
        url: str,
        body: str,
        kind: str,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        accepted: range = _OK,
    ) -> Json | None:
        timestamp = str(int(time.time()))  # the app compares it with its own clock
        signed = {
            **headers,
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._installation.signing_secret, timestamp, body),
        }
        posting = self._session.post(url, data=body, headers=signed, allow_redirects=False)
        try:
            async with posting as response:
                text = await response.text()
        except aiohttp.ClientConnectorError as broken:
            raise NobodyAnswersError(f"nobody answers at {url}") from broken
        except aiohttp.ClientError as broken:
            raise NotDeliveredError(f"{url} broke the connection") from broken
        if response.status not in accepted:
            raise NotDeliveredError(f"{url} answered HTTP {response.status}")
        return _read(text, response.content_type)


def _retry_headers(envelope: Envelope) -> Mapping[str, str]:
    if not envelope.retry_attempt:
        return _NO_HEADERS
    return {
        "X-Slack-Retry-Num": str(envelope.retry_attempt),
        "X-Slack-Retry-Reason": f"http_{envelope.retry_reason}",
    }


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
        raise NotDeliveredError("its answer is not JSON") from broken
    return answer if isinstance(answer, dict) else {"text": text}

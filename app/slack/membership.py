"""Who can read which channel, asked of Slack and remembered for a minute."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from app.slack.publish import SlackFailure, call

log = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(minutes=1)
MOST_REMEMBERED = 10_000
MEMBERS_A_PAGE = 200
"""What Slack recommends: https://docs.slack.dev/reference/methods/conversations.members"""
MOST_AT_ONCE = 8

_OUTSIDERS = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
"""Guests, people of other organisations, bots and who has left: those who don't see every public
channel. https://docs.slack.dev/reference/objects/user-object
"""

Known = TypeVar("Known")


class Membership:
    """What a person may see by their channels. What can't be found out counts as no."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._public = _Remembered(self._ask_if_public, clock)
        self._members = _Remembered(self._ask_for_members, clock)
        self._outsiders = _Remembered(self._ask_if_outsider, clock)

    async def visible(self, user: str, channels: Iterable[str]) -> frozenset[str]:
        """Those of the channels that the person can read.

        A public channel is open to everybody in the workspace; a guest, and anybody in a private
        channel, must be in it.
        """
        turn = asyncio.Semaphore(MOST_AT_ONCE)

        async def found(channel: str) -> str | None:
            async with turn:
                return channel if await self._can_read(user, channel) else None

        answers = await asyncio.gather(*(found(channel) for channel in channels))
        return frozenset(channel for channel in answers if channel is not None)

    def forget(self, channel: str) -> None:
        """Something about the channel has changed: ask anew."""
        self._public.forget(channel)
        self._members.forget(channel)

    async def _can_read(self, user: str, channel: str) -> bool:
        try:
            if await self._public.get(channel) and not await self._outsiders.get(user):
                return True
            return user in await self._members.get(channel)
        except SlackFailure as failure:
            log.warning("who is in %s could not be read: %s", channel, failure)
            return False

    async def _ask_if_public(self, channel: str) -> bool:
        found = (await call(self._client.conversations_info, channel=channel))["channel"]
        return bool(found.get("is_channel")) and not found.get("is_private", True)

    async def _ask_for_members(self, channel: str) -> frozenset[str]:
        members: set[str] = set()
        cursor = ""
        while True:
            page = await call(
                self._client.conversations_members,
                channel=channel,
                limit=MEMBERS_A_PAGE,
                **({"cursor": cursor} if cursor else {}),
            )
            members.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(members)

    async def _ask_if_outsider(self, user: str) -> bool:
        found = (await call(self._client.users_info, user=user))["user"]
        return any(found.get(mark) for mark in _OUTSIDERS)


class _Remembered(Generic[Known]):
    """Answers by id, each asked for again after a minute or when it is forgotten."""

    def __init__(
        self, ask: Callable[[str], Awaitable[Known]], clock: Callable[[], datetime]
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[datetime, Known]] = {}
        self._times_forgotten = 0

    async def get(self, subject: str) -> Known:
        asked_at, answer = self._known.get(subject, (None, None))
        if asked_at is not None and self._clock() - asked_at < REMEMBERED_FOR:
            return answer  # type: ignore[return-value]
        asked_at, before = self._clock(), self._times_forgotten
        fresh = await self._ask(subject)
        if before == self._times_forgotten:  # otherwise it may be older than what has changed
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[subject] = (asked_at, fresh)
        return fresh

    def forget(self, subject: str) -> None:
        self._known.pop(subject, None)
        self._times_forgotten += 1

"""Who somebody is and what they can read, asked of Slack and remembered for a minute."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.web.async_client import AsyncWebClient

from app.services.callers import Actor, Guarded, Right, Standing, can_read_home, may
from app.slack.identity import Identity
from app.slack.publish import SlackFailure, call

log = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""How long an answer may wait for what we ask: Slack itself waits three seconds for it."""
REMEMBERED_FOR = timedelta(minutes=1)
MOST_REMEMBERED = 10_000
MEMBERS_A_PAGE = 200
"""What Slack recommends: https://docs.slack.dev/reference/methods/conversations.members"""
MOST_AT_ONCE = 8

_ADMINS = ("is_admin", "is_owner", "is_primary_owner")
_OUTSIDERS = ("is_restricted", "is_ultra_restricted", "is_bot", "deleted")
"""Guests, bots and who has left: with strangers, those who don't see every public channel.
https://docs.slack.dev/reference/objects/user-object
"""
_NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""https://docs.slack.dev/reference/methods/users.info"""

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class _Person:
    """What Slack says of a user; `shares_a_channel` is about people of other workspaces.

    `zone` is the IANA name of theirs, empty where Slack names none.
    """

    standing: Standing
    sees_public_channels: bool
    team_id: str
    shares_a_channel: bool
    can_be_written_to: bool
    zone: str


class Membership:
    """Who somebody is, and what they can read. What can't be found out counts as no."""

    def __init__(
        self, client: AsyncWebClient, clock: Callable[[], datetime], identity: Identity
    ) -> None:
        self._client = client
        self._identity = identity
        self._public = _Remembered(self._ask_if_public, clock)
        self._members = _Remembered(self._ask_for_members, clock)
        self._people = _Remembered(self._ask_for_person, clock)
        self._groups = _Remembered(self._ask_for_group, clock)
        self._all_groups = _Remembered(self._ask_for_all_groups, clock)

    async def proven(self, actor: Actor, right: Right, scorecards: Collection[Guarded]) -> Actor:
        """The actor with what Slack says of them, as far as it decides about these scorecards.

        Slack is asked for one thing after the other, as long as one of them isn't theirs to
        see or to change by what is known: which channels they can read, who they are, in
        which user groups. For a change it is always asked who they are.
        """

        def undecided() -> list[Guarded]:
            return [each for each in scorecards if not may(actor, right, each)]

        elsewhere = {
            home for each in undecided() if (home := each.channel) and home != actor.channel
        }
        if elsewhere:
            actor = await self._with_channels(actor, elsewhere)
        if undecided() or right.is_change:
            actor = await self._with_standing(actor)
        groups = {
            group
            for each in undecided()
            if can_read_home(actor, each)
            for group in each.access.groups
        }
        return await self._with_groups(actor, groups) if groups else actor

    async def is_stranger_of_ours(self, user: str, team_id: str) -> bool:
        """Whether somebody is of that other workspace and shares a channel with the bot."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                person = await self._people.get(user)
        except (SlackFailure, TimeoutError) as failure:
            log.warning("who %s is could not be read: %s", user, failure)
            return False
        return person.team_id == team_id and person.shares_a_channel

    async def zone_of(self, user: str, otherwise: ZoneInfo) -> ZoneInfo | None:
        """The zone of a person, or another where Slack names none that is known.

        None for who can't be written to: bots, who has left, and who doesn't exist. Raises
        `SlackFailure`.
        """
        try:
            person = await self._people.get(user)
        except SlackFailure as failure:
            if failure.code in _NOBODY:
                return None
            raise
        if not person.can_be_written_to:
            return None
        try:
            return ZoneInfo(person.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return otherwise

    async def user_groups(self) -> dict[str, str]:
        """The names of all user groups by id; none while Slack doesn't tell."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._all_groups.get("")
        except (SlackFailure, TimeoutError) as failure:
            log.warning("the user groups could not be read: %s", failure)
            return {}

    def forget(self, channel: str) -> None:
        """Something about the channel has changed: ask anew."""
        self._public.forget(channel)
        self._members.forget(channel)

    def forget_group(self, group: str) -> None:
        """Somebody has joined or left the user group: ask anew."""
        self._groups.forget(group)

    async def _with_channels(self, actor: Actor, unproven: Collection[str]) -> Actor:
        """With those of the channels that they can read.

        A public channel is open to everybody in the workspace; a guest, a stranger, and anybody
        in a private channel, must be in it.
        """

        async def can_read(channel: str) -> bool:
            if await self._public.get(channel):
                person = await self._people.get(actor.id)
                if person.sees_public_channels:
                    return True
            return actor.id in await self._members.get(channel)

        known, why_not = await _those(unproven, can_read)
        channels = actor.channels | known
        return replace(actor, channels=channels, unanswered=actor.unanswered or why_not)

    async def _with_standing(self, actor: Actor) -> Actor:
        try:
            person = await self._people.get(actor.id)
        except SlackFailure as failure:
            return replace(actor, unanswered=actor.unanswered or _told(actor.id, failure))
        return replace(actor, standing=person.standing)

    async def _with_groups(self, actor: Actor, unproven: Collection[str]) -> Actor:
        async def is_in(group: str) -> bool:
            return actor.id in await self._groups.get(group)

        known, why_not = await _those(unproven, is_in)
        groups = actor.groups | known
        return replace(actor, groups=groups, unanswered=actor.unanswered or why_not)

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

    async def _ask_for_person(self, user: str) -> _Person:
        if self._identity.team_id is None:
            raise SlackFailure(
                "not_known_yet", "Slack has not said yet where the bot is installed."
            )
        found = (await call(self._client.users_info, user=user))["user"]
        standing = self._standing(found)
        return _Person(
            standing,
            sees_public_channels=standing is not Standing.STRANGER
            and not any(found.get(mark) for mark in _OUTSIDERS),
            team_id=found.get("team_id", ""),
            shares_a_channel=not found.get("is_stranger"),
            can_be_written_to=not found.get("is_bot") and not found.get("deleted"),
            zone=found.get("tz") or "",
        )

    def _standing(self, user: dict[str, Any]) -> Standing:
        """Strangers are told by their workspace: `is_stranger` is false once a channel is shared,
        and `is_admin` may be about their own."""
        if user.get("is_bot") or not self._identity.employs(user):
            return Standing.STRANGER
        return Standing.ADMIN if any(user.get(mark) for mark in _ADMINS) else Standing.MEMBER

    async def _ask_for_group(self, group: str) -> frozenset[str]:
        team = self._identity.team_id  # which an organisation's token has to be told
        found = await call(self._client.usergroups_users_list, usergroup=group, team_id=team)
        return frozenset(found["users"])

    async def _ask_for_all_groups(self, _: str) -> dict[str, str]:
        found = await call(self._client.usergroups_list, team_id=self._identity.team_id)
        return {each["id"]: f"@{each['handle']} ({each['name']})" for each in found["usergroups"]}


async def _those(
    subjects: Collection[str], holds: Callable[[str], Awaitable[bool]]
) -> tuple[frozenset[str], str]:
    """The subjects of which it holds; and why Slack gave no answer, if it gave none of some."""
    turn = asyncio.Semaphore(MOST_AT_ONCE)

    async def told(subject: str) -> tuple[bool, str]:
        async with turn:
            try:
                return await holds(subject), ""
            except SlackFailure as failure:
                return False, _told(subject, failure)

    answers = await asyncio.gather(*(told(subject) for subject in subjects))
    known = (subject for subject, (yes, _) in zip(subjects, answers, strict=True) if yes)
    return frozenset(known), next((why for _, why in answers if why), "")


def _told(subject: str, failure: SlackFailure) -> str:
    """What to tell a person of a failure; what Slack doesn't let us see is an answer too."""
    log.warning("who may see and change by %s could not be read: %s", subject, failure)
    if failure.is_passing:
        return f"{failure.remedy} Try again in a moment."
    return failure.remedy if failure.code == "missing_scope" else ""


class _Remembered(Generic[Known]):
    """Answers by id, each asked for again after a minute or when it is forgotten.

    Who asks while Slack is being asked waits for the same answer; and it is remembered
    also when nobody waits for it any longer.
    """

    def __init__(
        self, ask: Callable[[str], Awaitable[Known]], clock: Callable[[], datetime]
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[datetime, Known]] = {}
        self._asking: dict[str, asyncio.Task[Known]] = {}

    async def get(self, subject: str) -> Known:
        asked_at, answer = self._known.get(subject, (None, None))
        if asked_at is not None and self._clock() - asked_at < REMEMBERED_FOR:
            return answer  # type: ignore[return-value]
        asking = self._asking.get(subject)
        if asking is None:
            asking = self._asking[subject] = asyncio.create_task(self._ask_anew(subject))
            asking.add_done_callback(_look_at)
        return await asyncio.shield(asking)

    async def _ask_anew(self, subject: str) -> Known:
        asked_at, this = self._clock(), asyncio.current_task()
        try:
            fresh = await self._ask(subject)
            if self._asking.get(subject) is this:  # otherwise it may be older than what has changed
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[subject] = (asked_at, fresh)
            return fresh
        finally:
            if self._asking.get(subject) is this:
                del self._asking[subject]

    def forget(self, subject: str) -> None:
        self._known.pop(subject, None)
        self._asking.pop(subject, None)


def _look_at(task: asyncio.Task[Any]) -> None:
    """An error that nobody waits for any longer needs no traceback: the next will hear of it."""
    if not task.cancelled():
        task.exception()

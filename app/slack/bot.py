"""What every listener works with: the store, the clock, and the ways to people."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from app.domain.hooks import HookAddresses
from app.domain.links import LinkAddresses
from app.services import scorecards
from app.services.callers import Actor, Caller, Guarded, Right, Surface
from app.slack.blocks.kit import Message
from app.slack.failures import explain
from app.slack.identity import Identity
from app.slack.membership import ANSWER_SECONDS, Membership
from app.slack.once import Once
from app.slack.outbox import Outbox
from app.slack.pictures import Pictures
from app.slack.publish import answer_later, call, whisper
from app.slack.tasks import Tasks
from app.sources.places import Places
from app.store.engine import Store

Body = Mapping[str, Any]

_TOO_SLOW = "Slack takes long to answer. Try again in a moment."


@dataclass(frozen=True)
class Bot:
    """The parts of one running bot, put together once."""

    store: Store
    client: AsyncWebClient
    outbox: Outbox
    clock: Callable[[], datetime]
    membership: Membership
    identity: Identity
    pictures: Pictures
    links: LinkAddresses | None
    hooks: HookAddresses | None
    tasks: Tasks = field(default_factory=Tasks)
    once: Once = field(default_factory=Once)
    homes: set[str] = field(default_factory=set)
    """Who has opened their Home tab since the bot is up."""
    places: Places = field(default_factory=Places)
    """What sources may reach."""
    feed_soon: Callable[[], None] = lambda: None
    """Asks sources that are due without waiting, such as one that was just saved."""

    def caller(self, user: str, channel: str | None, surface: Surface) -> Caller:
        """Who asks, by what is known without Slack: enough to ask `proven` with."""
        return Caller(Actor(user, channel=channel), surface, self.clock())

    def clicker(self, body: Body) -> Caller:
        """Who clicked a button in a message."""
        channel = (body.get("channel") or {}).get("id")
        return self.caller(body["user"]["id"], channel, Surface.BUTTON)

    async def proven(
        self,
        caller: Caller,
        key: str | None = None,
        right: Right = Right.SEE,
        *,
        everywhere: bool = False,
    ) -> Caller:
        """The caller with what Slack says of them, as far as it decides on the right.

        That is about the scorecard with this key; without one about that of the caller's
        channel, or those without a home; or about all there are. The services decide, and say
        so where Slack gave no answer. An ack is waited for, so Slack has little time then.
        """
        guarded = await scorecards.guarded(self.store)
        if everywhere:
            meant = list(guarded.values())
        elif key is not None:
            meant = [guarded[key]] if key in guarded else []
        else:
            meant = _here(guarded.values(), caller.actor.channel)
        return await self.proven_about(meant, caller, right, in_time=not everywhere)

    async def proven_about(
        self, meant: Collection[Guarded], caller: Caller, right: Right, *, in_time: bool = True
    ) -> Caller:
        """The caller with what Slack says of them, as far as it decides about these scorecards,
        which may be yet to be made; `in_time` for an ack."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS if in_time else None):
                actor = await self.membership.proven(caller.actor, right, meant)
        except TimeoutError:
            actor = replace(caller.actor, unanswered=_TOO_SLOW)
        return replace(caller, actor=actor)

    async def proven_clicker(self, body: Body, key: str | None, right: Right = Right.SEE) -> Caller:
        """Who clicked a button about this scorecard, with what Slack says of them."""
        return await self.proven(self.clicker(body), key, right)

    def follow_up(self, body: Body, work: Coroutine[Any, Any, object], *, doing: str) -> None:
        """Go on with what a person began, after the answer; they hear of it if that fails."""

        async def say_why(error: Exception) -> None:
            await self.tell(body, explain(error, doing))

        self.tasks.spawn(work, tell=say_why)

    async def tell(self, body: Body, message: Message) -> None:
        """Show a message to the person of a command, click or form, the nearest way there is."""
        if response_url := body.get("response_url"):
            await answer_later(response_url, message)
            return
        user = body["user"]["id"] if "user" in body else body["user_id"]
        channel = (body.get("channel") or {}).get("id") or body.get("channel_id")
        if channel:
            await whisper(self.client, channel, user, message)
            return
        opened = await call(self.client.conversations_open, users=user)
        await call(
            self.client.chat_postMessage, channel=opened["channel"]["id"], **message.as_payload()
        )


def _here(guarded: Iterable[Guarded], channel: str | None) -> list[Guarded]:
    """What can be meant in a channel by who names nothing."""
    everything = list(guarded)
    at_home = [each for each in everything if channel is not None and each.channel == channel]
    return at_home or [each for each in everything if each.channel is None]

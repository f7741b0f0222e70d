"""What every listener works with: the store, the clock, and the ways to people."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from app.services import scorecards
from app.services.callers import OPERATOR, Actor, Caller, Standing, Surface
from app.slack.blocks.kit import Message
from app.slack.failures import explain
from app.slack.membership import Membership
from app.slack.once import Once
from app.slack.outbox import Outbox
from app.slack.publish import answer_later, call, whisper
from app.slack.tasks import Tasks
from app.store.engine import Store

Body = Mapping[str, Any]


@dataclass
class Identity:
    """Who the bot is in Slack: its user and its bot id, known once Slack has answered."""

    user_id: str | None = None
    bot_id: str | None = None


@dataclass(frozen=True)
class Bot:
    """The parts of one running bot, put together once."""

    store: Store
    client: AsyncWebClient
    outbox: Outbox
    clock: Callable[[], datetime]
    membership: Membership
    tasks: Tasks = field(default_factory=Tasks)
    once: Once = field(default_factory=Once)
    identity: Identity = field(default_factory=Identity)
    homes: set[str] = field(default_factory=set)
    """Who has opened their Home tab since the bot is up."""

    def caller(self, user: str, channel: str | None, surface: Surface) -> Caller:
        actor = Actor(user, channel=channel, standing=Standing.MEMBER)
        return Caller(actor, surface, self.clock())

    def clicker(self, body: Body) -> Caller:
        """Who clicked a button in a message."""
        channel = (body.get("channel") or {}).get("id")
        return self.caller(body["user"]["id"], channel, Surface.BUTTON)

    async def proven(self, caller: Caller, key: str | None = None) -> Caller:
        """The caller with what their membership elsewhere lets them see.

        That is the home of the scorecard with this key, without one those of all. Slack is
        asked only about channels other than the caller's own.
        """
        homes = await scorecards.homes(self.store, replace(caller, actor=OPERATOR))
        elsewhere = {
            home
            for each, home in homes.items()
            if home is not None and home != caller.actor.channel and key in {None, each}
        }
        if not elsewhere:
            return caller
        channels = await self.membership.visible(caller.actor.id, elsewhere)
        return replace(caller, actor=replace(caller.actor, channels=channels))

    async def proven_clicker(self, body: Body, key: str | None) -> Caller:
        """Who clicked a button about this scorecard, with proof where it is at home elsewhere."""
        caller = self.clicker(body)
        return caller if key is None else await self.proven(caller, key)

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

"""The state of the workspace: people, channels, messages, files. No I/O."""

import asyncio
import copy
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from app.playground.blocks import Json, with_ids
from app.playground.changes import Changes
from app.playground.errors import SlackError
from app.playground.files import File
from app.playground.installation import TEAM_DOMAIN, Installation, Team
from app.playground.messages import Message
from app.playground.steps import Step
from app.playground.tickets import ResponseUrls, Triggers
from app.playground.user_groups import MAKER, UserGroup
from app.playground.users import MEMBER, BotIdentity, Standing, User
from app.playground.views import Views

Clock = Callable[[], float]
"""Seconds since 1970, as `time.time` has them."""

Kind = Literal["channels", "groups", "im"]
"""The families of conversations, by which Slack names its scopes."""


@dataclass(eq=False)
class Channel:
    """A conversation. A direct message has no name and two members."""

    id: str
    name: str
    kind: Kind
    created: int
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    messages: list[Message] = field(default_factory=list)
    creator: str = MAKER

    @property
    def is_private(self) -> bool:
        """Whether it is hidden from those who aren't in it."""
        return self.kind != "channels"

    def message(self, ts: str) -> Message | None:
        """The message with this timestamp, ephemeral ones included."""
        return next((message for message in self.messages if message.ts == ts), None)

    def thread(self, ts: str) -> list[Message]:
        """The message with this timestamp and its replies, oldest first, without ephemeral ones."""
        return [
            message
            for message in self.messages
            if ts in (message.ts, message.thread_ts) and not message.is_ephemeral
        ]


class Workspace:
    """Everything that people and the app can look up or change.

    `base_url` is where it is reached, known once it runs: `http://127.0.0.1:port`. A file that the
    app has uploaded is processed `processing_seconds` later; Slack takes one or two.
    """

    def __init__(self, installation: Installation, clock: Clock) -> None:
        self.installation = installation
        self.clock = clock
        self.base_url = ""
        self.processing_seconds = 0.0
        self.changes = Changes()
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.steps: dict[str, Step] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.created = int(clock())
        self._function_ids: dict[str, str] = {}
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(clock)
        self.views = Views(
            installation, clock, self.new_id, lambda user: self.users[user].team.id, self.changes
        )
        self._connection_tickets: set[str] = set()
        self._ids = 0
        self._last_microseconds = 0
        manifest = installation.manifest
        identity = BotIdentity(installation.bot_id, installation.app_id)
        self.users[installation.bot_user_id] = User(
            installation.bot_user_id,
            manifest.bot_name,
            manifest.name,
            installation.team,
            bot=identity,
        )

    @property
    def bot(self) -> User:
        """The app's own user."""
        return self.users[self.installation.bot_user_id]

    def new_id(self, prefix: str) -> str:
        """An id that looks like Slack's: a letter for the kind, then letters and digits."""
        self._ids += 1
        return f"{prefix}0{self._ids:09X}"

    def new_ts(self) -> str:
        """A message timestamp: unique in the workspace and later than all before."""
        self._last_microseconds = max(int(self.clock() * 1e6), self._last_microseconds + 1)
        seconds, microseconds = divmod(self._last_microseconds, 1_000_000)
        return f"{seconds}.{microseconds:06d}"

    def add_user(
        self,
        name: str,
        real_name: str,
        tz: str,
        *,
        standing: Standing = MEMBER,
        team: Team | None = None,
    ) -> User:
        """A new person, of this workspace unless another team is given."""
        email = f"{name}@example.com"
        home = team or self.installation.team
        user = User(self.new_id("U"), name, real_name, home, tz, email, standing)
        self.users[user.id] = user
        return user

    def add_bot(self, name: str) -> User:
        """A new app's bot."""
        identity = BotIdentity(self.new_id("B"), self.new_id("A"))
        user = User(self.new_id("U"), name, name, self.installation.team, bot=identity)
        self.users[user.id] = user
        return user

    def add_user_group(self, handle: str, name: str, members: Iterable[str]) -> UserGroup:
        """A new user group."""
        now = int(self.clock())
        team_id = self.installation.team_id
        group = UserGroup(self.new_id("S"), team_id, handle, name, now, now, list(members))
        self.user_groups[group.id] = group
        return group

    def add_channel(self, name: str, kind: Kind, members: Iterable[str]) -> Channel:
        """A new channel, private channel or direct message."""
        prefix = "D" if kind == "im" else "C"
        channel = Channel(
            self.new_id(prefix), name, kind, created=int(self.clock()), members=list(members)
        )
        self.channels[channel.id] = channel
        self.changes.happened()
        return channel

    def direct_message(self, user_ids: frozenset[str]) -> Channel:
        """The direct message between two users, made when it is first asked for."""
        for channel in self.channels.values():
            if channel.kind == "im" and frozenset(channel.members) == user_ids:
                return channel
        return self.add_channel("", "im", sorted(user_ids))

    def teams_in(self, channel: Channel) -> list[str]:
        """The ids of the workspaces whose people are in a channel, this one first."""
        home = self.installation.team_id
        known = [self.users[member] for member in channel.members if member in self.users]
        return [home, *sorted({user.team.id for user in known} - {home})]

    def is_shared(self, channel: Channel) -> bool:
        """Whether people of another organisation are in a channel."""
        return len(self.teams_in(channel)) > 1

    def user(self, user_id: str) -> User:
        """Look a user up. Raises SlackError `user_not_found`."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def channel(self, reference: str) -> Channel:
        """Find a channel by id, name or `#name`. Raises SlackError `channel_not_found`."""
        if reference in self.channels:
            return self.channels[reference]
        name = reference.removeprefix("#")
        for channel in self.channels.values():
            if name and channel.name == name:
                return channel
        raise SlackError("channel_not_found")

    def upload(self, user: User, name: str, content: bytes) -> File:
        """A file that somebody has uploaded and not shared yet."""
        file = File(
            self.new_id("F"),
            name,
            len(content),
            user.id,
            user.team.id,
            created=int(self.clock()),
            content=content,
            is_complete=True,
            is_processed=True,
        )
        self.files[file.id] = file
        return file

    def process(self, file: File) -> None:
        """Look into a file that was completed, now or in a while."""

        def processed() -> None:
            file.is_processed = True
            self.changes.happened()

        if self.processing_seconds:
            asyncio.get_running_loop().call_later(self.processing_seconds, processed)
        else:
            processed()

    def function_id(self, callback_id: str) -> str:
        """Slack's own id of one of the app's workflow steps."""
        return self._function_ids.setdefault(callback_id, self.new_id("Fn"))

    def bot_tokens(self) -> set[str]:
        """Every token with which the app may act as its bot."""
        return {self.installation.bot_token, *(step.token for step in self.steps.values())}

    def file(self, file_id: str) -> File:
        """Look a file up. Raises SlackError `file_not_found`."""
        if file_id not in self.files:
            raise SlackError("file_not_found")
        return self.files[file_id]

    def remove_file(self, file: File) -> None:
        """Take a file away from wherever it was shared."""
        file.is_deleted, file.content = True, None
        for channel in self.channels.values():
            for message in channel.messages:
                if file in message.files:
                    message.files.remove(file)
        self.changes.happened()

    def issue_connection_ticket(self) -> str:
        """A ticket for one Socket Mode connection."""
        ticket = secrets.token_hex(16)
        self._connection_tickets.add(ticket)
        return ticket

    def use_connection_ticket(self, ticket: str) -> bool:
        """Whether the ticket was good; it is no more."""
        known = ticket in self._connection_tickets
        self._connection_tickets.discard(ticket)
        return known

    def post(self, channel: Channel, user_id: str, content: Json, **where: Any) -> Message:
        """Put a message into the channel.

        `content` has Slack's text, blocks, attachments and metadata, `where` the message's other
        fields.
        """
        message = Message(self.new_ts(), channel.id, user_id, **where)
        bot = self.users[user_id].bot
        message.bot_id = None if bot is None else bot.id
        self.fill(message, content)
        channel.messages.append(message)
        self.changes.happened()
        return message

    def fill(self, message: Message, content: Json) -> None:
        """Set what the message says, and give its blocks their ids."""
        message.text = content.get("text") or ""
        message.blocks = with_ids(content.get("blocks") or [], self.new_id)
        message.attachments = self._attached(content.get("attachments") or [])
        if "metadata" in content:
            message.metadata = content["metadata"] or None
        self.changes.happened()

    def _attached(self, attachments: list[Json]) -> list[Json]:
        """A copy of attachments, counted from 1, with ids in their blocks."""
        named = [{**each, "id": place} for place, each in enumerate(attachments, start=1)]
        for each in named:
            if "blocks" in each:
                each["blocks"] = with_ids(each["blocks"], self.new_id)
        return copy.deepcopy(named)

    def edit(self, message: Message, content: Json) -> None:
        """Let a message say something else, and know that it does."""
        self.fill(message, content)
        message.edited_ts = self.new_ts()

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.channels[message.channel_id].messages.remove(message)
        self.changes.happened()

    def message_payload(self, message: Message, *, with_metadata: bool = False) -> Json:
        """The message object as Slack's responses and payloads carry it; `team` is the author's.

        A person's message has `client_msg_id`. A bot's has `user`, `bot_id`, `app_id` and
        `bot_profile`, and no subtype (docs.slack.dev/reference/events/message/bot_message tells of
        the subtype as that of classic apps).
        """
        author = self.users[message.user_id]
        payload: Json = {
            "type": "message",
            "user": message.user_id,
            "ts": message.ts,
            "text": message.text,
            "team": author.team.id,
        }
        if author.bot is None:
            name = f"{message.channel_id}:{message.ts}"
            payload["client_msg_id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
        else:
            payload |= {
                "bot_id": author.bot.id,
                "app_id": author.bot.app_id,
                "bot_profile": self._bot_profile(author, author.bot),
            }
        if message.broadcast:
            payload["subtype"] = "thread_broadcast"
        if message.edited_ts is not None:
            payload["edited"] = {"user": message.user_id, "ts": message.edited_ts}
        if with_metadata and message.metadata is not None:
            payload["metadata"] = message.metadata
        for name in ("blocks", "attachments"):
            if getattr(message, name):
                payload[name] = copy.deepcopy(getattr(message, name))
        if message.files:
            payload["files"] = [self.file_payload(file) for file in message.files]
        return payload | self._thread_fields(message)

    def file_payload(self, file: File) -> Json:
        """The file object as Slack's responses and payloads carry it."""
        private = frozenset(each.id for each in self.channels.values() if each.is_private)
        return file.payload(self.base_url, private)

    def _bot_profile(self, user: User, bot: BotIdentity) -> Json:
        return {
            "id": bot.id,
            "app_id": bot.app_id,
            "name": user.name,
            "deleted": False,
            "updated": 0,
            "icons": {},
            "team_id": user.team.id,
        }

    def _thread_fields(self, message: Message) -> Json:
        """docs.slack.dev/messaging/retrieving-messages: a reply names its parent's author, a parent
        tells of its replies."""
        channel = self.channels[message.channel_id]
        if message.is_reply:
            parent = channel.message(message.thread_ts or "")
            author = {} if parent is None else {"parent_user_id": parent.user_id}
            return {"thread_ts": message.thread_ts, **author}
        replies = channel.thread(message.ts)[1:]
        if not replies:
            return {}
        users = sorted({reply.user_id for reply in replies})
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }

    def permalink(self, message: Message) -> str:
        """The address of a message; a reply's also names its thread."""
        archive = f"https://{TEAM_DOMAIN}.slack.com/archives/{message.channel_id}"
        address = f"{archive}/p{message.ts.replace('.', '')}"
        if not message.is_reply:
            return address
        return f"{address}?thread_ts={message.thread_ts}&cid={message.channel_id}"

"""Events: which ones the app hears of, and sending them."""

from collections.abc import Coroutine
from typing import Any

from app.playground import payloads
from app.playground.blocks import Json
from app.playground.deliveries import Deliveries
from app.playground.files import File
from app.playground.journal import Entry
from app.playground.messages import Message
from app.playground.steps import Step
from app.playground.user_groups import UserGroup
from app.playground.users import User
from app.playground.workspace import Channel, Workspace

_CHANNEL_TYPES = {"channels": "channel", "groups": "group", "im": "im"}


class Events:
    """Tells the app what happened where it can see it, if its manifest subscribes to it."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries) -> None:
        self._workspace = workspace
        self._deliveries = deliveries

    async def send(self, event: Json) -> Entry:
        """Send any event, as it is; returns the first attempt. It is sent again if need be."""
        return await self._deliveries.deliver_event(payloads.event_callback(self._workspace, event))

    def announce(self, telling: Coroutine[Any, Any, None]) -> None:
        """Tell the app of what it did itself, while it goes on."""
        self._deliveries.in_background(telling)

    async def message_posted(self, channel: Channel, message: Message) -> None:
        """Somebody wrote a message: `message.*`, and `app_mention` outside of direct messages.

        The app hears of its own messages, too, but mentions nobody in them to itself; one with
        files has the subtype `file_share` (docs.slack.dev/reference/events/message/file_share).

        Of a person of another organisation, `message.*` has their workspace as `team` and outside
        as `team_id`; `app_mention` has the app's there, no `context_team_id`, and theirs as
        `user_team` and `source_team`, as events recorded in slackapi/bolt-python show
        (tests/slack_bolt/request/test_internals.py).
        """
        if message.is_ephemeral:
            return
        workspace = self._workspace
        event = {**workspace.message_payload(message), "event_ts": message.ts}
        author = workspace.users[message.user_id]
        if self._mentions_the_bot(channel, message):
            await self._mention(channel, event | {"channel": channel.id}, author)
        if message.files:
            event = {"subtype": "file_share", "upload": True} | event
        await self._send_message_event(channel, event, author)

    def _mentions_the_bot(self, channel: Channel, message: Message) -> bool:
        bot = self._workspace.bot
        is_told = self._bot_is_in(channel) and channel.kind != "im" and message.user_id != bot.id
        return is_told and f"<@{bot.id}>" in message.text

    async def message_changed(self, channel: Channel, message: Message, before: Json) -> None:
        """A message says something else now; `before` is its payload until then
        (docs.slack.dev/reference/events/message/message_changed)."""
        now = self._workspace.message_payload(message)
        await self._hidden_message_event(
            channel, message, {"subtype": "message_changed", "message": now}, before
        )

    async def message_deleted(self, channel: Channel, message: Message, before: Json) -> None:
        """A message is gone; `before` is its payload until then
        (docs.slack.dev/reference/events/message/message_deleted)."""
        await self._hidden_message_event(
            channel, message, {"subtype": "message_deleted", "deleted_ts": message.ts}, before
        )

    async def _hidden_message_event(
        self, channel: Channel, message: Message, event: Json, before: Json
    ) -> None:
        if message.is_ephemeral:
            return
        ts = self._workspace.new_ts()
        common = {"type": "message", "hidden": True, "ts": ts, "event_ts": ts}
        author = self._workspace.users[message.user_id]
        event = {**common, **event, "previous_message": before}
        await self._send_message_event(channel, event, author)

    async def _send_message_event(self, channel: Channel, event: Json, author: User) -> None:
        if self._bot_is_in(channel):
            where = {"channel": channel.id, "channel_type": _CHANNEL_TYPES[channel.kind]}
            await self._send_if_heard(
                f"message.{channel.kind}", event | where, channel=channel, team_id=author.team.id
            )

    async def _mention(self, channel: Channel, event: Json, author: User) -> None:
        installation = self._workspace.installation
        mention = event | {"type": "app_mention", "team": installation.team_id}
        if author.team != installation.team:
            profile = {"name": author.name, "real_name": author.real_name, "team": author.team.id}
            mention |= {
                "user_team": author.team.id,
                "source_team": author.team.id,
                "user_profile": profile,
            }
        await self._send_if_heard("app_mention", mention, channel=channel)

    async def membership_changed(
        self, name: str, channel: Channel, user: User, inviter: User | None = None
    ) -> None:
        """`member_joined_channel` or `member_left_channel`; `team` is the member's own."""
        self._workspace.changes.happened()
        event = {
            "type": name,
            "user": user.id,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "channels" else "G",
            "team": user.team.id,
            "event_ts": self._workspace.new_ts(),
        }
        if inviter is not None:
            event["inviter"] = inviter.id
        if self._bot_is_in(channel) or user is self._workspace.bot:
            await self._send_if_heard(name, event, channel=channel)

    async def channel_created(self, channel: Channel) -> None:
        """`channel_created`, of public channels only
        (docs.slack.dev/reference/events/channel_created)."""
        if channel.kind == "channels":
            created = {
                "id": channel.id,
                "is_channel": True,
                "name": channel.name,
                "name_normalized": channel.name,
                "created": channel.created,
                "creator": channel.creator,
                "is_shared": False,
                "is_org_shared": False,
            }
            event: Json = {"type": "channel_created", "channel": created}
            event["event_ts"] = self._workspace.new_ts()
            await self._send_if_heard("channel_created", event, channel=channel)

    async def file_deleted(self, file: File) -> None:
        """`file_deleted` (docs.slack.dev/reference/events/file_deleted)."""
        ts = self._workspace.new_ts()
        event = {"type": "file_deleted", "file_id": file.id, "event_ts": ts}
        await self._send_if_heard("file_deleted", event)

    async def channel_changed(self, name: str, channel: Channel, user: User) -> None:
        """`archive` or `unarchive`, under the name that it has for this kind of channel."""
        self._workspace.changes.happened()
        full_name = f"{_CHANNEL_TYPES[channel.kind]}_{name}"
        event = {
            "type": full_name,
            "channel": channel.id,
            "user": user.id,
            "event_ts": self._workspace.new_ts(),
        }
        if self._bot_is_in(channel):
            await self._send_if_heard(full_name, event, channel=channel)

    async def home_opened(self, user: User, channel: Channel) -> None:
        """`app_home_opened`, with the home as it was published last."""
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._workspace.new_ts(),
        }
        home = self._workspace.views.home(user.id)
        if home is not None:
            event["view"] = self._workspace.views.payload(home)
        await self._send_if_heard("app_home_opened", event)

    async def group_members_changed(self, group: UserGroup, before: list[str]) -> None:
        """`subteam_members_changed`: who was added to a user group and who was removed.

        docs.slack.dev/reference/events/subteam_members_changed writes the counts as strings;
        Slack sends numbers (the SDK's `SubteamMembersChangedEvent`).
        """
        added = [member for member in group.members if member not in before]
        removed = [member for member in before if member not in group.members]
        event: Json = {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": group.team_id,
            "date_previous_update": group.updated,
            "date_update": int(self._workspace.clock()),
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
            "event_ts": self._workspace.new_ts(),
        }
        group.updated = event["date_update"]
        await self._send_if_heard("subteam_members_changed", event)

    async def step_started(self, step: Step) -> None:
        """`function_executed`: a workflow came to one of the app's steps.

        An app hears it of its own functions without subscribing
        (docs.slack.dev/reference/events/function_executed).
        """
        workspace = self._workspace
        installation = workspace.installation
        event = {
            "type": "function_executed",
            "function": {
                "title": step.callback_id,
                "description": "",
                "input_parameters": [],
                "output_parameters": [],
                **(installation.manifest.function(step.callback_id) or {}),
                "id": workspace.function_id(step.callback_id),
                "callback_id": step.callback_id,
                "type": "app",
                "app_id": installation.app_id,
                "date_created": workspace.created,
                "date_updated": workspace.created,
                "date_deleted": 0,
            },
            "inputs": step.inputs,
            "function_execution_id": step.id,
            "workflow_execution_id": workspace.new_id("Wx"),
            "event_ts": workspace.new_ts(),
            "bot_access_token": step.token,
        }
        await self.send(event)

    async def _send_if_heard(
        self, name: str, event: Json, *, channel: Channel | None = None, team_id: str | None = None
    ) -> None:
        if not self._workspace.installation.manifest.hears(name):
            return
        shared = channel is not None and self._workspace.is_shared(channel)
        payload = payloads.event_callback(self._workspace, event, team_id=team_id, shared=shared)
        if name == "app_mention":
            del payload["context_team_id"], payload["context_enterprise_id"]
        await self._deliveries.deliver_event(payload)

    def _bot_is_in(self, channel: Channel) -> bool:
        return self._workspace.bot.id in channel.members

"""What a person writes, and where she is a member."""

from collections.abc import Iterable

from app.playground import payloads
from app.playground.deliveries import Envelope
from app.playground.messages import Message
from app.playground.people.seeing import Viewer
from app.playground.reactions import CommandReaction, react_to_command
from app.playground.user_groups import UserGroup
from app.playground.views import View
from app.playground.workspace import Channel, User


class Writer(Viewer):
    """Types commands and messages, joins and leaves."""

    async def types(self, line: str, channel: Channel) -> CommandReaction:
        """Enter a slash command.

        Raises LookupError for a command that the app doesn't have, PermissionError where she
        can't write.
        """
        command = line.partition(" ")[0]
        if not self._workspace.installation.manifest.knows_command(command):
            raise LookupError(f"{command} is not a valid command")
        self._require_access(channel)
        payload = {
            **payloads.command(self._workspace, self._user, channel, line),
            "trigger_id": self._workspace.triggers.issue(self.id, channel.id),
            "response_url": self._response_url(channel.id),
        }
        envelope = Envelope("slash_commands", payload, accepts_response_payload=True)
        entry = await self._around.deliveries.deliver(envelope)
        return react_to_command(self._workspace, entry, channel, self.id)

    async def says(self, text: str, channel: Channel, thread: Message | None = None) -> Message:
        """Write a message, in a thread if one is given; the app hears of it if it may."""
        self._require_access(channel)
        message = self._workspace.post(
            channel, self.id, {"text": text}, thread_ts=thread and (thread.thread_ts or thread.ts)
        )
        await self._around.events.message_posted(channel, message)
        return message

    async def mentions_bot(
        self, text: str, channel: Channel, thread: Message | None = None
    ) -> Message:
        """Write a message to the bot."""
        return await self.says(f"<@{self._workspace.bot.id}> {text}", channel, thread)

    async def joins(self, channel: Channel) -> None:
        """Join a public channel. Raises PermissionError for any other."""
        if channel.is_private:
            raise PermissionError(f"{self.name} can't see {channel.name}")
        if self.id not in channel.members:
            channel.members.append(self.id)
            await self._around.events.membership_changed(
                "member_joined_channel", channel, self._user
            )

    async def leaves(self, channel: Channel) -> None:
        """Leave a channel."""
        self._require_access(channel)
        channel.members.remove(self.id)
        await self._around.events.membership_changed("member_left_channel", channel, self._user)

    async def invites(self, other: "Writer", channel: Channel) -> None:
        """Bring somebody into a channel."""
        await self._invite(other._user, channel)

    async def invites_bot(self, channel: Channel) -> None:
        """Bring the bot into a channel."""
        await self._invite(self._workspace.bot, channel)

    async def _invite(self, user: User, channel: Channel) -> None:
        self._require_access(channel)
        if user.id not in channel.members:
            channel.members.append(user.id)
            await self._around.events.membership_changed(
                "member_joined_channel", channel, user, inviter=self._user
            )

    async def removes_bot(self, channel: Channel) -> None:
        """Take the bot out of a channel; it hears of that."""
        self._require_access(channel)
        bot = self._workspace.bot
        channel.members.remove(bot.id)
        await self._around.events.membership_changed("member_left_channel", channel, bot)

    async def archives(self, channel: Channel) -> None:
        """Archive a channel."""
        self._require_access(channel)
        channel.is_archived = True
        await self._around.events.channel_changed("archive", channel, self._user)

    async def changes_members(self, group: UserGroup, members: Iterable["Writer"]) -> None:
        """Say who is in a user group from now on; the app hears of it if it may."""
        before = group.members
        group.members = [member.id for member in members]
        await self._around.events.group_members_changed(group, before)

    async def opens_home(self) -> View | None:
        """Open the app's home tab; returns what is published once the app has heard of it."""
        bot = self._workspace.bot
        channel = self._workspace.direct_message(frozenset({self.id, bot.id}))
        await self._around.events.home_opened(self._user, channel)
        return self._workspace.views.home(self.id)

    def _require_access(self, channel: Channel) -> None:
        if self.id not in channel.members:
            raise PermissionError(f"{self.name} isn't in {channel.name or channel.id}")
        if channel.is_archived:
            raise PermissionError(f"{channel.name} is archived")

    def _response_url(self, channel_id: str, message_ts: str | None = None) -> str:
        response_id = self._workspace.response_urls.issue(self.id, channel_id, message_ts)
        return f"{self._workspace.base_url}/response/{response_id}"

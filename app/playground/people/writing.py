"""What somebody writes, and where they are a member."""

from app.playground.blocks import Json
from app.playground.messages import Message
from app.playground.people.seeing import Viewer
from app.playground.workspace import Channel


class Writer(Viewer):
    """Writes messages, joins and leaves."""

    async def says(self, text: str, channel: Channel, thread: Message | None = None) -> Message:
        """Write a message, in a thread if one is given; the app hears of it if it may."""
        return await self._write({"text": text}, channel, thread)

    async def mentions_bot(
        self, text: str, channel: Channel, thread: Message | None = None
    ) -> Message:
        """Write a message to the bot."""
        return await self.says(f"<@{self._workspace.bot.id}> {text}", channel, thread)

    async def _write(self, content: Json, channel: Channel, thread: Message | None) -> Message:
        self._require_access(channel)
        self._require_open_ears(channel)
        message = self._workspace.post(
            channel, self.id, content, thread_ts=thread and (thread.thread_ts or thread.ts)
        )
        await self._around.events.message_posted(channel, message)
        return message

    async def joins(self, channel: Channel) -> None:
        """Join a public channel. Raises PermissionError for one that she can't see."""
        self._require_view(channel)
        if channel.is_private:
            raise PermissionError(f"{self.name} can't see {channel.name}")
        if self.id not in channel.members:
            channel.members.append(self.id)
            await self._around.events.membership_changed(
                "member_joined_channel", channel, self.user
            )

    async def leaves(self, channel: Channel) -> None:
        """Leave a channel."""
        self._require_access(channel)
        channel.members.remove(self.id)
        await self._around.events.membership_changed("member_left_channel", channel, self.user)

    def _require_open_ears(self, channel: Channel) -> None:
        """Raise PermissionError in a direct message with an app that takes none
        (docs.slack.dev/surfaces/app-home, the Messages tab)."""
        with_the_app = channel.kind == "im" and self._workspace.bot.id in channel.members
        if with_the_app and not self._workspace.installation.manifest.takes_messages:
            raise PermissionError("Sending messages to this app has been turned off.")

    def _require_member(self, channel: Channel) -> None:
        if self.id not in channel.members:
            raise PermissionError(f"{self.name} isn't in {channel.name or channel.id}")

    def _require_access(self, channel: Channel) -> None:
        self._require_member(channel)
        if channel.is_archived:
            raise PermissionError(f"{channel.name} is archived")

"""What a person does to channels and user groups."""

from collections.abc import Iterable

from app.playground.people.writing import Writer
from app.playground.user_groups import UserGroup
from app.playground.users import User
from app.playground.workspace import Channel


class Manager(Writer):
    """Invites and removes, archives, says who is in a user group."""

    async def invites(self, other: Writer, channel: Channel) -> None:
        """Bring somebody into a channel; with a person of another organisation it is shared."""
        await self._invite(other.user, channel)

    async def invites_bot(self, channel: Channel) -> None:
        """Bring the bot into a channel."""
        await self._invite(self._workspace.bot, channel)

    async def _invite(self, user: User, channel: Channel) -> None:
        self._require_access(channel)
        if user.id not in channel.members:
            channel.members.append(user.id)
            await self._around.events.membership_changed(
                "member_joined_channel", channel, user, inviter=self.user
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
        await self._around.events.channel_changed("archive", channel, self.user)

    async def unarchives(self, channel: Channel) -> None:
        """Bring an archived channel back."""
        self._require_member(channel)
        channel.is_archived = False
        await self._around.events.channel_changed("unarchive", channel, self.user)

    async def changes_members(self, group: UserGroup, members: Iterable[Writer]) -> None:
        """Say who is in a user group from now on; the app hears of it if it may."""
        before = group.members
        group.members = [member.id for member in members]
        await self._around.events.group_members_changed(group, before)

"""What a person sees."""

from dataclasses import dataclass

from app.playground.deliveries import Deliveries
from app.playground.events import Events
from app.playground.messages import Message
from app.playground.users import User
from app.playground.views import View
from app.playground.waiting import WAIT_SECONDS, until
from app.playground.workspace import Channel, Workspace


@dataclass(frozen=True)
class Surroundings:
    """What people act upon."""

    workspace: Workspace
    deliveries: Deliveries
    events: Events


class Viewer:
    """Looks at channels, modals and the home tab."""

    def __init__(self, user: User, surroundings: Surroundings) -> None:
        self.user = user
        self._around = surroundings
        self._workspace = surroundings.workspace

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The user name."""
        return self.user.name

    @property
    def team_id(self) -> str:
        """The id of her own workspace, which for a stranger is not the one of the app."""
        return self.user.team.id

    def may_see(self, channel: Channel) -> bool:
        """Whether she may look at a channel: at those she is in, and in her own workspace at every
        public one unless she is a guest."""
        at_home = self.user.team == self._workspace.installation.team and not self.user.is_guest
        return self.id in channel.members or (at_home and not channel.is_private)

    def sees(self, channel: Channel) -> list[Message]:
        """The messages of a channel, oldest first, hers alone included, replies left out.

        Raises PermissionError for a channel that she can't see, as everything here does: a private
        one in which she isn't, and for guests and strangers any such channel.
        """
        return [m for m in self._visible(channel) if m.broadcast or not m.is_reply]

    def thread(self, message: Message) -> list[Message]:
        """A message and its replies, hers alone included once others see replies, too
        (docs.slack.dev/reference/methods/chat.postEphemeral, `thread_ts`)."""
        channel = self._workspace.channels[message.channel_id]
        top = message.thread_ts or message.ts
        thread = [m for m in self._visible(channel) if top in (m.ts, m.thread_ts)]
        is_active = any(m.is_reply and not m.is_ephemeral for m in thread)
        return [m for m in thread if is_active or not (m.is_reply and m.is_ephemeral)]

    async def sees_message(
        self,
        channel: Channel,
        containing: str = "",
        timeout: float = WAIT_SECONDS,  # noqa: ASYNC109
    ) -> Message:
        """Wait for the newest message with these words, in a thread or not.

        Raises TimeoutError when none comes.
        """

        def find() -> Message | None:
            seen = [m for m in self._visible(channel) if containing in m.wording]
            return seen[-1] if seen else None

        return await until(find, timeout, f"{self.name} saw no message with {containing!r}")

    async def sees_view(
        self,
        containing: str = "",
        timeout: float = WAIT_SECONDS,  # noqa: ASYNC109
    ) -> View:
        """Wait until the modal on top has these words. Raises TimeoutError when it never has."""

        def find() -> View | None:
            top = self._workspace.views.top(self.id)
            return top if top is not None and containing in top.wording else None

        return await until(find, timeout, f"{self.name} saw no modal with {containing!r}")

    async def sees_home(
        self,
        containing: str = "",
        timeout: float = WAIT_SECONDS,  # noqa: ASYNC109
    ) -> View:
        """Wait until her App Home has these words. Raises TimeoutError when it never has."""

        def find() -> View | None:
            home = self._workspace.views.home(self.id)
            return home if home is not None and containing in home.wording else None

        return await until(find, timeout, f"{self.name} saw no home with {containing!r}")

    def _visible(self, channel: Channel) -> list[Message]:
        self._require_view(channel)
        return [m for m in channel.messages if m.visible_to in (None, self.id)]

    def _require_view(self, channel: Channel) -> None:
        if not self.may_see(channel):
            raise PermissionError(f"{self.name} can't see {channel.name or channel.id}")

"""What one browser shows: the workspace as one person sees it from one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from app.playground.local_slack import LocalSlack
from app.playground.menus import conversation_name
from app.playground.messages import Message
from app.playground.page.controls import Controls
from app.playground.page.html.reader import Reader
from app.playground.page.place import Place
from app.playground.people import Person
from app.playground.users import User
from app.playground.workspace import Channel


@dataclass(frozen=True)
class Form:
    """What became of a modal's last submission: the errors at its inputs, by block id, and the code
    with which it failed. `is_submitting` while the app has not answered yet."""

    errors: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""
    is_submitting: bool = False


@dataclass
class Memory:
    """What the page remembers of a person: by channel id, the timestamp up to which everything was
    read; by view id, what became of the last submission of an open modal; and whether the app has
    heard that its home was opened."""

    read: dict[str, str] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    has_opened_home: bool = False


@dataclass(frozen=True)
class Screen:
    """`place` has been put right: its person is there and its channel one that she sees."""

    slack: LocalSlack
    person: Person
    place: Place
    memory: Memory
    controls: Controls

    @property
    def channel(self) -> Channel:
        """The channel that is shown."""
        return self.slack.workspace.channels[self.place.channel]

    @property
    def thread(self) -> Message | None:
        """The message whose thread is open, if one is."""
        return self.channel.message(self.place.thread) if self.place.thread else None

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.person.user.tz)

    @property
    def now(self) -> datetime:
        """The workspace's time, in her zone."""
        return self.time_of(self.slack.workspace.clock())

    def time_of(self, seconds: float | str) -> datetime:
        """An instant, such as a message's timestamp, in her zone."""
        return datetime.fromtimestamp(float(seconds), UTC).astimezone(self.zone)

    @property
    def names(self) -> dict[str, str]:
        """What people, channels and user groups are called, by id."""
        workspace = self.slack.workspace
        return {
            **{user.id: user.real_name for user in workspace.users.values()},
            **{channel.id: self.name_of(channel) for channel in workspace.channels.values()},
            **{group.id: group.handle for group in workspace.user_groups.values()},
        }

    @property
    def reader(self) -> Reader:
        """The person as a reader of what is rendered, who knows no name of a private conversation
        that she isn't in."""
        channels = self.slack.workspace.channels.values()
        me = self.person.id
        hidden = {each.id for each in channels if each.is_private and me not in each.members}
        names = {id_: name for id_, name in self.names.items() if id_ not in hidden}
        return Reader(me, names, self.now)

    @property
    def is_with_app(self) -> bool:
        """Whether the direct message with the app is shown, which has a home tab."""
        return self.channel.kind == "im" and self.slack.bot_user_id in self.channel.members

    @property
    def can_write(self) -> bool:
        """Whether she may write in the channel that is shown."""
        return self.person.id in self.channel.members and not self.channel.is_archived

    def other(self, channel: Channel) -> User:
        """With whom she is in a direct message."""
        others = (each for each in channel.members if each != self.person.id)
        return self.slack.workspace.users[next(others, self.person.id)]

    def name_of(self, channel: Channel) -> str:
        """A conversation's name as she reads it: a direct message has that of the other one."""
        return conversation_name(self.slack.workspace, self.person.user, channel)

    def address_of(self, channel: Channel) -> str:
        """A conversation's name as it stands in a sentence: `#billing`, `Ana Beck`."""
        return self.name_of(channel) if channel.kind == "im" else f"#{channel.name}"

    def unread(self, channel: Channel) -> int:
        """How many messages others have written there since she last looked."""
        read = self.memory.read.get(channel.id, "")
        messages = takewhile(lambda message: message.ts > read, reversed(self.person.sees(channel)))
        return sum(message.user_id != self.person.id for message in messages)

    def is_read(self) -> None:
        """Remember that she has seen all messages of the channel that is shown."""
        messages = self.channel.messages
        if messages and not self.place.tab:
            self.memory.read[self.channel.id] = messages[-1].ts

    def channels(self) -> list[Channel]:
        """The conversations that stand in her side bar."""
        channels = self.slack.workspace.channels.values()
        return [each for each in channels if self.person.may_see(each)]


def screen_at(
    slack: LocalSlack, place: Place, memories: dict[str, Memory], controls: Controls
) -> Screen:
    """The screen of a place, put right where it names somebody or something that isn't there.

    Raises LookupError when there is nobody to act as.
    """
    person = slack.people.get(place.person) or next(iter(slack.people.values()), None)
    if person is None:
        raise LookupError("nobody is in this workspace")
    direct = slack.direct_message(person)
    memory = memories.setdefault(person.id, Memory())
    screen = Screen(slack, person, place.but(person=person.id, channel=direct.id), memory, controls)
    channels = screen.channels()
    if place.channel not in {each.id for each in channels}:
        first = next((each for each in channels if each.kind != "im"), direct)
        return replace(screen, place=screen.place.at(first.id))
    tab = place.tab if place.channel == direct.id else ""
    return replace(screen, place=screen.place.but(channel=place.channel, tab=tab))

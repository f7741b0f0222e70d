"""The messages of a channel and of a thread."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import htpy as h

from app.playground.blocks import Json, Place
from app.playground.messages import Message
from app.playground.page.html.messages import Replies, Setting, render_message, short_day
from app.playground.page.html.reader import Surface
from app.playground.page.permalinks import path_of
from app.playground.page.pieces import Piece, digest
from app.playground.page.screen import Screen

MOST_MESSAGES = 100
CONTINUED_SECONDS = 300.0
"""Messages of one author within this time stand together under one name."""

_made: WeakKeyDictionary[Message, dict[tuple[str, str], tuple[Any, Piece]]] = WeakKeyDictionary()
"""The piece of each message for each reader and column, with all that it was made of: rendering a
hundred messages at every change would take the time of the app under test."""


def pieces(screen: Screen) -> list[Piece]:
    """The channel's latest messages, oldest first, day by day."""
    if screen.place.tab:
        return []
    messages = screen.person.sees(screen.channel)
    if not messages:
        return [_nothing_yet(screen)]
    latest = messages[-max(screen.place.shown, MOST_MESSAGES) :]
    earlier = [_earlier(screen, len(latest))] if len(latest) < len(messages) else []
    return [*earlier, *_Column(screen, "m").pieces(latest)]


def thread(screen: Screen) -> list[Piece]:
    """The messages of the open thread."""
    top = screen.thread
    return [] if top is None else _Column(screen, "t").pieces(screen.person.thread(top))


def _nothing_yet(screen: Screen) -> Piece:
    """What stands in a conversation before its first message, with the way to begin."""
    manifest = screen.slack.installation.manifest
    begins = manifest.commands and screen.can_write
    way = f" Type / to see the commands of {manifest.name}." if begins else ""
    return Piece.of("nothing-yet", h.p("#nothing-yet")[f"Nothing has been written here yet.{way}"])


def _earlier(screen: Screen, shown: int) -> Piece:
    address = screen.place.but(most=str(shown + MOST_MESSAGES)).address
    link = h.a(".button.earlier", href=address)["Show earlier messages"]
    return Piece.of("earlier", h.p("#earlier")[link])


class _Column:
    """Messages below each other. `where` tells the channel (`m`) from the thread (`t`)."""

    def __init__(self, screen: Screen, where: str) -> None:
        self._screen = screen
        self._where = where
        self._reader = reader = screen.reader
        self._read_by = reader.id, reader.names, reader.zone, reader.now.date()
        self._workspace = screen.slack.workspace
        self._here = screen.place.but(thread="").address
        self._replies = _replies(screen) if where == "m" else {}

    def pieces(self, messages: Sequence[Message]) -> list[Piece]:
        """The messages, with the name of its day above the first of each day."""
        return list(self._pieces(messages))

    def _pieces(self, messages: Sequence[Message]) -> Iterator[Piece]:
        above: Message | None = None
        for message in messages:
            written = self._screen.time_of(message.ts)
            if above is None or self._screen.time_of(above.ts).date() != written.date():
                yield self._day(written)
                above = None
            yield self._piece(message, self._setting(message, above, written))
            above = message

    def _day(self, day: datetime) -> Piece:
        id_ = f"{self._where}-{day:%Y-%m-%d}"
        name = short_day(day, self._reader.now)
        return Piece.of(id_, h.h2(".day", id=id_)[h.span[name]])

    def _setting(self, message: Message, above: Message | None, written: datetime) -> Setting:
        in_channel = self._where == "m" and not message.is_ephemeral
        thread = f"{self._here}&thread={message.thread_ts or message.ts}"
        return Setting(
            id=f"{self._where}-{message.ts}",
            author=self._workspace.users[message.user_id],
            home=self._workspace.installation.team,
            written=written,
            link=path_of(self._workspace.permalink(message)),
            continues=above is not None and _continues(message, above),
            thread=thread if in_channel else "",
            replies=self._replies.get(message.ts),
        )

    def _piece(self, message: Message, setting: Setting) -> Piece:
        chosen = dict(self._screen.person.chosen(message)) if message.blocks else {}
        made_of = (_content_of(message), setting, self._read_by, chosen)
        kept = _made.setdefault(message, {})
        key = (self._screen.person.id, self._where)
        if key not in kept or kept[key][0] != made_of:
            kept[key] = made_of, self._make(message, setting, chosen)
        return kept[key][1]

    def _make(self, message: Message, setting: Setting, chosen: Mapping[Place, Json]) -> Piece:
        """Made anew in the browser only for what isn't the reader's own doing."""
        version = digest(str(self._render(message, setting, {}))) if chosen else None
        return Piece.of(setting.id, self._render(message, setting, chosen), version)

    def _render(
        self, message: Message, setting: Setting, chosen: Mapping[Place, Json]
    ) -> h.Renderable:
        surface = Surface(f"{message.channel_id}:{message.ts}", chosen, where=self._where)
        return render_message(message, self._reader, surface, setting)


def _continues(message: Message, above: Message) -> bool:
    return (
        message.user_id == above.user_id
        and message.visible_to == above.visible_to
        and not message.broadcast
        and float(message.ts) - float(above.ts) < CONTINUED_SECONDS
    )


def _content_of(message: Message) -> tuple[Any, ...]:
    """All of a message that shows and may change in place."""
    files = [(file.id, file.title, file.alt_text, file.is_complete) for file in message.files]
    return message.text, message.blocks, message.attachments, files, message.edited_ts


def _replies(screen: Screen) -> dict[str, Replies]:
    """What is said in each thread of the channel, by the timestamp of the message on top."""
    found: dict[str, list[Message]] = {}
    for message in screen.channel.messages:
        if message.is_reply and message.thread_ts and not message.is_ephemeral:
            found.setdefault(message.thread_ts, []).append(message)
    users = screen.slack.workspace.users
    return {
        ts: Replies(
            len(replies),
            tuple(users[user_id] for user_id in dict.fromkeys(each.user_id for each in replies)),
            screen.time_of(replies[-1].ts),
        )
        for ts, replies in found.items()
    }

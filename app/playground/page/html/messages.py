"""A message as HTML: who wrote it and when, what it says, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import htpy as h

from app.playground.installation import Team
from app.playground.messages import Message
from app.playground.page.html.blocks import render_content
from app.playground.page.html.icons import icon
from app.playground.page.html.people import avatar, badge
from app.playground.page.html.reader import Reader, Surface
from app.playground.users import User

MOST_FACES = 4


@dataclass(frozen=True)
class Replies:
    """What is said below a message of its thread: who wrote in it, and when last."""

    count: int
    authors: Sequence[User]
    last: datetime


@dataclass(frozen=True)
class Setting:
    """How a message stands in its column.

    `id` is that of its element, `home` the workspace that the app is in. `continues` tells that the
    message above is by the same author and not much older. `link` leads to it, `thread` opens its
    thread and is empty where there can't be one; `replies` are those below it, where they are told.
    """

    id: str
    author: User
    home: Team
    written: datetime
    link: str
    continues: bool = False
    thread: str = ""
    replies: Replies | None = None


def render_message(
    message: Message, reader: Reader, surface: Surface, setting: Setting
) -> h.Element:
    """A message with all that belongs to it."""
    author = setting.author
    kinds = {
        "message": True,
        "is-continued": setting.continues,
        "is-ephemeral": message.is_ephemeral,
    }
    return h.article(
        id=setting.id,
        class_=kinds,
        aria_label=f"{author.real_name}, {setting.written:%H:%M}",
        data_surface=surface.id,
        data_thread=setting.thread or None,
        data_link=setting.link,
    )[
        h.div(".message-side")[_time(setting.written) if setting.continues else avatar(author)],
        h.div(".message-body")[
            None if setting.continues else _head(setting),
            h.p(".message-note")["Only visible to you"] if message.is_ephemeral else None,
            h.p(".message-note")["Replied to a thread"] if message.broadcast else None,
            h.div(".message-content", data_content=True)[render_content(message, reader, surface)],
            h.span(".message-edited")["(edited)"] if message.edited_ts else None,
            _replies(setting, reader) if setting.replies else None,
        ],
        _tools(message, setting),
    ]


def short_day(day: datetime, now: datetime) -> str:
    """A day as one says it: today, yesterday, or by its date."""
    days = (now.date() - day.date()).days
    if days in (0, 1):
        return ("Today", "Yesterday")[days]
    year = "" if day.year == now.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def _head(setting: Setting) -> h.Element:
    return h.div(".message-head")[
        h.span(".message-author")[setting.author.real_name],
        badge(setting.author, setting.home),
        _time(setting.written),
    ]


def _time(written: datetime) -> h.Element:
    whole = f"{written:%A} {written.day} {written:%B %Y at %H:%M:%S}"
    return h.time(".message-time", datetime=written.isoformat(timespec="seconds"), title=whole)[
        f"{written:%H:%M}"
    ]


def _replies(setting: Setting, reader: Reader) -> h.Node:
    replies = setting.replies
    if replies is None:
        return None
    count = f"{replies.count} {'reply' if replies.count == 1 else 'replies'}"
    last = f"Last reply {short_day(replies.last, reader.now).lower()} at {replies.last:%H:%M}"
    return h.a(
        ".replies",
        id=f"replies-{setting.id}",
        href=setting.thread,
        data_then_focus="thread-composer-text",
    )[
        (avatar(author) for author in replies.authors[:MOST_FACES]),
        h.span(".replies-count")[count],
        h.span(".replies-last")[last],
    ]


def _tools(message: Message, setting: Setting) -> h.Element:
    return h.div(".message-tools", role="group", aria_label="Message actions")[
        h.a(
            ".icon-button",
            href=setting.thread,
            aria_label="Reply in thread",
            title="Reply in thread",
            data_then_focus="thread-composer-text",
        )[icon("reply")]
        if setting.thread
        else None,
        h.button(
            ".icon-button",
            id=f"more-{setting.id}",
            type="button",
            aria_haspopup="menu",
            aria_label="More actions",
            title="More actions",
            data_opens_menu="ephemeral-menu" if message.is_ephemeral else "message-menu",
        )[icon("more")],
    ]

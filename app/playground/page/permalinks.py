"""The addresses of messages, which lead to this page as Slack's lead to Slack."""

from urllib.parse import urlsplit

from app.playground.page.place import Place
from app.playground.workspace import Workspace

PATH = "/archives/{channel}/p{digits}"
"""The path of every message, with the digits of its timestamp."""

_FRACTION = 6


def path_of(permalink: str) -> str:
    """What follows the host in a message's address."""
    parts = urlsplit(permalink)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def address_of(workspace: Workspace, channel: str, digits: str, person: str) -> str:
    """Where the page shows a message: in its channel, or in the thread that it stands in.

    Raises LookupError when there is no such message.
    """
    found = workspace.channels.get(channel)
    message = found and found.message(f"{digits[:-_FRACTION]}.{digits[-_FRACTION:]}")
    if not message:
        raise LookupError("no such message")
    thread = message.thread_ts or "" if message.is_reply else ""
    column = "t" if thread else "m"
    return f"{Place(person, channel, thread).address}#{column}-{message.ts}"

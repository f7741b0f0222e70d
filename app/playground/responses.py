"""Messages that answer a person: in an acknowledgement or through a response address."""

from collections.abc import Mapping
from typing import Any

from app.playground.blockkit import Problem
from app.playground.blocks import Json
from app.playground.events import Events
from app.playground.messages import Message
from app.playground.tickets import ResponseUrl
from app.playground.validation import message_problems
from app.playground.workspace import Channel, Workspace

_SAYS = ("text", "blocks", "attachments")


def says_anything(content: Mapping[str, Any]) -> bool:
    """Whether there is anything to show."""
    return any(content.get(part) for part in _SAYS)


def post_answer(
    workspace: Workspace, events: Events, channel: Channel, user_id: str, content: Json
) -> Message:
    """Post what the app answers: to that person alone, unless `response_type` is `in_channel`.

    The bot need not be in the channel.
    """
    in_channel = content.get("response_type") == "in_channel"
    message = workspace.post(
        channel,
        workspace.bot.id,
        content,
        thread_ts=content.get("thread_ts"),
        visible_to=None if in_channel else user_id,
    )
    events.announce(events.message_posted(channel, message))
    return message


def use_response_url(
    workspace: Workspace,
    events: Events,
    address: ResponseUrl,
    content: Json,
    problems: list[Problem],
) -> str | None:
    """Do what was posted to a response address; returns an error code or None.

    docs.slack.dev/interactivity/handling-user-interaction: `replace_original` and
    `delete_original` change the message that was acted on, anything else is a new message.
    """
    channel = workspace.channels[address.channel_id]
    original = channel.message(address.message_ts) if address.message_ts else None
    if content.get("delete_original"):
        if original is not None:
            before = workspace.message_payload(original)
            workspace.remove(original)
            events.announce(events.message_deleted(channel, original, before))
        return None
    if not says_anything(content):
        return "no_text"
    problems.extend(message_problems(workspace, content))
    if problems:
        return "invalid_blocks"
    if content.get("replace_original") and original is not None:
        before = workspace.message_payload(original)
        workspace.edit(original, content)
        events.announce(events.message_changed(channel, original, before))
    else:
        post_answer(workspace, events, channel, address.user_id, content)
    return None

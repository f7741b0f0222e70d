"""chat.postMessage, update, postEphemeral, delete, getPermalink."""

import re
from typing import Any

from app.playground.blocks import Json, words_in
from app.playground.errors import SlackError, refuse_problems
from app.playground.messages import Message
from app.playground.validation import attachment_problems, message_problems
from app.playground.web_api.call import Call, Method
from app.playground.workspace import Channel

POST_LIMIT = 40_000
"""Characters of text (docs.slack.dev/reference/methods/chat.postMessage)."""

UPDATE_LIMIT = 4_000
"""Characters of text (docs.slack.dev/reference/methods/chat.update)."""

MARKDOWN_LIMIT = 12_000
"""Characters of `markdown_text` (docs.slack.dev/reference/methods/chat.postMessage)."""

MOST_ATTACHMENTS = 100

BLOCKS_LIMIT = 13_297
BLOCK_COST = 125
"""Characters of all blocks together, and what each block costs beside its text. Slack documents
neither; as measured in slackapi/bolt-js#2509, where Slack tells of 12,000 and a buffer."""


def post_message(call: Call) -> Json:
    """Post into a channel, a thread, or a direct message named by its channel or person.

    The channel may be given by its name, too. A parent that is gone gives `thread_not_found`
    (slackapi/bolt-js#2307), which the page doesn't list, nor does it `invalid_attachments`.

    Errors: channel_not_found, not_in_channel, is_archived, messages_tab_disabled, no_text,
    msg_too_long, markdown_text_conflict, msg_blocks_too_long, invalid_blocks,
    invalid_blocks_format, invalid_attachments, too_many_attachments, invalid_metadata_format,
    invalid_metadata_schema, thread_not_found, cannot_reply_to_message
    (docs.slack.dev/reference/methods/chat.postMessage).
    """
    channel = _postable_channel(call)
    content = _content(call, POST_LIMIT) | _metadata(call)
    message = call.workspace.post(
        channel,
        call.workspace.bot.id,
        content,
        thread_ts=_thread(call, channel),
        broadcast=call.flag("reply_broadcast"),
    )
    call.events.announce(call.events.message_posted(channel, message))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": call.workspace.message_payload(message, with_metadata=True),
    }


def post_ephemeral(call: Call) -> Json:
    """Show a message to one person in a channel. It carries no metadata.

    Errors: channel_not_found, not_in_channel, is_archived, messages_tab_disabled,
    user_not_in_channel, no_text, msg_too_long, markdown_text_conflict, msg_blocks_too_long,
    invalid_blocks, invalid_blocks_format, invalid_attachments, too_many_attachments,
    thread_not_found, cannot_reply_to_message
    (docs.slack.dev/reference/methods/chat.postEphemeral).
    """
    channel = _postable_channel(call)
    user_id = call.required("user")
    if user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = call.workspace.post(
        channel,
        call.workspace.bot.id,
        _content(call, POST_LIMIT),
        thread_ts=_thread(call, channel),
        visible_to=user_id,
    )
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change one of the bot's messages. Blocks go when only text is given.

    A direct message is named by its own id, not by the person's. Metadata stays as it is unless
    other, or an empty one, is given.

    Errors: channel_not_found, message_not_found, cant_update_message, is_inactive, no_text,
    msg_too_long, markdown_text_conflict, msg_blocks_too_long, invalid_blocks,
    invalid_blocks_format, invalid_attachments, too_many_attachments, invalid_metadata_format,
    invalid_metadata_schema (docs.slack.dev/reference/methods/chat.update).
    """
    channel = call.channel()
    message = _shared_message(channel, call.required("ts"))
    if message.user_id != call.workspace.bot.id:
        raise SlackError("cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    content = _content(call, UPDATE_LIMIT) | _metadata(call)
    before = call.workspace.message_payload(message)
    call.workspace.edit(message, content)
    call.events.announce(call.events.message_changed(channel, message, before))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": call.workspace.message_payload(message, with_metadata=True),
    }


def delete(call: Call) -> Json:
    """Delete one of the bot's messages, which it may not in an archived channel.

    Errors: channel_not_found, message_not_found, cant_delete_message
    (docs.slack.dev/reference/methods/chat.delete).
    """
    channel = call.channel()
    message = _shared_message(channel, call.required("ts"))
    if message.user_id != call.workspace.bot.id or channel.is_archived:
        raise SlackError("cant_delete_message")
    before = call.workspace.message_payload(message)
    call.workspace.remove(message)
    call.events.announce(call.events.message_deleted(channel, message, before))
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message.

    Errors: channel_not_found, message_not_found
    (docs.slack.dev/reference/methods/chat.getPermalink).
    """
    channel = call.channel()
    message = _shared_message(channel, call.required("message_ts"))
    return {"channel": channel.id, "permalink": call.workspace.permalink(message)}


def _postable_channel(call: Call) -> Channel:
    """A channel that the bot may post to; a person's id stands for the direct message."""
    workspace = call.workspace
    reference = call.required("channel")
    if reference in workspace.users and reference != workspace.bot.id:
        channel = workspace.direct_message(frozenset({reference, workspace.bot.id}))
    else:
        channel = workspace.channel(reference)
    manifest = workspace.installation.manifest
    if channel.is_private and not call.is_member(channel):
        raise SlackError("channel_not_found")
    if channel.kind == "im" and not manifest.has_messages_tab:
        raise SlackError("messages_tab_disabled")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not call.is_member(channel) and "chat:write.public" not in manifest.scopes:
        raise SlackError("not_in_channel")
    return channel


def _content(call: Call, limit: int) -> Json:
    content = {
        "text": _text(call, limit),
        "blocks": call.structure("blocks", "invalid_blocks_format"),
        "attachments": _attachments(call),
    }
    if not any(content.values()):
        raise SlackError("no_text")
    if not isinstance(content["blocks"] or [], list):
        raise SlackError("invalid_blocks_format")
    problems = message_problems(call.workspace, content)
    call.problems.extend(problems)
    refuse_problems("invalid_blocks", problems)
    _refuse_length(content["blocks"] or [])
    return content


def _text(call: Call, limit: int) -> str | None:
    """`text`, or the `markdown_text` that may stand for text and blocks."""
    text, markdown = call.optional("text"), call.optional("markdown_text")
    if markdown is not None and (text is not None or call.optional("blocks") is not None):
        raise SlackError("markdown_text_conflict")
    if len(text or "") > limit or len(markdown or "") > MARKDOWN_LIMIT:
        raise SlackError("msg_too_long")
    return text or markdown


def _attachments(call: Call) -> list[Json] | None:
    attachments: Any = call.structure("attachments", "invalid_attachments")
    if attachments is None:
        return None
    problems = attachment_problems(call.workspace, attachments)
    call.problems.extend(problems)
    refuse_problems("invalid_attachments", problems)
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return list(attachments)


def _refuse_length(blocks: list[Json]) -> None:
    if sum(map(len, words_in(blocks))) + BLOCK_COST * len(blocks) > BLOCKS_LIMIT:
        raise SlackError("msg_blocks_too_long")


def _metadata(call: Call) -> Json:
    """The message's metadata, if any was sent: an event type of letters, digits and underscores
    and a payload object, or nothing at all (docs.slack.dev/messaging/message-metadata).

    A type with a dot was taken by Slack but not kept (slackapi/bolt-python#863); here it is
    refused.
    """
    metadata: Any = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if metadata and not _is_metadata(metadata):
        raise SlackError("invalid_metadata_schema")
    return {"metadata": metadata}


def _is_metadata(metadata: Json) -> bool:
    return (
        set(metadata) == {"event_type", "event_payload"}
        and isinstance(metadata["event_type"], str)
        and re.fullmatch(r"\w+", metadata["event_type"], re.ASCII) is not None
        and isinstance(metadata["event_payload"], dict)
    )


def _thread(call: Call, channel: Channel) -> str | None:
    """The parent that is answered; a reply leads to its own parent."""
    thread_ts = call.optional("thread_ts")
    if thread_ts is None:
        return None
    parent = channel.message(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_ephemeral:
        raise SlackError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _shared_message(channel: Channel, ts: str) -> Message:
    message = channel.message(ts)
    if message is None or message.is_ephemeral:
        raise SlackError("message_not_found")
    return message


METHODS = {
    "chat.postMessage": Method(post_message, scope="chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, scope="chat:write"),
    "chat.update": Method(update, scope="chat:write"),
    "chat.delete": Method(delete, scope="chat:write"),
    "chat.getPermalink": Method(get_permalink),
}

"""chat.postMessage, update, postEphemeral, delete, getPermalink."""

from app.playground.blocks import Json, words_in
from app.playground.errors import SlackError, refuse_problems
from app.playground.messages import Message
from app.playground.validation import message_problems
from app.playground.web_api.call import Call, Method
from app.playground.workspace import Channel

POST_LIMIT = 40_000
"""Characters of text (docs.slack.dev/reference/methods/chat.postMessage)."""

UPDATE_LIMIT = 4_000
"""Characters of text (docs.slack.dev/reference/methods/chat.update)."""


BLOCKS_LIMIT = 13_297
BLOCK_COST = 125
"""Characters of all blocks together, and what each block costs beside its text. Slack documents
neither; as measured in slackapi/bolt-js#2509, where Slack tells of 12,000 and a buffer."""


def post_message(call: Call) -> Json:
    """Post into a channel, a thread, or a direct message named by its channel or person.

    Errors: channel_not_found, not_in_channel, is_archived, no_text, msg_too_long,
    msg_blocks_too_long, invalid_blocks, invalid_blocks_format, invalid_metadata_format,
    invalid_metadata_schema, thread_not_found, missing_scope
    (docs.slack.dev/reference/methods/chat.postMessage).
    """
    channel = postable_channel(call, call.required("channel"))
    content = _content(call, POST_LIMIT)
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
    """Show a message to one person in a channel.

    Errors: as chat.postMessage, and user_not_in_channel
    (docs.slack.dev/reference/methods/chat.postEphemeral).
    """
    channel = postable_channel(call, call.required("channel"))
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

    Errors: channel_not_found, message_not_found, cant_update_message, is_archived, no_text,
    msg_too_long, msg_blocks_too_long, invalid_blocks, missing_scope
    (docs.slack.dev/reference/methods/chat.update).
    """
    channel, message = _own_message(call, "cant_update_message")
    content = _content(call, UPDATE_LIMIT)
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
    """Delete one of the bot's messages.

    Errors: channel_not_found, message_not_found, cant_delete_message, missing_scope
    (docs.slack.dev/reference/methods/chat.delete).
    """
    channel, message = _own_message(call, "cant_delete_message")
    before = call.workspace.message_payload(message)
    call.workspace.remove(message)
    call.events.announce(call.events.message_deleted(channel, message, before))
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message.

    Errors: channel_not_found, message_not_found
    (docs.slack.dev/reference/methods/chat.getPermalink).
    """
    channel = _seen_channel(call)
    message = _shared_message(channel, call.required("message_ts"))
    return {"channel": channel.id, "permalink": call.workspace.permalink(message)}


def postable_channel(call: Call, reference: str) -> Channel:
    """A channel that the bot may post to; a person's id stands for the direct message.

    Raises SlackError `channel_not_found`, `is_archived`, `not_in_channel`.
    """
    workspace = call.workspace
    if reference in workspace.users:
        return workspace.direct_message(frozenset({reference, workspace.bot.id}))
    channel = workspace.channel(reference)
    is_member = workspace.bot.id in channel.members
    if channel.is_private and not is_member:
        raise SlackError("channel_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not is_member and "chat:write.public" not in workspace.installation.manifest.scopes:
        raise SlackError("not_in_channel")
    return channel


def _content(call: Call, limit: int) -> Json:
    content = {
        "text": call.optional("text") or call.optional("markdown_text"),
        "blocks": call.structure("blocks", "invalid_blocks_format"),
        "attachments": call.structure("attachments"),
    }
    if not any(content.values()):
        raise SlackError("no_text")
    if len(content["text"] or "") > limit:
        raise SlackError("msg_too_long")
    problems = message_problems(call.workspace, content)
    call.problems.extend(problems)
    refuse_problems("invalid_blocks", problems)
    _refuse_length(content["blocks"] or [])
    metadata = call.structure("metadata", "invalid_metadata_format")
    return content if metadata is None else {**content, "metadata": _metadata(metadata)}


def _refuse_length(blocks: list[Json]) -> None:
    if sum(map(len, words_in(blocks))) + BLOCK_COST * len(blocks) > BLOCKS_LIMIT:
        raise SlackError("msg_blocks_too_long")


def _metadata(metadata: object) -> Json:
    """docs.slack.dev/messaging/message-metadata: an event type and a payload object, or empty."""
    if metadata == {}:
        return {}
    if (
        not isinstance(metadata, dict)
        or set(metadata) != {"event_type", "event_payload"}
        or not isinstance(metadata["event_payload"], dict)
    ):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.optional("thread_ts")
    if thread_ts is not None and channel.message(thread_ts) is None:
        raise SlackError("thread_not_found")
    return thread_ts


def _seen_channel(call: Call) -> Channel:
    channel = call.workspace.channel(call.required("channel"))
    if channel.is_private and call.workspace.bot.id not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def _shared_message(channel: Channel, ts: str) -> Message:
    message = channel.message(ts)
    if message is None or message.is_ephemeral:
        raise SlackError("message_not_found")
    return message


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = _seen_channel(call)
    message = _shared_message(channel, call.required("ts"))
    if channel.is_archived:
        raise SlackError("is_archived")
    if message.user_id != call.workspace.bot.id:
        raise SlackError(refusal)
    return channel, message


METHODS = {
    "chat.postMessage": Method(post_message, scope="chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, scope="chat:write"),
    "chat.update": Method(update, scope="chat:write"),
    "chat.delete": Method(delete, scope="chat:write"),
    "chat.getPermalink": Method(get_permalink),
}

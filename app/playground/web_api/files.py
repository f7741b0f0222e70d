"""files.getUploadURLExternal, completeUploadExternal, info, list, delete."""

import sys
from collections.abc import Callable
from typing import Any

from app.playground.blocks import Json
from app.playground.errors import SlackError, refuse_problems
from app.playground.files import File
from app.playground.validation import message_problems
from app.playground.web_api.call import Call, Method
from app.playground.workspace import Channel

ALT_TEXT_LIMIT = 1_000
"""Characters (docs.slack.dev/reference/methods/files.getUploadURLExternal)."""

MOST_CHANNELS = 100
"""docs.slack.dev/reference/methods/files.completeUploadExternal"""

_KINDS: dict[str, tuple[str, ...]] = {
    "all": ("",),
    "images": ("image/",),
    "pdfs": ("application/pdf",),
    "zips": ("application/zip",),
    "snippets": ("text/",),
    "spaces": (),
    "gdocs": (),
}
"""How the media types of files begin, by the kinds that can be asked for
(docs.slack.dev/reference/methods/files.list)."""


def get_upload_url(call: Call) -> Json:
    """Reserve a file and say where its bytes go.

    Errors: missing_argument, alt_txt_too_large
    (docs.slack.dev/reference/methods/files.getUploadURLExternal).
    """
    length = call.required("length", "missing_argument")
    if not length.isdigit():
        raise SlackError("invalid_arguments")
    if int(length) == 0:
        raise SlackError("missing_argument")
    alt_text = call.optional("alt_txt") or ""
    if len(alt_text) > ALT_TEXT_LIMIT:
        raise SlackError("alt_txt_too_large")
    workspace = call.workspace
    file = File(
        id=workspace.new_id("F"),
        name=call.required("filename", "missing_argument"),
        length=int(length),
        user_id=workspace.bot.id,
        team_id=workspace.installation.team_id,
        created=int(workspace.clock()),
        alt_text=alt_text,
    )
    workspace.files[file.id] = file
    return {"upload_url": f"{call.workspace.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Finish uploads and share them, all in one message. The response shows them unshared still.

    Channels are named by their ids, and the bot has to be in them; a reply goes to one channel.

    Errors: file_not_found, channel_not_found, not_in_channel, posting_to_channel_denied,
    channels_limit_exceeded, invalid_blocks
    (docs.slack.dev/reference/methods/files.completeUploadExternal).
    """
    asked = call.structure("files")
    if not isinstance(asked, list) or not asked:
        raise SlackError("invalid_arguments")
    files = [_uploaded(call, one) for one in asked]
    channels = _channels_to_share_in(call)
    content = _introduction(call)
    for file, one in zip(files, asked, strict=True):
        file.title = one.get("title") or file.name
    response = {"files": [file.payload(call.workspace.base_url) for file in files]}
    for file in files:
        file.is_complete = True
        call.workspace.process(file)
    for channel in channels:
        _share(call, channel, files, content)
    return response


def _uploaded(call: Call, asked: Any) -> File:
    if not isinstance(asked, dict) or "id" not in asked:
        raise SlackError("invalid_arguments")
    file = call.workspace.file(str(asked["id"]))
    if file.content is None or file.is_complete:
        raise SlackError("file_not_found")
    return file


def _channels_to_share_in(call: Call) -> list[Channel]:
    ids = call.listed("channel_id") or call.listed("channels")
    if len(ids) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    channels = [_channel_to_share_in(call, each) for each in ids]
    thread_ts = call.optional("thread_ts")
    if thread_ts is not None and any(each.message(thread_ts) is None for each in channels):
        raise SlackError("invalid_arguments")
    return channels


def _channel_to_share_in(call: Call, channel_id: str) -> Channel:
    channel = call.workspace.channels.get(channel_id)
    if channel is None or (channel.is_private and not call.is_member(channel)):
        raise SlackError("channel_not_found")
    if not call.is_member(channel):
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("posting_to_channel_denied")
    return channel


def _introduction(call: Call) -> Json:
    """What the message says besides its files: a comment, or else blocks."""
    comment = call.optional("initial_comment")
    if comment is not None:
        return {"text": comment}
    content = {"blocks": call.structure("blocks", "invalid_blocks")}
    problems = message_problems(call.workspace, content)
    call.problems.extend(problems)
    refuse_problems("invalid_blocks", problems)
    return content


def _share(call: Call, channel: Channel, files: list[File], content: Json) -> None:
    message = call.workspace.post(
        channel,
        call.workspace.bot.id,
        content,
        files=files,
        thread_ts=call.optional("thread_ts"),
    )
    for file in files:
        file.shares[channel.id] = message.ts
    call.events.announce(call.events.message_posted(channel, message))


def info(call: Call) -> Json:
    """A file that has been completed.

    Errors: file_not_found, file_deleted (docs.slack.dev/reference/methods/files.info).
    """
    file = _completed(call)
    return {"file": call.workspace.file_payload(file), "comments": [], **_last_page()}


def _last_page() -> Json:
    return {"response_metadata": {"next_cursor": ""}}


def list_files(call: Call) -> Json:
    """The files that the bot can see, newest first, by `page` and `count`: its own, and those
    shared where it is; of one `user`, in one `channel`, of some `types`, from `ts_from` to `ts_to`.

    Errors: user_not_found, unknown_type (docs.slack.dev/reference/methods/files.list).
    """
    count, page = _number(call, "count", 100), _number(call, "page", 1)
    is_asked_for = _filter(call)
    found = [file for file in reversed(call.workspace.files.values()) if is_asked_for(file)]
    shown = found[count * (page - 1) : count * page]
    return {
        "files": [call.workspace.file_payload(file) for file in shown],
        "paging": {
            "count": count,
            "total": len(found),
            "page": page,
            "pages": -(-len(found) // count),
        },
    }


def _number(call: Call, name: str, otherwise: int) -> int:
    value = call.optional(name) or str(otherwise)
    if not value.isdigit() or int(value) == 0:
        raise SlackError("invalid_arguments")
    return int(value)


def _filter(call: Call) -> Callable[[File], bool]:
    """Whether a file is one that the bot can see and asks for."""
    workspace = call.workspace
    user, channel = call.optional("user"), call.optional("channel")
    if user is not None:
        workspace.user(user)
    first, last = _number(call, "ts_from", 1), _number(call, "ts_to", sys.maxsize)
    media_types = _media_types(call)

    def is_asked_for(file: File) -> bool:
        seen_in = {each for each in file.shares if call.is_member(workspace.channels[each])}
        return (
            file.is_complete
            and not file.is_deleted
            and (file.user_id == workspace.bot.id or bool(seen_in))
            and user in (None, file.user_id)
            and (channel is None or channel in seen_in)
            and file.mimetype.startswith(media_types)
            and first <= file.created <= last
        )

    return is_asked_for


def _media_types(call: Call) -> tuple[str, ...]:
    kinds = call.listed("types") or ["all"]
    if not set(kinds) <= set(_KINDS):
        raise SlackError("unknown_type")
    return tuple(start for kind in kinds for start in _KINDS[kind])


def delete(call: Call) -> Json:
    """Delete one of the bot's files, wherever it was shared.

    Errors: file_not_found, file_deleted, cant_delete_file
    (docs.slack.dev/reference/methods/files.delete).
    """
    file = _completed(call)
    if file.user_id != call.workspace.bot.id:
        raise SlackError("cant_delete_file")
    call.workspace.remove_file(file)
    call.events.announce(call.events.file_deleted(file))
    return {}


def _completed(call: Call) -> File:
    file = call.workspace.file(call.required("file"))
    if file.is_deleted:
        raise SlackError("file_deleted")
    if not file.is_complete:
        raise SlackError("file_not_found")
    return file


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, scope="files:write"),
    "files.completeUploadExternal": Method(complete_upload, scope="files:write"),
    "files.info": Method(info, scope="files:read"),
    "files.list": Method(list_files, scope="files:read"),
    "files.delete": Method(delete, scope="files:write"),
}

"""files.getUploadURLExternal, completeUploadExternal, info."""

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.files import File
from app.playground.web_api.call import Call, Method
from app.playground.web_api.chat import postable_channel
from app.playground.workspace import Channel


def get_upload_url(call: Call) -> Json:
    """Reserve a file and say where its bytes go.

    Errors: invalid_arguments, missing_scope
    (docs.slack.dev/reference/methods/files.getUploadURLExternal).
    """
    length = call.required("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments")
    workspace = call.workspace
    file = File(
        id=workspace.new_id("F"),
        name=call.required("filename"),
        length=int(length),
        user_id=workspace.bot.id,
        team_id=workspace.installation.team_id,
        created=int(workspace.clock()),
        alt_text=call.optional("alt_txt") or "",
    )
    workspace.files[file.id] = file
    return {"upload_url": f"{call.workspace.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Finish uploads and share them, all in one message. The response shows them unshared still.

    Errors: invalid_arguments, file_not_found, channel_not_found, not_in_channel, is_archived,
    missing_scope (docs.slack.dev/reference/methods/files.completeUploadExternal).
    """
    asked = call.structure("files")
    if not isinstance(asked, list) or not asked:
        raise SlackError("invalid_arguments")
    files = [_uploaded(call, str(one.get("id"))) for one in asked]
    references = call.optional("channel_id") or call.optional("channels")
    channels = [postable_channel(call, one) for one in references.split(",")] if references else []
    for file, one in zip(files, asked, strict=True):
        file.title = one.get("title") or file.name
    response = {"files": [file.payload(call.workspace.base_url) for file in files]}
    for file in files:
        file.is_complete = True
    for channel in channels:
        _share(call, channel, files)
    return response


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    message = call.workspace.post(
        channel,
        call.workspace.bot.id,
        {"text": call.optional("initial_comment")},
        files=files,
        thread_ts=call.optional("thread_ts"),
    )
    for file in files:
        file.shares[channel.id] = message.ts
    call.events.announce(call.events.message_posted(channel, message))


def _uploaded(call: Call, file_id: str) -> File:
    file = call.workspace.file(file_id)
    if file.content is None or file.is_complete:
        raise SlackError("file_not_found")
    return file


def info(call: Call) -> Json:
    """A file that has been completed.

    Errors: file_not_found, missing_scope (docs.slack.dev/reference/methods/files.info).
    """
    file = call.workspace.file(call.required("file"))
    if not file.is_complete:
        raise SlackError("file_not_found")
    return {"file": call.workspace.file_payload(file), "comments": []}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, scope="files:write"),
    "files.completeUploadExternal": Method(complete_upload, scope="files:write"),
    "files.info": Method(info, scope="files:read"),
}

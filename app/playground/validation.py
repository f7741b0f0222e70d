"""What Slack would object to: Block Kit's rules, files that must exist, scopes of elements."""

from collections.abc import Iterator
from typing import Any, Literal

from app.playground.blockkit import (
    Problem,
    problems_in_attachments,
    problems_in_message,
    problems_in_view,
)
from app.playground.blocks import Json
from app.playground.workspace import Workspace

_SHOWN_AS_IMAGES = ("gif", "jpeg", "jpg", "png")
_SCOPES = {"file_input": "files:read", "video": "links.embed:write"}


def message_problems(
    workspace: Workspace, content: Json, surface: Literal["message", "ack"] = "message"
) -> list[Problem]:
    """The problems of a message; what is None counts as not sent."""
    sent = {key: value for key, value in content.items() if value is not None}
    return (
        problems_in_message(sent, surface)
        or _missing_files(workspace, sent)
        or _without_scope(workspace, sent)
        or attachment_problems(workspace, sent.get("attachments", []))
    )


def attachment_problems(workspace: Workspace, attachments: object) -> list[Problem]:
    """The problems of the blocks in a message's attachments; Slack reads the rest as it can
    (docs.slack.dev/reference/messaging/attachments)."""
    return problems_in_attachments(attachments) or [
        Problem(f"/attachments/{index}{problem.pointer}", problem.message)
        for index, attachment in enumerate(attachments if isinstance(attachments, list) else [])
        for problem in _missing_files(workspace, attachment)
    ]


def view_problems(workspace: Workspace, view: Json) -> list[Problem]:
    """The problems of a modal or home, with pointers from the view itself."""
    return (
        problems_in_view(view) or _missing_files(workspace, view) or _without_scope(workspace, view)
    )


def _without_scope(workspace: Workspace, content: Json) -> list[Problem]:
    """A file input needs `files:read`, a video `links.embed:write`
    (docs.slack.dev/reference/block-kit/block-elements/file-input-element,
    .../blocks/video-block)."""
    granted = workspace.installation.manifest.scopes
    return [
        Problem(pointer, f"{kind} needs the scope {_SCOPES[kind]}")
        for pointer, kind in _kinds(content.get("blocks", []), "/blocks")
        if _SCOPES[kind] not in granted
    ]


def _kinds(payload: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Where something stands that needs a scope of its own."""
    for place, part in _objects(payload, pointer):
        if part.get("type") in _SCOPES:
            yield place, part["type"]


def _missing_files(workspace: Workspace, content: Json) -> list[Problem]:
    """Images may show a file that is an image, by its id or an address, once it is processed
    (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object)."""
    images = (
        file
        for file in workspace.files.values()
        if file.is_processed and not file.is_deleted and file.extension in _SHOWN_AS_IMAGES
    )
    payloads = [workspace.file_payload(file) for file in images]
    shown = {file[key] for file in payloads for key in ("id", "url_private", "permalink")}
    return [
        Problem(f"{pointer}/slack_file", "invalid slack file")
        for pointer, image in _objects(content.get("blocks", []), "/blocks")
        if image.get("type") == "image"
        and "slack_file" in image
        and shown.isdisjoint(image["slack_file"].values())
    ]


def _objects(payload: Any, pointer: str) -> Iterator[tuple[str, Json]]:
    """Every object inside a payload, with its place."""
    if isinstance(payload, list):
        for index, part in enumerate(payload):
            yield from _objects(part, f"{pointer}/{index}")
    elif isinstance(payload, dict):
        yield pointer, payload
        for key, part in payload.items():
            yield from _objects(part, f"{pointer}/{key}")

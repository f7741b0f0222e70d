"""What Slack would object to: Block Kit's rules, files that must exist, scopes of elements."""

from collections.abc import Iterator
from typing import Any, Literal

from app.playground.blockkit import Problem, problems_in_message, problems_in_view
from app.playground.blocks import Json
from app.playground.workspace import Workspace


def message_problems(
    workspace: Workspace, content: Json, surface: Literal["message", "ack"] = "message"
) -> list[Problem]:
    """The problems of a message; what is None counts as not sent."""
    sent = {key: value for key, value in content.items() if value is not None}
    return problems_in_message(sent, surface) or _missing_files(workspace, sent)


def view_problems(workspace: Workspace, view: Json) -> list[Problem]:
    """The problems of a modal or home, with pointers from the view itself."""
    return (
        problems_in_view(view)
        or _missing_files(workspace, view)
        or _inputs_without_scope(workspace, view)
    )


def _inputs_without_scope(workspace: Workspace, view: Json) -> list[Problem]:
    """A file input needs `files:read`
    (docs.slack.dev/reference/block-kit/block-elements/file-input-element)."""
    if "files:read" in workspace.installation.manifest.scopes:
        return []
    return [
        Problem(f"/blocks/{index}/element", "file_input needs the scope files:read")
        for index, block in enumerate(view["blocks"])
        if block.get("element", {}).get("type") == "file_input"
    ]


def _missing_files(workspace: Workspace, content: Json) -> list[Problem]:
    """Images may show a file, by its id or an address, once its upload is completed
    (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object)."""
    complete = (file for file in workspace.files.values() if file.is_complete)
    payloads = [workspace.file_payload(file) for file in complete]
    shown = {file[key] for file in payloads for key in ("id", "url_private", "permalink")}
    return [
        Problem(f"{pointer}/slack_file", "invalid slack file")
        for pointer, image in _images(content.get("blocks", []), "/blocks")
        if "slack_file" in image and shown.isdisjoint(image["slack_file"].values())
    ]


def _images(payload: Any, pointer: str) -> Iterator[tuple[str, Json]]:
    if isinstance(payload, list):
        for index, part in enumerate(payload):
            yield from _images(part, f"{pointer}/{index}")
    elif isinstance(payload, dict):
        if payload.get("type") == "image":
            yield pointer, payload
        for key, part in payload.items():
            yield from _images(part, f"{pointer}/{key}")

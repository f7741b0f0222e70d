"""Files given to Slack.

Pictures are shared in no channel: who sees a message sees the picture in it, and nobody else does.
What somebody asked for goes into their direct message.
"""

import asyncio

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.slack.publish import SlackFailure, call

SECONDS = 10.0
PAUSES = (0.2, 0.3, 0.5, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0)
"""Seconds between looking whether Slack has taken a file in, which takes it one or two."""

_GONE = frozenset({"file_not_found", "file_deleted"})


async def upload(client: AsyncWebClient, name: str, title: str, content: bytes) -> str:
    """Give Slack a file that no channel shows; its id, once it may stand in an image block.

    Until Slack has taken a file in, messages with it are refused as `invalid_blocks`, "invalid
    slack file": https://github.com/slackapi/python-slack-sdk/issues/1658. Raises `SlackFailure`.
    """
    file_id = await _hand_over(client, name, content)
    await call(client.files_completeUploadExternal, files=[{"id": file_id, "title": title}])
    for pause in PAUSES:
        if await _is_taken_in(client, file_id):
            return file_id
        await asyncio.sleep(pause)
    raise SlackFailure("not_processed", "Slack took too long to take a picture in.")


async def send_file(
    client: AsyncWebClient, user: str, name: str, content: bytes, comment: str
) -> None:
    """Send a file to a person in their direct message; `comment` is in mrkdwn.

    Raises `SlackFailure`. https://docs.slack.dev/reference/methods/files.completeUploadExternal
    """
    opened = await call(client.conversations_open, users=user)
    file_id = await _hand_over(client, name, content)
    await call(
        client.files_completeUploadExternal,
        files=[{"id": file_id, "title": name}],
        channel_id=opened["channel"]["id"],
        initial_comment=comment,
    )


async def _hand_over(client: AsyncWebClient, name: str, content: bytes) -> str:
    """Give Slack the bytes of a file; its id, with which it can be completed."""
    reserved = await call(client.files_getUploadURLExternal, filename=name, length=len(content))
    await _send(reserved["upload_url"], content)
    return str(reserved["file_id"])


async def is_there(client: AsyncWebClient, file_id: str) -> bool:
    """Whether Slack still has a file: people and rules of a workspace may delete it."""
    try:
        return await _is_taken_in(client, file_id)
    except SlackFailure as failure:
        if failure.code in _GONE:
            return False
        raise


async def _is_taken_in(client: AsyncWebClient, file_id: str) -> bool:
    """Before that Slack knows no media type of it: https://docs.slack.dev/reference/objects/file-object"""
    found = await call(client.files_info, file=file_id)
    return bool(found["file"].get("mimetype"))


async def _send(address: str, content: bytes) -> None:
    """Send the bytes to the address that Slack gave for them; it asks for no token."""
    patience = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.post(address, data=content) as response,
        ):
            status = response.status
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise SlackFailure("no_answer", "Slack did not take the bytes of a file.") from error
    if status != 200:
        raise SlackFailure(f"http_{status}", "Slack did not take the bytes of a file.")

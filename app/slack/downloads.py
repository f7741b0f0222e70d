"""Files that people give the bot in a form, read from where Slack keeps them."""

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.domain.errors import BadInput
from app.slack.publish import SlackFailure, call, lacking

SECONDS = 10.0
PIECE = 65_536


async def download(client: AsyncWebClient, file_id: str, most: int) -> tuple[str, bytes]:
    """The name and the content of a file of Slack's, with at most so many bytes.

    The token goes to Slack's own address alone. Raises `BadInput` for a file that is larger
    or isn't kept by Slack, `SlackFailure` if Slack doesn't hand it out.
    """
    file = (await call(client.files_info, file=file_id))["file"]
    name = str(file.get("name") or "The file")
    if file.get("size", 0) > most:
        raise _too_large(name, most)
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(address, client.base_url):
        raise BadInput(f"“{name[:60]}” isn't kept in Slack: upload the file itself.")
    try:
        content = await _content(address, client.token or "", most)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise SlackFailure("no_answer", "Slack did not hand out the file.") from error
    if len(content) > most:
        raise _too_large(name, most)
    return name, content


def too_large_words(most: int) -> str:
    return f"is larger than {most // 1_000_000} MB, the most that is taken here."


def _too_large(name: str, most: int) -> BadInput:
    return BadInput(f"“{name[:60]}” {too_large_words(most)}")


def _is_slacks(address: str, base_url: str) -> bool:
    """Whether an address is that of the Web API or below it, as files.slack.com is.

    https://docs.slack.dev/reference/objects/file-object#authentication
    """
    file, api = urlsplit(address), urlsplit(base_url)
    host, known = file.hostname or "", (api.hostname or "").removeprefix("www.")
    is_there = host == known or host.endswith(f".{known}")
    return bool(known) and is_there and (file.scheme, file.port) == (api.scheme, api.port)


async def _content(address: str, token: str, most: int) -> bytes:
    """The bytes at an address, one more than the most at most."""
    content = bytearray()
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
        session.get(
            address, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
        ) as response,
    ):
        if response.status >= 400:
            raise SlackFailure(f"http_{response.status}", "Slack did not hand out the file.")
        if response.status != 200 or response.content_type == "text/html":
            raise lacking("files:read")  # this is the page to sign in, or the way to it
        async for piece in response.content.iter_chunked(PIECE):
            content += piece
            if len(content) > most:
                break
    return bytes(content[: most + 1])

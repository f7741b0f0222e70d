"""A page without a browser: what it is sent, and what it sends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from app.playground import LocalSlack
from app.playground.page import Page

News = dict[str, dict[str, Any]]
"""What one event tells, by region."""


class Stream:
    """The events that one browser is sent."""

    def __init__(self, content: aiohttp.StreamReader) -> None:
        self._content = content

    async def hello(self) -> str:
        """Which run of the playground this is."""
        return await self._data("event: hello")

    async def news(self) -> News:
        """The next change, by region."""
        async with asyncio.timeout(3):
            return {each["region"]: each for each in json.loads(await self._data())}

    async def ends(self) -> None:
        """Wait until there is no more to come."""
        async with asyncio.timeout(1):
            await self._content.read()

    async def _data(self, after: str = "") -> str:
        is_after = not after
        async for line in self._content:
            text = line.decode().rstrip("\n")
            is_after = is_after or text == after
            if is_after and text.startswith("data: "):
                return text.removeprefix("data: ")
        raise EOFError


class Browser:
    """Asks the page for what a browser would ask for."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    @asynccontextmanager
    async def stream(self, **place: str) -> AsyncIterator[Stream]:
        """Follow a place."""
        async with self.session.get(f"{self.url}/stream?{urlencode(place)}") as response:
            yield Stream(response.content)

    async def shows(self, **place: str) -> dict[str, str]:
        """The HTML of every region of a place."""
        async with self.stream(**place) as stream:
            await stream.hello()
            news = await stream.news()
        return {
            region: "".join(piece["html"] for piece in each["pieces"])
            for region, each in news.items()
        }

    async def act(self, name: str, content: dict[str, Any], **place: str) -> dict[str, Any]:
        """Do an act at a place; returns what is answered."""
        address = f"{self.url}/acts/{name}?{urlencode(place)}"
        async with self.session.post(address, json=content) as response:
            response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer


@pytest.fixture
async def browser(slack: LocalSlack) -> AsyncIterator[Browser]:
    """A browser at the workspace's page."""
    Page(slack)
    async with aiohttp.ClientSession() as session:
        yield Browser(slack.url, session)

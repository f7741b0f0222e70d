"""An assistant: the SDK's own client, and what it is told."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import mcp_types
from mcp import Client, ClientSession

from app.assistants.asking import Parts
from app.assistants.server import build_server
from app.domain.access import Token
from app.services import tokens
from app.services.tokens import TokenForm
from app.store.engine import Store
from tests.services.builders import the_operator

NOW = datetime(2026, 3, 19, 15, 0, tzinfo=UTC)
REPORTER = "token “Assistant” (1)"


@dataclass(frozen=True)
class Answer:
    """What a tool told: a text for people, and data."""

    text: str
    data: Any


Connection = AbstractAsyncContextManager[Client | ClientSession]


@dataclass(frozen=True)
class Assistant:
    """A client, connected anew for each call or not, and how it asks."""

    connected: Callable[[], Connection]

    async def asks(self, tool: str, **arguments: Any) -> Answer:
        """Call a tool that does what it is asked."""
        result = await self._result(tool, arguments)
        assert not result.is_error, result
        return Answer(text_of(result), result.structured_content)

    async def is_refused(self, tool: str, **arguments: Any) -> str:
        """Call a tool that doesn't; gives why."""
        result = await self._result(tool, arguments)
        assert result.is_error, result
        assert result.structured_content is None
        return text_of(result)

    async def _result(self, tool: str, arguments: dict[str, Any]) -> mcp_types.CallToolResult:
        async with self.connected() as client:
            result = await client.call_tool(tool, arguments)
        assert isinstance(result, mcp_types.CallToolResult)
        return result


def text_of(result: mcp_types.CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, mcp_types.TextContent)
    return content.text


@dataclass
class Desk:
    """Where assistants work in this process: a store, and a clock that a test sets."""

    store: Store
    now: datetime = NOW
    made: list[Token] = field(default_factory=list)

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def makes_token(
        self,
        name: str = "Assistant",
        *,
        writes: bool = True,
        scorecards: tuple[str, ...] = ("billing",),
    ) -> str:
        """A token; gives its secret."""
        form = TokenForm(name, scorecards, writes)
        token, secret = await tokens.make(self.store, the_operator(now=self.now), form)
        self.made.append(token)
        return secret

    async def revokes_token(self) -> None:
        """The one that was made last is revoked."""
        await tokens.revoke(self.store, the_operator(now=self.now), self.made[-1].id)

    def assistant(self, secret: str) -> Assistant:
        server = build_server(Parts(self.store, secret, lambda: self.now))
        return Assistant(lambda: Client(server))

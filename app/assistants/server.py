"""The server that an assistant starts and talks to over its standard input and output."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any

import mcp_types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from app.assistants import calls, resources
from app.assistants.asking import Parts, let_in
from app.assistants.reading import READING
from app.assistants.tools import Tool
from app.assistants.writing import WRITING
from app.domain.errors import KpiError
from app.store.engine import Store

TOOLS: dict[str, Tool[Any]] = {tool.name: tool for tool in (*READING, *WRITING)}

Context = ServerRequestContext[Any]
Listing = mcp_types.PaginatedRequestParams | None


def build_server(parts: Parts) -> Server[Any]:
    """The server, with the tools and the scorecards that its token reaches."""

    async def list_tools(_: Context, __: Listing) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[tool.as_listed() for tool in TOOLS.values()])

    async def call_tool(
        _: Context, called: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        tool = TOOLS.get(called.name)
        if tool is None:
            raise _refusal(f"There is no tool “{called.name[:60]}”. There are {', '.join(TOOLS)}.")
        return await calls.answer(tool, parts, called.arguments or {})

    async def list_resources(_: Context, __: Listing) -> mcp_types.ListResourcesResult:
        try:
            return mcp_types.ListResourcesResult(resources=await resources.listed(parts))
        except KpiError as error:
            raise _refusal(error.message) from error

    async def read_resource(
        _: Context, wanted: mcp_types.ReadResourceRequestParams
    ) -> mcp_types.ReadResourceResult:
        try:
            return mcp_types.ReadResourceResult(contents=[await resources.read(parts, wanted.uri)])
        except KpiError as error:
            raise _refusal(error.message) from error

    return Server(
        "kpi",
        version=version("kpi-trajectories"),
        title="KPI Trajectories",
        description="A team's scorecard: its metrics, milestones and roadmap.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def _refusal(message: str) -> MCPError:
    return MCPError(mcp_types.INVALID_PARAMS, message)


async def serve(database_url: str, secret: str, clock: Callable[[], datetime]) -> None:
    """Serve one client until it closes the standard input.

    Raises `BadInput` for a token that isn't known.
    """
    async with Store(database_url) as store:
        parts = Parts(store, secret, clock)
        await let_in(parts)
        server = build_server(parts)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

"""The page on the tools for assistants, from what the server lists."""

from typing import Any

from app.assistants.server import TOOLS
from app.assistants.tools import Tool
from tests.docs.markdown import page
from tests.docs.schemas import section


def assistants() -> str:
    return page(
        "Tools for assistants",
        "What `kpi mcp` offers to a client of the Model Context Protocol. Each answers with a text "
        "and with data, of which its output schema tells. [How to connect one](../assistants.md).",
        *(_tool(tool) for tool in TOOLS.values()),
        "## scorecard://KEY\n\n"
        "A resource for each scorecard that the token reaches: the progress page as Markdown.",
    )


def _tool(tool: Tool[Any]) -> str:
    schema = tool.takes.model_json_schema()
    right = "Needs a token that writes." if tool.writes else "Changes nothing."
    description = f"{tool.description} {right}"
    if not schema["properties"]:
        return f"## {tool.name}\n\n{description} It takes nothing."
    entry = {**schema, "description": description}
    return section(tool.name, entry, schema.get("$defs", {}))

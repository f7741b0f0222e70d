"""A call of a tool: who asks, what comes of it, and what is told where it can't be done."""

import logging
from collections.abc import Mapping
from typing import Any

import mcp_types
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app.assistants.asking import Asking, Parts, let_in
from app.assistants.inputs import Once
from app.assistants.once import once
from app.assistants.tools import Told, Tool
from app.domain.errors import KpiError
from app.logs import one_event

log = logging.getLogger(__name__)


async def answer(
    tool: Tool[Any], parts: Parts, arguments: Mapping[str, Any]
) -> mcp_types.CallToolResult:
    """Call a tool; what can't be done is told in a sentence, and what failed is logged once."""
    with one_event() as event:
        try:
            told = await _told(tool, await let_in(parts), arguments)
        except ValidationError as error:
            return _refused(_in_words(error, tool))
        except KpiError as error:
            return _refused(error.message)
        except (OperationalError, NoConnection):
            log.exception("the database did not answer a call of %s", tool.name)
            return _refused(f"The database doesn't answer. Try again. Reference: {event}")
        except Exception:
            log.exception("a call of %s failed", tool.name)
            return _refused(
                f"It failed by no fault of the call. Tell whoever runs this bot. Reference: {event}"
            )
    return mcp_types.CallToolResult(content=[_text(told.text)], structured_content=told.content)


async def _told(tool: Tool[Any], asking: Asking, arguments: Mapping[str, Any]) -> Told:
    sent = tool.takes.model_validate(arguments)
    if not isinstance(sent, Once) or sent.idempotency_key is None:
        told: Told = await tool.work(asking, sent)
        return told
    asked = [tool.name, sent.model_dump(mode="json")]
    return await once(asking, sent.idempotency_key, asked, lambda joined: tool.work(joined, sent))


def _refused(message: str) -> mcp_types.CallToolResult:
    return mcp_types.CallToolResult(content=[_text(message)], is_error=True)


def _text(text: str) -> mcp_types.TextContent:
    return mcp_types.TextContent(text=text)


def _in_words(error: ValidationError, tool: Tool[Any]) -> str:
    """What isn't as the tool takes it, and how it is taken."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return " ".join(_wrong(tool, each["loc"], each["type"], each["msg"]) for each in found)


def _wrong(tool: Tool[Any], place: tuple[int | str, ...], kind: str, message: str) -> str:
    fields = tool.takes.model_fields
    if kind == "extra_forbidden":
        taken = f"{tool.name} takes {', '.join(fields)}" if fields else f"{tool.name} takes nothing"
        return f"“{str(place[0])[:60]}” isn't known: {taken}."
    about = fields[str(place[0])].description or ""
    if kind == "missing":
        return f"“{place[0]}” is missing. {about}".rstrip()
    name = ".".join(map(str, place))
    return f"“{name[:80]}”: {message.removeprefix('Value error, ').rstrip('.')}. {about}".rstrip()

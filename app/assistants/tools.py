"""What a tool is: what it takes, what it gives, what it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import getdoc
from typing import Any, Generic, TypeVar

import mcp_types
from pydantic import BaseModel

from app.assistants.asking import Asking
from app.programs.schemas import Given

Sent = TypeVar("Sent", bound=Given)


class Told(BaseModel):
    """What a tool answers: a text for people, in Markdown, and the same as data."""

    text: str
    content: dict[str, Any]

    @classmethod
    def of(cls, text: str, content: BaseModel) -> "Told":
        return cls(text=text, content=content.model_dump(mode="json"))


@dataclass(frozen=True)
class Tool(Generic[Sent]):
    """A tool, named as the function that does its work; the function's docstring describes it.

    It `writes` if it takes more than a token that reads, and `reaches_out` if more is told of it
    than in the database, as in a channel. Nothing that a tool writes takes anything away.
    """

    title: str
    takes: type[Sent]
    gives: type[BaseModel]
    work: Callable[[Asking, Sent], Awaitable[Told]]
    writes: bool = False
    reaches_out: bool = False

    @property
    def name(self) -> str:
        return self.work.__name__

    @property
    def description(self) -> str:
        return " ".join((getdoc(self.work) or "").split())

    def as_listed(self) -> mcp_types.Tool:
        """As clients get to know it."""
        return mcp_types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.takes.model_json_schema(),
            output_schema=self.gives.model_json_schema(mode="serialization"),
            annotations=mcp_types.ToolAnnotations(
                read_only_hint=not self.writes,
                destructive_hint=False,
                idempotent_hint=not self.writes,
                open_world_hint=self.reaches_out,
            ),
        )

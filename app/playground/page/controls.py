"""Buttons that whoever runs the playground puts on the page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """A button at the top of the page. `act` does it, and may take its time; what it gives is told
    to the person who clicked, as is the LookupError or ValueError that it raises."""

    id: str
    label: str
    hint: str
    act: Callable[[], Awaitable[str]]

"""Buttons that whoever runs the playground puts on the page, and how far they are."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.playground.changes import Changes

Tell = Callable[[str], None]
"""Says in a few words how far something is, to all who look at the page."""


@dataclass(frozen=True)
class Control:
    """A button at the top of the page; its hint says what will happen.

    `act` does it, and may take its time: meanwhile it tells how far it is, and at the end it gives
    what came of it, in words for all who look at the page. LookupError and ValueError have words
    for the person who clicked.
    """

    id: str
    label: str
    hint: str
    act: Callable[[Tell], Awaitable[str]]


class Controls:
    """All controls of a page. One is at work at a time."""

    def __init__(self, controls: Sequence[Control], changes: Changes) -> None:
        self._controls = {control.id: control for control in controls}
        self._changes = changes
        self.at_work: Control | None = None
        self.words = ""
        """How far the one at work is, or what came of the last one."""

    @property
    def all(self) -> Sequence[Control]:
        """The controls in their order."""
        return list(self._controls.values())

    async def use(self, id_: str) -> None:
        """Let a control do its work.

        Raises LookupError when there is none of this id, ValueError while another is at work, and
        what the control itself raises.
        """
        control = self._controls.get(id_)
        if control is None:
            raise LookupError("That button is gone. Load the page anew")
        if self.at_work is not None:
            raise ValueError(f"“{self.at_work.label}” is at work. Wait until it is done")
        self.at_work = control
        self._tell(f"{control.label} …")
        outcome = ""
        try:
            outcome = await control.act(self._tell)
        finally:
            self.at_work = None
            self._tell(outcome)

    def _tell(self, words: str) -> None:
        self.words = words
        self._changes.happened()

"""Saying whom the real scorecard names, and what a person is told in its channel."""

from typing import Any

from app.domain.access import Access
from app.playground import Person
from app.services import editing
from app.services.callers import OPERATOR, Caller, Surface
from tests.slack.stage import Stage, read

KEY = "billing"


async def let(stage: Stage, *, key: str = KEY, **access: Any) -> None:
    """The operator says whom a scorecard names."""
    caller = Caller(OPERATOR, Surface.TERMINAL, stage.clock.now)
    store = stage.running.bot.store
    await editing.edit_scorecard(store, caller, {"access": Access(**access)}, key=key)


async def told(stage: Stage, person: Person, line: str) -> str:
    """What a command in #billing is answered with, at once or a little later."""
    await person.types(line, stage.billing)
    await stage.rests()
    mine = [each for each in person.sees(stage.billing) if each.visible_to == person.id]
    return read(mine[-1]) if mine else ""

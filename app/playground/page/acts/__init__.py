"""Everything that a person can do on the page, by its name in the address."""

from app.playground.page.acts.act import Act, ActFailed, Handler
from app.playground.page.acts.channels import ACTS as CHANNELS
from app.playground.page.acts.controls import ACTS as CONTROLS
from app.playground.page.acts.inspector import ACTS as INSPECTOR
from app.playground.page.acts.shortcuts import ACTS as SHORTCUTS
from app.playground.page.acts.surfaces import ACTS as SURFACES
from app.playground.page.acts.writing import ACTS as WRITING

ACTS: dict[str, Handler] = {
    **WRITING,
    **CHANNELS,
    **SHORTCUTS,
    **SURFACES,
    **CONTROLS,
    **INSPECTOR,
}

__all__ = ["ACTS", "Act", "ActFailed", "Handler"]

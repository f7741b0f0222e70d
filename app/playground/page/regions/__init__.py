"""Every region of the page, by its name."""

from collections.abc import Callable, Mapping, Sequence

from app.playground.page.pieces import Piece, Regions
from app.playground.page.regions import (
    bar,
    channels,
    composer,
    controls,
    head,
    home,
    inspector,
    messages,
    modals,
)
from app.playground.page.screen import Screen

Region = Callable[[Screen], Sequence[Piece]]

REGIONS: Mapping[str, Region] = {
    "bar": bar.pieces,
    "you": bar.you,
    "controls": controls.pieces,
    "control_news": controls.news,
    "channels": channels.pieces,
    "head": head.pieces,
    "messages": messages.pieces,
    "composer": composer.pieces,
    "thread_head": head.thread,
    "thread": messages.thread,
    "thread_composer": composer.thread,
    "known": composer.known,
    "home": home.pieces,
    "modal_head": modals.head,
    "modal": modals.pieces,
    "modal_foot": modals.foot,
    "inspector": inspector.pieces,
    "connections": inspector.connections,
    "faults": inspector.faults,
    "exchanges": inspector.exchanges,
    "exchange": inspector.exchange,
}


def regions_of(screen: Screen) -> Regions:
    """All that a screen shows."""
    return {name: region(screen) for name, region in REGIONS.items()}

"""Every region of the page, by its name."""

from collections.abc import Callable, Mapping, Sequence

from app.playground.page.pieces import Piece, Regions
from app.playground.page.regions import (
    bar,
    channels,
    controls,
    home,
    inspector,
    messages,
    modals,
    notices,
)
from app.playground.page.screen import Screen

Region = Callable[[Screen], Sequence[Piece]]

REGIONS: Mapping[str, Region] = {
    "bar": bar.pieces,
    "controls": controls.pieces,
    "control_news": controls.news,
    "channels": channels.pieces,
    "head": channels.head,
    "messages": messages.pieces,
    "thread": messages.thread,
    "home": home.pieces,
    "notices": notices.pieces,
    "modals": modals.pieces,
    "inspector": inspector.pieces,
}


def regions_of(screen: Screen) -> Regions:
    """All that a screen shows."""
    return {name: region(screen) for name, region in REGIONS.items()}

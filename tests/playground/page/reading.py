"""Ana, who reads what the tests render."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.playground.blocks import with_ids
from app.playground.page.html.blocks import render_blocks
from app.playground.page.html.reader import Reader, Surface
from tests.playground.blocks import Json
from tests.playground.page.documents import Element

NAMES = {"U1": "Ana Beck", "U2": "Ben Cole", "C1": "billing", "S1": "leads"}
BERLIN = ZoneInfo("Europe/Berlin")
ANA = Reader("U1", NAMES, datetime(2026, 3, 16, 10, tzinfo=BERLIN))
"""Monday, 10:00 in Berlin."""


def shown(*blocks: Json, reader: Reader = ANA) -> Element:
    """What the page shows of blocks."""
    numbers = iter(range(1000))
    named = with_ids(list(blocks), lambda prefix: f"{prefix}{next(numbers)}")
    return Element.of(render_blocks(named, reader, Surface("C1:1.0")))

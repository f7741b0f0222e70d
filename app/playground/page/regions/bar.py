"""The bar on top: whose workspace it is, who one acts as, what time it is."""

import htpy as h

from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen


def pieces(screen: Screen) -> list[Piece]:
    """The person that one acts as with all others to choose from, the clock, the host's buttons."""
    return [
        Piece.of("bar-people", _people(screen)),
        Piece.of("bar-clock", _clock(screen)),
    ]


def _people(screen: Screen) -> h.Element:
    return h.nav("#bar-people", aria_label="Act as")[
        (
            h.a(
                href=screen.place.but(person=person.id).address,
                aria_current="true" if person is screen.person else None,
            )[person.user.real_name]
            for person in screen.slack.people.values()
        )
    ]


def _clock(screen: Screen) -> h.Element:
    now = screen.now
    return h.time("#bar-clock", datetime=now.isoformat(timespec="minutes"))[
        f"{now:%a} {now.day} {now:%B %Y, %H:%M}"
    ]

"""The bar on top: what runs here and when, whether the app is there, and who one acts as."""

import htpy as h

from app.playground.page.html.icons import icon
from app.playground.page.html.people import avatar, role
from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen
from app.playground.people import Person


def pieces(screen: Screen) -> list[Piece]:
    """The app's name, the workspace's time, and whether the app is connected."""
    return [
        Piece.of("bar-name", h.span("#bar-name.bar-name")[screen.slack.workspace.bot.real_name]),
        Piece.of("bar-clock", _clock(screen)),
        Piece.of("bar-connection", _connection(screen)),
    ]


def you(screen: Screen) -> list[Piece]:
    """The way to the inspector, and the people to act as."""
    return [
        Piece.of("bar-inspector", _inspector(screen)),
        Piece.of("bar-people", _people(screen)),
    ]


def _clock(screen: Screen) -> h.Element:
    now = screen.now
    return h.time("#bar-clock.bar-clock", datetime=now.isoformat(timespec="minutes"))[
        f"{now:%a} {now.day} {now:%b %Y, %H:%M}"
    ]


def _connection(screen: Screen) -> h.Element:
    slack = screen.slack
    way = "reached by HTTP" if slack.delivers_by_http else "connected"
    state, words = ("good", f"App {way}") if slack.is_reached else ("bad", f"App not {way}")
    return h.span(f"#bar-connection.bar-connection.is-{state}", role="status")[
        h.span(".dot", aria_hidden="true"), h.span(".bar-words")[words]
    ]


def _inspector(screen: Screen) -> h.Element:
    is_open = screen.place.panel == "inspector"
    panel = "" if is_open else "inspector"
    return h.a(
        "#bar-inspector.bar-button",
        href=screen.place.but(panel=panel, entry="").address,
        role="button",
        aria_pressed="true" if is_open else "false",
    )["Inspector"]


def _people(screen: Screen) -> h.Element:
    home = screen.slack.workspace.installation.team
    user = screen.person.user
    return h.div("#bar-people")[
        h.button(
            "#act-as.bar-button.bar-person",
            type="button",
            popovertarget="people",
            aria_haspopup="menu",
        )[
            avatar(user),
            h.span(".visually-hidden")["Act as somebody else; now "],
            h.span(".bar-words")[user.real_name, h.span(".bar-role")[role(user, home)]],
            icon("down"),
        ],
        h.div("#people.menu", popover=True, role="menu", aria_label="Act as")[
            (_choice(screen, person) for person in screen.slack.people.values())
        ],
    ]


def _choice(screen: Screen, person: Person) -> h.Element:
    user = person.user
    return h.a(
        ".menu-item",
        href=screen.place.but(person=person.id).address,
        role="menuitemradio",
        aria_checked="true" if person is screen.person else "false",
    )[
        avatar(user),
        h.span(".menu-words")[
            user.real_name,
            h.span(".menu-detail")[role(user, screen.slack.workspace.installation.team)],
        ],
        icon("tick"),
    ]

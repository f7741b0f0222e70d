"""The app's own page in its direct message: its home, and what it is about."""

from collections.abc import Iterable, Sequence

import htpy as h

from app.playground.page.pieces import Piece
from app.playground.page.regions.forms import block_pieces
from app.playground.page.screen import Screen


def pieces(screen: Screen) -> list[Piece]:
    """The home that the app has published for this person, or what the app is about."""
    if not screen.is_with_app:
        return []
    match screen.place.tab:
        case "home":
            return [_mark(screen), *_home(screen)]
        case "about":
            return [Piece.of("about", _about(screen))]
    return []


def _mark(screen: Screen) -> Piece:
    """The heading above those of the app. It tells the page's scripts whose home is shown, so that
    the app hears that it was opened."""
    heading = h.h2("#home-of.visually-hidden", data_person=screen.person.id)["Home"]
    return Piece.of("home-of", heading)


def _home(screen: Screen) -> Sequence[Piece]:
    view = screen.slack.home_of(screen.person)
    if view is not None:
        return block_pieces(screen, view)
    name = screen.slack.installation.manifest.name
    if screen.memory.has_opened_home:
        note = h.p("#home-note.home-note")[f"{name} has nothing here for you yet."]
    else:
        note = h.p("#home-note.home-note", role="status", aria_busy="true")[f"Loading {name}"]
    return [Piece.of("home-note", note)]


def _about(screen: Screen) -> h.Element:
    manifest = screen.slack.installation.manifest
    commands = (manifest.commands or {}).values()
    shortcuts = (manifest.shortcuts or {}).values()
    return h.section("#about.about", aria_label=f"About {manifest.name}")[
        h.h2[manifest.name],
        h.p[manifest.description] if manifest.description else None,
        _listed(
            "Commands",
            ((h.code[f"{each.name} {each.usage_hint}"], each.description) for each in commands),
        ),
        _listed("Shortcuts", ((each.name, each.description) for each in shortcuts)),
    ]


def _listed(title: str, entries: Iterable[tuple[h.Node, str]]) -> h.Node:
    lines = [(h.dt[name], h.dd[description]) for name, description in entries]
    return [h.h3[title], h.dl[lines]] if lines else None

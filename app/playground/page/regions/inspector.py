"""The inspector: the exchanges in the journal, one of them in detail, and faults on demand.

Its frame is a piece that stays as it is; what changes is in regions inside it. While it is closed
all of them are empty.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from app.playground.aftermath import aftermath_of, went_wrong
from app.playground.journal import Entry
from app.playground.page.html import faults as faults_html
from app.playground.page.html import inspector as html
from app.playground.page.html.exchanges import Names
from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen

MOST_EXCHANGES = 200
"""So many are listed; more would take the bot's time when the inspector is opened."""

Region = Callable[[Screen], Sequence[Piece]]


def _while_open(region: Region) -> Region:
    @wraps(region)
    def seen(screen: Screen) -> Sequence[Piece]:
        return region(screen) if screen.place.panel == "inspector" else []

    return seen


_FRAME = Piece.of("inspector-frame", html.frame())


@_while_open
def pieces(screen: Screen) -> Sequence[Piece]:
    """The frame."""
    del screen
    return [_FRAME]


@_while_open
def exchanges(screen: Screen) -> Sequence[Piece]:
    """A line for each exchange, newest first."""
    entries = screen.slack.journal.entries
    names, zone = screen.names, screen.zone
    rows = [_row(screen, entry, names, zone) for entry in reversed(entries[-MOST_EXCHANGES:])]
    older = len(entries) - len(rows)
    return [*rows, Piece.of("exchanges-older", html.older(older))] if older else rows


@_while_open
def exchange(screen: Screen) -> Sequence[Piece]:
    """The exchange that is open, in detail."""
    entry = _open_entry(screen)
    if entry is None:
        return []
    found = [
        Piece.of("exchange-head", html.detail_head(entry, screen.names)),
        Piece.of("exchange-facts", html.facts(entry, screen.time_of(entry.started))),
    ]
    if entry.problems:
        found.append(Piece.of("exchange-problems", html.problems(entry)))
    if went_wrong(entry):
        aftermath = aftermath_of(screen.slack.journal, entry)
        found.append(Piece.of("exchange-reaction", html.reaction(entry, aftermath, screen.names)))
    return [*found, *_payloads(screen, entry)]


@_while_open
def faults(screen: Screen) -> Sequence[Piece]:
    """The faults that have not happened yet."""
    waiting = screen.slack.faults.waiting
    return [Piece.of(f"fault-{each.number}", faults_html.waiting_fault(each)) for each in waiting]


@_while_open
def connections(screen: Screen) -> Sequence[Piece]:
    """The app's Socket Mode connections, unless it is reached by HTTP."""
    slack = screen.slack
    if slack.delivers_by_http:
        return []
    state = faults_html.connection_maker(
        slack.connections, is_refusing=slack.is_refusing_connections
    )
    return [Piece.of("connection-maker", state)]


def _open_entry(screen: Screen) -> Entry | None:
    number = screen.place.entry
    try:
        return screen.slack.journal.entry(int(number)) if number.isdecimal() else None
    except LookupError:
        return None


_rows: WeakKeyDictionary[Entry, tuple[object, Piece]] = WeakKeyDictionary()
_payload_pieces: WeakKeyDictionary[Entry, tuple[object, list[Piece]]] = WeakKeyDictionary()


def _row(screen: Screen, entry: Entry, names: Names, zone: ZoneInfo) -> Piece:
    """A line as it was rendered before, unless something about it is different."""
    is_open = screen.place.entry == str(entry.number)
    state = (entry.seconds, entry.error, len(entry.problems), zone, is_open)
    known = _rows.get(entry)
    if known is not None and known[0] == state:
        return known[1]
    time = screen.time_of(entry.started)
    piece = Piece.of(html.row_id(entry), html.row(entry, names, time, is_open=is_open))
    _rows[entry] = state, piece
    return piece


def _payloads(screen: Screen, entry: Entry) -> list[Piece]:
    state = (entry.seconds, entry.error, len(entry.problems))
    known = _payload_pieces.get(entry)
    if known is not None and known[0] == state:
        return known[1]
    is_over = entry.seconds is not None
    found = [
        Piece.of(
            "exchange-request", html.payload_part("exchange-request", "Request", entry.payload)
        ),
        Piece.of("exchange-copies", html.copies(entry, screen.slack.api_url)),
    ]
    if is_over:
        part = html.payload_part("exchange-response", "Response", entry.response)
        found.insert(1, Piece.of("exchange-response", part))
    _payload_pieces[entry] = state, found
    return found

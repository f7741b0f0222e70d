"""notices."""

from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen


def pieces(screen: Screen) -> list[Piece]:
    """notices."""
    del screen
    return []

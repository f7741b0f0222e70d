"""controls."""

from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen


def pieces(screen: Screen) -> list[Piece]:
    """controls."""
    del screen
    return []

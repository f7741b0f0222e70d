"""What the page is made of: regions of pieces, of which only those that changed are sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import htpy

Json = dict[str, object]


@dataclass(frozen=True)
class Piece:
    """One element of a region, such as a message. Its HTML has `id` as the id of its root.

    The browser keeps a piece that it has in the same version, with what is typed into it.
    """

    id: str
    html: str
    version: str

    @classmethod
    def of(cls, id_: str, node: htpy.Renderable, version: str | None = None) -> "Piece":
        """A piece of what was rendered; its version is the HTML's digest if none is given."""
        html = str(node)
        return cls(id_, html, version or digest(html))


Regions = Mapping[str, Sequence[Piece]]
"""The pieces of each region in their order, by the region's name."""


def digest(text: str) -> str:
    """A short name of exactly this text."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()


class Sent:
    """What one browser has been sent."""

    def __init__(self) -> None:
        self._versions: dict[str, dict[str, str]] = {}

    def news(self, regions: Regions) -> list[Json]:
        """What the browser still needs, one entry for each region that changed: the ids of its
        pieces in their order, and the pieces that it doesn't have in this version."""
        news: list[Json] = []
        for name, pieces in regions.items():
            had = self._versions.get(name)
            has = {piece.id: piece.version for piece in pieces}
            if had is None or list(had.items()) != list(has.items()):
                self._versions[name] = has
                news.append(_news_of(name, pieces, had or {}))
        return news


def _news_of(name: str, pieces: Sequence[Piece], had: Mapping[str, str]) -> Json:
    return {
        "region": name,
        "order": [piece.id for piece in pieces],
        "pieces": [
            {"id": piece.id, "version": piece.version, "html": piece.html}
            for piece in pieces
            if had.get(piece.id) != piece.version
        ],
    }

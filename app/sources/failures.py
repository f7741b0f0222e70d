"""Why there is no number, told to people: in one sentence, without secrets, foreign text cut."""

import re
import unicodedata
from collections.abc import Collection

MOST_FOREIGN = 120
"""So many characters of a foreign text are shown."""


class NoNumber(Exception):
    """There is no number. The sentence has a `{}` for each text that others wrote."""

    def __init__(self, sentence: str, *foreign: str) -> None:
        super().__init__(sentence)
        self._sentence = sentence
        self._foreign = foreign

    def told(self, secrets: Collection[str]) -> str:
        """The sentence, in which foreign text holds no secret, no control character, and is short.

        Secrets go first: of one that is cut in two, a part would stay.
        """
        shown = (plain(masked(text, secrets)) for text in self._foreign)
        return re.sub(r"\{\}", lambda _: next(shown), self._sentence)


def masked(text: str, secrets: Collection[str]) -> str:
    """The text with a `…` for each secret; the longest go first, for one may hold another."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def plain(text: str) -> str:
    """One short line of what others wrote, without what a screen doesn't show as it is."""
    line = " ".join(text[: 50 * MOST_FOREIGN].split())
    seen = "".join(sign for sign in line if unicodedata.category(sign)[0] != "C")
    return seen if len(seen) <= MOST_FOREIGN else f"{seen[:MOST_FOREIGN]}…"

"""Keys and names: how they are made, told apart, and found again when typed loosely."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from app.domain.errors import BadInput

MOST_KEY_LENGTH = 40
MOST_NAME_LENGTH = 80
MOST_TITLE_LENGTH = 150
MOST_TEXT_LENGTH = 2_000

RESERVED_WORDS = frozenset(
    {"update", "ship", "plan", "milestones", "roadmap", "history", "digest", "setup", "help"}
)
"""Words of `/kpi` that a metric's key can't be."""

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_NO_WORD = re.compile(r"[^\w%]+")


def checked_key(key: str, *, field: str | None = None) -> str:
    """The key itself; raises `BadInput` if it isn't one."""
    if _KEY.fullmatch(key) is None or len(key) > MOST_KEY_LENGTH:
        raise BadInput(
            f"“{key[:60]}” can't be a key: use small letters, digits and single hyphens, "
            f"at most {MOST_KEY_LENGTH} characters.",
            field=field,
        )
    return key


def checked_text(
    text: str, most: int, what: str, *, needed: bool = True, field: str | None = None
) -> str:
    """The text without outer blanks; raises `BadInput` if it is empty or too long."""
    text = text.strip()
    if needed and not text:
        raise BadInput(f"{what} is missing.", field=field)
    if len(text) > most:
        raise BadInput(
            f"{what} has {len(text)} characters; at most {most} are possible.", field=field
        )
    return text


def key_from(title: str, taken: Iterable[str] = (), *, fallback: str = "item") -> str:
    """A key made from a title, numbered where it is taken.

    >>> key_from("PDE Steps 3–4", taken={"pde-steps-3-4"})
    'pde-steps-3-4-2'
    """
    words = re.sub(r"\W+", "-", unicodedata.normalize("NFKC", title))
    plain = unicodedata.normalize("NFKD", words)
    ascii_text = plain.encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[: MOST_KEY_LENGTH - 4].strip("-")
    stem = stem or fallback
    taken = set(taken)
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def normalised(text: str) -> str:
    """Text as it is compared: case, punctuation and spacing don't count."""
    return " ".join(_NO_WORD.split(text.casefold())).strip()


def found(typed: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The key that `typed` means: the key itself, or else the only one of that name.

    Failing that, the only one that begins so, or of which a later word does.
    `names` gives for each key the names it goes by.
    """
    return next((meant[0] for meant in _meanings(typed, names) if len(meant) == 1), None)


def matching(typed: str, names: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """All the keys that `typed` may mean equally well, where `found` can't tell which."""
    return next((tuple(meant) for meant in _meanings(typed, names) if meant), ())


def _meanings(typed: str, names: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The keys that `typed` may mean, the surest sense of it first."""
    wanted = normalised(typed)
    if not wanted:
        return
    spoken = {key: [normalised(name) for name in (key, *given)] for key, given in names.items()}
    yield [key for key, (own, *_) in spoken.items() if own == wanted]
    yield [key for key, given in spoken.items() if wanted in given]
    yield [key for key, given in spoken.items() if any(n.startswith(wanted) for n in given)]
    yield [key for key, given in spoken.items() if any(f" {wanted}" in n for n in given)]


def suggestions(
    typed: str, names: Mapping[str, Iterable[str]], *, most: int = 3
) -> tuple[str, ...]:
    """Keys whose names come close to what was typed, best first."""
    wanted = normalised(typed)[:MOST_NAME_LENGTH]  # a whole message would take long to compare
    scores: dict[str, float] = {}
    for key, given in names.items():
        candidates = [normalised(name) for name in (key, *given)]
        scores[key] = max(_closeness(wanted, candidate) for candidate in candidates)
    close = [key for key, score in scores.items() if score >= 0.6]
    return tuple(sorted(close, key=lambda key: -scores[key])[:most])


def _closeness(wanted: str, candidate: str) -> float:
    """Likeness from 0 to 1; a name that holds all that was typed counts as close."""
    likeness = difflib.SequenceMatcher(None, wanted, candidate).ratio()
    return max(likeness, 0.9) if wanted and wanted in candidate else likeness

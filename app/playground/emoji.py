"""Emoji by the short codes that Slack knows them by. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich._emoji_codes import EMOJI

# What Slack calls by names that rich does not know.
_SLACK_NAMES = {
    **{
        f"large_{colour}_{shape}": sign
        for shape, colours in {
            "circle": {
                "green": "🟢",
                "yellow": "🟡",
                "orange": "🟠",
                "purple": "🟣",
                "brown": "🟤",
            },
            "square": {"green": "🟩", "yellow": "🟨", "orange": "🟧", "red": "🟥", "blue": "🟦"},
        }.items()
        for colour, sign in colours.items()
    },
    "large_purple_square": "🟪",
    "large_brown_square": "🟫",
    "simple_smile": "🙂",
    "upside_down_face": "🙃",
    "shrug": "🤷",
    "face_palm": "🤦",
    "melting_face": "🫠",
    "saluting_face": "🫡",
    "technologist": "🧑‍💻",
    "jigsaw": "🧩",
    "first_place_medal": "🥇",
    "second_place_medal": "🥈",
    "third_place_medal": "🥉",
    "medal": "🏅",
    "octagonal_sign": "🛑",
    "ladder": "🪜",
    "lightning": "🌩",
    "flag-us": "🇺🇸",
}
_CODE = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")
_SKIN_TONES = dict(zip("23456", "🏻🏼🏽🏾🏿", strict=True))


@dataclass(frozen=True)
class Emoji:
    """A sign, and the code without colons that it was written as."""

    code: str
    sign: str


def sign_of(code: str) -> str | None:
    """The sign of a short code without its colons; None for one that isn't known."""
    return _SLACK_NAMES.get(code) or EMOJI.get(code)


def signs() -> dict[str, str]:
    """The sign of every short code that can be typed."""
    known = {**EMOJI, **_SLACK_NAMES}
    return {code: sign for code, sign in known.items() if _CODE.fullmatch(f":{code}:")}


def with_skin(sign: str, tone: str | int | None) -> str:
    """The sign in a skin tone, which Slack counts from 2 to 6."""
    return sign + _SKIN_TONES.get(str(tone), "")


def split(text: str) -> Iterator[str | Emoji]:
    """The text with an Emoji in place of each short code that is known."""
    end = place = 0
    while found := _CODE.search(text, place):
        code, tone = found.groups()
        sign = sign_of(code)
        if sign is None:
            # The colon that closes an unknown code may open a known one.
            place = found.end(1)
            continue
        if found.start() > end:
            yield text[end : found.start()]
        yield Emoji(code, with_skin(sign, tone))
        end = place = found.end()
    if end < len(text):
        yield text[end:]


def with_signs(text: str) -> str:
    """The text with signs in place of the short codes that are known; others stay as typed."""
    return "".join(each if isinstance(each, str) else each.sign for each in split(text))

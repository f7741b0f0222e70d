"""The colours of a picture, in light and dark Slack, and its sizes.

The hues are those of Okabe and Ito, which people with any kind of colour vision tell apart
(https://jfly.uni-koeln.de/color/).
"""

from dataclasses import dataclass

WIDTH = 720
MARGIN = 24
SMALL, MEDIUM, LARGE = 20, 24, 30


@dataclass(frozen=True, slots=True)
class Look:
    """Colours by what they are for; `ground` is opaque, so that a picture brings its own."""

    ground: str
    ink: str
    quiet: str
    faint: str
    reading: str
    forecast: str
    good: str
    warning: str
    bad: str


LIGHT = Look(
    ground="#ffffff",
    ink="#1d1c1d",
    quiet="#5b5b5e",
    faint="#dcdcde",
    reading="#0072b2",
    forecast="#cfe6f5",
    good="#007d5b",
    warning="#b87400",
    bad="#c04f00",
)
DARK = Look(
    ground="#1a1d21",
    ink="#f2f2f2",
    quiet="#b3b5b8",
    faint="#3d4147",
    reading="#56b4e9",
    forecast="#23435a",
    good="#2fc497",
    warning="#e69f00",
    bad="#f5813c",
)

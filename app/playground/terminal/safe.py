"""Text from people, made harmless and readable for a terminal."""

import unicodedata

from app.playground.emoji import with_signs
from app.playground.mrkdwn import unescape

_BREAKS = str.maketrans({"\t": "    ", "\u2028": "\n", "\u2029": "\n"})
_VARIATION_SELECTORS = {"\ufe0e", "\ufe0f"}


def clean(text: object, *, keeping: str = "") -> str:
    """The text without anything that a terminal would act on, save the signs in `keeping`.

    Control characters (escape sequences start with one) and format characters (which reorder or
    join what is shown) go, as do variation selectors, whose width terminals disagree on. Lone
    surrogates, which cannot be printed, become a replacement sign.
    """
    lines = str(text).replace("\r\n", "\n").translate(_BREAKS)
    return "".join(sign if sign in keeping else _harmless(sign) for sign in lines)


def _harmless(sign: str) -> str:
    if sign == "\n" or (sign.isascii() and sign.isprintable()):
        return sign
    category = unicodedata.category(sign)
    if category == "Cs":
        return "\ufffd"
    return "" if category in {"Cc", "Cf"} or sign in _VARIATION_SELECTORS else sign


def readable(text: object) -> str:
    """A plain text from a payload, as it is shown: harmless, unescaped, with emoji."""
    return clean(with_signs(unescape(clean(text))))

"""Text from people, made harmless and readable for a terminal."""

import unicodedata

from rich.emoji import Emoji

# Circles and squares in colour, which rich does not know by Slack's names.
_SLACK_NAMES = {
    f":large_{colour}_{shape}:": sign
    for shape, colours in {
        "circle": {"green": "🟢", "yellow": "🟡", "orange": "🟠", "purple": "🟣", "brown": "🟤"},
        "square": {"green": "🟩", "yellow": "🟨", "orange": "🟧", "red": "🟥", "blue": "🟦"},
    }.items()
    for colour, sign in colours.items()
}
_BREAKS = str.maketrans({"\t": "    ", "\u2028": "\n", "\u2029": "\n"})
_VARIATION_SELECTORS = {"\ufe0e", "\ufe0f"}


ZERO_WIDTH_SPACE = "\u200b"


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


def unescape(text: str) -> str:
    """Undo the three escapes of mrkdwn (docs.slack.dev/messaging/formatting-message-text)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def with_signs(text: str) -> str:
    """The text with emoji in place of the short codes that are known; others stay as typed."""
    for code, sign in _SLACK_NAMES.items():
        text = text.replace(code, sign)
    return clean(Emoji.replace(text)) if ":" in text else text


def readable(text: object) -> str:
    """A plain text from a payload, as it is shown: harmless, unescaped, with emoji."""
    return with_signs(unescape(clean(text)))

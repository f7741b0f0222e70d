"""Dates in messages, by the reader's own clock.

Sources: docs.slack.dev/messaging/formatting-message-text (date formatting), and for
`day_divider_pretty`, `date_slash` and `date_long_full`
docs.slack.dev/reference/block-kit/block-elements/date-element.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

_TOKEN = re.compile(r"\{(\w+)\}")
_HALF_A_YEAR = timedelta(days=183)
_SPANS = (("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("hour", 3_600))
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}

Format = Callable[[datetime, datetime], str]
"""Takes an instant and now, both in the reader's zone."""


def in_words(pattern: str, instant: datetime, now: datetime) -> str:
    """A pattern with the instant in place of its tokens; unknown tokens stay as they are.

    Times are by a 24-hour clock. A date that begins the text begins with a capital, as in Slack.
    """
    words = _TOKEN.sub(
        lambda found: _FORMATS[found[1]](instant, now) if found[1] in _FORMATS else found[0],
        pattern,
    )
    return words[:1].upper() + words[1:] if _TOKEN.match(pattern) else words


def full(instant: datetime) -> str:
    """Everything about an instant: `Monday, March 16th, 2026 at 10:00`."""
    return f"{instant:%A}, {_month_and_day(instant)}, {instant.year} at {instant:%H:%M}"


def _month_and_day(instant: datetime) -> str:
    ordinal = "th" if 11 <= instant.day <= 13 else _ORDINALS.get(instant.day % 10, "th")
    return f"{instant:%B} {instant.day}{ordinal}"


def _with_year(shown: str, instant: datetime, now: datetime) -> str:
    """A date with its year, unless it is less than six months away."""
    return shown if abs(instant - now) < _HALF_A_YEAR else f"{shown}, {instant.year}"


def _date(instant: datetime, now: datetime) -> str:
    return _with_year(_month_and_day(instant), instant, now)


def _date_short(instant: datetime, now: datetime) -> str:
    return _with_year(f"{instant:%b} {instant.day}", instant, now)


def _date_long(instant: datetime, now: datetime) -> str:
    return _with_year(f"{instant:%A}, {_month_and_day(instant)}", instant, now)


def _day_divider(instant: datetime, now: datetime) -> str:
    shown = f"{instant:%A}, {_month_and_day(instant)}"
    return shown if instant.year == now.year else f"{shown}, {instant.year}"


def _pretty(otherwise: Format) -> Format:
    """A date as yesterday, today or tomorrow where it is one of them."""

    def shown(instant: datetime, now: datetime) -> str:
        away = (instant.date() - now.date()).days
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(away)
        return near or otherwise(instant, now)

    return shown


def _ago(instant: datetime, now: datetime) -> str:
    """The largest unit of time that fits: `3 minutes ago`, `in 2 days`."""
    seconds = round((now - instant).total_seconds())
    unit, length = next(
        ((unit, length) for unit, length in _SPANS if abs(seconds) >= length), ("minute", 60)
    )
    count = abs(seconds) // length
    if count == 0:
        return "just now"
    words = f"{count} {unit}{'s' * (count > 1)}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


_FORMATS: dict[str, Format] = {
    "date_num": lambda instant, now: f"{instant:%Y-%m-%d}",  # noqa: ARG005
    "date_slash": lambda instant, now: f"{instant:%d/%m/%Y}",  # noqa: ARG005
    "date": _date,
    "date_short": _date_short,
    "date_long": _date_long,
    "date_long_full": lambda instant, now: f"{instant:%B} {instant.day}, {instant.year}",  # noqa: ARG005
    "date_pretty": _pretty(_date),
    "date_short_pretty": _pretty(_date_short),
    "date_long_pretty": _pretty(_date_long),
    "day_divider_pretty": _pretty(_day_divider),
    "time": lambda instant, now: f"{instant:%H:%M}",  # noqa: ARG005
    "time_secs": lambda instant, now: f"{instant:%H:%M:%S}",  # noqa: ARG005
    "ago": _ago,
}

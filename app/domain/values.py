"""The number with its `~` or `+`: parse what people type, compute, compare, format by unit.

A qualifier speaks of the size of a number: `5+` is five or more, and a change
of `−2+` is a fall of two or more. Numbers are `Decimal` throughout. They are
limited to 15 digits before the point and 6 after it, so that sums and
differences are exact within the 28 digits of Python's decimal context.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.domain.errors import BadInput

MOST_WHOLE_DIGITS = 15
MOST_DECIMAL_PLACES = 6
MINUS = "−"


class Qualifier(StrEnum):
    """How sure a number is: `12`, `~12` or `12+`."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Value:
    """A number and how sure it is; `str()` gives it as people write it."""

    number: Decimal
    qualifier: Qualifier = Qualifier.EXACT

    @property
    def is_exact(self) -> bool:
        return self.qualifier is Qualifier.EXACT

    def __str__(self) -> str:
        return _qualified(format_number(self.number), self.qualifier)


def format_number(number: Decimal) -> str:
    """`-1234.50` as `−1,234.50`: grouped, with a true minus sign, no digit lost."""
    return f"{number:,f}".replace("-", MINUS)


def format_value(value: Value, unit: str = "") -> str:
    """A value with its unit: `~78%`, `3 / day`, `5+ paths`.

    >>> format_value(Value(Decimal(78), Qualifier.ABOUT), "%")
    '~78%'
    """
    if unit == "%":
        return _qualified(f"{format_number(value.number)}%", value.qualifier)
    return f"{value} {unit}".rstrip()


def format_change(change: Value, unit: str = "") -> str:
    """A difference with its sign: `−3`, `~+4 / day`, `−2+`; percentages move in points.

    >>> format_change(Value(Decimal(-3)), "%")
    '−3 points'
    """
    sign = "+" if change.number > 0 else ""
    number = _qualified(f"{sign}{format_number(change.number)}", change.qualifier)
    if unit == "%":
        unit = "point" if abs(change.number) == 1 else "points"
    return f"{number} {unit}".rstrip()


def format_share(share: Value) -> str:
    """A share of 1 as a whole percentage: `~94%`.

    Neither a finished nor an unstarted way is claimed by rounding: 0.996 is
    shown as 99%, 0.004 as <1%.
    """
    percent = share.number * 100
    whole = percent.quantize(Decimal(1), ROUND_HALF_UP)
    if whole == 100 and percent < 100:
        whole = percent.quantize(Decimal(1), ROUND_DOWN)
    text = "<1%" if whole == 0 and percent > 0 else f"{format_number(whole + 0)}%"
    return text if share.is_exact else f"~{text}"


BAR_CELLS = 10


def format_bar(share: Value | None) -> str:
    """A share of 1 as ten cells: full only at 1, empty at 0 or below."""
    filled = max(0, min(BAR_CELLS, int(share.number * BAR_CELLS))) if share else 0
    return "█" * filled + "░" * (BAR_CELLS - filled)


def rounded(value: Value) -> Value:
    """A computed number with the digits that say something: 12, 1.2, 0.12."""
    size = abs(value.number)
    places = 0 if size >= 10 or size == 0 else 1 if size >= 1 else 2
    return Value(round(value.number, places) + 0, value.qualifier)


def _qualified(text: str, qualifier: Qualifier) -> str:
    if qualifier is Qualifier.ABOUT:
        return f"~{text}"
    return f"{text}+" if qualifier is Qualifier.AT_LEAST else text


def difference(end: Value, start: Value) -> Value:
    """`end − start`, with what is known of its size.

    Exact ends give an exact difference, an approximate end an approximate one.
    An open end (`5+`) leaves the difference open when it opens away from the
    other one, so that the true change can only be larger (from `5+` to 3:
    `−2+`); otherwise no bound holds and the difference is approximate.
    """
    number = end.number - start.number
    qualifiers = {end.qualifier, start.qualifier}
    if qualifiers == {Qualifier.EXACT}:
        return Value(number)
    if qualifiers == {Qualifier.EXACT, Qualifier.AT_LEAST}:
        open_end, other = (end, start) if start.is_exact else (start, end)
        if (open_end.number - other.number) * open_end.number > 0:
            return Value(number, Qualifier.AT_LEAST)
    return Value(number, Qualifier.ABOUT)


def about_if(number: Decimal, *ends: Value) -> Value:
    """A computed number that is approximate as soon as one of its ends isn't exact."""
    is_about = any(end.qualifier is not Qualifier.EXACT for end in ends)
    return Value(number, Qualifier.ABOUT if is_about else Qualifier.EXACT)


# --- parsing ---------------------------------------------------------------

_NUMBER = re.compile(
    r"""(?:(?P<about>[~≈])\s*)?
        (?P<minus>[-−])?
        (?P<whole>[1-9]\d{0,2}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?
        (?:(?P<scale>k|m|bn)\b)?
        (?P<at_least>\+)?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_ANY_UNIT = re.compile(
    r"\s*(?P<unit>%|(?:/|per\b)\s*(?:second|minute|hour|day|week|month|quarter|year)\b)",
    re.IGNORECASE,
)
_END = re.compile(r"(?=$|\s(?!\s*\+)|[,;:.](?:\s|$))")
_SCALES = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}


def parse_value(text: str, unit: str = "") -> Value:
    """A whole text as a value, as people type it.

    Takes `12`, `~12`, `5+`, `78%`, `1,234`, `1.2k`, `3 / day` and the metric's
    own unit behind the number; raises `BadInput` with the form that works.
    """
    value, rest = split_value(text, unit)
    if rest:
        raise _refused(text, unit)
    return value


def split_value(text: str, unit: str = "") -> tuple[Value, str]:
    """The value that a text begins with, and what follows it.

    >>> split_value("3 / day after fix", "/ day")
    (Value(number=Decimal('3'), qualifier=<Qualifier.EXACT: 'exact'>), 'after fix')
    """
    text = text.strip()
    match = _NUMBER.match(text)
    if match is None:
        raise _refused(text, unit)
    position, at_least = _skip_unit(text, match, unit)
    if _END.match(text, position) is None or (match["about"] and at_least):
        raise _refused(text, unit)
    qualifier = Qualifier.EXACT
    if match["about"]:
        qualifier = Qualifier.ABOUT
    elif at_least:
        qualifier = Qualifier.AT_LEAST
    rest = text[position:].strip().lstrip(",;:.-–—").strip()
    return Value(_number(match), qualifier), rest


def _skip_unit(text: str, match: re.Match[str], unit: str) -> tuple[int, bool]:
    """Where the value with its unit ends, and whether a `+` stands before or behind the unit."""
    position = match.end()
    at_least = match["at_least"] is not None
    if unit and (own := _unit_pattern(unit).match(text, position)):
        position = own.end()
    elif other := _ANY_UNIT.match(text, position):
        raise BadInput(
            f"“{other['unit'].strip()}” doesn't fit: this metric {_counted(unit)}. "
            f"{accepted_forms(unit)}"
        )
    if not at_least and text.startswith("+", position):
        return position + 1, True
    return position, at_least


def _unit_pattern(unit: str) -> re.Pattern[str]:
    """The unit as people type it: `/ day`, `/day`, `per day`; `path` for `paths`."""
    if unit.startswith("/"):
        pattern = rf"\s*(?:/|per\b|a\b)\s*{re.escape(unit[1:].strip())}\b"
    elif unit[-1].isalpha():
        singular = unit.removesuffix("s") if len(unit) > 2 else unit
        pattern = rf"\s*{re.escape(singular)}s?\b"
    else:
        pattern = rf"\s*{re.escape(unit)}"
    return re.compile(pattern, re.IGNORECASE)


def _counted(unit: str) -> str:
    if not unit:
        return "has no unit"
    if unit == "%":
        return "is a percentage"
    return f"is counted per {unit[1:].strip()}" if unit[0] == "/" else f"is counted in {unit}"


def _number(match: re.Match[str]) -> Decimal:
    """The matched digits as a number without needless zeros from a scale."""
    digits = match["whole"].replace(",", "")
    number = checked_number(Decimal(digits + (match["decimals"] or "")))
    if match["scale"]:
        number *= _SCALES[match["scale"].lower()]
        whole = number.to_integral_value()
        number = whole if number == whole else number.normalize()
    if match["minus"] and number:
        number = -number
    return checked_number(number)


def checked_number(number: Decimal) -> Decimal:
    """The number itself; raises `BadInput` if it isn't finite or has too many digits."""
    if not number.is_finite():
        raise BadInput("A value must be a finite number.")
    places = -int(number.as_tuple().exponent)
    if abs(number) >= 10**MOST_WHOLE_DIGITS or places > MOST_DECIMAL_PLACES:
        raise BadInput(
            f"A value has at most {MOST_WHOLE_DIGITS} digits before the point "
            f"and {MOST_DECIMAL_PLACES} after it."
        )
    return number


def accepted_forms(unit: str = "") -> str:
    """The sentence that teaches how a value of this unit is typed."""
    with_unit = format_value(Value(Decimal(78 if unit == "%" else 3)), unit)
    own = f", {with_unit}" if unit else ""
    return f"Type a number such as 12, ~12 (about), 5+ (at least), 1,234, 1.2k{own}."


def _refused(text: str, unit: str) -> BadInput:
    shown = text.strip()
    shown = f"{shown[:40]}…" if len(shown) > 40 else shown
    said = f"“{shown}” isn't a value." if shown else "There is no value."
    return BadInput(f"{said} {accepted_forms(unit)}")

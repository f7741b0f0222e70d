"""From what a source gives to the number that a metric's value can hold."""

import re
from contextlib import suppress
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from app.domain.values import MOST_DECIMAL_PLACES, MOST_WHOLE_DIGITS
from app.sources.failures import NoNumber

# Wide enough for any value times any other; what is beyond becomes infinite instead of an error.
_WIDE = Context(prec=2 * (MOST_WHOLE_DIGITS + MOST_DECIMAL_PLACES), traps=[])
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FINEST = Decimal(1).scaleb(-MOST_DECIMAL_PLACES)


def value_of(number: Decimal, times: Decimal) -> Decimal:
    """The number `times` so much, rounded to what a value holds, without needless zeros.

    Measured numbers such as 0.9333333333333333 have more decimal places than a value; they are
    rounded. One that is too large, or that isn't finite, is refused.
    """
    if number.is_nan():
        raise NoNumber("The answer is NaN, which is no number: was something divided by zero?")
    if number.is_infinite():
        raise NoNumber("The answer is infinite: was something divided by zero?")
    product = _WIDE.multiply(number, times)
    if not product.is_finite() or product.adjusted() >= MOST_WHOLE_DIGITS:
        raise _too_large()
    rounded = product.quantize(_FINEST, ROUND_HALF_EVEN, _WIDE)
    if rounded.adjusted() >= MOST_WHOLE_DIGITS:
        raise _too_large()
    whole = rounded.to_integral_value()
    return whole + 0 if rounded == whole else rounded.normalize(_WIDE)


def decimal_of(text: str) -> Decimal | None:
    """What a text such as `-12.5` or `1e+06` says exactly; None for any other."""
    with suppress(InvalidOperation):  # by an exponent beyond all bounds
        return Decimal(text) if _PLAIN.fullmatch(text) else None
    return None


def _too_large() -> NoNumber:
    return NoNumber(f"The number is too large: a value has at most {MOST_WHOLE_DIGITS} digits.")

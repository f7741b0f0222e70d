"""One number of a JSON document, by a JMESPath expression."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from app.sources.failures import NoNumber
from app.sources.fetching import Answer, said_instead
from app.sources.numbers import decimal_of

_MOST_INTEGER_DIGITS = 100


class Written(float):
    """A number of a document with all digits that it is written in, of which a float loses some."""

    text: str

    def __new__(cls, text: str) -> "Written":
        number = super().__new__(cls, text)
        number.text = text
        return number


# The functions of JMESPath, such as sum(), go by the name of a type.
Written.__name__ = "float"


def number_at(path: str, answer: Answer) -> Decimal:
    """The number that a path leads to; raises `NoNumber` with what is there instead."""
    if answer.status != 200:
        raise said_instead(answer)
    document = parsed(answer)

    import jmespath  # noqa: PLC0415 - PromQL shares this module and needs none
    from jmespath.exceptions import JMESPathError  # noqa: PLC0415

    try:
        found = jmespath.search(path, document)
    except RecursionError as error:
        raise NoNumber("The path is nested too deep.") from error
    except (JMESPathError, ArithmeticError, TypeError, ValueError) as error:
        raise NoNumber("The path doesn't fit the document: {}.", str(error).rstrip(".")) from error
    return _number(found)


def parsed(answer: Answer) -> Any:
    """The document of an answer, its numbers exact; raises `NoNumber` where it isn't JSON."""
    if not answer.body.strip():
        raise NoNumber("The answer is empty.")
    try:
        return json.loads(
            answer.body, parse_float=Written, parse_int=_integer, parse_constant=_refuse
        )
    except RecursionError as error:
        raise NoNumber("The JSON is nested too deep.") from error
    except ValueError as error:
        if answer.content_type == "text/html":
            raise NoNumber(
                "The answer is a page, not JSON: does the address need a header to let you in?"
            ) from error
        raise NoNumber("The answer isn't JSON: {}.", str(error)) from error


def _integer(text: str) -> int | Written:
    """Python reads no integer of thousands of digits, nor need it: none is a value."""
    return int(text) if len(text) <= _MOST_INTEGER_DIGITS else Written(text)


def _refuse(constant: str) -> NoReturn:
    raise NoNumber(f"The answer holds {constant}, which JSON doesn't have.")


def _number(found: Any) -> Decimal:
    if isinstance(found, bool):
        raise NoNumber(f"The path gives {str(found).lower()}, not a number.")
    if isinstance(found, Written):
        exact = decimal_of(found.text)
        return Decimal("Infinity") if exact is None else exact
    if isinstance(found, (int, float)):
        return Decimal(repr(found))
    if isinstance(found, str) and (number := decimal_of(found)) is not None:
        return number
    raise _no_number(found)


def _no_number(found: Any) -> NoNumber:
    if found is None:
        return NoNumber("The path gives nothing: it leads past the document, or to null.")
    if isinstance(found, str):
        return NoNumber("The path gives the text “{}”, not a number.", found)
    if isinstance(found, list):
        return NoNumber(
            f"The path gives a list of {len(found)}: pick one with [0], or count them with "
            "length(@)."
        )
    if isinstance(found, dict):
        names = ", ".join(list(found)[:5]) or "nothing"
        return NoNumber("The path gives an object: go on with a name in it ({}).", names)
    return NoNumber("The path gives an expression, not a number.")

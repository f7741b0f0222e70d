"""One number from a PromQL query.

https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from app.sources.addresses import Target
from app.sources.documents import parsed
from app.sources.failures import NoNumber
from app.sources.fetching import Answer, said_instead
from app.sources.numbers import decimal_of

_API = "/api/v1/query"
_SPECIAL = frozenset(("NaN", "+Inf", "-Inf"))
_MOST_SERIES_NAMED = 3


def query_of(server: Target, query: str, seconds: float) -> Target:
    """The address of a query; that of the server may have a path before the API's."""
    path, _, given = server.path.partition("?")
    path = path.rstrip("/").removesuffix(_API) + _API
    asked = urlencode({"query": query, "timeout": f"{round(seconds * 1000)}ms"})
    return replace(server, path=f"{path}?{given}&{asked}" if given else f"{path}?{asked}")


def number_in(answer: Answer) -> Decimal:
    """The only sample of an answer; raises `NoNumber` with what is there instead."""
    if answer.status != 200 and answer.content_type != "application/json":
        raise said_instead(answer)
    told = parsed(answer)
    if not isinstance(told, dict):
        raise _foreign()
    if told.get("status") == "error":
        raise NoNumber("Prometheus refuses the query: {}.", str(told.get("error")).rstrip("."))
    if answer.status != 200:
        raise said_instead(answer)
    return _sample(told.get("data"))


def _sample(data: Any) -> Decimal:
    match data:
        case {"resultType": "scalar", "result": [_, str(text)]}:
            return _number(text)
        case {"resultType": "vector", "result": list(series)}:
            return _only(series)
        case {"resultType": "matrix"}:
            raise NoNumber("The query gives a range: close it with a function such as rate().")
        case {"resultType": "string"}:
            raise NoNumber("The query gives text, not a number.")
        case _:
            raise _foreign()


def _only(series: list[Any]) -> Decimal:
    match series:
        case []:
            raise NoNumber("The query gives nothing: no series matches it now.")
        case [{"value": [_, str(text)]}]:
            return _number(text)
        case [{"histogram": _}]:
            raise NoNumber(
                "The query gives a histogram: take a number of it, as by histogram_sum()."
            )
        case [_]:
            raise _foreign()
    named = ", ".join("{}" for _ in series[:_MOST_SERIES_NAMED])
    more = " and more" if len(series) > _MOST_SERIES_NAMED else ""
    raise NoNumber(
        f"The query gives {len(series)} series, not one ({named}{more}): sum() them, or name one "
        "by its labels.",
        *map(_labels, series[:_MOST_SERIES_NAMED]),
    )


def _labels(series: Any) -> str:
    """A series as PromQL names it."""
    labels = series.get("metric") if isinstance(series, dict) else None
    if not isinstance(labels, dict):
        raise _foreign()
    told = ", ".join(f'{name}="{value}"' for name, value in labels.items() if name != "__name__")
    return f"{labels.get('__name__', '')}{{{told}}}"


def _number(text: str) -> Decimal:
    number = Decimal(text) if text in _SPECIAL else decimal_of(text)
    if number is None:
        raise _foreign()
    return number


def _foreign() -> NoNumber:
    return NoNumber(
        "This isn't an answer of Prometheus: write the address of its server, such as "
        "https://prometheus.example.com."
    )

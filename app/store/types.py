"""Column types that give back exactly what was put in, on SQLite and PostgreSQL alike."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the column has no zone
_EPOCH_IN_UTC = _EPOCH.replace(tzinfo=UTC)

Processor = Callable[[Any], Any]
"""Makes what the database gave into what the column holds."""


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal that comes back digit for digit.

    SQLite has no decimal type and SQLAlchemy's Numeric becomes a REAL there, so
    the digits are kept as text; PostgreSQL's NUMERIC keeps them by itself.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return exact_text(value)

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Processor:
        return _exact


class UtcInstant(TypeDecorator[datetime]):
    """An instant with its zone: UTC in the database, UTC when it comes back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def result_processor(self, dialect: Dialect, _coltype: object) -> Processor:
        return _in_utc_from_text if dialect.name == "sqlite" else _in_utc


# Many readings at once are written as text by these two, by the hundred thousand.


def exact_text(number: Decimal) -> str:
    """As `ExactDecimal` keeps it on SQLite: digit for digit."""
    return f"{number:f}"


def utc_text(instant: datetime) -> str:
    """As `UtcInstant` keeps it on SQLite: to the microsecond, without the zone."""
    # To take the zone away by arithmetic takes half as long as `replace` or to write it and cut.
    in_utc = _EPOCH + (instant - _EPOCH_IN_UTC)
    return in_utc.isoformat(" ", "microseconds")


# A digest reads some fifty thousand values: each of these is called once for one, and by nothing
# between it and the row.


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _in_utc_from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)

"""Values and instants as files have them: whole, and read again as the same."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.values import Qualifier, Value


def value_text(value: Value) -> str:
    """`1234.5`, `~12`, `5+`, `-3`: ungrouped, so that programs read exact ones as numbers."""
    number = f"{value.number:f}"
    if value.qualifier is Qualifier.ABOUT:
        return f"~{number}"
    return f"{number}+" if value.qualifier is Qualifier.AT_LEAST else number


def instant_text(at: datetime, zone: ZoneInfo) -> str:
    """An instant in a zone, as a date alone where it begins the day there.

    In UTC where the zone was then off by seconds, which no file can say.
    """
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        return at.astimezone(UTC).isoformat()
    begins = datetime.combine(local.date(), time(), zone)
    if begins.astimezone(UTC) == at.astimezone(UTC):
        return local.date().isoformat()
    return local.isoformat()

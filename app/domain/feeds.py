"""What becomes of the number that a metric's source gives."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.metrics import Reading
from app.domain.values import Value


def is_to_record(
    number: Decimal,
    last: Decimal | None,
    current: Reading | None,
    now: datetime,
    zone: ZoneInfo,
) -> bool:
    """Whether a source's number becomes a reading; `last` is the number that it gave before.

    One that the metric has already is recorded once a day in the scorecard's zone, so that it
    stays fresh. Any other is recorded when the source didn't give it the last time: what a person
    corrected or took back stands until the source has something new to say.
    """
    if current is not None and current.value == Value(number):
        return current.at.astimezone(zone).date() < now.astimezone(zone).date()
    return number != last

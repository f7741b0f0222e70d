"""The clock moves, and every week has its digest: over clock changes, leap days and edits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.digests import week_of
from app.domain.scorecards import DigestSchedule
from app.services.digests import claim_owed
from app.services.editing import edit_scorecard
from app.store.engine import Store
from app.store.tables import DigestRow
from tests.services.builders import all_rows, billing_on_sqlite, the_operator

pytestmark = billing_on_sqlite

HOUR = timedelta(hours=1)
CLOCK_CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2027, 3, 14)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Nuuk", date(2026, 3, 28)),
    ("America/Nuuk", date(2026, 10, 24)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 30)),
]
"""The days on which clocks are put forward or back; in Lord Howe by half an hour."""


async def set_for(
    store: Store, now: datetime, *, on: int, at: time, zone: str | None = None
) -> None:
    """An owner sets the digest for a weekday and a time, and the zone."""
    fields: dict[str, object] = {"digest": DigestSchedule(on, at)}
    if zone is not None:
        fields["zone"] = ZoneInfo(zone)
    await edit_scorecard(store, the_operator(now=now), fields, seen={})


async def lets_pass(store: Store, start: datetime, end: datetime) -> list[DigestRow]:
    """Look every hour for what is owed; gives the digests made from then on, oldest first."""
    now = start
    while now <= end:
        await claim_owed(store, now)
        now += HOUR
    return [row for row in await digests(store) if row.until >= start]


async def digests(store: Store) -> list[DigestRow]:
    return sorted(await all_rows(store, DigestRow), key=lambda row: row.until)


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
async def test_the_day_of_a_clock_change_has_one_digest_at_its_time(
    billing: Store, zone: str, day: date
) -> None:
    there, at = ZoneInfo(zone), time(2, 30)
    begins = datetime.combine(day, time(), there).astimezone(UTC) - 2 * HOUR
    await set_for(billing, begins, on=day.weekday(), at=at, zone=zone)

    await lets_pass(billing, begins, begins + timedelta(days=1))
    in_a_week = begins + timedelta(days=7)
    await lets_pass(billing, in_a_week, in_a_week + 8 * HOUR)

    slots = [datetime.combine(day + timedelta(days=7 * n), at, there) for n in (0, 1)]
    made = await digests(billing)
    assert [row.week for row in made] == [week_of(slot, there) for slot in slots]
    for row, slot in zip(made, slots, strict=True):
        after = row.until - slot.astimezone(UTC)
        assert timedelta(0) <= after < HOUR, "within the hour at which it was looked for"


async def test_a_zone_that_changes_between_two_digests_skips_and_doubles_none(
    billing: Store,
) -> None:
    start = datetime(2026, 4, 6, 12, tzinfo=UTC)
    await set_for(billing, start, on=0, at=time(9), zone="Pacific/Auckland")
    sunday = start + timedelta(days=6)
    await lets_pass(billing, sunday, sunday + 12 * HOUR)
    await set_for(billing, start + timedelta(days=8), on=0, at=time(9), zone="America/Los_Angeles")
    for monday in (start + timedelta(days=14), start + timedelta(days=21)):
        await lets_pass(billing, monday - 16 * HOUR, monday + 6 * HOUR)

    assert [row.week for row in await digests(billing)] == ["2026-W16", "2026-W17", "2026-W18"]


@pytest.mark.parametrize(("moved_to", "mondays"), [(time(17), [17, 17]), (time(7), [7])], ids=str)
async def test_a_schedule_edited_an_hour_before_it_is_due_counts_from_then_on(
    billing: Store, moved_to: time, mondays: list[int]
) -> None:
    """Moved to later it is due later; moved to a time that has passed, from next week on."""
    monday = datetime(2026, 4, 13, tzinfo=UTC)
    await claim_owed(billing, monday - timedelta(days=6))
    await set_for(billing, monday + 8 * HOUR, on=0, at=moved_to)

    made: list[DigestRow] = []
    for begins in (monday + 8 * HOUR, monday + timedelta(days=7, hours=5)):
        made += await lets_pass(billing, begins, begins + 14 * HOUR)
    assert [row.until.hour for row in made] == mondays


@pytest.mark.parametrize(
    "day", [date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2032, 12, 27)]
)
async def test_leap_days_and_year_ends_are_days_like_any_other(billing: Store, day: date) -> None:
    slot = datetime.combine(day, time(10), UTC)
    await set_for(billing, slot - timedelta(days=2), on=day.weekday(), at=time(10))
    for each in (slot, slot + timedelta(days=7)):
        await lets_pass(billing, each - 2 * HOUR, each + 2 * HOUR)

    days = [day, day + timedelta(days=7)]
    made = await digests(billing)
    assert [row.until.date() for row in made] == days
    assert [row.week for row in made] == [f"{each:%G-W%V}" for each in days]
    assert not any(row.is_late for row in made)

"""The weekly digest: owed by its schedule, claimed once a week, whoever and however many ask."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import AlreadyDone, BadInput, NotFound
from app.domain.values import parse_value
from app.services import deliveries
from app.services.callers import Caller
from app.services.digests import claim_owed, claimed_digest, next_slots, post_now, preview
from app.services.loading import load
from app.services.milestones import ShipForm, ship
from app.services.readings import record
from app.store.engine import Store
from app.store.tables import DigestRow
from tests.builders import NOW, an_instant
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    all_rows,
    billing_on_sqlite,
    changes,
    on_sqlite,
    owed,
    row_counts,
    the_operator,
)

SLOT = datetime(2026, 3, 23, 9, tzinfo=UTC)
"""The first Monday at nine after the scorecard was loaded."""
WEEK = timedelta(weeks=1)
MINUTE = timedelta(minutes=1)


def _one_digest(week: str, channel: str = HOME) -> list[tuple[str, str, str]]:
    """What is owed for a week: the post, and what goes into its thread."""
    return [("digest", week, channel), ("digest details", week, channel)]


async def _weeks(store: Store) -> list[str]:
    return [row.week for row in await all_rows(store, DigestRow)]


# --- by the schedule -------------------------------------------------------------


async def test_a_digest_is_claimed_when_its_time_has_come(billing: Store) -> None:
    assert await claim_owed(billing, SLOT - MINUTE) == 0
    assert await claim_owed(billing, SLOT) == 1
    assert await owed(billing) == _one_digest("2026-W13")
    digest = await claimed_digest(billing, 1, "2026-W13")
    assert (digest.period.since, digest.period.until) == (SLOT - WEEK, SLOT)
    assert not digest.period.is_late


async def test_a_week_is_claimed_once(billing: Store) -> None:
    for moment in (SLOT, SLOT, SLOT + MINUTE, SLOT + timedelta(days=6)):
        await claim_owed(billing, moment)
    assert await _weeks(billing) == ["2026-W13"]
    assert await claim_owed(billing, SLOT + WEEK) == 1
    assert await _weeks(billing) == ["2026-W13", "2026-W14"]
    following = await claimed_digest(billing, 1, "2026-W14")
    assert (following.period.since, following.period.until) == (SLOT, SLOT + WEEK)


@billing_on_sqlite
async def test_a_missed_digest_is_caught_up_and_says_that_it_is_late(billing: Store) -> None:
    assert await claim_owed(billing, SLOT + timedelta(days=2)) == 1
    digest = await claimed_digest(billing, 1, "2026-W13")
    assert digest.period.is_late
    assert await claim_owed(billing, SLOT + WEEK) == 1


@billing_on_sqlite
async def test_after_weeks_of_silence_one_digest_tells_of_all_of_them(billing: Store) -> None:
    await claim_owed(billing, SLOT)
    assert await claim_owed(billing, SLOT + 4 * WEEK + MINUTE) == 1
    assert await _weeks(billing) == ["2026-W13", "2026-W17"]
    digest = await claimed_digest(billing, 1, "2026-W17")
    assert digest.period.since == SLOT
    assert digest.period.is_late


@billing_on_sqlite
async def test_slots_from_before_the_scorecard_are_not_owed(billing: Store) -> None:
    assert await claim_owed(billing, NOW + MINUTE) == 0


@on_sqlite
async def test_without_a_channel_no_digest_is_owed(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY))
    assert await claim_owed(store, SLOT + WEEK) == 0
    assert await next_slots(store, NOW) == []


async def test_each_scorecard_has_its_own_digest_and_the_next_is_named_first(
    billing: Store,
) -> None:
    text = TINY + "zone: Europe/Berlin\ndigest: {day: friday, time: '16:30'}\n"
    await load(billing, the_operator(), a_file(text), channel="C0TINY")
    slots = await next_slots(billing, NOW)
    assert [(slot.scorecard, slot.at.astimezone(UTC)) for slot in slots] == [
        ("tiny", datetime(2026, 3, 20, 15, 30, tzinfo=UTC)),
        ("billing", SLOT),
    ]
    assert await claim_owed(billing, SLOT) == 2


async def test_of_many_that_claim_at_once_one_succeeds(billing: Store) -> None:
    async with Store(billing.database_url) as other:
        stores = [billing, other] * 4
        claimed = await asyncio.gather(*(claim_owed(store, SLOT) for store in stores))
    assert sum(claimed) == 1
    assert await _weeks(billing) == ["2026-W13"]
    assert await owed(billing) == _one_digest("2026-W13")


CLAIMING = """
import asyncio, sys
from datetime import datetime
from app.services.digests import claim_owed
from app.store.engine import Store

async def claim():
    async with Store(sys.argv[1]) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        print(await claim_owed(store, datetime.fromisoformat(sys.argv[2])))

asyncio.run(claim())
"""


async def test_of_two_processes_one_claims_the_week(billing: Store) -> None:
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CLAIMING, billing.database_url, SLOT.isoformat()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"ready\n"
    claimed, (output, _) = await asyncio.gather(
        claim_owed(billing, SLOT), other.communicate(b"go\n")
    )
    assert sorted([claimed, int(output)]) == [0, 1]
    assert await _weeks(billing) == ["2026-W13"]


# --- by hand ---------------------------------------------------------------------


async def test_a_preview_claims_nothing_and_says_what_would_be_posted(billing: Store) -> None:
    before = await row_counts(billing)
    shown = await preview(billing, a_caller(now=SLOT))
    assert await row_counts(billing) == before
    await claim_owed(billing, SLOT)
    assert await claimed_digest(billing, 1, "2026-W13") == shown


@billing_on_sqlite
async def test_a_preview_begins_where_the_last_digest_ended(billing: Store) -> None:
    await claim_owed(billing, SLOT)
    shown = await preview(billing, a_caller(now=SLOT + timedelta(days=1)))
    assert shown.period.since == SLOT


@billing_on_sqlite
async def test_a_preview_shows_another_instant_on_demand(billing: Store) -> None:
    shown = await preview(billing, a_caller(), at=an_instant("2026-03-23"))
    assert shown.period.until == an_instant("2026-03-23")


@billing_on_sqlite
async def test_a_preview_is_for_those_who_may_see_the_scorecard(billing: Store) -> None:
    with pytest.raises(NotFound):
        await preview(billing, a_caller(channel="C0OTHER"))


async def test_a_digest_posted_by_hand_is_the_weeks_digest(billing: Store) -> None:
    early = a_caller(now=SLOT - 10 * MINUTE)
    await post_now(billing, early)
    assert await owed(billing) == _one_digest("2026-W13")
    assert await claim_owed(billing, SLOT) == 0
    posted = (await changes(billing))[-1]
    assert (posted.action, posted.subject, posted.actor) == ("digest posted", "2026-W13", "U0ANA")


async def _settle(store: Store, now: datetime, *, error: str = "") -> None:
    """Let a worker deliver what is due, or give it up with an error."""
    for delivery in await deliveries.claim_due(store, "worker", now):
        if error:
            await deliveries.failed(store, delivery, "worker", error, now)
        else:
            await deliveries.delivered(store, delivery, "worker", "1742.01", now)


@billing_on_sqlite
async def test_a_second_one_in_the_week_is_refused_with_when_the_next_comes(
    billing: Store,
) -> None:
    caller = a_caller()
    await post_now(billing, caller)
    await _settle(billing, NOW)
    before = await row_counts(billing)
    with pytest.raises(AlreadyDone, match="This week's digest has been posted") as refused:
        await post_now(billing, caller)
    assert "The next one goes out on Mon 23 Mar 09:00 (UTC)." in refused.value.message
    assert "/kpi digest preview" in refused.value.message
    assert await row_counts(billing) == before


@billing_on_sqlite
async def test_one_that_is_on_its_way_is_the_one_that_is_owed(billing: Store) -> None:
    first = await post_now(billing, a_caller())
    before = await row_counts(billing)
    assert await post_now(billing, a_caller()) == first
    assert await row_counts(billing) == before


async def test_one_that_could_not_be_delivered_is_owed_again_as_it_was(billing: Store) -> None:
    first = await post_now(billing, a_caller())
    await _settle(billing, NOW, error="not_in_channel")
    later = NOW + timedelta(hours=3)
    again = await post_now(billing, a_caller(now=later))
    assert again == first
    post, details = await deliveries.claim_due(billing, "worker", later)
    assert post.was_tried
    assert details.was_tried
    digest = await claimed_digest(billing, 1, post.subject)
    assert digest.period.until == NOW


@on_sqlite
async def test_without_a_home_it_is_posted_where_it_was_asked_for(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY))
    with pytest.raises(BadInput, match="has no home channel"):
        await post_now(store, the_operator())
    await post_now(store, a_caller(channel="D0ANA"))
    assert await owed(store) == _one_digest("2026-W12", "D0ANA")


async def test_posting_by_hand_and_by_schedule_at_once_makes_one_digest(billing: Store) -> None:
    person = a_caller(now=SLOT)
    outcomes = await asyncio.gather(
        *(post_now(billing, person) for _ in range(2)),
        *(claim_owed(billing, SLOT) for _ in range(2)),
        return_exceptions=True,
    )
    assert await owed(billing) == _one_digest("2026-W13")
    unexpected = [
        outcome
        for outcome in outcomes
        if isinstance(outcome, BaseException) and not isinstance(outcome, AlreadyDone)
    ]
    assert unexpected == []


# --- what it says ------------------------------------------------------------------


async def _record(store: Store, caller: Caller, value: str) -> None:
    await record(store, caller, "rollbacks", parse_value(value))


async def test_a_claimed_digest_speaks_of_its_end_whenever_it_is_composed(billing: Store) -> None:
    await _record(billing, a_caller(now=SLOT - MINUTE), "9")
    await claim_owed(billing, SLOT)
    at_once = await claimed_digest(billing, 1, "2026-W13")
    await _record(billing, a_caller(now=SLOT + MINUTE), "150")
    await ship(billing, a_caller(now=SLOT + MINUTE), ShipForm("Retry queue", SLOT.date()))
    later = await claimed_digest(billing, 1, "2026-W13")
    assert later.snapshot.metrics == at_once.snapshot.metrics
    assert str(later.snapshot.state("rollbacks").current.value) == "9"  # type: ignore[union-attr]
    assert later.shipped == at_once.shipped == ()


async def test_what_shipped_is_told_once_with_what_it_moved(billing: Store) -> None:
    moved = {"rollbacks": parse_value("~9")}
    form = ShipForm("PDE step 2c", NOW.date(), moved=moved)
    await ship(billing, a_caller(now=SLOT - timedelta(days=1)), form)
    await claim_owed(billing, SLOT)
    await claim_owed(billing, SLOT + WEEK)
    [shipped] = (await claimed_digest(billing, 1, "2026-W13")).shipped
    [effect] = shipped.effects
    assert shipped.milestone.title == "PDE step 2c"
    assert (str(effect.before), str(effect.after.value)) == ("~12", "~9")
    assert (await claimed_digest(billing, 1, "2026-W14")).shipped == ()


@billing_on_sqlite
async def test_the_real_scorecards_first_digest_names_what_is_due(billing: Store) -> None:
    digest = await preview(billing, a_caller(now=SLOT))
    assert [milestone.key for milestone in digest.due] == ["dunning-reliability"]
    assert digest.shipped == ()
    assert len(digest.blocked) == 5


@billing_on_sqlite
async def test_a_digest_that_nobody_claimed_is_not_there(billing: Store) -> None:
    with pytest.raises(LookupError):
        await claimed_digest(billing, 1, "2026-W13")

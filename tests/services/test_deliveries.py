"""The outbox: each message is taken by one worker at a time and finished once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from app.services.deliveries import (
    LEASE,
    Delivery,
    Kind,
    State,
    claim_due,
    delivered,
    enqueue,
    failed,
    give_back_all,
    next_due,
    oldest_owed,
    postponed,
    state_of,
)
from app.store.engine import Store
from tests.builders import NOW, a_scorecard
from tests.services.builders import HOME, owed
from tests.store.builders import save

SECOND = timedelta(seconds=1)


@pytest.fixture
async def scorecard_id(store: Store) -> int:
    return await save(store, a_scorecard())


async def _owe(store: Store, scorecard_id: int, *subjects: str, now: datetime = NOW) -> list[int]:
    async with store.transaction() as session:
        return [
            await enqueue(session, scorecard_id, Kind.ANNOUNCEMENT, subject, channel=HOME, now=now)
            for subject in subjects
        ]


async def _claim_one(store: Store, worker: str, now: datetime = NOW) -> Delivery:
    [delivery] = await claim_due(store, worker, now)
    return delivery


async def test_a_message_is_delivered(store: Store, scorecard_id: int) -> None:
    [owed_id] = await _owe(store, scorecard_id, "shore-up")
    delivery = await _claim_one(store, "one")
    assert (delivery.id, delivery.kind, delivery.subject) == (
        owed_id,
        Kind.ANNOUNCEMENT,
        "shore-up",
    )
    assert (delivery.channel, delivery.attempts, delivery.was_tried) == (HOME, 1, False)
    assert await state_of(store, owed_id) == (State.CLAIMED, None, None)
    await delivered(store, delivery, "one", "1742.01", NOW)
    assert await state_of(store, owed_id) == (State.DELIVERED, "1742.01", None)
    assert await claim_due(store, "one", NOW + 2 * LEASE) == []


async def test_owing_a_message_twice_owes_it_once(store: Store, scorecard_id: int) -> None:
    first = await _owe(store, scorecard_id, "shore-up")
    assert await _owe(store, scorecard_id, "shore-up") == first
    assert len(await owed(store)) == 1


async def test_what_was_delivered_is_not_owed_again(store: Store, scorecard_id: int) -> None:
    await _owe(store, scorecard_id, "shore-up")
    await delivered(store, await _claim_one(store, "one"), "one", "1742.01", NOW)
    await _owe(store, scorecard_id, "shore-up")
    assert await claim_due(store, "one", NOW) == []


async def test_a_second_worker_gets_nothing_while_the_lease_runs(
    store: Store, scorecard_id: int
) -> None:
    await _owe(store, scorecard_id, "shore-up")
    await _claim_one(store, "one")
    assert await claim_due(store, "two", NOW + LEASE - SECOND) == []


async def test_what_a_worker_left_behind_is_taken_over_when_its_lease_ends(
    store: Store, scorecard_id: int
) -> None:
    await _owe(store, scorecard_id, "shore-up")
    await _claim_one(store, "one")
    assert await next_due(store) == NOW + LEASE
    taken_over = await _claim_one(store, "two", NOW + LEASE)
    assert taken_over.was_tried
    assert taken_over.attempts == 2


@pytest.mark.parametrize("successor", ["two", "one"])
async def test_who_lost_the_lease_finishes_nothing(
    store: Store, scorecard_id: int, successor: str
) -> None:
    """Also where the same worker has begun anew."""
    [owed_id] = await _owe(store, scorecard_id, "shore-up")
    lost = await _claim_one(store, "one")
    current = await _claim_one(store, successor, NOW + LEASE)
    await failed(store, lost, "one", "timeout", NOW)
    await postponed(store, lost, "one", "timeout", NOW)
    assert await state_of(store, owed_id) == (State.CLAIMED, None, None)
    await delivered(store, current, successor, "1742.02", NOW + LEASE)
    assert await state_of(store, owed_id) == (State.DELIVERED, "1742.02", None)
    await failed(store, lost, "one", "timeout", NOW)
    assert await state_of(store, owed_id) == (State.DELIVERED, "1742.02", None)


async def test_a_late_end_counts_while_nobody_has_taken_over(
    store: Store, scorecard_id: int
) -> None:
    [owed_id] = await _owe(store, scorecard_id, "shore-up")
    delivery = await _claim_one(store, "one")
    await delivered(store, delivery, "one", "1742.01", NOW + 5 * LEASE)
    assert (await state_of(store, owed_id))[0] is State.DELIVERED


async def test_what_is_postponed_waits_for_its_time(store: Store, scorecard_id: int) -> None:
    [owed_id] = await _owe(store, scorecard_id, "shore-up")
    again_at = NOW + timedelta(seconds=30)
    await postponed(store, await _claim_one(store, "one"), "one", "ratelimited", again_at)
    assert await state_of(store, owed_id) == (State.WAITING, None, "ratelimited")
    assert await next_due(store) == again_at
    assert await claim_due(store, "one", again_at - SECOND) == []
    assert (await _claim_one(store, "one", again_at)).was_tried


async def test_what_failed_rests_until_it_is_owed_anew(store: Store, scorecard_id: int) -> None:
    [owed_id] = await _owe(store, scorecard_id, "shore-up")
    await failed(store, await _claim_one(store, "one"), "one", "not_in_channel", NOW)
    assert await state_of(store, owed_id) == (State.FAILED, None, "not_in_channel")
    assert await claim_due(store, "one", NOW + 100 * LEASE) == []
    assert await next_due(store) is None
    assert await _owe(store, scorecard_id, "shore-up", now=NOW + LEASE) == [owed_id]
    assert (await _claim_one(store, "one", NOW + LEASE)).was_tried


async def test_a_worker_that_stops_gives_back_what_it_has_and_nothing_else(
    store: Store, scorecard_id: int
) -> None:
    mine, done, others = await _owe(store, scorecard_id, "shore-up", "step-2c", "step-2d")
    taken = await claim_due(store, "one", NOW, most=2)
    await delivered(store, taken[1], "one", "1742.01", NOW)
    await claim_due(store, "other", NOW)
    assert await give_back_all(store, "one", NOW + SECOND) == 1
    states = [(await state_of(store, each))[0] for each in (mine, done, others)]
    assert states == [State.WAITING, State.DELIVERED, State.CLAIMED]
    again = await _claim_one(store, "next", NOW + SECOND)
    assert (again.id, again.was_tried) == (mine, True)


async def test_the_oldest_that_is_owed_is_told_until_it_is_delivered(
    store: Store, scorecard_id: int
) -> None:
    assert await oldest_owed(store, NOW) is None
    await _owe(store, scorecard_id, "shore-up")
    await _owe(store, scorecard_id, "step-2c", now=NOW + SECOND)
    assert await oldest_owed(store, NOW + SECOND) == NOW
    first = (await claim_due(store, "one", NOW, most=1))[0]
    await postponed(store, first, "one", "Slack can't be reached.", NOW + LEASE)
    assert await oldest_owed(store, NOW + SECOND) == NOW
    second = await _claim_one(store, "one", NOW + SECOND)
    await delivered(store, second, "one", "1742.01", NOW + SECOND)
    [first] = await claim_due(store, "one", NOW + LEASE)
    await delivered(store, first, "one", "1742.02", NOW + LEASE)
    assert await oldest_owed(store, NOW + LEASE) is None


async def test_a_reminder_is_owed_from_when_it_may_be_sent(store: Store, scorecard_id: int) -> None:
    async with store.transaction() as session:
        await enqueue(session, scorecard_id, Kind.REMINDER, "ana", channel="U0ANA", now=NOW)
    reminder = await _claim_one(store, "one")
    morning = NOW + 100 * LEASE
    await postponed(store, reminder, "one", "It is too early.", morning)
    assert await oldest_owed(store, morning - SECOND) is None
    assert await oldest_owed(store, morning + SECOND) == morning


async def test_nothing_is_due_where_nothing_is_owed(store: Store, scorecard_id: int) -> None:
    assert await next_due(store) is None
    assert await claim_due(store, "one", NOW) == []


async def test_the_oldest_come_first_and_no_more_than_asked_for(
    store: Store, scorecard_id: int
) -> None:
    await _owe(store, scorecard_id, "a", "b", "c")
    claimed = [await claim_due(store, "one", NOW, most=2) for _ in range(3)]
    assert [[delivery.subject for delivery in each] for each in claimed] == [["a", "b"], ["c"], []]


async def test_workers_that_claim_at_once_share_the_messages_out(
    store: Store, scorecard_id: int
) -> None:
    subjects = [f"milestone-{number}" for number in range(12)]
    await _owe(store, scorecard_id, *subjects)
    async with Store(store.database_url) as other:
        claimed = await asyncio.gather(
            *(
                claim_due(opened, f"worker-{number}", NOW, most=3)
                for number, opened in enumerate([store, other] * 3)
            )
        )
    taken = [delivery.subject for each in claimed for delivery in each]
    assert sorted(taken) == sorted(set(taken))
    left = [delivery.subject for delivery in await claim_due(store, "last", NOW)]
    assert sorted([*taken, *left]) == sorted(subjects)


async def test_a_worker_skips_what_another_is_about_to_claim(postgresql_url: str) -> None:
    async with Store(postgresql_url) as store:
        scorecard_id = await save(store, a_scorecard())
        await _owe(store, scorecard_id, "a", "b")
        async with store.transaction() as session:
            connection = await session.connection()
            await connection.exec_driver_sql(
                "SELECT id FROM deliveries WHERE subject = 'a' FOR UPDATE"
            )
            async with asyncio.timeout(5):
                claimed = await claim_due(store, "one", NOW)
    assert [delivery.subject for delivery in claimed] == ["b"]

"""What comes twice is begun once, whichever process it comes to."""

import asyncio
from datetime import timedelta

from app.services.once import KEPT, LEASE, begin, end, forget_old, may_begin_again
from app.store.engine import Store
from app.store.tables import BegunRow
from tests.builders import NOW
from tests.services.builders import all_rows

SECOND = timedelta(seconds=1)


async def test_of_two_processes_one_begins(database_url: str) -> None:
    async with Store(database_url) as one, Store(database_url) as other:
        begun = await asyncio.gather(
            *(begin(store, "mention-Ev1", NOW) for store in (one, other, one, other))
        )
        assert [each.was_tried for each in begun if each] == [False]
        assert await begin(other, "mention-Ev2", NOW)


async def test_what_ended_is_never_begun_again(store: Store) -> None:
    assert await begin(store, "mention-Ev1", NOW)
    await end(store, "mention-Ev1")
    assert await begin(store, "mention-Ev1", NOW + 10 * LEASE) is None


async def test_another_takes_over_from_a_process_that_died(store: Store) -> None:
    assert await begin(store, "mention-Ev1", NOW)
    assert await begin(store, "mention-Ev1", NOW + LEASE - SECOND) is None
    taken_over = await begin(store, "mention-Ev1", NOW + LEASE)
    assert taken_over is not None
    assert (taken_over.was_tried, taken_over.since) == (True, NOW)
    assert await begin(store, "mention-Ev1", NOW + LEASE + SECOND) is None


async def test_what_failed_may_be_begun_at_once(store: Store) -> None:
    assert await begin(store, "mention-Ev1", NOW)
    await may_begin_again(store, "mention-Ev1", NOW + SECOND)
    again = await begin(store, "mention-Ev1", NOW + SECOND)
    assert again is not None
    assert again.was_tried


async def test_what_cannot_come_again_is_forgotten(store: Store) -> None:
    await begin(store, "old", NOW)
    await end(store, "old")
    await begin(store, "new", NOW + KEPT)
    await forget_old(store, NOW + KEPT + SECOND)
    assert [row.thing for row in await all_rows(store, BegunRow)] == ["new"]

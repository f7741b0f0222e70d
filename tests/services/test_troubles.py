"""What was given up: who hears of it, what of it is shown, and who may decide."""

from datetime import timedelta

import pytest

from app.domain.access import Access
from app.domain.errors import AlreadyDone, NotAllowed
from app.services import deliveries, setup, troubles
from app.services.callers import Standing
from app.services.deliveries import LEASE, Delivery, Kind, State, enqueue, state_of
from app.services.digests import claim_owed
from app.services.editing import edit_scorecard
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import HOME, a_caller, an_admin, billing_on_sqlite, changes

ARCHIVED = "The channel is archived."


async def _given_up(
    store: Store,
    kind: Kind = Kind.ANNOUNCEMENT,
    subject: str = "shore-up",
    *,
    error: str = ARCHIVED,
    is_unsure: bool = False,
) -> Delivery:
    """A message that was owed and given up; its owners were told."""
    async with store.transaction() as session:
        await enqueue(session, 1, kind, subject, channel=HOME, now=NOW)
    (delivery,) = await deliveries.claim_due(store, "one", NOW, most=1)
    people = await troubles.people_to_tell(store, delivery, error, is_unsure=is_unsure)
    await deliveries.failed(store, delivery, "one", error, NOW, is_unsure=is_unsure, tell=people)
    return delivery


async def _notices(store: Store) -> list[Delivery]:
    """The notices that are owed, which stay claimed."""
    return await deliveries.claim_due(store, "teller", NOW)


async def _owned(store: Store, *owners: str) -> None:
    await edit_scorecard(store, an_admin(), {"access": Access(owners=owners)}, key="billing")


async def test_every_owner_is_told_and_a_user_group_is_not(billing: Store) -> None:
    await _owned(billing, "U0ANA", "S0TEAM", "U0BERT")
    await _given_up(billing)
    notices = await _notices(billing)
    assert [(each.kind, each.channel) for each in notices] == [
        (Kind.TROUBLE, "U0ANA"),
        (Kind.TROUBLE, "U0BERT"),
    ]


@billing_on_sqlite
async def test_where_no_person_is_an_owner_who_set_it_up_last_is_told(billing: Store) -> None:
    await _given_up(billing, subject="shore-up")
    assert await _notices(billing) == []
    await _owned(billing, "S0TEAM")
    await _given_up(billing, subject="step-2c", error="Another trouble.")
    assert [each.channel for each in await _notices(billing)] == ["U0ADMIN"]


@billing_on_sqlite
async def test_the_same_trouble_is_told_once_until_it_is_mended(billing: Store) -> None:
    await _owned(billing, "U0ANA")
    await _given_up(billing)
    await _given_up(billing, subject="step-2c")
    assert len(await _notices(billing)) == 1
    await _given_up(billing, subject="step-2d", is_unsure=True)
    assert len(await _notices(billing)) == 1, "about this one somebody has to decide"


@billing_on_sqlite
async def test_the_details_of_a_digest_that_rests_are_no_trouble_of_their_own(
    billing: Store,
) -> None:
    await _owned(billing, "U0ANA")
    at = NOW + timedelta(days=7)
    assert await claim_owed(billing, at) == 1
    for delivery in await deliveries.claim_due(billing, "one", at):
        error = ARCHIVED if delivery.kind is Kind.DIGEST else "Its digest could not be posted."
        people = await troubles.people_to_tell(billing, delivery, error, is_unsure=False)
        await deliveries.failed(billing, delivery, "one", error, at, tell=people)
    notices = await deliveries.claim_due(billing, "one", at)
    assert [each.kind for each in notices] == [Kind.TROUBLE]
    shown = await setup.show(billing, an_admin(now=at), "billing")
    assert [each.why for each in shown.stuck] == [ARCHIVED]

    await troubles.send_again(billing, an_admin(now=at), shown.stuck[0].id)
    again = await deliveries.claim_due(billing, "one", at)
    assert [each.kind for each in again] == [Kind.DIGEST, Kind.DIGEST_DETAILS]
    assert all(each.was_tried for each in again)


async def test_what_rests_is_sent_again_and_looked_for_first(billing: Store) -> None:
    delivery = await _given_up(billing)
    await troubles.send_again(billing, an_admin(), delivery.id)
    (again,) = await deliveries.claim_due(billing, "one", NOW)
    assert (again.id, again.was_tried) == (delivery.id, True)
    decided = (await changes(billing))[-1]
    assert (decided.actor, decided.action) == ("U0ADMIN", "message sent again")


@billing_on_sqlite
async def test_what_a_person_has_looked_for_is_posted_without_looking(billing: Store) -> None:
    delivery = await _given_up(billing, is_unsure=True)
    assert await deliveries.next_due(billing) is None
    assert await deliveries.claim_due(billing, "one", NOW + 100 * LEASE) == []
    await troubles.send_again(billing, an_admin(), delivery.id)
    (again,) = await deliveries.claim_due(billing, "one", NOW)
    assert not again.was_tried


@billing_on_sqlite
async def test_what_a_person_has_seen_is_delivered(billing: Store) -> None:
    delivery = await _given_up(billing, is_unsure=True)
    await troubles.settle(billing, an_admin(), delivery.id)
    assert await state_of(billing, delivery.id) == (State.DELIVERED, None, None)
    for decide in (troubles.settle, troubles.send_again):
        with pytest.raises(AlreadyDone):
            await decide(billing, an_admin(), delivery.id)


@billing_on_sqlite
async def test_only_who_may_set_up_decides(billing: Store) -> None:
    await _owned(billing, "U0ANA")
    delivery = await _given_up(billing)
    for decide in (troubles.settle, troubles.send_again):
        with pytest.raises(NotAllowed):
            await decide(billing, a_caller("U0BERT"), delivery.id)


@billing_on_sqlite
async def test_a_notice_is_not_sent_when_it_is_settled_by_then(billing: Store) -> None:
    await _owned(billing, "U0ANA")
    delivery = await _given_up(billing)
    (notice,) = await _notices(billing)
    name, stuck = await troubles.noticed(billing, notice) or ("", None)
    assert (name, stuck and stuck.id) == ("Billing Platform", delivery.id)
    await troubles.send_again(billing, an_admin(), delivery.id)
    assert await troubles.noticed(billing, notice) is None


@billing_on_sqlite
async def test_it_is_sent_to_the_home_of_today(billing: Store) -> None:
    delivery = await _given_up(billing)
    await edit_scorecard(billing, an_admin(), {"channel": "C0OTHER"}, key="billing")
    there = a_caller("U0ADMIN", channel="C0OTHER", standing=Standing.ADMIN)
    await troubles.send_again(billing, there, delivery.id)
    (again,) = await deliveries.claim_due(billing, "one", NOW)
    assert again.channel == "C0OTHER"


@billing_on_sqlite
async def test_a_notice_that_fails_is_told_to_nobody(billing: Store) -> None:
    await _owned(billing, "U0ANA")
    await _given_up(billing)
    (notice,) = await _notices(billing)
    assert await troubles.people_to_tell(billing, notice, ARCHIVED, is_unsure=False) == ()

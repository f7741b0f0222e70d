"""What setting up looks at: a channel's scorecard, its troubles, and what was retired there."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from app.domain.errors import BadInput, NotAllowed
from app.domain.scorecards import DigestSchedule, Scorecard
from app.services import deliveries, setup
from app.services.contents import ChangedMeanwhile, marks_of
from app.services.digests import post_now
from app.services.editing import edit_scorecard, make, retire
from app.services.loading import load
from app.services.scorecards import show
from app.services.undoing import undo
from app.store.engine import Store
from tests.builders import NOW, ZONE
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    an_admin,
    billing_on_sqlite,
    changes,
    the_operator,
)


async def test_the_scorecard_at_home_in_a_channel_is_found_by_whoever_asks(billing: Store) -> None:
    assert await setup.at_home(billing, a_caller("U0STRANGER")) == "billing"
    assert await setup.at_home(billing, a_caller(channel="C0OTHER")) is None
    assert await setup.at_home(billing, a_caller(channel=None)) is None


async def test_only_who_may_edit_sees_how_it_is_set_up(billing: Store) -> None:
    shown = await setup.show(billing, an_admin(), "billing")
    assert shown.snapshot.scorecard.name == "Billing Platform"
    assert shown.digest_trouble is None
    with pytest.raises(NotAllowed):
        await setup.show(billing, a_caller(), "billing")


async def test_the_trouble_of_the_last_digest_is_told_until_one_is_delivered(
    billing: Store,
) -> None:
    await post_now(billing, a_caller())
    (delivery,) = await deliveries.claim_due(billing, "worker", NOW, most=1)
    await deliveries.postponed(billing, delivery, "worker", "Slack asks us to wait.", NOW)
    shown = await setup.show(billing, an_admin(), "billing")
    assert shown.digest_trouble == "Slack asks us to wait."
    (delivery,) = await deliveries.claim_due(billing, "worker", NOW, most=1)
    await deliveries.failed(billing, delivery, "worker", "It is archived.", NOW)
    shown = await setup.show(billing, an_admin(), "billing")
    assert [stuck.why for stuck in shown.stuck] == ["It is archived."]
    await post_now(billing, a_caller())
    (delivery,) = await deliveries.claim_due(billing, "worker", NOW, most=1)
    await deliveries.delivered(billing, delivery, "worker", "1.0", NOW)
    assert (await setup.show(billing, an_admin(), "billing")).digest_trouble is None


async def test_what_was_retired_here_can_be_brought_back_by_its_owners(billing: Store) -> None:
    first = await retire(billing, an_admin(), key="billing")
    made = await make(billing, a_caller(), Scorecard("new", "Second", "More", ZONE, channel=HOME))
    later = a_caller(now=NOW + timedelta(hours=1))
    second = await retire(billing, later, key=made.snapshot.scorecard.key)
    everything = await setup.retired_here(billing, an_admin())
    assert [(each.name, each.change) for each in everything] == [
        ("Second", second.change),
        ("Billing Platform", first.change),
    ]
    assert everything[0].at == later.now
    assert [each.name for each in await setup.retired_here(billing, a_caller())] == ["Second"]
    elsewhere = replace(an_admin(), actor=replace(an_admin().actor, channel="C0OTHER"))
    assert await setup.retired_here(billing, elsewhere) == []


async def test_one_that_was_brought_back_and_retired_again_is_offered_once(billing: Store) -> None:
    retired = await retire(billing, an_admin(), key="billing")
    assert retired.change is not None
    undone = await undo(billing, an_admin(), retired.change)
    assert await setup.retired_here(billing, an_admin()) == []
    again = await undo(billing, an_admin(), undone.change)
    (offered,) = await setup.retired_here(billing, an_admin())
    assert offered.change == again.change
    await undo(billing, an_admin(), offered.change)
    assert (await show(billing, an_admin())).scorecard.channel == HOME


@billing_on_sqlite
async def test_an_edition_is_tried_without_being_saved(billing: Store) -> None:
    await load(billing, the_operator(), a_file(TINY), channel="C0TINY")
    known = (await show(billing, an_admin())).scorecard
    seen = {"digest": marks_of(known)["digest"]}
    written = len(await changes(billing))
    fields = {"digest": DigestSchedule(4, time(16))}

    wanted = await setup.refuse_edition(billing, an_admin(), fields, seen=seen, key="billing")
    assert wanted.digest == fields["digest"]
    assert (await show(billing, an_admin())).scorecard.digest == known.digest
    assert len(await changes(billing)) == written

    with pytest.raises(BadInput) as taken:
        await setup.refuse_edition(
            billing, an_admin(), {"channel": "C0TINY"}, seen={}, key="billing"
        )
    assert taken.value.field == "channel"
    with pytest.raises(NotAllowed):
        await setup.refuse_edition(billing, a_caller(), fields, seen=seen, key="billing")
    await edit_scorecard(billing, an_admin(), {"digest": DigestSchedule(2)}, key="billing")
    with pytest.raises(ChangedMeanwhile):
        await setup.refuse_edition(billing, an_admin(), fields, seen=seen, key="billing")

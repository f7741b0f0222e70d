"""Links to progress pages: who makes and revokes them, where they lead, and what is on record."""

from datetime import timedelta

import pytest

from app.domain.errors import AlreadyDone, BadInput, KpiError, NotAllowed, NotFound
from app.domain.links import LinkAddresses
from app.services import links, setup
from app.services.callers import Surface
from app.services.editing import retire
from app.services.lists import history
from app.store.engine import Store
from app.store.tables import LinkRow
from tests.builders import NOW
from tests.services.builders import (
    a_caller,
    all_rows,
    an_admin,
    billing_on_sqlite,
    changes,
    the_operator,
)

ADDRESSES = LinkAddresses("https://kpi.example.com", b"k" * 32)
DAY = timedelta(days=1)


async def test_a_link_leads_to_its_scorecard_until_it_ends(billing: Store) -> None:
    made = await links.make(billing, an_admin(), days=30)
    assert (made.made_by, made.made_at, made.ends_at) == ("U0ADMIN", NOW, NOW + 30 * DAY)
    opened = await links.opened(billing, made.id, NOW + 30 * DAY - timedelta(seconds=1))
    assert opened is not None
    assert (opened.scorecard, opened.zone.key) == ("billing", "UTC")
    assert await links.opened(billing, made.id, NOW + 30 * DAY) is None
    for_good = await links.make(billing, an_admin())
    assert await links.opened(billing, for_good.id, NOW + 9_999 * DAY) is not None


async def test_a_revoked_link_leads_nowhere_and_stays_on_record(billing: Store) -> None:
    made = await links.make(billing, an_admin())
    other = await links.make(billing, an_admin())
    revoked = await links.revoke(billing, an_admin("U0BOB", now=NOW + DAY), made.id)
    assert (revoked.revoked_by, revoked.revoked_at) == ("U0BOB", NOW + DAY)
    assert await links.opened(billing, made.id, NOW + DAY) is None
    assert await links.opened(billing, other.id, NOW + DAY) is not None
    with pytest.raises(AlreadyDone):
        await links.revoke(billing, an_admin(), made.id)
    assert {link.id for link in await links.listed(billing, an_admin())} == {made.id, other.id}
    assert [link.id for link in (await setup.show(billing, an_admin())).links] == [other.id]


async def test_of_a_retired_scorecard_nothing_is_shown(billing: Store) -> None:
    made = await links.make(billing, an_admin())
    await retire(billing, an_admin())
    assert await links.opened(billing, made.id, NOW) is None


async def test_what_is_done_to_links_is_on_record_and_cannot_be_undone(billing: Store) -> None:
    made = await links.make(billing, an_admin(), days=7)
    await links.revoke(billing, the_operator(surface=Surface.TERMINAL), made.id)
    [made_change, revoked] = (await changes(billing))[-2:]
    assert (made_change.actor, made_change.action) == ("U0ADMIN", "link made")
    assert made_change.after == {"ends": "2026-03-23 12:00 UTC"}
    assert (revoked.actor, revoked.surface, revoked.action) == (
        "operator",
        "terminal",
        "link revoked",
    )
    shown = (await history(billing, an_admin())).changes[:2]
    assert [(change.action, change.can_undo) for change in shown] == [
        ("link revoked", False),
        ("link made", False),
    ]


@billing_on_sqlite
async def test_who_may_not_edit_a_scorecard_has_nothing_to_do_with_its_links(
    billing: Store,
) -> None:
    made = await links.make(billing, an_admin())
    viewer, outsider = a_caller(), a_caller(channel="C0OTHER")
    for caller, refusal in ((viewer, NotAllowed), (outsider, KpiError)):
        with pytest.raises(refusal):
            await links.make(billing, caller)
        with pytest.raises(refusal):
            await links.listed(billing, caller)
        with pytest.raises(refusal):
            await links.revoke(billing, caller, made.id)
    with pytest.raises(NotFound):
        await links.revoke(billing, outsider, made.id)
    assert len(await all_rows(billing, LinkRow)) == 1


@billing_on_sqlite
@pytest.mark.parametrize("days", [0, -1, 3_651])
async def test_a_link_is_open_for_a_sensible_time(billing: Store, days: int) -> None:
    with pytest.raises(BadInput, match="1 to 3,650 days"):
        await links.make(billing, an_admin(), days=days)


@billing_on_sqlite
async def test_there_are_as_many_open_links_as_a_form_shows(billing: Store) -> None:
    last = await links.make(billing, an_admin())
    for _ in range(links.MOST_OPEN - 1):
        await links.make(billing, an_admin())
    with pytest.raises(BadInput, match="20 open links"):
        await links.make(billing, an_admin())
    await links.revoke(billing, an_admin(), last.id)
    await links.make(billing, an_admin())


async def test_an_opening_is_noted_once_an_hour_and_changes_no_version(billing: Store) -> None:
    made = await links.make(billing, an_admin())

    async def opens(minutes: int) -> int:
        now = NOW + timedelta(minutes=minutes)
        opened = await links.opened(billing, made.id, now)
        assert opened is not None
        await links.note_opening(billing, opened.link, now)
        return opened.version

    versions = {await opens(minutes) for minutes in (1, 30, 60)}
    [link] = await links.listed(billing, an_admin())
    assert link.last_opened_at == NOW + timedelta(minutes=1)
    await opens(61)
    [link] = await links.listed(billing, an_admin())
    assert link.last_opened_at == NOW + timedelta(minutes=61)
    assert len(versions) == 1


def test_an_address_is_known_by_its_signature_alone() -> None:
    link = "8f3a1c5e9b2d7046"
    address = ADDRESSES.of(link)
    assert address.startswith(f"https://kpi.example.com/progress/{link}.")
    token = address.rpartition("/")[2]
    assert ADDRESSES.link_of(token) == link
    others = LinkAddresses("https://kpi.example.com", b"j" * 32)
    wrong = [
        others.of(link).rpartition("/")[2],
        link,
        f"{link}.",
        f"{token}x",
        token[:-1],
        token.swapcase(),
        token.replace(link, "8f3a1c5e9b2d7047"),
        f"{token}\n",
        "",
    ]
    assert [each for each in wrong if ADDRESSES.link_of(each) is not None] == []
    assert "kkkk" not in repr(ADDRESSES)

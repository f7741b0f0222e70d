"""Metrics whose alerts are muted, until a week has passed, somebody unmutes them, or undoes it."""

import pytest

from app.domain.errors import AlreadyDone, NotAllowed
from app.domain.outcomes import Change, Reverted
from app.domain.revisions import Revision
from app.services import lists, muting
from app.services.callers import Standing
from app.services.undoing import undo
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import HOME, a_caller, changes, the_operator
from tests.services.test_alerts import DAY, MINUTE, WEEK, owed, reads, sent, team

__all__ = ["team"]


async def test_a_muted_metric_alerts_nobody_until_it_is_unmuted_or_a_week_has_passed(
    team: Store,
) -> None:
    mute = await muting.mute(team, a_caller(), "errors")
    assert (mute.until, mute.by) == (NOW + WEEK, "U0ANA")
    await reads(team, "errors", "0")
    assert await owed(team) == []
    await muting.unmute(team, a_caller(), "errors")
    await reads(team, "errors", "3", later=DAY)
    assert len(await owed(team)) == 1
    assert [row.action for row in await changes(team)][1::2][:2] == [
        "alerts muted",
        "alerts unmuted",
    ]


async def test_what_waits_when_its_metric_is_muted_is_not_sent(team: Store) -> None:
    await reads(team, "errors", "0")
    await muting.mute(team, a_caller(), "errors")
    assert await sent(team, MINUTE) == [(HOME, None)]


async def test_who_may_not_record_may_not_mute(team: Store) -> None:
    stranger = a_caller(standing=Standing.STRANGER)
    with pytest.raises(NotAllowed):
        await muting.mute(team, stranger, "errors", key="team")


async def test_a_mute_is_undone_and_that_too(team: Store) -> None:
    await muting.mute(team, a_caller(), "errors")
    muted = await last_change(team)
    assert muted.can_undo
    assert muted.revisions == (Revision("errors", "alerts", "sent", "muted until 2026-03-23"),)
    reverted = await undo(team, a_caller(), muted.id)
    assert isinstance(reverted, Reverted)
    assert reverted.revisions == (Revision("errors", "alerts", "muted until 2026-03-23", "sent"),)
    await reads(team, "errors", "0")
    assert len(await owed(team)) == 1, "it is told of again"
    await undo(team, a_caller(now=NOW + DAY), reverted.change)
    await reads(team, "errors", "3", later=2 * DAY)
    assert len(await owed(team)) == 1, "muted again"
    with pytest.raises(AlreadyDone, match="undone already"):
        await undo(team, a_caller(), muted.id)


async def test_a_mute_that_has_ended_or_was_changed_since_is_not_undone(team: Store) -> None:
    await muting.mute(team, a_caller(), "errors")
    first = await last_change(team)
    with pytest.raises(AlreadyDone, match="nothing left to undo"):
        await undo(team, a_caller(now=NOW + WEEK), first.id)
    await muting.unmute(team, a_caller(now=NOW + DAY), "errors")
    with pytest.raises(AlreadyDone, match="muted or unmuted since"):
        await undo(team, a_caller(now=NOW + DAY), first.id)
    with pytest.raises(NotAllowed):
        await undo(team, a_caller(standing=Standing.STRANGER), first.id)


async def last_change(team: Store) -> Change:
    return (await lists.history(team, the_operator(), key="team")).changes[0]

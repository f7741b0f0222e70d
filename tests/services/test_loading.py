"""Loading a scorecard file: the first time, again, and after it or people changed things."""

from datetime import timedelta

import pytest

from app.domain.edits import PartKind
from app.domain.errors import BadInput, NotAllowed
from app.domain.milestones import MilestoneStatus
from app.domain.revisions import Revision
from app.domain.values import parse_value
from app.services.callers import Standing
from app.services.contents import revisions
from app.services.digests import claim_owed, claimed_digest
from app.services.editing import retire, retire_part
from app.services.loading import Loaded, load
from app.services.milestones import ShipForm, ship
from app.services.readings import record
from app.services.scorecards import show, show_metric
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import ReadingRow, ScorecardRow
from tests.builders import NOW, REAL_CURRENT
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    all_rows,
    an_admin,
    billing_on_sqlite,
    changes,
    on_sqlite,
    owed,
    row_counts,
    the_billing_file,
    the_billing_text,
    the_operator,
)
from tests.store.builders import statements_sent

LATER = NOW + timedelta(days=1)
ANA = a_caller(now=LATER)


async def _load(store: Store, text: str, *, dry_run: bool = False) -> Loaded:
    return await load(store, the_operator(now=LATER), a_file(text), dry_run=dry_run)


def _told(loaded: Loaded) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.subject, each.what, each.before, each.after) for each in loaded.revisions]


def _billing_with(before: str, after: str) -> str:
    text = the_billing_text()
    assert text.count(before) == 1
    return text.replace(before, after)


async def _all_versions(store: Store) -> list[int]:
    return [row.version for row in await all_rows(store, ScorecardRow)]


# --- the first time ----------------------------------------------------------------


async def test_a_new_scorecard_is_there_whole(store: Store) -> None:
    file = the_billing_file()
    loaded = await load(store, the_operator(), file, channel=HOME)
    expected, readings = file.to_domain()
    snapshot = await show(store, a_caller())
    scorecard = snapshot.scorecard
    assert scorecard.channel == loaded.scorecard.channel == HOME
    assert (scorecard.name, scorecard.goal) == (expected.name, expected.goal)
    assert scorecard.metrics == expected.metrics
    assert scorecard.work_streams == expected.work_streams
    assert scorecard.phases == expected.phases
    assert [milestone.title for milestone in scorecard.milestones] == [
        milestone.title for milestone in expected.milestones
    ]
    assert len(readings) == len(REAL_CURRENT) == len(await all_rows(store, ReadingRow))


@on_sqlite
async def test_every_part_is_told_as_new(store: Store) -> None:
    loaded = await _load(store, TINY)
    assert ("metric errors", "metric", None, "Errors") in _told(loaded)
    assert ("scorecard", "name", "nothing", "Tiny") in _told(loaded)
    [change] = await changes(store)
    assert (change.action, change.subject, change.actor) == (
        "scorecard made",
        "scorecard",
        "operator",
    )


@billing_on_sqlite
async def test_milestones_count_as_logged_when_the_file_was_loaded(billing: Store) -> None:
    milestones = (await show(billing, a_caller())).scorecard.milestones
    assert {(each.logged_by, each.logged_at) for each in milestones} == {("scorecard file", NOW)}


@billing_on_sqlite
async def test_nobody_is_told_of_milestones_that_shipped_without_a_date(billing: Store) -> None:
    monday = NOW + timedelta(days=7)
    await claim_owed(billing, monday)
    assert (await claimed_digest(billing, 1, "2026-W13")).shipped == ()
    assert "announcement" not in [kind for kind, _, _ in await owed(billing)]


# --- again ---------------------------------------------------------------------------


async def test_loading_again_changes_nothing_and_writes_nothing(billing: Store) -> None:
    counts, versions = await row_counts(billing), await _all_versions(billing)
    shown = await show(billing, ANA)
    loaded = await load(billing, the_operator(now=LATER), the_billing_file())
    assert loaded.revisions == ()
    assert await row_counts(billing) == counts
    assert await _all_versions(billing) == versions
    assert await show(billing, ANA) == shown


async def test_later_readings_stay_current(billing: Store) -> None:
    await record(billing, ANA, "rollbacks", parse_value("9"))
    await _load(billing, the_billing_text())
    current = (await show(billing, ANA)).state("rollbacks").current
    assert str(current.value) == "9"  # type: ignore[union-attr]


async def test_what_people_did_since_is_not_reset(billing: Store) -> None:
    await ship(billing, ANA, ShipForm("Shore Up", NOW.date(), phase="stripe-consolidation"))
    shown = (await show(billing, ANA)).scorecard
    assert (await _load(billing, the_billing_text())).revisions == ()
    await _load(billing, _billing_with("name: Billing Platform", "name: Billing"))
    kept = (await show(billing, ANA)).scorecard
    assert kept.milestones == shown.milestones
    assert kept.phases == shown.phases
    assert kept.name == "Billing"


@billing_on_sqlite
async def test_milestones_that_the_file_does_not_know_stay(billing: Store) -> None:
    await ship(billing, ANA, ShipForm("Retry queue", NOW.date()))
    await _load(billing, _billing_with("name: Billing Platform", "name: Billing"))
    assert "retry-queue" in (await show(billing, ANA)).scorecard.milestones_by_key


# --- a changed file ------------------------------------------------------------------


async def test_a_changed_file_is_told_from_before_to_after_and_recorded(billing: Store) -> None:
    text = _billing_with("focus: edge case coverage", "focus: the last 40 accounts")
    loaded = await _load(billing, text)
    before, after = "recompute-engine: edge case coverage", "recompute-engine: the last 40 accounts"
    assert _told(loaded) == [("metric disagreeing-accounts", "drivers", before, after)]
    metric = (await show(billing, ANA)).scorecard.metrics_by_key["disagreeing-accounts"]
    assert metric.drivers[0].focus == "the last 40 accounts"
    change = (await changes(billing))[-1]
    assert change.action == "scorecard loaded"
    told = revisions(change.before or {}, change.after or {})
    assert told == (Revision("metric disagreeing-accounts", "drivers", before, after),)


async def test_a_dry_run_shows_the_changes_and_writes_nothing(billing: Store) -> None:
    text = _billing_with("value: ~12, at: 2026-03-16", "value: ~11, at: 2026-03-17")
    counts, versions = await row_counts(billing), await _all_versions(billing)
    shown = await show(billing, ANA)
    loaded = await _load(billing, text, dry_run=True)
    assert _told(loaded) == [("metric rollbacks", "reading", None, "~11 at 2026-03-17 00:00")]
    assert await row_counts(billing) == counts
    assert await _all_versions(billing) == versions
    assert await show(billing, ANA) == shown
    assert (await _load(billing, text)).revisions == loaded.revisions


@on_sqlite
async def test_a_dry_run_of_a_new_file_leaves_no_scorecard(store: Store) -> None:
    loaded = await _load(store, TINY, dry_run=True)
    assert loaded.revisions
    assert set((await row_counts(store)).values()) == {0}


async def test_a_reading_put_right_in_the_file_is_a_new_fact(billing: Store) -> None:
    await _load(billing, _billing_with("value: ~12,", "value: 13,"))
    history = await show_metric(billing, ANA, "rollbacks")
    assert [str(reading.value) for reading in history.readings] == ["13", "~12"]
    await _load(billing, the_billing_text())
    history = await show_metric(billing, ANA, "rollbacks")
    assert str(history.readings[0].value) == "~12"


@on_sqlite
async def test_of_two_readings_of_one_instant_the_last_counts_however_often_loaded(
    store: Store,
) -> None:
    text = (
        TINY
        + """
    readings:
      - {value: 5, at: 2026-03-01}
      - {value: 4, at: 2026-03-01T00:00}
"""
    )
    await _load(store, text)
    assert (await _load(store, text)).revisions == ()
    await _load(store, text.replace("One thing", "One more thing"))
    history = await show_metric(store, ANA, "errors")
    assert str(history.state.current.value) == "4"  # type: ignore[union-attr]


@billing_on_sqlite
async def test_a_reading_that_was_taken_back_does_not_return_with_the_file(
    billing: Store,
) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("9"))
    await undo(billing, ANA, recorded.change)
    await _load(billing, _billing_with("name: Billing Platform", "name: Billing"))
    assert len((await show_metric(billing, ANA, "rollbacks")).readings) == 1


async def test_a_milestone_that_shipped_in_the_file_is_news_of_that_week(billing: Store) -> None:
    await claim_owed(billing, NOW + timedelta(days=7))
    tuesday = NOW + timedelta(days=8)
    text = _billing_with(
        "    status: in_progress\n    due_on: 2026-03-28",
        "    status: shipped\n    shipped_on: 2026-03-24\n    due_on: 2026-03-28",
    )
    await load(billing, the_operator(now=tuesday), a_file(text))
    milestones = (await show(billing, ANA)).scorecard.milestones_by_key
    assert milestones["dunning-reliability"].logged_at == tuesday
    assert milestones["shore-up"].logged_at == NOW
    await claim_owed(billing, NOW + timedelta(days=14))
    digest = await claimed_digest(billing, 1, "2026-W14")
    assert [shipped.milestone.key for shipped in digest.shipped] == ["dunning-reliability"]


@billing_on_sqlite
async def test_a_file_that_contradicts_what_people_did_is_refused(billing: Store) -> None:
    """It says in progress of what has a ship date by now."""
    await ship(billing, ANA, ShipForm("Shore Up", NOW.date()))
    text = _billing_with("    title: Shore Up\n", "    title: Shore Up\n    status: in_progress\n")
    counts = await row_counts(billing)
    with pytest.raises(BadInput, match="has a ship date but is in progress"):
        await _load(billing, text)
    assert await row_counts(billing) == counts
    shore_up = (await show(billing, ANA)).scorecard.milestones_by_key["shore-up"]
    assert shore_up.status is MilestoneStatus.SHIPPED


@on_sqlite
async def test_a_file_may_bring_the_goal(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY), channel=HOME)
    text = TINY + "    readings: [{value: 0, at: 2026-03-16}]\n"
    await _load(store, text)
    assert await owed(store) == [("goal", "reached", HOME)]


# --- home and schedule ---------------------------------------------------------------


@billing_on_sqlite
async def test_a_scorecard_moves_to_another_channel(billing: Store) -> None:
    loaded = await load(billing, the_operator(), the_billing_file(), channel="C0NEW")
    assert _told(loaded) == [("scorecard", "channel", HOME, "C0NEW")]
    assert (await show(billing, a_caller(channel="C0NEW"))).scorecard.key == "billing"
    assert (await _load(billing, the_billing_text())).revisions == ()


@billing_on_sqlite
async def test_a_channel_is_the_home_of_one_scorecard(billing: Store) -> None:
    counts = await row_counts(billing)
    with pytest.raises(BadInput, match="home of another scorecard already") as refused:
        await load(billing, the_operator(), a_file(TINY), channel=HOME)
    assert refused.value.field == "channel"
    assert await row_counts(billing) == counts


@billing_on_sqlite
async def test_past_times_of_a_new_schedule_are_not_owed(billing: Store) -> None:
    """On Wednesday the digest is moved to Tuesdays: the next is that of next week."""
    wednesday = NOW + timedelta(days=9)
    await claim_owed(billing, NOW + timedelta(days=7))
    text = _billing_with("zone: UTC\n", "zone: UTC\ndigest: {day: tuesday}\n")
    loaded = await load(billing, the_operator(now=wednesday), a_file(text))
    assert _told(loaded) == [("scorecard", "digest", "Monday 09:00", "Tuesday 09:00")]
    assert await claim_owed(billing, wednesday + timedelta(minutes=1)) == 0
    assert await claim_owed(billing, NOW + timedelta(days=15)) == 1


@billing_on_sqlite
async def test_only_owners_load_a_scorecard_again(billing: Store) -> None:
    with pytest.raises(NotAllowed, match="Ask an admin of this workspace"):
        await load(billing, ANA, the_billing_file())
    await load(billing, an_admin(), the_billing_file())


@billing_on_sqlite
async def test_who_loads_a_new_scorecard_owns_it(billing: Store) -> None:
    with pytest.raises(NotAllowed):
        await load(billing, a_caller(standing=Standing.STRANGER), a_file(TINY))
    ana = a_caller(channel="C0TINY")
    await load(billing, ana, a_file(TINY), channel="C0TINY")
    tiny = (await show(billing, ana)).scorecard
    assert (tiny.name, tiny.access.owners) == ("Tiny", ("U0ANA",))
    await load(billing, ana, a_file(TINY.replace("Errors", "All errors")))
    with pytest.raises(NotAllowed, match="Ask one of its owners"):
        await load(billing, a_caller("U0BEN", channel="C0TINY"), a_file(TINY))


@on_sqlite
async def test_what_was_retired_stays_so_when_the_file_is_loaded_again(store: Store) -> None:
    await _load(store, TINY)
    await retire_part(store, the_operator(now=LATER), PartKind.METRIC, "errors")
    text = TINY + "    readings: [{value: 4, at: 2026-03-02}]\n"
    await _load(store, text)
    assert (await show(store, ANA)).scorecard.metrics == ()
    await retire(store, the_operator(now=LATER))
    with pytest.raises(BadInput, match="is retired"):
        await _load(store, text)


async def test_a_reading_in_the_file_keeps_the_milestone_that_caused_it(store: Store) -> None:
    text = (
        TINY
        + """
    readings:
      - {value: 4, at: 2026-03-02, milestone: retry-queue, note: after a day}
milestones:
  - {key: retry-queue, title: Retry queue, status: shipped, shipped_on: 2026-03-01}
"""
    )
    await _load(store, text)
    history = await show_metric(store, ANA, "errors")
    [effect] = [tied.effect for tied in history.milestones if tied.effect]
    assert (str(effect.before), str(effect.after.value)) == ("10", "4")
    assert (effect.after.milestone, effect.after.note) == ("retry-queue", "after a day")


async def test_loading_takes_as_many_statements_for_many_readings_as_for_few(
    store: Store,
) -> None:
    def text_with(number: int, key: str) -> str:
        days = (f"      - {{value: {n}, at: '2026-01-01 00:{n:02}'}}\n" for n in range(number))
        return TINY.replace("tiny", key) + "    readings:\n" + "".join(days)

    sent = []
    for number in (2, 60):
        with statements_sent() as statements:
            await _load(store, text_with(number, f"key-{number}"))
        sent.append(len(statements))
    assert sent[0] == sent[1]

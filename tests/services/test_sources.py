"""Metrics that are fed by a source: asked once, recorded as any reading, and told if it fails."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from app.domain.alerts import AlertKind
from app.domain.edits import PartKind
from app.domain.errors import NotAllowed
from app.domain.outcomes import Edited, Reverted
from app.domain.scorecards import MetricState
from app.domain.sources import At, Every, Question, Source, SourceKind
from app.domain.values import parse_value
from app.services import sources
from app.services.callers import Caller, Surface
from app.services.contents import ChangedMeanwhile, marks_of
from app.services.deliveries import Delivery, Kind, claim_due
from app.services.editing import edit_scorecard, edit_source, retire, retire_part
from app.services.exporting import export_yaml
from app.services.loading import load
from app.services.readings import record
from app.services.scorecards import show, show_metric
from app.services.sources import LEASE, Claim
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import AlertRow, SourceRow
from tests.builders import NOW, ZONE, an_instant, known
from tests.services.builders import (
    HOME,
    a_caller,
    a_file,
    all_rows,
    an_admin,
    changes,
    owed,
    take_back,
    the_operator,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANA = an_admin("U0ANA")
BEN = a_caller("U0BEN")
HOURLY = Source(Question(SourceKind.SQL, "shop", "SELECT 9"), Every(60))
ANOTHER = Source(Question(SourceKind.SQL, "shop", "SELECT 8"), Every(60))
TEAM = """
key: team
name: Team
goal: One thing gets done
metrics:
  - key: errors
    name: Errors
    owner: U0ANA
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 4, at: 2026-03-15}]
  - key: outages
    name: Outages
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 7, at: 2026-03-15}]
"""


@pytest.fixture
async def team(store: Store) -> Store:
    await load(store, replace(the_operator(), now=NOW - HOUR), a_file(TEAM), channel=HOME)
    return store


async def _feed(store: Store, source: Source | None = HOURLY, caller: Caller = ANA) -> Edited:
    return await edit_source(store, caller, "errors", source, seen={})


async def _claimed(store: Store, worker: str = "one", at: timedelta = timedelta(0)) -> list[Claim]:
    return await sources.claim_due(store, worker, NOW + at, most=5)


async def _answer(store: Store, number: str, at: timedelta = timedelta(0)) -> int | None:
    """Ask what is due, which gives a number; the change if that became a reading."""
    [claim] = await _claimed(store, at=at)
    return await sources.answered(store, claim, "one", Decimal(number), NOW + at)


async def _fail(store: Store, reason: str, at: timedelta) -> None:
    [claim] = await _claimed(store, at=at)
    await sources.failed(store, claim, "one", reason, NOW + at)


async def _stands(store: Store, at: timedelta = timedelta(0)) -> MetricState:
    return (await show(store, replace(ANA, now=NOW + at))).state("errors")


async def _undo(store: Store, change: int | None) -> None:
    assert isinstance(await undo(store, ANA, known(change)), Reverted)


# --- set, changed, removed ---------------------------------------------------------


async def test_a_metric_is_fed_by_a_source_until_it_is_removed_and_both_are_undone(
    team: Store,
) -> None:
    fed = await _feed(team)
    assert [each.what for each in fed.revisions] == ["source"]
    assert (await _stands(team)).metric.source == HOURLY
    removed = await _feed(team, None)
    assert not await _claimed(team)
    await _undo(team, removed.change)
    assert (await _stands(team)).metric.source == HOURLY
    await _undo(team, fed.change)
    assert (await _stands(team)).metric.source is None


async def test_who_may_not_edit_the_metric_may_not_feed_it(team: Store) -> None:
    with pytest.raises(NotAllowed):
        await _feed(team, caller=BEN)


async def test_who_was_slower_hears_that_the_source_was_changed(team: Store) -> None:
    seen = {"source": marks_of((await _stands(team)).metric)["source"]}
    await _feed(team)
    with pytest.raises(ChangedMeanwhile, match="while you were writing"):
        await edit_source(team, ANA, "errors", ANOTHER, seen=seen)


async def test_another_question_is_asked_at_once_and_another_rhythm_in_its_time(
    team: Store,
) -> None:
    await _feed(team)
    await _answer(team, "9")
    await _feed(team, replace(HOURLY, every=Every(30)))
    assert await sources.next_due(team) == NOW + 30 * MINUTE
    await _feed(team, ANOTHER)
    assert await sources.next_due(team) == NOW
    assert known((await _stands(team)).source).asked_at is None


async def test_a_time_of_day_is_that_of_the_zone_that_the_scorecard_moves_to(team: Store) -> None:
    await _feed(team, replace(HOURLY, every=At(time(7))))
    await _answer(team, "9")
    assert await sources.next_due(team) == an_instant("2026-03-17 07:00")
    await edit_scorecard(team, ANA, {"zone": ZONE})
    assert await sources.next_due(team) == an_instant("2026-03-17 06:00")


@pytest.mark.parametrize("whole", [True, False])
async def test_what_is_retired_is_not_asked_until_it_is_back(team: Store, whole: bool) -> None:
    await _feed(team)
    retired = await (
        retire(team, ANA) if whole else retire_part(team, ANA, PartKind.METRIC, "errors")
    )
    assert not await _claimed(team)
    assert await sources.next_due(team) is None
    await _undo(team, retired.change)
    assert [claim.metric for claim in await _claimed(team)] == ["errors"]


async def test_a_file_feeds_a_metric_and_what_a_person_changes_since_stays(team: Store) -> None:
    in_file = "    source:\n      sql: {database: shop, query: SELECT 9}\n      every: 1h\n"
    with_source = TEAM.replace("    readings: [{value: 4", f"{in_file}    readings: [{{value: 4")
    await load(team, the_operator(), a_file(with_source))
    assert (await _stands(team)).metric.source == HOURLY
    await _feed(team, ANOTHER)
    await load(team, the_operator(), a_file(with_source))
    assert (await _stands(team)).metric.source == ANOTHER
    _, text = await export_yaml(team, ANA)
    await load(team, the_operator(), a_file(text))
    assert (await export_yaml(team, ANA))[1] == text


# --- readings ------------------------------------------------------------------------


async def test_a_number_is_recorded_as_the_sources(team: Store) -> None:
    await _feed(team)
    change = await _answer(team, "9")
    history = await show_metric(team, ANA, "errors")
    reading = history.readings[0]
    assert (reading.value, reading.reported_by) == (parse_value("9"), "source")
    assert (await changes(team))[-1].surface == Surface.SOURCE
    await take_back(team, ANA, known(change))
    assert known((await _stands(team)).current).value == parse_value("4")


async def test_the_same_number_makes_a_reading_a_day(team: Store) -> None:
    await _feed(team)
    recorded = [await _answer(team, "9", at=hours * HOUR) for hours in range(0, 30, 6)]
    assert [change is not None for change in recorded] == [True, False, True, False, False]


async def test_a_persons_correction_stands_until_the_source_says_something_new(
    team: Store,
) -> None:
    await _feed(team)
    await _answer(team, "9")
    await record(team, replace(ANA, now=NOW + MINUTE), "errors", parse_value("8"))
    assert await _answer(team, "9", at=HOUR) is None
    assert known((await _stands(team, HOUR)).current).value == parse_value("8")
    assert await _answer(team, "10", at=2 * HOUR)


async def test_what_was_taken_back_is_not_recorded_again_an_hour_later(team: Store) -> None:
    await _feed(team)
    change = await _answer(team, "9")
    await take_back(team, ANA, known(change))
    assert await _answer(team, "9", at=HOUR) is None


async def test_a_source_that_reaches_the_target_raises_the_alert(team: Store) -> None:
    await _feed(team)
    await _answer(team, "0")
    assert [row.kind for row in await all_rows(team, AlertRow)] == [AlertKind.REACHED]


# --- claimed --------------------------------------------------------------------------


async def test_two_processes_never_ask_the_same(team: Store) -> None:
    await _feed(team)
    assert len(await _claimed(team, "one")) == 1
    assert await _claimed(team, "two") == []
    assert await sources.next_due(team) == NOW + LEASE


async def test_the_lease_of_a_dead_process_runs_out_and_its_late_answer_counts_no_more(
    team: Store,
) -> None:
    await _feed(team)
    [lost] = await _claimed(team, "one")
    [taken] = await _claimed(team, "two", at=LEASE)
    later = NOW + LEASE
    assert await sources.answered(team, lost, "one", Decimal(5), later) is None
    await sources.failed(team, lost, "one", "It is away.", later)
    assert await sources.answered(team, taken, "two", Decimal(9), later)
    assert known((await _stands(team, LEASE)).current).value == parse_value("9")


async def test_what_a_stopping_process_has_not_finished_is_asked_by_another(team: Store) -> None:
    await _feed(team)
    await _claimed(team, "one")
    assert await sources.give_back_all(team, "one") == 1
    assert len(await _claimed(team, "two")) == 1


async def test_the_answer_to_a_question_that_was_changed_meanwhile_is_dropped(
    team: Store,
) -> None:
    await _feed(team)
    [claim] = await _claimed(team)
    await _feed(team, ANOTHER)
    assert await sources.answered(team, claim, "one", Decimal(9), NOW) is None
    assert known((await _stands(team)).current).value == parse_value("4")


# --- failing ---------------------------------------------------------------------------


async def _told(store: Store) -> list[tuple[str, str]]:
    return [(kind, channel) for kind, _, channel in await owed(store) if kind == Kind.SOURCE]


async def test_one_failure_is_told_nobody_the_second_its_owner_and_no_other(team: Store) -> None:
    await _feed(team)
    await _fail(team, "It is away.", timedelta(0))
    assert await _told(team) == []
    state = known((await _stands(team)).source)
    assert (state.reason, state.is_failing) == ("It is away.", False)
    await _fail(team, "It is away.", 5 * MINUTE)
    for hours in range(1, 9):
        await _fail(team, "It is away.", hours * HOUR)
    assert await _told(team) == [(Kind.SOURCE, "U0ANA")]
    stands = await _stands(team, HOUR)
    assert known(stands.source).is_failing
    assert known(stands.current).value == parse_value("4")


async def test_who_was_told_is_told_again_only_after_it_had_worked(team: Store) -> None:
    await _feed(team)
    for at in (timedelta(0), 5 * MINUTE):
        await _fail(team, "It is away.", at)
    await _answer(team, "9", at=HOUR)
    assert not known((await _stands(team, HOUR)).source).failures
    for at in (2 * HOUR, 2 * HOUR + 5 * MINUTE):
        await _fail(team, "It is away.", at)
    assert len(await _told(team)) == 2


async def test_of_a_metric_without_an_owner_those_of_the_scorecard_hear(team: Store) -> None:
    metric = (await show(team, ANA)).scorecard.metrics_by_key["outages"]
    scorecard = replace(
        (await show(team, ANA)).scorecard,
        access=replace((await show(team, ANA)).scorecard.access, owners=("U0BEN", "S0LEADS")),
    )
    assert sources.people_to_tell(scorecard, metric) == ("U0BEN",)


async def _delivery(store: Store, at: timedelta) -> Delivery:
    found = await claim_due(store, "one", NOW + at)
    return next(delivery for delivery in found if delivery.kind is Kind.SOURCE)


async def test_what_works_again_by_the_time_it_would_be_told_is_told_no_more(
    team: Store,
) -> None:
    await _feed(team)
    for at in (timedelta(0), 5 * MINUTE):
        await _fail(team, "It is away.", at)
    delivery = await _delivery(team, 5 * MINUTE)
    news = known(await sources.owed_failure(team, delivery, NOW + 5 * MINUTE))
    assert (news.person, news.state.metric.key) == ("U0ANA", "errors")
    assert known(news.state.source).reason == "It is away."
    await _answer(team, "9", at=HOUR)
    assert await sources.owed_failure(team, delivery, NOW + HOUR) is None


async def test_a_source_that_was_removed_fails_no_more(team: Store) -> None:
    await _feed(team)
    for at in (timedelta(0), 5 * MINUTE):
        await _fail(team, "It is away.", at)
    await _feed(team, None)
    assert await all_rows(team, SourceRow) == []
    assert await sources.owed_failure(team, await _delivery(team, HOUR), NOW + HOUR) is None

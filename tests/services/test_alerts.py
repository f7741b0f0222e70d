"""Alerts in the transaction of what causes them, and of what has gone stale."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.alerts import AlertKind, AlertRules, Place, QuietHours
from app.domain.metrics import Metric
from app.domain.outcomes import AlertNews
from app.domain.values import parse_value
from app.services import alert_news, editing, milestones, scorecards
from app.services.alerts import claim_stale
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import Delivery, Kind, claim_due, delivered
from app.services.loading import load
from app.services.milestones import ShipForm
from app.services.readings import UpdateForm, record, record_several
from app.store.engine import Store
from app.store.tables import AlertRow, DeliveryRow
from tests.builders import NOW
from tests.services.builders import (
    HOME,
    a_caller,
    a_file,
    all_rows,
    take_back,
    the_operator,
)

OWNERLESS = ("outages", "incidents", "visits")
ALERTS = {Kind.ALERT, Kind.DIRECT_ALERT}
DAY, MINUTE, WEEK = timedelta(days=1), timedelta(minutes=1), timedelta(weeks=1)
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
    baseline: {value: 1, label: Q1, on: 2026-01-01}
    kind: stay_below
    target: 2
    readings: [{value: 1, at: 2026-03-15}]
  - key: incidents
    name: Incidents
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 5, at: 2026-03-15}]
  - key: visits
    name: Visits
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    kind: record
    readings: [{value: 7, at: 2026-03-15}]
"""
"""What is asked of a metric in each of three ways; incidents keep the goal from being reached."""


@pytest.fixture
async def team(store: Store) -> Store:
    await load(store, the_operator(), a_file(TEAM), channel=HOME)
    return store


async def reads(store: Store, metric: str, value: str, *, later: timedelta = timedelta(0)) -> int:
    """Ana records a value; gives the change."""
    caller = a_caller(now=NOW + later)
    return (await record(store, caller, metric, parse_value(value))).change


async def owed(store: Store) -> list[DeliveryRow]:
    """The messages of alerts, sent or not."""
    rows = await all_rows(store, DeliveryRow)
    return [row for row in rows if row.kind in ALERTS]


async def standing(store: Store) -> list[str]:
    return [row.kind for row in await all_rows(store, AlertRow) if row.cleared_at is None]


async def sent(store: Store, later: timedelta) -> list[tuple[str, AlertNews | None]]:
    """What is due is sent: to whom, and what it tells."""
    now = NOW + later
    told = []
    for delivery in await claim_due(store, "worker", now):
        if delivery.kind in ALERTS:
            news = await alert_news.owed_alerts(store, _schedule(later), delivery)
            told.append((delivery.channel, news))
            await delivered(store, delivery, "worker", "1.1" if news else None, now)
        else:
            await delivered(store, delivery, "worker", "1.0", now)
    return told


def _schedule(later: timedelta) -> Caller:
    return Caller(OPERATOR, Surface.SCHEDULE, NOW + later)


def says(news: AlertNews | None) -> list[tuple[str, tuple[AlertKind, ...]]]:
    return [(each.history.state.metric.key, each.kinds) for each in news.metrics] if news else []


async def chooses(store: Store, later: timedelta = timedelta(0), **rules: object) -> None:
    """The owner says where alerts go; by default at any time of the day."""
    quiet = {"quiet_hours": None, "quiet_weekends": False}
    wanted = AlertRules(**{**quiet, **rules})  # type: ignore[arg-type]
    caller = the_operator(now=NOW + later)
    await editing.edit_scorecard(store, caller, {"alerts": wanted}, key="team")


REACHED, FELL_BACK, UNUSUAL, STALE = ((kind,) for kind in AlertKind)


# --- raised -----------------------------------------------------------------------


async def test_reaching_the_target_is_told_once_in_the_channel_a_minute_later(team: Store) -> None:
    await reads(team, "errors", "0")
    [message] = await owed(team)
    assert (message.channel, message.next_attempt_at) == (HOME, NOW + MINUTE)
    assert await sent(team, timedelta(0)) == []
    [(channel, news)] = await sent(team, MINUTE)
    assert (channel, says(news)) == (HOME, [("errors", REACHED)])
    await reads(team, "errors", "0", later=DAY)
    assert await sent(team, 2 * DAY) == []


async def test_a_limit_that_is_broken_and_kept_again_is_told(team: Store) -> None:
    await reads(team, "outages", "3")
    assert says((await sent(team, MINUTE))[0][1]) == [("outages", FELL_BACK)]
    await reads(team, "outages", "2", later=DAY)
    assert says((await sent(team, DAY + MINUTE))[0][1]) == [("outages", REACHED)]


async def test_what_is_only_recorded_alerts_nobody(team: Store) -> None:
    for value in ("0", "10", "1000"):
        await reads(team, "visits", value)
    assert await owed(team) == []


async def test_several_at_once_come_as_one_message(team: Store) -> None:
    form = UpdateForm({"errors": parse_value("0"), "outages": parse_value("5")})
    await record_several(team, a_caller(), form)
    [(_, news)] = await sent(team, MINUTE)
    assert says(news) == [("errors", REACHED), ("outages", FELL_BACK)]
    assert len(await owed(team)) == 1


async def test_an_update_within_the_minute_joins_one_after_it_does_not(team: Store) -> None:
    await reads(team, "errors", "0")
    await reads(team, "outages", "5", later=timedelta(seconds=40))
    assert len(await owed(team)) == 1
    await reads(team, "outages", "1", later=2 * MINUTE)
    assert await standing(team) == ["reached"], "the broken limit was withdrawn untold"


async def test_an_undo_within_the_minute_leaves_nothing_to_tell(team: Store) -> None:
    change = await reads(team, "errors", "0")
    await take_back(team, a_caller(), change)
    assert await sent(team, DAY) == [(HOME, None)]
    assert await standing(team) == []


async def test_an_undo_later_tells_that_a_reading_was_taken_back(team: Store) -> None:
    change = await reads(team, "errors", "0")
    await sent(team, MINUTE)
    await take_back(team, a_caller(now=NOW + 5 * MINUTE), change)
    [(_, news)] = await sent(team, 10 * MINUTE)
    assert news is not None
    assert says(news) == [("errors", FELL_BACK)]
    assert not news.metrics[0].before_counts


async def test_a_value_that_wavers_tells_of_itself_once_a_week_and_ends_with_what_holds(
    team: Store,
) -> None:
    await chooses(team)
    told: list[tuple[int, tuple[AlertKind, ...]]] = []
    for day in range(17):
        value = "0" if day % 2 == 0 or day > 9 else "1"
        await reads(team, "errors", value, later=day * DAY)
        for _, news in await sent(team, day * DAY + 2 * MINUTE):
            told += [(day, kinds) for _, kinds in says(news)]
    assert told == [(0, REACHED), (1, FELL_BACK), (8, REACHED), (9, FELL_BACK), (15, REACHED)]


async def test_an_older_reading_that_comes_late_alerts_nobody(team: Store) -> None:
    caller = a_caller()
    await record(team, caller, "errors", parse_value("0"), at=NOW - 10 * DAY)
    assert await owed(team) == []


async def test_a_reading_that_is_stale_when_it_comes_is_history(team: Store) -> None:
    await load(team, the_operator(), a_file(TEAM.replace("team", "other").replace("Team", "Other")))
    later = a_caller(now=NOW + 40 * DAY)
    await record(team, later, "errors", parse_value("0"), at=NOW + 10 * DAY, key="team")
    assert await owed(team) == []
    assert await standing(team) == ["reached"]


async def test_what_is_loaded_begins_a_metrics_history_and_tells_nobody(store: Store) -> None:
    reached = TEAM.replace("value: 4,", "value: 0,").replace("value: 1, at", "value: 9, at")
    await load(store, the_operator(), a_file(reached), channel=HOME)
    assert await owed(store) == []
    await reads(store, "errors", "3")
    assert says((await sent(store, MINUTE))[0][1]) == [("errors", FELL_BACK)]


async def test_a_file_that_is_loaded_again_tells_what_it_brings(team: Store) -> None:
    again = TEAM.replace("[{value: 4, at: 2026-03-15}]", "[{value: 0, at: 2026-03-16}]")
    await load(team, the_operator(now=NOW + MINUTE), a_file(again))
    assert says((await sent(team, 2 * MINUTE))[0][1]) == [("errors", REACHED)]


async def test_an_edit_of_a_target_is_noted_and_told_to_nobody(team: Store) -> None:
    await _aims_at(team, "5")
    assert await owed(team) == []
    await reads(team, "errors", "6")
    assert says((await sent(team, MINUTE))[0][1]) == [("errors", FELL_BACK)]


async def _aims_at(store: Store, target: str) -> None:
    snapshot = await scorecards.show(store, the_operator(), "team")
    metric: Metric = snapshot.scorecard.metric("errors")
    wanted = replace(metric, target=parse_value(target).number)
    await editing.edit_part(store, the_operator(), wanted, seen={}, key="team")


async def test_a_movement_beyond_the_usual_is_told_where_somebody_asked_for_it(team: Store) -> None:
    await chooses(team, unusual=Place.OWNER)
    for week, value in enumerate(("9", "8", "9", "8", "9", "8", "9")):
        at = NOW - WEEK * (8 - week)
        await record(team, a_caller(), "errors", parse_value(value), at=at)
    assert await owed(team) == []
    await reads(team, "errors", "400")
    [(channel, news)] = await sent(team, MINUTE)
    assert (channel, says(news)) == ("U0ANA", [("errors", UNUSUAL)])


# --- when -------------------------------------------------------------------------


async def test_in_quiet_hours_it_waits_and_what_no_longer_holds_is_not_sent(team: Store) -> None:
    await chooses(team, quiet_hours=QuietHours())  # until eight, in UTC
    evening = timedelta(hours=10)
    await reads(team, "errors", "0", later=evening)
    await reads(team, "outages", "5", later=evening + MINUTE)
    assert await sent(team, evening + 2 * MINUTE) == []
    await reads(team, "outages", "1", later=evening + timedelta(hours=1))
    [(_, news)] = await sent(team, timedelta(hours=20))
    assert says(news) == [("errors", REACHED)]
    assert len(await owed(team)) == 1


# --- stale ------------------------------------------------------------------------


async def test_a_metric_that_goes_stale_is_told_once_to_its_owner_and_again_after_a_reading(
    team: Store,
) -> None:
    await chooses(team, stale=Place.OWNER)
    stale_at = 14 * DAY  # the readings are of the day before
    assert await claim_stale(team, NOW) == 0
    assert await claim_stale(team, NOW + stale_at) == 4
    assert await claim_stale(team, NOW + stale_at + DAY) == 0
    told = dict(await sent(team, stale_at + MINUTE))
    assert says(told["U0ANA"]) == [("errors", STALE)]
    assert says(told[HOME]) == [(each, STALE) for each in OWNERLESS]
    await reads(team, "errors", "3", later=20 * DAY)
    assert (await standing(team)).count("stale") == 3
    assert await claim_stale(team, NOW + 40 * DAY) == 1


async def test_what_was_stale_before_somebody_asked_for_it_is_no_news(team: Store) -> None:
    await chooses(team, later=20 * DAY, stale=Place.CHANNEL)
    assert await claim_stale(team, NOW + 21 * DAY) == 0
    assert await owed(team) == []


async def test_unasked_nobody_hears_of_what_is_stale(team: Store) -> None:
    assert await claim_stale(team, NOW + 40 * DAY) == 0
    assert await standing(team) == []


# --- beside what is told anyway ---------------------------------------------------


async def test_the_announcement_of_a_milestone_tells_what_it_moved(team: Store) -> None:
    moved = {"errors": parse_value("0")}
    await milestones.ship(team, a_caller(), ShipForm("Bundles", NOW.date(), moved=moved))
    assert await sent(team, MINUTE) == [(HOME, None)]


async def test_the_post_that_the_goal_is_reached_tells_that_its_last_metric_is(
    team: Store,
) -> None:
    await chooses(team)
    await reads(team, "incidents", "0", later=-DAY)
    await sent(team, MINUTE - DAY)
    await reads(team, "errors", "0")
    kinds = [row.kind for row in await all_rows(team, DeliveryRow)]
    assert kinds == ["alert", "goal", "alert"]
    assert await sent(team, MINUTE) == [(HOME, None)]


async def test_an_owner_who_was_reminded_hears_of_it_once(team: Store) -> None:
    await chooses(team, stale=Place.OWNER)
    async with team.transaction() as session:
        reminder = DeliveryRow(
            scorecard_id=1,
            kind=Kind.REMINDER.value,
            subject="2026-W14 U0ANA",
            channel="U0ANA",
            state="delivered",
            created_at=NOW,
            next_attempt_at=NOW,
            delivered_at=NOW + 11 * DAY,  # a Friday, before the digest of Monday the 30th
            message_ts="1.0",
        )
        session.add(reminder)
    await claim_stale(team, NOW + 14 * DAY)
    told = dict(await sent(team, 14 * DAY + MINUTE))
    assert told["U0ANA"] is None


async def test_of_a_retired_scorecard_nothing_is_told(team: Store) -> None:
    await reads(team, "errors", "0")
    await editing.retire(team, the_operator(), key="team")
    assert await sent(team, MINUTE) == [(HOME, None)]


# --- once -------------------------------------------------------------------------


async def test_what_was_begun_to_be_sent_takes_no_more_alerts(team: Store) -> None:
    await reads(team, "errors", "0")
    [begun] = await claim_due(team, "worker", NOW + MINUTE)
    assert isinstance(begun, Delivery)
    await reads(team, "outages", "5", later=MINUTE)
    assert len(await owed(team)) == 2

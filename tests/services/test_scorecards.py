"""Which scorecard is shown to whom, and one metric of it."""

from datetime import timedelta

import pytest

from app.domain.errors import NotFound
from app.domain.statuses import Status
from app.domain.values import parse_value
from app.services.loading import load
from app.services.milestones import ShipForm, ship
from app.services.readings import record
from app.services.scorecards import LAST_READINGS, show, show_metric
from app.store.engine import Store
from tests.builders import NOW, REAL_CURRENT
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    billing_on_sqlite,
    on_sqlite,
    the_billing_file,
    the_operator,
)
from tests.store.builders import statements_sent

ELSEWHERE = "C0ELSEWHERE"


@billing_on_sqlite
async def test_a_channel_shows_its_own_scorecard(billing: Store) -> None:
    await load(billing, the_operator(), a_file(TINY), channel=ELSEWHERE)
    assert (await show(billing, a_caller(channel=HOME))).scorecard.key == "billing"
    assert (await show(billing, a_caller(channel=ELSEWHERE))).scorecard.key == "tiny"


async def test_the_real_scorecard_is_shown_whole(billing: Store) -> None:
    snapshot = await show(billing, a_caller())
    assert [str(state.current.value) for state in snapshot.metrics if state.current] == [
        *REAL_CURRENT.values()
    ]
    assert {state.status for state in snapshot.metrics} == {Status.NO_PACE}
    assert len(snapshot.scorecard.milestones) == 16
    assert [phase.phase.name for phase in snapshot.phases] == [
        "PDE Steps 3–4",
        "Deferred Collection",
        "One Code Path",
        "Checkout V2",
        "Stripe Consolidation",
    ]


@on_sqlite
@pytest.mark.parametrize("channel", [ELSEWHERE, "D0ANA", None])
async def test_the_only_scorecard_without_a_home_is_shown_anywhere(
    store: Store, channel: str | None
) -> None:
    await load(store, the_operator(), the_billing_file())
    assert (await show(store, a_caller(channel=channel))).scorecard.key == "billing"


@on_sqlite
async def test_where_none_is_at_home_those_that_may_be_seen_are_named(store: Store) -> None:
    await load(store, the_operator(), the_billing_file())
    await load(store, the_operator(), a_file(TINY))
    with pytest.raises(NotFound, match=r"There are several scorecards: billing, tiny\. Ask"):
        await show(store, a_caller(channel="D0ANA"))
    with pytest.raises(NotFound, match=r"billing, tiny\. Name one with --scorecard KEY"):
        await show(store, the_operator())
    assert (await show(store, a_caller(channel="D0ANA"), "tiny")).scorecard.key == "tiny"


@on_sqlite
async def test_without_a_scorecard_the_way_to_one_is_told(store: Store) -> None:
    with pytest.raises(NotFound, match="Make one here: /kpi setup"):
        await show(store, a_caller())
    with pytest.raises(NotFound, match="or: kpi load FILE"):
        await show(store, the_operator())


@billing_on_sqlite
@pytest.mark.parametrize("key", [None, "billing", "biling"])
async def test_a_scorecard_at_home_elsewhere_does_not_exist_here(
    billing: Store, key: str | None
) -> None:
    """Neither its figures nor its key are told, not even as a suggestion."""
    with pytest.raises(NotFound) as refused:
        await show(billing, a_caller(channel=ELSEWHERE), key)
    assert refused.value.suggestions == ()
    assert "billing" not in refused.value.message.replace(f"“{key}”", "")


@billing_on_sqlite
async def test_the_operator_sees_all_and_is_helped_with_a_key(billing: Store) -> None:
    assert (await show(billing, the_operator(), "billing")).scorecard.channel == HOME
    with pytest.raises(NotFound, match="Did you mean billing") as refused:
        await show(billing, the_operator(), "biling")
    assert refused.value.suggestions == ("billing",)


async def test_the_movement_shown_is_that_of_seven_days(billing: Store) -> None:
    later = NOW + timedelta(days=3)
    await record(billing, a_caller(now=later), "rollbacks", parse_value("~9"))
    state = (await show(billing, a_caller(now=later))).state("rollbacks")
    assert state.week is not None
    assert str(state.week.change) == "~−3"
    a_month_later = NOW + timedelta(days=30)
    state = (await show(billing, a_caller(now=a_month_later))).state("rollbacks")
    assert state.week is not None
    assert str(state.week.change) == "~0"
    assert state.status is Status.STALE


async def test_while_nothing_is_written_a_scorecard_is_shown_from_memory(billing: Store) -> None:
    await show(billing, a_caller())
    with statements_sent() as sent:
        await show(billing, a_caller(now=NOW + timedelta(minutes=1)))
    assert not sent


async def test_what_another_process_writes_is_shown_at_once(billing: Store) -> None:
    with pytest.raises(NotFound):
        await show(billing, a_caller(channel=ELSEWHERE))
    async with Store(billing.database_url) as other:
        await record(other, a_caller(), "rollbacks", parse_value("9"))
        await load(other, the_operator(), a_file(TINY), channel=ELSEWHERE)
    current = (await show(billing, a_caller())).state("rollbacks").current
    assert str(current.value) == "9"  # type: ignore[union-attr]
    assert (await show(billing, a_caller(channel=ELSEWHERE))).scorecard.key == "tiny"


# --- one metric ----------------------------------------------------------------


@billing_on_sqlite
@pytest.mark.parametrize("typed", ["rollbacks", "ROLLBACKS", "Rollbacks / day", "rollb"])
async def test_a_metric_is_found_however_it_is_typed(billing: Store, typed: str) -> None:
    history = await show_metric(billing, a_caller(), typed)
    assert history.state.metric.key == "rollbacks"
    assert [str(reading.value) for reading in history.readings] == ["~12"]


@billing_on_sqlite
async def test_for_an_unknown_metric_names_that_come_close_are_offered(billing: Store) -> None:
    with pytest.raises(NotFound, match="Did you mean rollbacks") as refused:
        await show_metric(billing, a_caller(), "rolbaks")
    assert refused.value.suggestions == ("rollbacks",)


async def test_a_metric_comes_with_its_last_readings_and_what_moved_it(billing: Store) -> None:
    for number in range(LAST_READINGS + 2):
        caller = a_caller(now=NOW + timedelta(hours=number))
        await record(billing, caller, "rollbacks", parse_value(str(50 - number)))
    late = a_caller(now=NOW + timedelta(days=1))
    form = ShipForm("Retry queue", NOW.date(), moved={"rollbacks": parse_value("~5")})
    await ship(billing, late, form)
    history = await show_metric(billing, late, "rollbacks")
    assert [str(reading.value) for reading in history.readings] == [
        "~5",
        *(str(50 - number) for number in reversed(range(3, LAST_READINGS + 2))),
    ]
    [effect] = [tied.effect for tied in history.milestones if tied.effect]
    assert (effect.after.milestone, str(effect.before), str(effect.change)) == (
        "retry-queue",
        "39",
        "~−34",
    )

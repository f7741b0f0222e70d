"""A report holds what the surfaces show, read at once."""

from datetime import timedelta

from app.demo.quarter import with_quarter
from app.services.callers import Surface
from app.services.loading import load
from app.services.reports import gather
from app.services.scorecards import show_metric
from app.services.trajectories import of_scorecard
from app.store.engine import Store
from tests.builders import NOW, a_metric, a_milestone, a_reading, a_scorecard
from tests.services.builders import (
    a_caller,
    billing_on_sqlite,
    on_sqlite,
    the_billing_file,
    the_operator,
)
from tests.store.builders import save, save_readings, statements_sent


async def test_a_report_says_of_each_metric_what_its_screen_does(billing: Store) -> None:
    await load(billing, the_operator(surface=Surface.FILE), with_quarter(the_billing_file()))
    report = await gather(billing, a_caller())
    assert [each.state.metric.key for each in report.histories] == [
        "rollbacks",
        "bad-debt",
        "disagreeing-accounts",
        "invoice-coverage",
        "dunning-paths",
    ]
    for history in report.histories:
        screen = await show_metric(billing, a_caller(), history.state.metric.key)
        assert history.state == screen.state
        assert history.prospect == screen.prospect
        assert list(history.milestones) == list(screen.milestones)
    snapshot, drawn = await of_scorecard(billing, a_caller())
    assert report.snapshot == snapshot
    assert [each.trajectory for each in report.histories] == drawn
    moved = {key: [e.metric.key for e in those] for key, those in report.effects.items()}
    assert moved["pay-first-renewals"] == ["rollbacks", "bad-debt"]


@billing_on_sqlite
async def test_a_report_is_for_who_may_see_the_scorecard(billing: Store) -> None:
    assert (await gather(billing, the_operator())).snapshot.scorecard.key == "billing"


@on_sqlite
async def test_it_takes_as_many_queries_however_much_there_is(store: Store) -> None:
    small = await save(store, a_scorecard("small", metrics=[a_metric("one")]))
    await save_readings(store, small, [a_reading(metric="one")])
    with statements_sent() as few:
        await gather(store, the_operator(), "small")
    keys = [f"metric-{number}" for number in range(30)]
    drivers = {"pde": ""}
    days = [NOW.date() - timedelta(days=number) for number in range(200)]
    large = await save(
        store,
        a_scorecard(
            "large",
            work_streams=["pde"],
            metrics=[a_metric(key, drivers=drivers) for key in keys],
            milestones=[
                a_milestone(f"shipped-{place}", shipped_on=day, work_streams=["pde"])
                for place, day in enumerate(days)
            ],
        ),
    )
    await save_readings(
        store, large, [a_reading(metric=key, id=9 + n) for n, key in enumerate(keys)]
    )
    with statements_sent() as many:
        report = await gather(store, the_operator(), "large")
    assert len(report.histories[0].milestones) == 200
    instants_beyond_one_query = 4
    assert len(many) <= len(few) + instants_beyond_one_query


@on_sqlite
async def test_a_scorecard_without_anything_has_a_report(store: Store) -> None:
    await save(store, a_scorecard())
    report = await gather(store, the_operator())
    assert (report.histories, report.effects) == ((), {})

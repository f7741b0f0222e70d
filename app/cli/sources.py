"""`kpi source list`, `kpi source try` and `kpi source run`."""

import uuid
from functools import partial
from typing import Annotated

import typer

from app.cli.terminal import (
    AsJson,
    ScorecardKey,
    a_console,
    print_json,
    the_operator,
    with_store,
)
from app.config import read_settings
from app.documents.data import sources_data
from app.documents.text import sources_text
from app.domain.scorecards import Snapshot
from app.domain.sources import SourceFailure
from app.domain.values import Value
from app.services import scorecards, sources
from app.services.sources import Ask
from app.sources import asking
from app.store.engine import Store

MetricName = Annotated[str, typer.Argument(metavar="METRIC", help="The metric's key or name.")]


def list_sources(scorecard: ScorecardKey = None, as_json: AsJson = False) -> None:
    """List the metrics that a source feeds, and how that goes.

    \b
    Examples:
      kpi source list
      kpi source list --scorecard billing --json
    """

    async def work(store: Store) -> list[Snapshot]:
        if scorecard is None:
            return await scorecards.show_all(store, the_operator())
        return [await scorecards.show(store, the_operator(), scorecard)]

    snapshots = with_store(work)
    if as_json:
        print_json(sources_data(snapshots))
    elif any(state.metric.source for snapshot in snapshots for state in snapshot.metrics):
        a_console().print(sources_text(snapshots))
    else:
        print("No metric has a source. In Slack: /kpi setup, Metrics, Source. Or in a file: source")


def try_source(metric: MetricName, scorecard: ScorecardKey = None) -> None:
    """Ask a metric's source now, and print the value or why there is none. Records nothing.

    \b
    Examples:
      kpi source try rollbacks
    """
    ask = _ask()

    async def work(store: Store) -> str:
        fed, question = await sources.source_to_try(store, the_operator(), metric, key=scorecard)
        return f"{fed.name}: {fed.shown(Value(await ask(question)))}"

    print(with_store(work))


def run_source(metric: MetricName, scorecard: ScorecardKey = None) -> None:
    """Ask a metric's source now, due or not, and record its value as the bot would.

    \b
    Examples:
      kpi source run rollbacks
    """
    ask, worker = _ask(), f"terminal-{uuid.uuid4().hex[:8]}"

    async def work(store: Store) -> str:
        caller = the_operator()
        fed, _ = await sources.source_to_try(store, caller, metric, key=scorecard)
        claim = await sources.claim_now(store, caller, worker, fed, key=scorecard)
        told = await sources.feed(store, claim, ask, worker, lambda: the_operator().now)
        if told.number is None:
            raise SourceFailure(told.reason)
        shown = f"{fed.name}: {fed.shown(Value(told.number))}"
        return f"{shown}, recorded" if told.change else f"{shown}, as it was recorded before"

    print(with_store(work))


def _ask() -> Ask:
    return partial(asking.ask, places=read_settings().source_places)

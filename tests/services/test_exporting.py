"""A scorecard taken out as a file is the same scorecard once it is loaded, and the same file."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput, NotFound
from app.domain.metrics import Driver, Metric, Reading
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.roadmap import Need, NeedKind, Phase, PhaseState, parse_window
from app.domain.scorecards import DigestSchedule, Scorecard, WorkStream
from app.domain.statuses import Thresholds
from app.domain.values import Qualifier, Value
from app.files import read_scorecard_file
from app.files.rows import Row
from app.files.yaml_writing import scorecard_yaml
from app.services.bulk import record_all
from app.services.exporting import export_csv, export_yaml
from app.services.loading import load
from app.store.engine import Store
from tests.builders import NOW
from tests.domain.strategies import alert_rules, metrics_of_all_kinds
from tests.services.builders import (
    a_caller,
    billing_on_sqlite,
    the_operator,
)

YEAR = 365


def _a_year() -> Iterator[Row]:
    for day in range(YEAR):
        at = NOW - timedelta(days=day, seconds=day % 7)
        note = ("", "counted: by hand", "- “two\nlines” #1", "null", "~")[day % 5]
        milestone = "pde-step-2c" if day % 50 == 1 else ""
        yield Row(day, "rollbacks", f"~{day}.50", at, note, milestone)
        yield Row(day, "invoice-coverage", f"{day % 100}%", at)
        yield Row(day, "dunning-paths", f"{day}+", at)


async def test_the_real_scorecard_with_a_year_of_readings_comes_back_whole(
    billing: Store, sqlite_template: Path, tmp_path: Path
) -> None:
    await record_all(billing, the_operator(), None, _a_year())
    scorecard, text = await export_yaml(billing, the_operator())
    copy = shutil.copy(sqlite_template, tmp_path / "copy.db")
    async with Store(f"sqlite:///{copy}") as empty:
        loaded = await load(empty, the_operator(), read_scorecard_file(text, "scorecard.yaml"))
        _, again = await export_yaml(empty, the_operator())
        of_both = [await _table(store) for store in (billing, empty)]
    assert again == text
    assert of_both[0] == of_both[1]
    known = loaded.scorecard.milestones_by_key
    assert [replace(each, logged_by="", logged_at=None) for each in known.values()] == [
        replace(each, logged_by="", logged_at=None) for each in scorecard.milestones
    ]
    itself = ("goal", "zone", "channel", "digest", "thresholds", "alerts")
    same = (*itself, "metrics", "work_streams", "phases")
    assert all(getattr(loaded.scorecard, each) == getattr(scorecard, each) for each in same)


async def _table(store: Store) -> str:
    lines: list[str] = []
    await export_csv(store, the_operator(), lines.append)
    return "".join(lines)


async def test_who_may_not_see_a_scorecard_gets_none_of_it(billing: Store) -> None:
    elsewhere = a_caller(channel="C0OTHER")
    lines: list[str] = []
    with pytest.raises(NotFound):
        await export_csv(billing, elsewhere, lines.append)
    with pytest.raises(NotFound):
        await export_yaml(billing, elsewhere)
    assert lines == []


@billing_on_sqlite
async def test_more_readings_than_a_file_holds_are_not_left_out_silently(
    billing: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.exporting.MOST_ENTRIES", 10)
    await record_all(billing, the_operator(), None, _a_year())
    with pytest.raises(BadInput, match="Export the readings as CSV"):
        await export_yaml(billing, the_operator())
    _, text = await export_yaml(billing, the_operator(), with_readings=False)
    assert "readings:" not in text


# --- any scorecard ----------------------------------------------------------------

TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), max_size=40
).map(str.strip)
WORDS = TEXTS.filter(bool) | st.sampled_from(
    ["null", "~", "-", "# no", "a: b", "'", '"', "%", "yes", "1", "[x]", "{", "&a", "*a", "!t", "|"]
)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
OPTIONAL_DAYS = st.none() | DAYS
VALUES = st.builds(
    Value,
    st.decimals(min_value=-(10**6), max_value=10**6, places=2).map(lambda number: number + 0),
    st.sampled_from(Qualifier),
)


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    streams = [WorkStream(f"s{n}", draw(WORDS)) for n in range(draw(st.integers(0, 2)))]
    stream_keys = [stream.key for stream in streams]
    milestones = [
        Milestone(
            f"m{number}",
            draw(WORDS),
            draw(TEXTS),
            tuple(stream_keys[:number]),
            draw(st.sampled_from(MilestoneStatus)),
            tickets=tuple(draw(st.lists(WORDS, max_size=2))),
            links=("https://example.com/a?b=1#c",) * number,
            due_on=draw(OPTIONAL_DAYS),
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    phases: list[Phase] = []
    for number in range(draw(st.integers(0, 2))):
        needs = [Need(NeedKind.PHASE, phase.key) for phase in phases]
        needs += [Need(NeedKind.MILESTONE, each.key) for each in milestones]
        phases.append(
            Phase(
                f"p{number}",
                draw(WORDS),
                parse_window("Q2–Q3 2026"),
                draw(TEXTS),
                draw(st.sampled_from(PhaseState)),
                None,
                tuple(needs),
            )
        )
    return Scorecard(
        "any",
        draw(WORDS),
        draw(WORDS),
        ZoneInfo(draw(st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe"]))),
        tuple(draw(st.lists(WORDS, max_size=2))),
        draw(st.none() | st.just("C0ANY")),
        DigestSchedule(draw(st.integers(0, 6)), time(draw(st.integers(0, 23)), 5)),
        tuple(streams),
        tuple(draw(_metrics(stream_keys))),
        tuple(milestones),
        tuple(phases),
        thresholds=Thresholds(draw(st.integers(71, 100)), draw(st.integers(1, 70))),
        alerts=draw(alert_rules),
        ticket_address=draw(st.sampled_from(["", "https://tickets.example.com/browse/{key}"])),
    )


@st.composite
def _metrics(draw: st.DrawFn, streams: list[str]) -> list[Metric]:
    return [
        replace(
            draw(metrics_of_all_kinds()),
            key=f"k{number}",
            name=draw(WORDS),
            owner=draw(st.none() | st.just("U0ANA")),
            fresh_days=draw(st.integers(1, 99)),
            drivers=tuple(Driver(stream, draw(TEXTS)) for stream in streams),
        )
        for number in range(draw(st.integers(0, 2)))
    ]


@st.composite
def wholes(draw: st.DrawFn) -> tuple[Scorecard, dict[str, list[Reading]]]:
    """A scorecard and the readings of its metrics, oldest first."""
    scorecard = draw(scorecards())
    ago = st.timedeltas(timedelta(microseconds=1), timedelta(days=9_000))
    milestones = st.none() | st.sampled_from([None, *scorecard.milestones_by_key])
    readings = {
        metric.key: [
            Reading(
                0, metric.key, draw(VALUES), NOW - each, NOW, "U0ANA", draw(TEXTS), draw(milestones)
            )
            for each in sorted(draw(st.sets(ago, max_size=3)), reverse=True)
        ]
        for metric in scorecard.metrics
    }
    return scorecard, readings


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(whole=wholes())
def test_any_scorecard_is_the_same_file_after_it_was_loaded(
    whole: tuple[Scorecard, dict[str, list[Reading]]], sqlite_template: Path, tmp_path: Path
) -> None:
    text = scorecard_yaml(*whole)
    file = read_scorecard_file(text, "any.yaml")
    read, _ = file.to_domain()
    assert read == whole[0]
    copy = tmp_path / f"{next(_NUMBERS)}.db"
    shutil.copy(sqlite_template, copy)

    async def loaded_and_exported() -> str:
        async with Store(f"sqlite:///{copy}") as store:
            await load(store, the_operator(), file)
            return (await export_yaml(store, the_operator()))[1]

    assert asyncio.run(loaded_and_exported()) == text


_NUMBERS = count()

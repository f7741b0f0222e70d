"""What a scorecard file may say, and that it means the same after it was stored."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.metrics import Metric
from app.domain.milestones import MilestoneStatus
from app.domain.names import RESERVED_WORDS
from app.domain.roadmap import Need, NeedKind, PhaseState
from app.domain.values import Qualifier, Value, parse_value
from app.files import FileErrors, FileReading, ScorecardFile, read_scorecard_file

HEAD = "name: Billing\ngoal: Pay first.\n"


def read(text: str) -> ScorecardFile:
    return read_scorecard_file(HEAD + text, "card.yaml")


def metric(text: str) -> Metric:
    base = "baseline: {value: 10, label: Start, on: 2026-01-01}, target: 0"
    return read(f"metrics: [{{name: Paths, {base}, {text}}}]").to_domain()[0].metrics[0]


def readings(text: str, head: str = "") -> tuple[FileReading, ...]:
    base = "baseline: {value: 10, label: Start, on: 2026-01-01}, target: 0"
    return read(f"{head}metrics: [{{name: Paths, {base}, readings: [{text}]}}]").to_domain()[1]


def test_a_name_and_a_goal_are_a_scorecard() -> None:
    scorecard, read_values = read("").to_domain()
    assert (scorecard.key, scorecard.name, scorecard.goal) == ("billing", "Billing", "Pay first.")
    assert scorecard.zone == ZoneInfo("UTC")
    assert (scorecard.digest.weekday, scorecard.digest.at) == (0, time(9))
    assert (scorecard.channel, scorecard.possibilities, scorecard.metrics) == (None, (), ())
    assert read_values == ()


def test_everything_that_a_scorecard_has_can_be_written() -> None:
    scorecard, read_values = read_scorecard_file(
        """\
key: billing
name: Billing Platform
goal: Pay first.
possibilities: [Any provider collects.]
zone: Europe/Berlin
channel: C024BE91L
digest: {day: thursday, time: "17:30"}
ticket_address: https://tickets.example.com/browse/{key}
work_streams:
  - {key: pde, name: PDE}
metrics:
  - key: coverage
    name: Invoice coverage
    unit: "%"
    baseline: {value: 19%, label: Q3 '25, on: 2025-09-30}
    target: 100%
    target_on: 2026-09-30
    owner: U024BE7LH
    fresh_days: 7
    drivers: [{work_stream: pde, focus: the rest}]
    readings: [{value: ~78%, at: 2026-03-16, note: by hand, milestone: step}]
milestones:
  - key: step
    title: PDE step
    detail: Renewals too.
    work_streams: [pde]
    status: shipped
    shipped_on: 2026-03-15
    due_on: 2026-03-20
    links: [https://example.com/plan]
    tickets: [BILL-1]
phases:
  - key: split
    name: Split
    window: Q2–Q3 2026
    description: Plan, then commit.
    status: done
    done_on: 2026-03-16
    needs: {milestones: [step]}
  - name: Collect
    window: Q3 2026
    needs: {phases: [split]}
""",
        "card.yaml",
    ).to_domain()
    assert (scorecard.digest.weekday, scorecard.digest.at) == (3, time(17, 30))
    assert (scorecard.channel, scorecard.possibilities) == (
        "C024BE91L",
        ("Any provider collects.",),
    )
    assert scorecard.ticket_address == "https://tickets.example.com/browse/{key}"
    (coverage,) = scorecard.metrics
    assert coverage.baseline.value == Value(Decimal(19))
    assert (coverage.target, coverage.target_on) == (Decimal(100), date(2026, 9, 30))
    assert (coverage.owner, coverage.fresh_days) == ("U024BE7LH", 7)
    assert coverage.drivers[0].focus == "the rest"
    (step,) = scorecard.milestones
    assert (step.status, step.shipped_on) == (MilestoneStatus.SHIPPED, date(2026, 3, 15))
    assert (step.work_streams, step.tickets) == (("pde",), ("BILL-1",))
    assert step.links == ("https://example.com/plan",)
    split, collect = scorecard.phases
    assert (split.state, split.done_on) == (PhaseState.DONE, date(2026, 3, 16))
    assert split.needs == (Need(NeedKind.MILESTONE, "step"),)
    assert collect.needs == (Need(NeedKind.PHASE, "split"),)
    midnight_in_berlin = datetime(2026, 3, 15, 23, tzinfo=UTC)
    about_78 = Value(Decimal(78), Qualifier.ABOUT)
    assert read_values == (
        FileReading("coverage", about_78, midnight_in_berlin, "by hand", "step"),
    )


# --- scalars ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "qualifier"),
    [
        ("196", "196", Qualifier.EXACT),
        ("12.50", "12.50", Qualifier.EXACT),
        ("999999999999999.123456", "999999999999999.123456", Qualifier.EXACT),
        ("~12", "12", Qualifier.ABOUT),
        ("5+", "5", Qualifier.AT_LEAST),
        ('"1,234"', "1234", Qualifier.EXACT),
        ("1.2k", "1200", Qualifier.EXACT),
        ("-3", "-3", Qualifier.EXACT),
    ],
)
def test_a_value_keeps_every_digit_that_was_typed(
    typed: str, number: str, qualifier: Qualifier
) -> None:
    (reading,) = readings(f"{{value: {typed}, at: 2026-03-16}}")
    assert str(reading.value.number) == number
    assert reading.value.qualifier is qualifier


@pytest.mark.parametrize("name", ["no", "on", "2026", "1e3", "12:30:00", "2026-03-16", ".inf"])
def test_a_name_stays_the_text_that_was_typed(name: str) -> None:
    assert read(f"work_streams: [{{name: {name}}}]").work_streams[0].name == name


def test_a_field_left_empty_is_left_out() -> None:
    written = metric("owner: , drivers: ~, unit: null, target_on: Null")
    assert (written.owner, written.drivers, written.unit, written.target_on) == (None, (), "", None)


def test_a_time_of_day_needs_no_quotes() -> None:
    assert read("digest: {time: 10:00}\n").digest.time == time(10)


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-03-16", datetime(2026, 3, 16, 4, tzinfo=UTC)),
        ("2026-03-16 09:30", datetime(2026, 3, 16, 13, 30, tzinfo=UTC)),
        ("2026-03-16T09:30:15", datetime(2026, 3, 16, 13, 30, 15, tzinfo=UTC)),
        ("2026-03-16T09:30Z", datetime(2026, 3, 16, 9, 30, tzinfo=UTC)),
        ("2026-03-16T09:30+02:00", datetime(2026, 3, 16, 7, 30, tzinfo=UTC)),
        ("2026-01-16", datetime(2026, 1, 16, 5, tzinfo=UTC)),
    ],
)
def test_a_reading_without_an_offset_is_in_the_time_of_the_scorecard(
    typed: str, instant: datetime
) -> None:
    (reading,) = readings(f'{{value: 3, at: "{typed}"}}', head="zone: America/New_York\n")
    assert reading.at == instant
    assert reading.at.tzinfo is UTC


# --- keys -------------------------------------------------------------------


def test_keys_are_made_from_names_and_titles() -> None:
    file = read(
        "work_streams: [{name: Recompute engine}]\n"
        "milestones: [{title: PDE step 2c}]\n"
        "phases: [{name: PDE Steps 3–4, window: Q2 2026, needs: {milestones: [pde-step-2c]}}]\n"
    )
    assert file.work_streams[0].key == "recompute-engine"
    assert file.milestones[0].key == "pde-step-2c"
    assert file.phases[0].key == "pde-steps-3-4"


def test_a_made_key_never_takes_one_that_was_written() -> None:
    file = read("work_streams: [{name: PDE}, {name: PDE}, {key: pde, name: Payment}]\n")
    assert [stream.key for stream in file.work_streams] == ["pde-2", "pde-3", "pde"]


@pytest.mark.parametrize("word", sorted(RESERVED_WORDS))
def test_a_metric_named_like_a_word_of_the_command_gets_another_key(word: str) -> None:
    base = "baseline: {value: 1, label: Start, on: 2026-01-01}, target: 0"
    assert read(f"metrics: [{{name: {word}, {base}}}]").metrics[0].key == f"{word}-2"


# --- what is stored ---------------------------------------------------------

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(
    lambda text: f"n{text}".strip()
)
keys = st.lists(
    st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True), max_size=4, unique=True
)
values = st.builds(
    lambda number, form: form.format(f"{number:f}"),
    st.decimals(-(10**9), 10**9, allow_nan=False, places=3),
    st.sampled_from(["{}", "~{}", "{}+"]),
)
days = st.dates(date(1900, 1, 1), date(2999, 12, 31)).map(str)
instants = st.integers(-(2 * 10**9), 32 * 10**9).map(lambda s: datetime.fromtimestamp(s, UTC))
moments = st.one_of(
    days,
    instants.map(datetime.isoformat),
    instants.map(lambda at: at.replace(tzinfo=None).isoformat(" ")),
)


class PlainDumper(yaml.SafeDumper):
    """Writes everything out, as a person does."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@st.composite
def scorecards(draw: st.DrawFn) -> dict[str, object]:
    """Any sound scorecard, as the plain data that a YAML file holds."""
    streams, milestones = draw(keys), draw(keys)
    some_streams = (
        st.lists(st.sampled_from(streams), max_size=2, unique=True) if streams else st.just([])
    )
    some_milestones = (
        st.lists(st.sampled_from(milestones), max_size=2, unique=True)
        if milestones
        else st.just([])
    )
    readings = st.fixed_dictionaries({"value": values, "at": moments}, optional={"note": names})
    several_readings = st.lists(readings, max_size=3, unique_by=lambda reading: str(reading["at"]))
    metrics: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
        {
            "name": names,
            "baseline": st.fixed_dictionaries({"value": values, "label": names, "on": days}),
            "target": st.just("1000000001"),
            "readings": several_readings,
        },
        optional={"unit": st.sampled_from(["%", "/ day", "paths"]), "fresh_days": st.just("7")},
    )
    return {
        "name": draw(names),
        "goal": draw(names),
        "possibilities": draw(st.lists(names, max_size=2)),
        "zone": draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"])),
        "digest": {"day": draw(st.sampled_from(["monday", "sunday"])), "time": "9:30"},
        "work_streams": [{"key": key, "name": draw(names)} for key in streams],
        "metrics": draw(st.lists(metrics, max_size=2)),
        "milestones": [
            {"key": key, "title": draw(names), "work_streams": draw(some_streams)}
            for key in milestones
        ],
        "phases": [
            {"name": "P", "window": "Q2 2026", "needs": {"milestones": draw(some_milestones)}}
        ],
    }


@settings(deadline=None, max_examples=50)
@given(scorecards())
def test_a_stored_file_loads_back_as_it_was(data: dict[str, object]) -> None:
    file = read_scorecard_file(yaml.dump(data, Dumper=PlainDumper), "card.yaml")
    stored = file.model_dump_json()
    loaded = ScorecardFile.model_validate_json(stored)
    assert loaded == file
    assert loaded.model_dump_json() == stored
    assert loaded.to_domain() == file.to_domain()


@settings(deadline=None, max_examples=50)
@given(values, st.sampled_from(["", "%", "/ day"]))
def test_a_typed_value_means_what_it_means_everywhere(typed: str, unit: str) -> None:
    metric_data = {
        "name": "M",
        "unit": unit,
        "baseline": {"value": "1000000001", "label": "Start", "on": "2026-01-01"},
        "target": "0",
        "readings": [{"value": typed, "at": "2026-03-16"}],
    }
    text = json.dumps({"name": "S", "goal": "G", "metrics": [metric_data]})
    (reading,) = read_scorecard_file(text, "card.json").to_domain()[1]
    assert reading.value == parse_value(typed, unit)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_any_text_is_a_scorecard_or_refused_in_words(text: str) -> None:
    try:
        read_scorecard_file(text, "any.yaml")
    except FileErrors as refused:
        told = refused.message.splitlines()
    else:
        told = []
    assert all(line.startswith("any.yaml:") for line in told)

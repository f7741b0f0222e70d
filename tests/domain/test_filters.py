"""Filters of lists: typed as words, in any order, and what passes them."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.filters import (
    NO_FILTERS,
    OF_CHANGES,
    OF_MILESTONES,
    Filters,
    listed,
    parse_filters,
)
from app.domain.milestones import MilestoneStatus
from app.domain.scorecards import Scorecard
from tests.builders import a_metric, a_milestone, a_scorecard, the_real_scorecard

TODAY = date(2026, 3, 19)  # a Thursday
SCORECARD = the_real_scorecard()
KEYS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


def read(text: str, scorecard: Scorecard = SCORECARD, kinds: frozenset = OF_MILESTONES) -> Filters:  # type: ignore[type-arg]
    return parse_filters(text, scorecard, kinds, person="U0ANA", today=TODAY)


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("", NO_FILTERS),
        ("shipped", Filters(status=MilestoneStatus.SHIPPED)),
        ("In Progress", Filters(status=MilestoneStatus.IN_PROGRESS)),
        ("in   progress", Filters(status=MilestoneStatus.IN_PROGRESS)),
        ("planned late", Filters(status=MilestoneStatus.PLANNED, late=True)),
        ("dropped", Filters(status=MilestoneStatus.DROPPED)),
        ("pde", Filters(work_stream="pde")),
        ("Recompute engine", Filters(work_stream="recompute-engine")),
        ("recompute", Filters(work_stream="recompute-engine")),
        ("rollbacks", Filters(metric="rollbacks")),
        ("Rollbacks / day", Filters(metric="rollbacks")),
        ("bad debt", Filters(metric="bad-debt")),
        ("One Code Path", Filters(work_stream="one-code-path")),
        ("stream:pde metric:bad-debt", Filters(work_stream="pde", metric="bad-debt")),
        ("me", Filters(person="U0ANA")),
        ("<@U0BEN>", Filters(person="U0BEN")),
        ("<@U0BEN|ben>", Filters(person="U0BEN")),
        ("today", Filters(since=TODAY, until=TODAY)),
        ("this week", Filters(since=date(2026, 3, 16), until=date(2026, 3, 22))),
        ("last week", Filters(since=date(2026, 3, 9), until=date(2026, 3, 15))),
        ("this month", Filters(since=date(2026, 3, 1), until=date(2026, 3, 31))),
        ("last month", Filters(since=date(2026, 2, 1), until=date(2026, 2, 28))),
        ("since 2026-03-01", Filters(since=date(2026, 3, 1))),
        ("until 2026-03-01", Filters(until=date(2026, 3, 1))),
        (
            "since 2026-03-01 until 2026-03-08",
            Filters(since=date(2026, 3, 1), until=date(2026, 3, 8)),
        ),
        ("q1 2026", Filters(since=date(2026, 1, 1), until=date(2026, 3, 31))),
        ("Q1–Q2 2026", Filters(since=date(2026, 1, 1), until=date(2026, 6, 30))),
        (
            "this week shipped me PDE rollbacks",
            Filters(
                MilestoneStatus.SHIPPED,
                None,
                "pde",
                "rollbacks",
                "U0ANA",
                date(2026, 3, 16),
                date(2026, 3, 22),
            ),
        ),
    ],
)
def test_words_are_read_as_filters(typed: str, filters: Filters) -> None:
    assert read(typed) == filters


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("nonsense", "“nonsense” narrows nothing down. Type a status (planned, in progress"),
        ("nonsense", "a work stream (Pde, Recompute engine"),
        ("nonsense", "a metric (rollbacks, bad-debt"),
        ("nonsense", "a person (me or a mention"),
        ("nonsense", "a time (this week"),
        ("shipped shipped", "“shipped” is a second status"),
        ("shipped planned", "“planned” is a second status"),
        ("this week since 2026-03-01", "“since 2026-03-01” is a second time"),
        ("me <@U0BEN>", "“<@U0BEN>” is a second person"),
        ("since 2026-02-30", "There is no day 2026-02-30"),
        ("since 2026-03-08 until 2026-03-01", "ends before it begins"),
        ("since", "“since” narrows nothing down"),
        ("stream:rollbacks", "“stream:rollbacks” narrows nothing down"),
        ("x" * 4_000, f"“{'x' * 39}…”"),
    ],
)
def test_words_that_say_nothing_are_refused_with_what_can_be_typed(typed: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(typed)
    assert says in refused.value.message


def test_a_list_of_changes_knows_no_status_and_no_work_stream() -> None:
    for typed in ("shipped", "stream:pde"):
        with pytest.raises(BadInput) as refused:
            read(typed, kinds=OF_CHANGES)
        assert "status" not in refused.value.message
        assert "work stream" not in refused.value.message
    assert read("rollbacks me", kinds=OF_CHANGES) == Filters(metric="rollbacks", person="U0ANA")


def test_a_name_of_both_a_work_stream_and_a_metric_is_asked_back() -> None:
    scorecard = a_scorecard(
        metrics=[a_metric("checkout", name="Checkout")], work_streams=["checkout"]
    )
    with pytest.raises(BadInput, match="both a work stream and a metric"):
        read("Checkout", scorecard)
    assert read("metric:checkout", scorecard) == Filters(metric="checkout")
    assert read("stream:checkout", scorecard) == Filters(work_stream="checkout")


def test_many_names_are_counted_and_not_listed() -> None:
    scorecard = a_scorecard(
        metrics=[a_metric(f"metric-{number}") for number in range(40)],
        work_streams=[f"stream-{number}" for number in range(40)],
    )
    with pytest.raises(BadInput) as refused:
        read("nonsense", scorecard)
    assert "metric-4 and 35 more" in refused.value.message
    assert "Stream 4 and 35 more" in refused.value.message
    with pytest.raises(BadInput, match=r"a metric \(there is none yet\)"):
        read("nonsense", a_scorecard())


@given(
    metrics=st.lists(KEYS, min_size=1, max_size=4, unique=True),
    streams=st.lists(KEYS, min_size=1, max_size=4, unique=True),
    data=st.data(),
)
def test_filters_are_read_again_from_their_own_words(
    metrics: list[str], streams: list[str], data: st.DataObject
) -> None:
    scorecard = a_scorecard(
        metrics=[a_metric(f"m-{key}", name=f"M {key}") for key in metrics],
        work_streams=[f"s-{key}" for key in streams],
    )
    since = data.draw(st.none() | st.dates())
    filters = Filters(
        data.draw(st.sampled_from([None, *MilestoneStatus])),
        data.draw(st.sampled_from([None, True])),
        data.draw(st.sampled_from([None, *scorecard.streams_by_key])),
        data.draw(st.sampled_from([None, *scorecard.metrics_by_key])),
        data.draw(st.none() | st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True)),
        since,
        data.draw(st.none() | st.dates(min_value=since or date.min)),
    )
    assert read(filters.words, scorecard) == filters
    assert len(filters.words) < 300
    shuffled = data.draw(st.permutations(_parts(filters)))
    assert read(" ".join(shuffled), scorecard) == filters


def _parts(filters: Filters) -> list[str]:
    alone = [
        Filters(status=filters.status),
        Filters(late=filters.late),
        Filters(work_stream=filters.work_stream),
        Filters(metric=filters.metric),
        Filters(person=filters.person),
        Filters(since=filters.since),
        Filters(until=filters.until),
    ]
    return [each.words for each in alone if each.words]


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    with suppress(BadInput):
        assert isinstance(read(typed), Filters)


# --- what passes -------------------------------------------------------------

SHIPPED_MONDAY = a_milestone("monday", shipped_on=date(2026, 3, 16), work_streams=["pde"])
SHIPPED_BEFORE = a_milestone("before", shipped_on=date(2026, 3, 1))
SHIPPED_SOMETIME = a_milestone("sometime", status=MilestoneStatus.SHIPPED)
STARTED = a_milestone("started", status=MilestoneStatus.IN_PROGRESS)
LATE = a_milestone("late", due_on=TODAY - timedelta(days=1))
SOON = a_milestone("soon", due_on=TODAY + timedelta(days=1))
UNDATED = a_milestone("undated")
DROPPED = a_milestone("dropped", status=MilestoneStatus.DROPPED, due_on=date(2026, 3, 1))
ALL = (DROPPED, UNDATED, SOON, LATE, STARTED, SHIPPED_SOMETIME, SHIPPED_BEFORE, SHIPPED_MONDAY)
MOVED = {"monday": frozenset({"rollbacks"})}


def keys(typed: str) -> list[str]:
    return [milestone.key for milestone in listed(ALL, MOVED, read(typed), TODAY)]


def test_the_newest_shipped_comes_first_then_what_is_due_next_and_the_dropped_last() -> None:
    assert keys("") == [
        "monday",
        "before",
        "sometime",
        "started",
        "late",
        "soon",
        "undated",
        "dropped",
    ]


@pytest.mark.parametrize(
    ("typed", "passing"),
    [
        ("shipped", ["monday", "before", "sometime"]),
        ("in progress", ["started"]),
        ("planned", ["late", "soon", "undated"]),
        ("dropped", ["dropped"]),
        ("late", ["late"]),
        ("shipped late", []),
        ("pde", ["monday"]),
        ("rollbacks", ["monday"]),
        ("bad debt", []),
        ("this week", ["monday", "late", "soon"]),
        ("shipped this month", ["monday", "before"]),
        ("until 2026-03-01", ["before", "dropped"]),
        ("since 2026-03-19", ["soon"]),
        ("me", []),
    ],
)
def test_only_what_fits_every_filter_passes(typed: str, passing: list[str]) -> None:
    assert keys(typed) == passing

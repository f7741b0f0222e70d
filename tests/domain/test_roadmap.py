"""The roadmap: windows, the order of phases, cycles, and what blocks a phase."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.roadmap import (
    Phase,
    PhaseOutlook,
    PhaseState,
    PhaseStatus,
    in_order,
    outlook,
    parse_window,
)
from tests.builders import a_milestone, a_phase

# --- windows ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Q1 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("Q2 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("Q4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("Q2–Q3 2026", date(2026, 4, 1), date(2026, 9, 30)),
        ("Q2-Q3 2026", date(2026, 4, 1), date(2026, 9, 30)),
        ("q2 – q3 2026", date(2026, 4, 1), date(2026, 9, 30)),
        ("Q4 2026–Q1 2027", date(2026, 10, 1), date(2027, 3, 31)),
        ("Q2 2026–Q2 2026", date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_a_window_runs_from_its_first_quarter_to_its_last(
    text: str, first: date, last: date
) -> None:
    window = parse_window(text)

    assert (window.first, window.last) == (first, last)
    assert str(window) == text


def test_a_window_keeps_no_needless_blanks() -> None:
    assert str(parse_window(f"  Q2{' ' * 5_000}2026\n")) == "Q2 2026"


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "Q5 2026", "Q0 2026", "Q2", "Q2–Q3", "2026", "Q2 26", "Q2 20266"),
        *("Q2 2026–Q3", "Q2 2026 Q3 2026", "Q2–Q3–Q4 2026", "Q2 ٢٠٢٦", "before Q2 2026"),
        *("Q2 0000", "Q4 9999", "Q2 2026–Q3 0000"),
    ],
)
def test_anything_else_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(BadInput, match="Q2 2026, Q2–Q3 2026 or Q4 2026–Q1 2027") as refused:
        parse_window(text, field="window")

    assert refused.value.field == "window"


@pytest.mark.parametrize("text", ["Q3–Q2 2026", "Q1 2027–Q4 2026", "Q4–Q1 2027"])
def test_a_window_that_ends_before_it_starts_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="ends before it starts"):
        parse_window(text)


@given(st.text() | st.text("Qq0123456789 –-"))
def test_whatever_is_typed_is_a_window_or_refused(text: str) -> None:
    try:
        window = parse_window(text)
    except BadInput:
        return
    assert window.first < window.last


# --- order -----------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool = False) -> list[Phase]:
    """Phases in any order; without a cycle, if each needs only those with a lower number."""
    size = draw(st.integers(1, 7))
    needs = {
        number: draw(
            st.lists(st.integers(0, number - 1 if acyclic else size - 1), max_size=3)
            if number or not acyclic
            else st.just([])
        )
        for number in range(size)
    }
    order = draw(st.permutations(range(size)))
    return [
        a_phase(f"p{number}", name=f"P{number}", after=[f"p{n}" for n in needs[number]])
        for number in order
    ]


@given(graphs(acyclic=True))
def test_each_phase_comes_after_those_it_needs_otherwise_as_given(phases: list[Phase]) -> None:
    ordered = in_order(phases)

    waiting, met = list(phases), set[str]()
    for phase in ordered:
        first_possible = next(p for p in waiting if met.issuperset(p.needed_phases))
        assert phase == first_possible
        waiting.remove(phase)
        met.add(phase.key)
    assert not waiting


@given(graphs())
def test_a_cycle_is_refused_and_named_each_phase_needing_the_next(phases: list[Phase]) -> None:
    by_name = {phase.name: phase for phase in phases}
    try:
        in_order(phases)
    except BadInput as refused:
        circle = refused.message.split(": ")[1].split(". ")[0].split(" → ")
    else:
        assert _can_all_be_met(phases)
        return

    assert not _can_all_be_met(phases)
    assert len(circle) > 1
    assert circle[0] == circle[-1]
    for name, needed in pairwise(circle):
        assert by_name[needed].key in by_name[name].needed_phases


def _can_all_be_met(phases: list[Phase]) -> bool:
    met: set[str] = set()
    for _ in phases:
        met |= {phase.key for phase in phases if met.issuperset(phase.needed_phases)}
    return len(met) == len(phases)


def test_a_cycle_is_named_in_words() -> None:
    phases = [
        a_phase("a", name="Deferred Collection", after=["b"]),
        a_phase("b", name="Checkout V2", after=["a"]),
    ]
    with pytest.raises(BadInput) as refused:
        in_order(phases)

    assert refused.value.field == "needs"
    assert refused.value.message in {
        f"Phases can't wait for each other in a circle: {circle}. Remove one of these needs."
        for circle in (
            "Deferred Collection → Checkout V2 → Deferred Collection",
            "Checkout V2 → Deferred Collection → Checkout V2",
        )
    }


# --- ready or blocked ------------------------------------------------------


def seen(phase: Phase, *others: Phase | Milestone) -> PhaseOutlook:
    phases = {other.key: other for other in others if isinstance(other, Phase)}
    milestones = {other.key: other for other in others if isinstance(other, Milestone)}
    return outlook(phase, phases, milestones)


def blockers(found: PhaseOutlook) -> list[str]:
    return [blocker.name for blocker in found.blocked_by]


PHASE = a_phase(after=["pde"], after_milestones=["shore-up"])
PDE, PDE_DONE = a_phase("pde"), a_phase("pde", done_on=date(2026, 3, 1))
SHORE_UP = a_milestone(title="Shore Up")
SHORE_UP_SHIPPED = a_milestone(title="Shore Up", shipped_on=date(2026, 3, 1))


def test_a_phase_that_needs_nothing_is_ready() -> None:
    assert seen(a_phase()).status is PhaseStatus.READY


def test_a_phase_is_blocked_by_the_phases_and_milestones_that_are_not_done() -> None:
    both = seen(PHASE, PDE, SHORE_UP)

    assert both.status is PhaseStatus.BLOCKED
    assert blockers(both) == ["Pde", "Shore Up"]
    assert blockers(seen(PHASE, PDE_DONE, SHORE_UP)) == ["Shore Up"]
    assert blockers(seen(PHASE, PDE, SHORE_UP_SHIPPED)) == ["Pde"]


def test_a_phase_is_ready_once_everything_it_needs_is_done() -> None:
    found = seen(PHASE, PDE_DONE, SHORE_UP_SHIPPED)

    assert found.status is PhaseStatus.READY
    assert not found.blocked_by


@pytest.mark.parametrize("status", [s for s in MilestoneStatus if s is not MilestoneStatus.SHIPPED])
def test_a_milestone_that_has_not_shipped_blocks(status: MilestoneStatus) -> None:
    found = seen(PHASE, PDE_DONE, a_milestone(status=status))

    assert found.status is PhaseStatus.BLOCKED


def test_a_phase_in_progress_blocks_those_after_it() -> None:
    found = seen(PHASE, a_phase("pde", state=PhaseState.IN_PROGRESS), SHORE_UP_SHIPPED)

    assert found.status is PhaseStatus.BLOCKED


def test_a_phase_in_progress_still_tells_what_it_waits_for() -> None:
    phase = a_phase(state=PhaseState.IN_PROGRESS, after_milestones=["shore-up"])
    found = seen(phase, SHORE_UP)

    assert found.status is PhaseStatus.IN_PROGRESS
    assert found.status.words == "in progress"
    assert blockers(found) == ["Shore Up"]


def test_a_phase_that_is_done_waits_for_nothing() -> None:
    found = seen(a_phase(done_on=date(2026, 3, 1), after_milestones=["shore-up"]), SHORE_UP)

    assert found.status is PhaseStatus.DONE
    assert not found.blocked_by

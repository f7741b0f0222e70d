"""When the roadmap ends, what leads there, and what a slip pushes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.milestones import Milestone
from app.domain.roadmap import Phase, PhaseState
from app.domain.schedules import Schedule, schedule
from tests.builders import a_milestone, a_phase

TODAY = date(2026, 3, 16)
END_OF_Q2, END_OF_Q3 = date(2026, 6, 30), date(2026, 9, 30)


def planned(
    phases: Sequence[Phase], milestones: Sequence[Milestone] = (), today: date = TODAY
) -> Schedule:
    return schedule(phases, {each.key: each for each in milestones}, today)


def due(key: str, on: date | None) -> Milestone:
    return replace(a_milestone(key), due_on=on)


def test_a_phase_ends_with_its_window() -> None:
    found = planned([a_phase("pde", window="Q2 2026")])

    assert found.timings["pde"].ends_on == END_OF_Q2
    assert found.ends_on == END_OF_Q2
    assert found.slipping == ()


def test_a_phase_whose_window_is_over_ends_today_at_the_earliest() -> None:
    late = planned([a_phase("pde", window="Q2 2026")], today=date(2026, 7, 12))

    assert late.timings["pde"].ends_on == date(2026, 7, 12)
    assert late.timings["pde"].slip_days == 12
    assert late.slipping == ()  # it is late, and nothing pushes it


def test_a_milestone_that_is_due_after_the_window_pushes_the_phase() -> None:
    phases = [a_phase("pde", window="Q2 2026", after_milestones=["step"])]
    found = planned(phases, [due("step", date(2026, 7, 12))])

    [slip] = found.slipping
    assert (slip.phase.key, slip.ends_on, slip.slip_days) == ("pde", date(2026, 7, 12), 12)


def test_a_slip_pushes_what_follows_as_far_as_there_is_nothing_to_spare() -> None:
    phases = [
        a_phase("pde", window="Q2 2026", after_milestones=["step"]),
        a_phase("collection", window="Q2 2026", after=["pde"]),
        a_phase("checkout", window="Q3 2026", after=["collection"]),
    ]
    found = planned(phases, [due("step", date(2026, 7, 12))])

    assert [timing.phase.key for timing in found.pushed_by("pde")] == ["collection"]
    assert found.timings["checkout"].ends_on == END_OF_Q3
    assert found.timings["checkout"].spare_days == 80
    assert found.ends_on == END_OF_Q3


def test_the_critical_path_leads_to_the_phase_that_ends_last() -> None:
    phases = [
        a_phase("pde", window="Q2 2026", after_milestones=["early", "late"]),
        a_phase("shore-up", window="Q2 2026"),
        a_phase("checkout", window="Q3 2026", after=["shore-up", "pde"]),
    ]
    milestones = [due("early", date(2026, 4, 1)), due("late", date(2026, 7, 5))]

    assert [need.key for need in planned(phases, milestones).critical] == [
        "late",
        "pde",
        "checkout",
    ]


def test_what_is_done_or_has_no_date_pushes_nothing() -> None:
    phases = [
        replace(a_phase("done", window="Q1 2026"), state=PhaseState.DONE),
        a_phase("pde", window="Q2 2026", after=["done"], after_milestones=["someday"]),
    ]
    found = planned(phases, [due("someday", None)])

    assert list(found.timings) == ["pde"]
    assert found.timings["pde"].spare_days is None
    assert [need.key for need in found.critical] == ["pde"]


def test_where_all_is_done_there_is_no_end_to_come() -> None:
    found = planned([replace(a_phase("pde"), state=PhaseState.DONE)])

    assert (found.ends_on, found.critical) == (None, ())


WINDOWS = ("Q1 2026", "Q2 2026", "Q2–Q3 2026", "Q4 2026")


@st.composite
def roadmaps(draw: st.DrawFn) -> tuple[list[Phase], list[Milestone]]:
    """Phases of which each may need any before it, and milestones with any due date or none."""
    days = st.none() | st.integers(-60, 400).map(lambda number: TODAY + timedelta(days=number))
    milestones = [due(f"m{number}", draw(days)) for number in range(draw(st.integers(0, 4)))]
    phases: list[Phase] = []
    for number in range(draw(st.integers(1, 7))):
        before = [phase.key for phase in phases]
        after = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
        phase = a_phase(
            f"p{number}",
            window=draw(st.sampled_from(WINDOWS)),
            after=after,
            after_milestones=[each.key for each in milestones if draw(st.booleans())],
        )
        phases.append(replace(phase, state=draw(st.sampled_from(PhaseState))))
    return phases, milestones


@given(roadmaps())
def test_no_phase_ends_before_its_window_or_what_it_needs(
    roadmap: tuple[list[Phase], list[Milestone]],
) -> None:
    found = planned(*roadmap)
    for timing in found.timings.values():
        assert timing.slip_days >= 0
        assert timing.ends_on >= TODAY
        for key in timing.phase.needed_phases:
            if key in found.timings:
                assert timing.ends_on >= found.timings[key].ends_on


@given(roadmaps(), st.integers(1, 200))
def test_a_milestone_that_slips_ends_nothing_sooner(
    roadmap: tuple[list[Phase], list[Milestone]], days: int
) -> None:
    phases, milestones = roadmap
    later = [
        replace(each, due_on=each.due_on + timedelta(days=days)) if each.due_on else each
        for each in milestones
    ]
    before, after = planned(phases, milestones), planned(phases, later)
    for key, timing in before.timings.items():
        assert timing.ends_on <= after.timings[key].ends_on <= timing.ends_on + timedelta(days)
    if before.ends_on and after.ends_on:
        assert before.ends_on <= after.ends_on

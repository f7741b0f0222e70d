"""Parts of a scorecard added, replaced, moved and retired."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.edits import (
    PartKind,
    dependants,
    kind_of,
    moved_part,
    part_named,
    parts,
    title_of,
    with_part,
    without_part,
)
from app.domain.errors import BadInput, NotFound
from app.domain.roadmap import Need, NeedKind
from app.domain.scorecards import Scorecard, WorkStream
from tests.builders import a_metric, a_milestone, a_phase, a_scorecard

STREAMS = ("pde", "engine", "events")
MILESTONES = ("step", "shore-up", "queue")


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    """Any parts that refer to any others; a phase needs only such as stand before it."""

    def some(of: tuple[str, ...]) -> list[str]:
        return draw(st.lists(st.sampled_from(of), unique=True)) if of else []

    streams = some(STREAMS)
    milestones = some(MILESTONES)
    phases = [f"phase-{number}" for number in range(draw(st.integers(0, 4)))]
    return a_scorecard(
        work_streams=streams,
        metrics=[
            a_metric(f"metric-{number}", drivers=dict.fromkeys(some(tuple(streams)), "the rest"))
            for number in range(draw(st.integers(0, 3)))
        ],
        milestones=[a_milestone(key, work_streams=some(tuple(streams))) for key in milestones],
        phases=[
            a_phase(key, after=some(tuple(phases[:place])), after_milestones=some((*milestones,)))
            for place, key in enumerate(phases)
        ],
    )


@st.composite
def scorecards_with_a_part(draw: st.DrawFn) -> tuple[Scorecard, PartKind, str]:
    """A scorecard and one part of it, by its kind and key."""
    there = scorecards().filter(lambda each: any(parts(each, kind) for kind in PartKind))
    scorecard = draw(there)
    known = [(kind, part.key) for kind in PartKind for part in parts(scorecard, kind)]
    return (scorecard, *draw(st.sampled_from(known)))


def references(scorecard: Scorecard) -> dict[str, set[tuple[PartKind, str]]]:
    """What each part refers to, by what people call it."""
    found: dict[str, set[tuple[PartKind, str]]] = {}
    for metric in scorecard.metrics:
        found[metric.key] = {(PartKind.WORK_STREAM, each.work_stream) for each in metric.drivers}
    for milestone in scorecard.milestones:
        found[milestone.key] = {(PartKind.WORK_STREAM, key) for key in milestone.work_streams}
    for phase in scorecard.phases:
        found[phase.key] = {(PartKind(need.kind.value), need.key) for need in phase.needs}
    return found


@given(scorecards_with_a_part())
def test_nothing_refers_to_what_is_retired(given: tuple[Scorecard, PartKind, str]) -> None:
    scorecard, kind, key = given
    after = without_part(scorecard, kind, key)
    assert all((kind, key) not in named for named in references(after).values())
    assert [part.key for part in parts(after, kind)] == [
        part.key for part in parts(scorecard, kind) if part.key != key
    ]


@given(scorecards_with_a_part())
def test_retiring_leaves_all_other_references_alone(
    given: tuple[Scorecard, PartKind, str],
) -> None:
    scorecard, kind, key = given
    before, after = references(scorecard), references(without_part(scorecard, kind, key))
    assert set(before) - set(after) <= {key}
    assert all(named == before[each] - {(kind, key)} for each, named in after.items())


@given(scorecards_with_a_part())
def test_those_that_refer_to_a_part_are_told(given: tuple[Scorecard, PartKind, str]) -> None:
    scorecard, kind, key = given
    told = dependants(scorecard, kind, key)
    referring = [
        title_of(part)
        for other in PartKind
        for part in parts(scorecard, other)
        if (kind, key) in references(scorecard).get(part.key, ())
    ]
    assert list(told) == referring


@given(scorecards_with_a_part(), st.integers(-6, 6))
def test_moving_keeps_every_part_and_the_order_of_the_others(
    given: tuple[Scorecard, PartKind, str], steps: int
) -> None:
    scorecard, kind, key = given
    before = [part.key for part in parts(scorecard, kind)]
    moved = moved_part(scorecard, kind, key, steps)
    after = [part.key for part in parts(moved, kind)]
    assert after.index(key) == min(max(0, before.index(key) + steps), len(before) - 1)
    assert [each for each in after if each != key] == [each for each in before if each != key]
    assert references(moved) == references(scorecard)
    for other in PartKind:
        assert set(parts(moved, other)) == set(parts(scorecard, other))


@given(scorecards_with_a_part())
def test_a_part_that_is_put_back_changes_nothing(given: tuple[Scorecard, PartKind, str]) -> None:
    scorecard, kind, key = given
    assert with_part(scorecard, part_named(scorecard, kind, key)) == scorecard


def test_a_new_part_is_the_last_and_a_known_one_keeps_its_place() -> None:
    scorecard = a_scorecard(metrics=[a_metric("errors"), a_metric("delays")])
    longer = with_part(scorecard, a_metric("costs"))
    assert [metric.key for metric in longer.metrics] == ["errors", "delays", "costs"]
    edited = with_part(longer, a_metric("delays", name="Late payments"))
    assert [metric.name for metric in edited.metrics] == ["Rollbacks", "Late payments", "Rollbacks"]


def test_what_does_not_fit_is_refused() -> None:
    scorecard = a_scorecard(phases=[a_phase("first"), a_phase("second", after=["first"])])
    with pytest.raises(BadInput, match="work stream “none”"):
        with_part(scorecard, a_metric(drivers={"none": ""}))
    first = replace(scorecard.phases[0], needs=(Need(NeedKind.PHASE, "second"),))
    with pytest.raises(BadInput, match="First → Second → First") as refused:
        with_part(scorecard, first)
    assert refused.value.field == "needs"


@pytest.mark.parametrize("kind", PartKind)
def test_a_part_that_is_not_there_is_named(kind: PartKind) -> None:
    for change in (without_part, part_named):
        with pytest.raises(NotFound, match=f"There is no {kind.value} “none” in Billing"):
            change(a_scorecard(), kind, "none")


def test_every_kind_of_part_knows_its_place() -> None:
    one_of_each = (WorkStream("a", "A"), a_metric(), a_milestone(), a_phase())
    assert [kind_of(part) for part in one_of_each] == list(PartKind)
    assert [kind.field for kind in PartKind] == ["work_streams", "metrics", "milestones", "phases"]

"""Milestones: shipping, being late, and what they moved."""

from datetime import date

import pytest

from app.domain.errors import AlreadyDone, BadInput
from app.domain.milestones import Effect, Milestone, MilestoneStatus, shipped
from tests.builders import a_metric, a_milestone, a_reading, a_value

TODAY = date(2026, 3, 16)
YESTERDAY, TOMORROW = date(2026, 3, 15), date(2026, 3, 17)
OPEN = (MilestoneStatus.PLANNED, MilestoneStatus.IN_PROGRESS)


@pytest.mark.parametrize("status", [*OPEN, MilestoneStatus.DROPPED])
@pytest.mark.parametrize("day", [YESTERDAY, TODAY])
def test_a_milestone_ships_on_a_day_and_keeps_the_rest(status: MilestoneStatus, day: date) -> None:
    before = a_milestone(title="Step 2b", status=status, due_on=TODAY, work_streams=["pde"])
    after = shipped(before, day, TODAY)

    assert after.is_shipped
    assert not after.is_open
    assert after.shipped_on == day
    assert (after.title, after.due_on, after.work_streams) == ("Step 2b", TODAY, ("pde",))
    assert not before.is_shipped


def test_nothing_ships_in_the_future() -> None:
    with pytest.raises(BadInput, match="2026-03-17 is still to come") as refused:
        shipped(a_milestone(), TOMORROW, TODAY)

    assert refused.value.field == "shipped_on"


@pytest.mark.parametrize("shipped_on", [YESTERDAY, None])
def test_nothing_ships_twice(shipped_on: date | None) -> None:
    milestone = a_milestone(title="Step 2b", status=MilestoneStatus.SHIPPED, shipped_on=shipped_on)

    with pytest.raises(AlreadyDone, match="“Step 2b” has already shipped"):
        shipped(milestone, TODAY, TODAY)


@pytest.mark.parametrize("status", [*OPEN, MilestoneStatus.DROPPED])
def test_only_what_has_shipped_has_a_ship_date(status: MilestoneStatus) -> None:
    with pytest.raises(BadInput, match=f"has a ship date but is {status.words}"):
        a_milestone(status=status, shipped_on=YESTERDAY)


@pytest.mark.parametrize("status", MilestoneStatus)
def test_only_what_is_open_can_be_late(status: MilestoneStatus) -> None:
    milestone = a_milestone(status=status, due_on=YESTERDAY)

    assert milestone.is_late(TODAY) is (status in OPEN)


def test_a_milestone_is_not_late_on_its_day_or_without_one() -> None:
    assert not a_milestone(due_on=TODAY).is_late(TODAY)
    assert not a_milestone(due_on=None).is_late(TODAY)


def test_an_effect_is_the_change_from_the_value_before() -> None:
    effect = Effect(a_metric(), a_value("196"), a_reading("~12", milestone="step-2b"))

    assert effect.metric.shown_change(effect.change) == "~−184"


def test_a_status_has_words() -> None:
    assert MilestoneStatus.IN_PROGRESS.words == "in progress"


def test_a_milestone_begins_as_planned() -> None:
    assert Milestone("shore-up", "Shore Up").is_open

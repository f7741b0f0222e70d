"""A file laid over a scorecard: what it says anew counts, what people changed since stays."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from app.domain.errors import BadInput
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.revisions import Revision, revised
from app.domain.scorecards import DigestSchedule, Scorecard
from tests.builders import NOW, a_metric, a_milestone, a_phase, a_scorecard

DAY = date(2026, 3, 16)


def _revisions(current: Scorecard, loaded: Scorecard | None, file: Scorecard) -> list[Any]:
    _, revisions = revised(current, loaded, file)
    return [(each.subject, each.what, each.before, each.after) for each in revisions]


def _with_milestone(**changes: Any) -> Scorecard:
    return a_scorecard(milestones=[replace(a_milestone("shore-up"), **changes)])


def _milestone(scorecard: Scorecard) -> Milestone:
    return scorecard.milestones_by_key["shore-up"]


def test_the_same_file_again_changes_nothing() -> None:
    file = a_scorecard(metrics=[a_metric()], milestones=[a_milestone()], phases=[a_phase()])
    assert revised(file, file, file) == (file, ())


def test_what_the_file_says_anew_counts() -> None:
    old, new = (
        a_scorecard(metrics=[a_metric(owner="U1")]),
        a_scorecard(metrics=[a_metric(owner="U2")]),
    )
    merged, revisions = revised(old, old, new)
    assert merged == new
    assert revisions == (Revision("metric rollbacks", "owner", "U1", "U2"),)


def test_what_people_changed_since_stays_where_the_file_says_as_before() -> None:
    file = _with_milestone()
    now = _with_milestone(status=MilestoneStatus.SHIPPED, shipped_on=DAY, detail="done")
    assert revised(now, file, file) == (now, ())


def test_what_the_file_says_anew_counts_over_what_people_changed() -> None:
    now = _with_milestone(detail="by Ana")
    merged, _ = revised(now, _with_milestone(detail="old"), _with_milestone(detail="new"))
    assert _milestone(merged).detail == "new"


def test_field_by_field_both_keep_what_they_said() -> None:
    """The file moves the due date, people had added a ticket."""
    now = _with_milestone(tickets=("BILL-1",))
    merged, _ = revised(now, _with_milestone(), _with_milestone(due_on=DAY))
    assert (_milestone(merged).tickets, _milestone(merged).due_on) == (("BILL-1",), DAY)


def test_what_people_and_file_say_alike_is_no_change() -> None:
    assert (
        _revisions(
            _with_milestone(detail="done"), _with_milestone(), _with_milestone(detail="done")
        )
        == []
    )


def test_who_logged_a_milestone_is_no_matter_of_the_file() -> None:
    now = _with_milestone(logged_by="U0ANA", logged_at=NOW)
    merged, revisions = revised(now, _with_milestone(), _with_milestone(detail="new"))
    assert (_milestone(merged).logged_by, _milestone(merged).logged_at) == ("U0ANA", NOW)
    assert len(revisions) == 1


def test_a_part_that_the_file_names_for_the_first_time_is_new() -> None:
    file = a_scorecard(work_streams=["pde"], milestones=[a_milestone("shore-up")])
    assert _revisions(a_scorecard(), a_scorecard(), file) == [
        ("work stream pde", "work stream", None, "Pde"),
        ("milestone shore-up", "milestone", None, "Shore up"),
    ]


def test_a_part_that_the_file_no_longer_names_stays_behind_the_others() -> None:
    before = a_scorecard(metrics=[a_metric("rollbacks"), a_metric("bad-debt")])
    merged, revisions = revised(before, before, a_scorecard(metrics=[a_metric("bad-debt")]))
    assert [metric.key for metric in merged.metrics] == ["bad-debt", "rollbacks"]
    assert revisions == ()


def test_a_part_that_people_added_stays() -> None:
    file = a_scorecard(milestones=[a_milestone("shore-up")])
    now = a_scorecard(milestones=[a_milestone("shore-up"), a_milestone("retry-queue")])
    merged, revisions = revised(now, file, file)
    assert (merged, revisions) == (now, ())


def test_a_first_loading_over_a_scorecard_takes_all_that_differs() -> None:
    merged, _ = revised(_with_milestone(detail="by Ana"), None, _with_milestone(detail="new"))
    assert _milestone(merged).detail == "new"


def test_where_people_and_file_contradict_each_other_it_is_refused() -> None:
    now = _with_milestone(status=MilestoneStatus.SHIPPED, shipped_on=DAY)
    in_progress = _with_milestone(status=MilestoneStatus.IN_PROGRESS)
    with pytest.raises(BadInput, match="has a ship date but is in progress"):
        revised(now, _with_milestone(), in_progress)


def test_a_circle_that_arises_from_both_is_refused() -> None:
    file = a_scorecard(phases=[a_phase("a"), a_phase("b")])
    now = a_scorecard(phases=[a_phase("a", after=["b"]), a_phase("b")])
    with pytest.raises(BadInput, match="circle"):
        revised(now, file, a_scorecard(phases=[a_phase("a"), a_phase("b", after=["a"])]))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            a_scorecard(digest=DigestSchedule(0, time(9))),
            a_scorecard(digest=DigestSchedule(4, time(16, 30))),
            ("scorecard", "digest", "Monday 09:00", "Friday 16:30"),
        ),
        (
            a_scorecard(metrics=[a_metric(baseline="5+", target="1")]),
            a_scorecard(metrics=[a_metric(baseline="~6", target="1")]),
            (
                "metric rollbacks",
                "baseline",
                "5+ (Q3 '25, 2025-09-30)",
                "~6 (Q3 '25, 2025-09-30)",
            ),
        ),
        (
            a_scorecard(work_streams=["pde"], metrics=[a_metric()]),
            a_scorecard(work_streams=["pde"], metrics=[a_metric(drivers={"pde": "flows"})]),
            ("metric rollbacks", "drivers", "nothing", "pde: flows"),
        ),
        (
            a_scorecard(work_streams=["pde"], metrics=[a_metric(drivers={"pde": ""})]),
            a_scorecard(work_streams=["pde"], metrics=[a_metric()]),
            ("metric rollbacks", "drivers", "pde", "nothing"),
        ),
        (
            a_scorecard(milestones=[a_milestone("m")], phases=[a_phase("p")]),
            a_scorecard(
                milestones=[a_milestone("m")], phases=[a_phase("p", after_milestones=["m"])]
            ),
            ("phase p", "needs", "nothing", "m"),
        ),
        (
            a_scorecard(phases=[a_phase("p", window="Q2 2026")]),
            a_scorecard(phases=[a_phase("p", window="Q2–Q3 2026")]),
            ("phase p", "window", "Q2 2026", "Q2–Q3 2026"),
        ),
        (
            a_scorecard(milestones=[a_milestone("m", due_on=DAY)]),
            a_scorecard(milestones=[a_milestone("m")]),
            ("milestone m", "due on", "2026-03-16", "nothing"),
        ),
    ],
)
def test_a_change_is_told_in_words(
    before: Scorecard, after: Scorecard, told: tuple[str, str, str, str]
) -> None:
    assert _revisions(before, before, after) == [told]

"""The examples to begin with are whole scorecards, on whatever day they are used."""

from datetime import date

import pytest

from app.domain.roadmap import PhaseState
from app.files.examples import EXAMPLES, read_example


@pytest.mark.parametrize("key", EXAMPLES)
@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 31), date(2028, 2, 29)])
def test_baselines_lie_behind_and_targets_ahead(key: str, today: date) -> None:
    scorecard, readings = read_example(key, today).to_domain()
    assert len(scorecard.metrics) >= 3
    assert len(scorecard.work_streams) >= 3
    assert readings == (), "what was measured is for the team to record"
    for metric in scorecard.metrics:
        assert metric.drivers
        assert metric.baseline.on < today
        assert metric.target_on is not None
        assert metric.target_on > today
    for milestone in scorecard.milestones:
        assert milestone.due_on is not None
        assert milestone.due_on > today
    windows = [phase.window for phase in scorecard.phases]
    assert windows[0].text == f"Q{(today.month - 1) // 3 + 1} {today.year}"
    assert [phase.state for phase in scorecard.phases].count(PhaseState.IN_PROGRESS) == 1


def test_there_are_at_least_two_and_no_others() -> None:
    assert len(EXAMPLES) >= 2
    with pytest.raises(LookupError):
        read_example("../fields", date(2026, 1, 1))

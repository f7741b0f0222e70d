"""The scorecard in a terminal."""

from io import StringIO

import pytest
from rich.console import Console, RenderableType

from app.documents.data import scorecard_data
from app.documents.text import metric_text, scorecard_text
from app.domain.outcomes import MetricHistory
from app.domain.prospects import Prospect
from app.domain.scorecards import Snapshot, take_snapshot
from tests.builders import (
    NOW,
    a_metric,
    a_milestone,
    a_phase,
    a_scorecard,
    some_readings,
    the_real_readings,
    the_real_scorecard,
)


def _shown(document: RenderableType, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width)
    console.print(document)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.fixture
def real() -> Snapshot:
    return take_snapshot(the_real_scorecard(), the_real_readings(), NOW)


def test_a_narrow_terminal_shows_keys_and_figures_whole(real: Snapshot) -> None:
    shown = _shown(scorecard_text(real))
    for words in ("disagreeing-accounts", "~78%", "~94%", "no pace"):
        assert words in shown
    assert "…" not in shown


def test_what_people_wrote_neither_steers_the_terminal_nor_is_read_as_markup() -> None:
    wicked = "[bold]\x1b[31mred\x07[/bold] <!channel>"
    scorecard = a_scorecard(
        name=wicked,
        metrics=[a_metric(name=wicked, drivers={"pde": wicked})],
        work_streams=["pde"],
        milestones=[a_milestone(title=wicked)],
        phases=[a_phase(name=wicked, after_milestones=["shore-up"])],
    )
    snapshot = take_snapshot(scorecard, {"rollbacks": some_readings(("2026-03-16", "12"))}, NOW)
    state = snapshot.state("rollbacks")
    history = MetricHistory(snapshot, state, [], [], Prospect(None, None))
    for document in (scorecard_text(snapshot), metric_text(history)):
        shown = _shown(document, width=200)
        assert "[bold][31mred[/bold] <!channel>" in shown
        assert not {"\x1b", "\x07"} & set(shown)


def test_a_metric_without_a_reading_says_so() -> None:
    snapshot = take_snapshot(a_scorecard(metrics=[a_metric()]), {}, NOW)
    assert "no reading" in _shown(scorecard_text(snapshot))
    assert "no reading" in _shown(
        metric_text(
            MetricHistory(snapshot, snapshot.state("rollbacks"), [], [], Prospect(None, None))
        )
    )
    [metric] = scorecard_data(snapshot)["metrics"]
    assert (metric["current"], metric["progress"]) == (None, None)


def test_numbers_keep_every_digit_in_data() -> None:
    metric = a_metric(baseline="0.000001", target="123456789012345.5")
    readings = {"rollbacks": some_readings(("2026-03-16", "10.00"))}
    snapshot = take_snapshot(a_scorecard(metrics=[metric]), readings, NOW)
    [data] = scorecard_data(snapshot)["metrics"]
    values = [data[name]["value"] for name in ("baseline", "current", "target")]
    assert values == ["0.000001", "10.00", "123456789012345.5"]
    assert "E" not in data["progress"]

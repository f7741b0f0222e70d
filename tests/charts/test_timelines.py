"""The roadmap's picture shows phases in their windows, and what each waits for."""

from collections.abc import Sequence
from datetime import date

from app.charts.charts import Chart
from app.charts.timelines import roadmap_chart
from app.domain.milestones import Milestone
from app.domain.roadmap import Phase, PhaseState
from app.domain.scorecards import take_snapshot
from tests.builders import NOW, a_milestone, a_phase, a_scorecard
from tests.charts.histories import the_billing_snapshot
from tests.charts.layout import rows_of, texts_of


def a_roadmap(phases: Sequence[Phase], milestones: Sequence[Milestone] = ()) -> Chart:
    return roadmap_chart(take_snapshot(a_scorecard(phases=phases, milestones=milestones), {}, NOW))


def test_each_phase_has_its_name_status_and_window() -> None:
    chart, _ = the_real_roadmap()
    texts = texts_of(chart)
    start = texts.index("One Code Path")
    assert texts[start : start + 3] == [
        "One Code Path",
        "blocked · Q2–Q3 2026",
        "Needs Shore Up (no date)",
    ]


def the_real_roadmap() -> tuple[Chart, list[str]]:
    snapshot, _ = the_billing_snapshot()
    return roadmap_chart(snapshot), [phase.name for phase in snapshot.scorecard.phases]


def test_every_phase_of_the_real_roadmap_is_there() -> None:
    chart, names = the_real_roadmap()
    assert set(names) <= set(texts_of(chart))
    assert all(name in chart.alternative for name in names)


def test_the_status_shows_in_words_and_fills() -> None:
    chart = a_roadmap(
        [
            a_phase("done", done_on=date(2026, 3, 1)),
            a_phase("running", state=PhaseState.IN_PROGRESS),
            a_phase("ready"),
            a_phase("blocked", after=["ready"]),
        ]
    )
    words = " ".join(texts_of(chart))
    for status in ("done", "in progress", "ready", "blocked"):
        assert f"{status} · Q2 2026" in words
    fills = [mark_of(chart, f"phase-{place}")["encode"]["enter"]["fill"] for place in range(3)]
    assert len({str(fill) for fill in fills}) == 3
    assert rows_of(chart, "phase-3-hatch")
    assert not rows_of(chart, "phase-2-hatch")


def mark_of(chart: Chart, name: str) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    (mark,) = (mark for mark in chart.specification["marks"] if mark["name"] == f"{name}-marks")
    found: dict[str, dict[str, dict[str, dict[str, object]]]] = mark
    return found


def test_bars_stand_over_their_windows_and_below_what_they_need() -> None:
    chart = a_roadmap(
        [a_phase("second", window="Q3 2026", after=["first"]), a_phase("first", window="Q2 2026")]
    )
    (first,), (second,) = rows_of(chart, "phase-0"), rows_of(chart, "phase-1")
    assert first["x2"] == second["x"]
    assert first["y2"] < second["y"]


def test_an_arrow_leads_from_what_is_needed_to_what_needs_it() -> None:
    chart = a_roadmap([a_phase("first"), a_phase("second", after=["first"]), a_phase("third")])
    (first,), (second,) = rows_of(chart, "phase-0"), rows_of(chart, "phase-1")
    way, (tip,) = rows_of(chart, "need-0-1-way"), rows_of(chart, "need-0-1-tip")
    assert way[0]["x"] == first["x"]
    assert first["y"] < way[0]["y"] < first["y2"]
    assert tip["x"] == second["x"]
    assert second["y"] < tip["y"] < second["y2"]
    assert not rows_of(chart, "need-0-2-way")


def test_lines_that_run_side_by_side_have_lanes_of_their_own() -> None:
    chart = a_roadmap(
        [
            a_phase("a"),
            a_phase("b"),
            a_phase("c", after=["a"]),
            a_phase("d", after=["b"]),
        ]
    )
    lanes = {rows_of(chart, f"need-{need}-way")[1]["x"] for need in ("0-2", "1-3")}
    assert len(lanes) == 2


def test_a_critical_way_is_thick_and_named() -> None:
    chart = a_roadmap(
        [
            a_phase("first", window="Q2 2026"),
            a_phase("other", window="Q2 2026"),
            a_phase("last", window="Q3 2026", after=["first"]),
        ]
    )
    caption = "Thick: what the end depends on, First → Last."
    assert caption in " ".join(texts_of(chart))
    assert thickness_of(chart, "phase-0") == thickness_of(chart, "phase-2")
    assert thickness_of(chart, "need-0-2-way") == thickness_of(chart, "phase-0")
    assert thickness_of(chart, "phase-1") < thickness_of(chart, "phase-0")


def thickness_of(chart: Chart, name: str) -> float:
    return float(str(mark_of(chart, name)["encode"]["enter"]["strokeWidth"]["value"]))


def test_a_slip_is_drawn_and_told() -> None:
    late = a_milestone("shore-up", due_on=date(2026, 7, 12))
    chart = a_roadmap([a_phase("path", after_milestones=["shore-up"])], [late])
    (bar,), (slip,) = rows_of(chart, "phase-0"), rows_of(chart, "phase-0-slip")
    assert slip["x"] == bar["x2"] < slip["x2"]
    assert "blocked · Q2 2026 · slips 12 days, to 12 Jul 2026" in texts_of(chart)


def test_a_dated_milestone_is_a_diamond_on_its_day() -> None:
    milestones = [
        a_milestone("early", due_on=date(2026, 4, 20)),
        a_milestone("there", shipped_on=date(2026, 2, 20)),
        a_milestone("open"),
    ]
    chart = a_roadmap([a_phase("path", after_milestones=["early", "there", "open"])], milestones)
    early, there = rows_of(chart, "phase-0-milestones")
    (bar,) = rows_of(chart, "phase-0")
    assert there["x"] < bar["x"] < early["x"] < bar["x2"]
    assert there["fill"] != early["fill"]
    words = " ".join(texts_of(chart))
    assert "Early (due 20 Apr 2026), There (shipped 20 Feb 2026), Open (no date)" in words


def test_a_phase_with_many_needs_counts_them() -> None:
    milestones = [a_milestone(f"milestone-{number}") for number in range(9)]
    chart = a_roadmap(
        [a_phase("path", after_milestones=[each.key for each in milestones])], milestones
    )
    assert "Needs 9 milestones: Milestone 0 (no date)," in " ".join(texts_of(chart))


def test_the_present_is_marked_at_each_bar() -> None:
    chart = a_roadmap([a_phase("a"), a_phase("b")])
    assert "today, 16 Mar 2026" in texts_of(chart)
    assert len(rows_of(chart, "today")) == 2


def test_a_roadmap_without_phases_says_so() -> None:
    assert "No phases yet." in texts_of(a_roadmap([]))


def test_beyond_24_phases_the_caption_says_how_many_more() -> None:
    chart = a_roadmap([a_phase(f"phase-{number}") for number in range(26)])
    texts = texts_of(chart)
    assert "Phase 23" in texts
    assert "Phase 24" not in texts
    assert "2 more phases aren't drawn." in texts

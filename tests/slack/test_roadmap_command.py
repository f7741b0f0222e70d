"""/kpi roadmap: the phases in order, and what blocks what."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.milestones import MilestoneStatus
from app.domain.scorecards import Snapshot, take_snapshot
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.kit import Message
from app.slack.blocks.roadmap import roadmap_screen
from tests.builders import NOW, a_milestone, a_phase, a_scorecard
from tests.slack.scorecards import HOSTILE, PLAIN, a_large_scorecard
from tests.slack.stage import Stage, read, readable


def said(message: Message) -> str:
    blocks = [block["text"]["text"] for block in message.blocks if "text" in block]
    return readable("\n".join(blocks))


def roadmap_of(*phases: object, **parts: object) -> Snapshot:
    scorecard = a_scorecard(phases=phases, **parts)  # type: ignore[arg-type]
    return take_snapshot(scorecard, {}, NOW)


async def test_the_real_roadmap_names_what_blocks_what(stage: Stage) -> None:
    shown = read(await stage.types("/kpi roadmap"))
    assert "Roadmap of Billing Platform" in shown
    assert "5 blocked" in shown
    for line in (
        "1. *PDE Steps 3–4*   Q2 2026 · ✕ blocked",
        "• Blocked by the milestone *PDE step 2c* (planned, no due date)",
        "• *Stripe Consolidation* waits for it",
        "↳ 2. *Deferred Collection*   Q2 2026 · ✕ blocked",
        "• Blocked by the phase *PDE Steps 3–4* (blocked)",
        "• Blocked by the milestone *Checkout V1 stable* (planned, no due date)",
    ):
        assert line in shown
    assert stage.posts() == []


async def test_a_shipped_milestone_no_longer_blocks(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Shore Up")
    assert (await stage.ana.submits(form)).closed
    shown = read(await stage.types("/kpi roadmap"))
    assert "3. *One Code Path*   Q2–Q3 2026 · ○ ready" in shown
    assert "1 ready · 4 blocked" in shown
    assert "Shore Up" not in shown


async def test_the_scorecard_leads_to_the_roadmap_and_back(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    await stage.ana.clicks(shown, "show_roadmap")
    await stage.sees_answer("One Code Path")
    await stage.ana.clicks(shown, "show_page")
    await stage.sees_answer("Dunning code paths")
    assert len(stage.whispers()) == 1


async def test_pages_are_turned_in_place(empty_stage: Stage) -> None:
    stage = empty_stage
    phases = "".join(
        f"  - {{key: phase-{number}, name: Phase {number}, window: Q2 2026}}\n"
        for number in range(1, 31)
    )
    text = f"key: many\nname: Many\ngoal: All of it\nphases:\n{phases}"
    await stage.load(text, stage.billing)
    shown = await stage.types("/kpi roadmap")
    seen = read(shown)
    await stage.ana.clicks(shown, "show_roadmap:next")
    seen += read(await stage.sees_answer("*Phase 13*"))
    await stage.ana.clicks(shown, "show_roadmap:next")
    seen += read(await stage.sees_answer("*Phase 30*"))
    assert [number for number in range(1, 31) if f"{number}. *Phase {number}*" not in seen] == []
    await stage.ana.clicks(shown, "show_roadmap:previous")
    await stage.sees_answer("*Phase 13*")


async def test_without_phases_it_says_how_to_add_them(empty_stage: Stage) -> None:
    await empty_stage.load("key: tiny\nname: Tiny\ngoal: One thing\n", empty_stage.billing)
    shown = read(await empty_stage.types("/kpi roadmap"))
    assert "No phases yet. An owner adds them: `/kpi setup`, Phases." in shown


def test_a_phase_stands_behind_those_it_needs_whatever_the_order_given() -> None:
    last, middle, first = (
        a_phase("last", after=["middle"]),
        a_phase("middle", after=["first"]),
        a_phase("first"),
    )
    told = said(roadmap_screen(roadmap_of(last, middle, first)))
    assert told.index("1. *First*") < told.index("↳ 2. *Middle*") < told.index("↳ 3. *Last*")


def test_open_milestones_tell_when_they_are_due_and_that_they_are_late() -> None:
    milestones = [
        a_milestone("late", due_on=date(2026, 3, 14)),
        replace(a_milestone("soon", due_on=date(2026, 3, 28)), status=MilestoneStatus.IN_PROGRESS),
        a_milestone("done", shipped_on=date(2026, 3, 1)),
    ]
    phase = a_phase(after_milestones=["late", "soon", "done"])
    told = said(roadmap_screen(roadmap_of(phase, milestones=milestones)))
    assert "Blocked by the milestone *Late* (planned, due Sat 14 Mar 2026, late)" in told
    assert "Blocked by the milestone *Soon* (in progress, due Sat 28 Mar 2026)" in told
    assert "Done" not in told


def test_a_phase_whose_window_is_over_is_late_unless_it_is_done() -> None:
    over = a_phase("over", window="Q1 2025")
    done = a_phase("done", window="Q1 2025", done_on=date(2025, 3, 1))
    told = said(roadmap_screen(roadmap_of(over, done)))
    assert "*Over*   Q1 2025 · ○ ready · late: its window is over" in told
    assert "*Done*   Q1 2025 · ✓ done · Sat 1 Mar 2025" in told


def test_a_slip_tells_what_it_comes_from_and_what_it_pushes() -> None:
    milestones = [a_milestone("step", title="Step 2c", due_on=date(2026, 7, 12))]
    pde = a_phase("pde", name="PDE", window="Q2 2026", after_milestones=["step"])
    collection = a_phase("collection", window="Q2 2026", after=["pde"])
    told = said(roadmap_screen(roadmap_of(pde, collection, milestones=milestones)))
    assert (
        "• Slips 12 days, to Sun 12 Jul 2026: Step 2c is due then; pushes *Collection* by 12 days"
    ) in told
    assert "• Slips 12 days, to Sun 12 Jul 2026: PDE ends then" in told


def test_it_tells_when_the_roadmap_ends_and_by_way_of_what() -> None:
    milestones = [a_milestone("step", title="Step 2c", due_on=date(2026, 5, 2))]
    pde = a_phase("pde", name="PDE", window="Q2 2026", after_milestones=["step"])
    checkout = a_phase("checkout", window="Q3 2026", after=["pde"])
    told = roadmap_screen(roadmap_of(pde, checkout, milestones=milestones)).text
    assert "ends Wed 30 Sep 2026 at the earliest, by way of Step 2c → PDE → Checkout" in told
    assert "Slips" not in told


def test_a_roadmap_that_is_done_has_no_end_to_come() -> None:
    done = a_phase(done_on=date(2026, 3, 1))
    assert "at the earliest" not in roadmap_screen(roadmap_of(done)).text


async def test_a_phase_names_the_metrics_that_wait_for_it(stage: Stage) -> None:
    shown = read(await stage.types("/kpi roadmap"))
    waiting = "• Metrics that wait for it: *Rollbacks / day*, *Bad debt from upgrades*"
    assert waiting in shown


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&"])
@pytest.mark.parametrize("count", [1, 40, 400])
def test_every_phase_is_reached_through_pages_that_slack_takes(count: int, text: str) -> None:
    snapshot = take_snapshot(a_large_scorecard(count, text), {}, NOW)
    seen, page = "", 0
    while True:
        screen = roadmap_screen(snapshot, page)
        assert problems_in_message(screen.as_payload(), "ack") == []
        assert len(screen.text) <= kit.MOST_TEXT_LENGTH
        assert len(said(screen)) <= kit.MOST_POST_LENGTH
        seen += said(screen)
        following = [e for e in screen.blocks[-1]["elements"] if e["action_id"].endswith(":next")]
        if not following:
            break
        page += 1
        assert following[0]["value"] == f"billing/{page}"
    assert [number for number in range(1, count + 1) if f"{number}. *" not in seen] == []


def test_what_a_phase_needs_beyond_its_room_is_counted() -> None:
    milestones = [a_milestone(f"milestone-{n}", title=f"{n} " + "x" * 140) for n in range(40)]
    phase = a_phase(after_milestones=[milestone.key for milestone in milestones])
    told = said(roadmap_screen(roadmap_of(phase, milestones=milestones)))
    named = told.count("Blocked by the milestone")
    assert 0 < named < 40
    assert f"… and {40 - named} more that it waits for or that wait for it" in told

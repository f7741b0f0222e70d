"""/kpi milestones: what shipped and what is to come, narrowed down by words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.domain.filters import NO_FILTERS, Filters
from app.domain.milestones import Effect, MilestoneStatus
from app.domain.outcomes import MilestoneEntry, MilestoneList
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.milestone_list import milestones_screen
from tests.builders import a_reading, a_value
from tests.slack.scorecards import HOSTILE, PLAIN, a_large_scorecard, a_snapshot, as_long_as
from tests.slack.stage import Stage, read


async def ship(stage: Stage, title: str, moved: dict[str, str]) -> None:
    """Ana logs a milestone that moved these metrics."""
    form = await stage.opens_form(f"/kpi ship {title}")
    if moved:
        await stage.ana.dispatches(form, "metrics", list(moved))
        form = await stage.ana.sees_view("new value")
        stage.ana.fills(form, {f"value:{key}": value for key, value in moved.items()})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()


async def test_lists_what_shipped_first_with_what_it_moved(stage: Stage) -> None:
    await ship(stage, "PDE step 2c", {"rollbacks": "~9"})
    shown = read(await stage.types("/kpi milestones"))
    assert "Milestones of Billing Platform" in shown
    assert "16 in all" in shown
    assert "*PDE step 2c*   ✓ shipped · Thu 19 Mar 2026" in shown
    assert f"PDE · logged by <@{stage.ana.id}>" in shown
    assert "*Rollbacks / day*  ~12 → ~9, ~−3" in shown
    assert shown.index("PDE step 2c") < shown.index("Renewals pay before they commit")


async def test_words_narrow_the_list_down(stage: Stage) -> None:
    await ship(stage, "PDE step 2c", {"rollbacks": "~9"})
    for typed, says, shows, hides in (
        ("in progress", "in progress: 2 of 16", "▶ in progress · due Sat 28 Mar 2026", "PDE step"),
        ("planned", "planned: 3 of 16", "*Shore Up*   ○ planned", "PDE step 2c"),
        ("rollbacks", "Rollbacks / day: 1 of 16", "PDE step 2c", "PDE step 2d"),
        ("me this week", "1 of 16", "PDE step 2c", "PDE step 2d"),
        (f"<@{stage.ana.id}|ana>", f"<@{stage.ana.id}>: 1 of 16", "PDE step 2c", "Shore Up"),
        ("PDE planned", "planned · PDE: 1 of 16", "PDE step 2d", "PDE step 2c"),
        ("late", "late: none of 16", "Look at all of them", "PDE step"),
    ):
        shown = read(await stage.types(f"/kpi milestones {typed}"))
        assert says in shown, typed
        assert shows in shown, typed
        assert hides not in shown, typed


async def test_a_milestone_gets_late(stage: Stage) -> None:
    stage.clock.passes(days=10)
    shown = read(await stage.types("/kpi milestones late"))
    assert "late: 1 of 16" in shown
    assert "due Sat 28 Mar 2026, late" in shown


async def test_a_word_that_says_nothing_is_told_what_can_be_typed(stage: Stage) -> None:
    shown = read(await stage.types("/kpi milestones finished"))
    assert "“finished” narrows nothing down." in shown
    assert "a status (planned, in progress, shipped, dropped, late)" in shown


async def test_from_a_metric_to_its_milestones_and_back(stage: Stage) -> None:
    await ship(stage, "PDE step 2c", {"rollbacks": "~9"})
    shown = await stage.types("/kpi rollbacks")
    await stage.ana.clicks(shown, "show_milestones")
    await stage.sees_answer("Rollbacks / day: 1 of 16")
    await stage.ana.clicks(shown, "show_milestone")
    await stage.sees_answer("Status: shipped")
    await stage.ana.clicks(shown, "show_metric")
    await stage.sees_answer("Last readings")
    await stage.rests()
    assert len(stage.whispers()) == 4  # beside the answer to the form and the charts


async def test_of_several_metrics_that_it_moved_one_is_chosen(stage: Stage) -> None:
    await ship(stage, "PDE step 2c", {"rollbacks": "~9", "bad-debt": "2"})
    shown = await stage.types("/kpi milestones me")
    await stage.ana.clicks(shown, "show_milestone")
    await stage.sees_answer("Status: shipped")
    await stage.ana.clicks(shown, "show_metric", "billing/bad-debt")
    assert "Bad debt from upgrades" in read(await stage.sees_answer("Last readings"))


async def test_pages_keep_the_filters(stage: Stage) -> None:
    for number in range(14):
        await ship(stage, f"Fix {number}", {})
    shown = await stage.types("/kpi milestones me shipped")
    assert "14 of 30" in read(shown)
    await stage.ana.clicks(shown, "show_milestones:next")
    await stage.sees_answer("Previous")
    assert "14 of 30" in read(shown)
    assert read(shown).count("✓ shipped") == 2 * 2  # in the text and in the blocks
    await stage.ana.clicks(shown, "show_milestones:all")
    await stage.sees_answer("30 in all")


async def test_a_filter_that_has_lost_its_metric_is_told(stage: Stage) -> None:
    shown = await stage.types("/kpi rollbacks")
    button = next(
        element
        for block in shown.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "show_milestones"
    )
    button["value"] = "billing/0 metric:retired"
    await stage.ana.clicks(shown, "show_milestones")
    await stage.sees_answer("“metric:retired” narrows nothing down")


async def test_without_milestones_it_says_how_to_log_one(empty_stage: Stage) -> None:
    await empty_stage.load("key: tiny\nname: Tiny\ngoal: One thing\n", empty_stage.billing)
    shown = read(await empty_stage.types("/kpi milestones"))
    assert "No milestones yet. Log the first one that ships: `/kpi ship`." in shown


# --- however large -------------------------------------------------------------


def a_list(count: int, text: str, filters: Filters = NO_FILTERS) -> MilestoneList:
    """So many shipped milestones of the greatest length, each of which moved 40 metrics."""
    snapshot = a_snapshot(a_large_scorecard(count, text))
    scorecard = snapshot.scorecard
    effects = [
        Effect(metric, a_value("~40"), a_reading("~78", metric=metric.key))
        for metric in scorecard.metrics[:40]
    ]
    shipped = [
        replace(
            milestone,
            status=MilestoneStatus.SHIPPED,
            due_on=None,
            work_streams=tuple(scorecard.streams_by_key)[:3],
            tickets=(as_long_as(text, 40),) * 10,
            links=("https://example.com/" + "x" * 2_900,) * 10,
            logged_by="U0ANA",
        )
        for milestone in scorecard.milestones
    ]
    return MilestoneList(snapshot, filters, [MilestoneEntry(each, effects) for each in shipped])


def _actions(screen: kit.Message) -> Sequence[kit.Block]:
    elements: Sequence[kit.Block] = screen.blocks[-2]["elements"]
    return elements


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&"])
@pytest.mark.parametrize("count", [1, 40])
def test_every_milestone_is_reached_through_pages_that_slack_takes(count: int, text: str) -> None:
    filters = Filters(MilestoneStatus.SHIPPED, person="U0ANA", metric="metric-0")
    listed = a_list(count, text, filters)
    seen, page = 0, 0
    while True:
        screen = milestones_screen(listed, page)
        assert problems_in_message(screen.as_payload(), "ack") == []
        assert len(screen.text) <= kit.MOST_TEXT_LENGTH
        entries = [block["text"]["text"] for block in screen.blocks if block["type"] == "section"]
        assert kit.length(entries) <= kit.MOST_POST_LENGTH
        seen += len(entries)
        following = [e for e in _actions(screen) if e["action_id"].endswith(":next")]
        if not following:
            break
        page += 1
        assert following[0]["value"] == f"billing/{page} shipped metric:metric-0 <@U0ANA>"
    assert seen == count


def test_what_a_milestone_moved_beyond_its_room_is_counted() -> None:
    screen = milestones_screen(a_list(40, PLAIN))
    entry = screen.blocks[2]["text"]["text"]
    assert " more metrics and links of this milestone" in entry


async def test_a_work_streams_milestones_come_with_what_it_drives(stage: Stage) -> None:
    shown = read(await stage.types("/kpi milestones stream:pde"))
    assert "drives Rollbacks / day, Bad debt from upgrades: ~94% of their way closed" in shown


async def test_a_metric_tells_how_it_moved_around_a_milestone(stage: Stage) -> None:
    stage.clock.passes(days=7)
    await ship(stage, "PDE step 2c", {"rollbacks": "~9"})
    await ship(stage, "PDE step 2d", {"bad-debt": "~2"})
    await stage.types("/kpi rollbacks")
    shown = read(await stage.sees_answer("Milestones on its line"))
    assert "*PDE step 2c*: ~12 → ~9; " in shown
    assert "~−3 in 2 weeks after; shared with *PDE step 2d*" in shown


async def test_a_milestone_tells_what_its_metrics_did_around_it(stage: Stage) -> None:
    stage.clock.passes(days=7)
    await ship(stage, "PDE step 2c", {"rollbacks": "~9"})
    await ship(stage, "PDE step 2d", {"bad-debt": "~2"})
    listed = await stage.types("/kpi milestones metric:rollbacks")
    await stage.ana.clicks(listed, "show_milestone")
    shown = read(await stage.sees_answer("Metrics around it"))
    assert "*Rollbacks / day*: ~12 → ~9; " in shown
    assert "~−3 in 2 weeks after" in shown


async def test_two_that_shipped_in_a_week_share_the_movement_in_the_digest(stage: Stage) -> None:
    await ship(stage, "PDE step 2c", {"rollbacks": "~10"})
    await ship(stage, "PDE step 2d", {"rollbacks": "~9"})
    shown = read(await stage.types("/kpi digest"))
    assert "~12 → ~10, ~−2, shared with *PDE step 2d*" in shown
    assert "~10 → ~9, ~−1, shared with *PDE step 2c*" in shown

"""/kpi update: values as people type them, a note, and the way back."""

import asyncio

import pytest

from tests.slack.stage import Stage, read


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("rollbacks 9", "~12 → 9, ~−3"),
        ("rollbacks ~9", "~12 → ~9, ~−3"),
        ("rollbacks ~ 9", "~12 → ~9, ~−3"),
        ("dunning paths 5+", "3 → 5+, +2+"),
        ("invoice coverage 80%", "~78% → 80%, ~+2 points"),
        ("disagreeing 1,234", "~40 → 1,234, ~+1,194"),
        ("disagreeing 1.2k", "~40 → 1,200, ~+1,160"),
        ("bad debt 3 / day after fix", "~3 / day → 3 / day"),
    ],
)
async def test_a_value_is_taken_as_people_type_it(stage: Stage, typed: str, shown: str) -> None:
    assert shown in read(await stage.types(f"/kpi update {typed}"))
    assert stage.posts() == []


async def test_the_note_is_kept(stage: Stage) -> None:
    shown = read(await stage.types("/kpi update bad debt 2 / day after the second fix"))
    assert "after the second fix" in shown
    assert "after the second fix" in read(await stage.types("/kpi bad debt"))


async def test_a_bad_value_changes_nothing_and_teaches_the_form(stage: Stage) -> None:
    before = read(await stage.types("/kpi"))
    for typed, says in {
        "rollbacks many": "“many” isn't a value. Type a number such as 12, ~12 (about), 5+",
        "rolbacks 12": "Did you mean rollbacks?",
        "invoice coverage 3 / day": "this metric is a percentage",
        "rollbacks 12 " + "x" * 2_001: "at most 2000 are possible",
    }.items():
        assert says in read(await stage.types(f"/kpi update {typed}"))
    assert read(await stage.types("/kpi")) == before


async def test_undo_takes_the_place_of_the_reply_and_restores_the_value(stage: Stage) -> None:
    reply = await stage.types("/kpi update rollbacks 9")
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back")
    assert "Taken back: 9 for *Rollbacks / day*. It is ~12 again." in read(reply)
    assert "~12" in read(await stage.types("/kpi rollbacks"))
    assert "  9  by" not in read(await stage.types("/kpi rollbacks"))


async def test_undoing_the_undo_brings_the_value_back(stage: Stage) -> None:
    reply = await stage.types("/kpi update rollbacks 9")
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back")
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Counts again: 9 for *Rollbacks / day*. It is 9 again.")
    assert "  9  →  target 0" in read(await stage.types("/kpi"))
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back: 9")
    assert len(stage.whispers()) == 2


async def test_the_goal_is_told_when_a_value_that_counts_again_reaches_it(stage: Stage) -> None:
    metrics = "".join(
        f"  - {{key: {key}, name: {key}, baseline: {{value: 10, label: Q1, on: 2026-01-01}}, "
        "target: 0}\n"
        for key in ("errors", "delays")
    )
    checkout = stage.slack.add_channel("checkout", members=[stage.ana])
    await stage.load(f"key: two\nname: Two\ngoal: Both are done\nmetrics:\n{metrics}", checkout)
    reply = await stage.types("/kpi update errors 0", checkout)
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back", checkout)
    await stage.types("/kpi update delays 0", checkout)
    await stage.rests()
    assert stage.posts(checkout) == []
    await stage.ana.clicks(reply, "undo")
    await stage.rests()
    (post,) = stage.posts(checkout)
    assert "all 2 metrics are at target" in read(post)


async def test_a_second_undo_is_told_and_does_nothing(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks 10")
    reply = await stage.types("/kpi update rollbacks 9")
    await asyncio.gather(stage.ana.clicks(reply, "undo"), stage.ana.clicks(reply, "undo"))
    await stage.sees_answer("This has been undone already.")
    assert "  10  →  target 0" in read(await stage.types("/kpi"))


async def test_details_leads_to_the_metric(stage: Stage) -> None:
    reply = await stage.types("/kpi update rollbacks 9")
    await stage.ana.clicks(reply, "show_metric")
    assert "Last readings" in read(await stage.sees_answer("Last readings"))


TINY = """
key: tiny
name: Tiny
goal: Nothing goes wrong
possibilities: [Sleep at night]
metrics:
  - {key: errors, name: Errors, baseline: {value: 10, label: Q1, on: 2026-01-01}, target: 0}
"""


async def test_the_last_metric_at_target_is_the_goal_told_once(stage: Stage) -> None:
    checkout = stage.slack.add_channel("checkout", members=[stage.ana])
    await stage.load(TINY, checkout)
    await stage.types("/kpi update errors 1", checkout)
    await stage.rests()
    assert stage.posts(checkout) == []
    for value in ("0", "1", "0"):
        await stage.types(f"/kpi update errors {value}", checkout)
        await stage.rests()
    (post,) = stage.posts(checkout)
    assert "all 1 metrics are at target" in read(post)
    assert "Sleep at night" in read(post)
    assert "It took 11 weeks, from Thu 1 Jan 2026 on." in read(post)


async def test_after_the_goal_was_told_the_digest_says_that_it_is_open_again(stage: Stage) -> None:
    checkout = stage.slack.add_channel("checkout", members=[stage.ana])
    await stage.load(TINY, checkout)
    await stage.types("/kpi update errors 0", checkout)
    await stage.rests()
    assert "open again" not in read(await stage.types("/kpi digest preview", checkout))
    stage.clock.passes(days=1)
    await stage.types("/kpi update errors 2", checkout)
    shown = read(await stage.types("/kpi digest preview", checkout))
    assert "The goal is open again.* It was reached on" in shown
    assert "not at target now: *Errors*." in shown

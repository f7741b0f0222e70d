"""The demo's readings and milestones that arrive by themselves."""

from app.demo.stage import Stage
from app.playground import Message
from tests.demo.conftest import clicks


async def _answer(stage: Stage, line: str) -> str:
    seen = await stage.ana.types(line, stage.channel)
    assert seen.message is not None, seen
    return seen.message.wording.replace("\u200b", "")


async def _offer(stage: Stage) -> Message:
    return await stage.ana.sees_message(stage.channel, "A milestone?")


async def test_figures_move_by_themselves_from_day_to_day(stage: Stage) -> None:
    told = await clicks(stage, "figures-move")
    assert "Rollbacks / day, Disagreeing accounts and Invoice coverage were read" in told
    first = await _answer(stage, "/kpi")
    for value in ("7  →  target 0", "29  →  target 0", "81%  →  target 100%"):
        assert value in first
    await clicks(stage, "figures-move")
    second = await _answer(stage, "/kpi")
    for value in ("6  →  target 0", "25  →  target 0", "83%  →  target 100%"):
        assert value in second
    assert "by source" in await _answer(stage, "/kpi rollbacks")


async def test_a_day_without_a_change_in_production_keeps_fed_metrics_fresh(stage: Stage) -> None:
    await clicks(stage, "figures-move")
    await clicks(stage, "next-day")
    await clicks(stage, "next-day")
    history = await stage.ana.types("/kpi history rollbacks", stage.channel)
    assert history.message is not None
    recorded = history.message.text.count("reading recorded")
    assert recorded == 4, "the first answer, and one for each morning"


async def test_a_merge_is_offered_and_becomes_a_milestone(stage: Stage) -> None:
    assert "is merged, and offered as a milestone" in await clicks(stage, "merge")
    offer = await _offer(stage)
    assert "12 → ~6" in offer.wording
    await stage.ana.clicks(offer, "log_offer")
    await stage.ana.sees_message(stage.channel, "logged it")
    assert "~6" in await _answer(stage, "/kpi rollbacks")
    assert "Plan changes wait for their payment off session" in await _answer(
        stage, "/kpi milestones shipped"
    )


async def test_a_bot_that_was_restarted_still_hears_of_merges(stage: Stage) -> None:
    await clicks(stage, "merge")
    await clicks(stage, "restart")
    await clicks(stage, "merge")
    await stage.ana.sees_message(stage.channel, "One path for dunning")

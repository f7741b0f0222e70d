"""The demo's other buttons: a quarter filled in, and the bot restarted."""

from app.demo.stage import Stage
from tests.demo.conftest import clicks


async def _answer(stage: Stage, line: str) -> str:
    """What Ana reads after a command in #billing."""
    seen = await stage.ana.types(line, stage.channel)
    assert seen.message is not None, seen
    return seen.message.wording.replace("\u200b", "")


async def test_a_quarter_is_filled_in_as_the_team_would_have_recorded_it(stage: Stage) -> None:
    assert "no target date" in await _answer(stage, "/kpi rollbacks")
    words = await clicks(stage, "fill-quarter")
    assert "52 readings and 10 ship dates since 19 December are filled in" in words
    rollbacks = await _answer(stage, "/kpi rollbacks")
    assert "~12, target 0, ~94% of the way, on track" in rollbacks
    assert "171 → ~58" in rollbacks
    assert f"~15  by <@{stage.cast.ben.id}>" in rollbacks
    assert "at risk" in await _answer(stage, "/kpi dunning")
    assert "being put right" in await _answer(stage, "/kpi disagreeing")
    assert "Wed 11 Mar 2026" in await _answer(stage, "/kpi milestones shipped")


async def test_what_is_current_stays_current_and_nothing_is_announced(stage: Stage) -> None:
    before = (await _answer(stage, "/kpi")).partition("\n")[0]
    await clicks(stage, "fill-quarter")
    assert (await _answer(stage, "/kpi")).partition("\n")[0].startswith(before)
    assert [each for each in stage.ana.sees(stage.channel) if not each.is_ephemeral] == []


async def test_a_quarter_is_filled_in_once(stage: Stage) -> None:
    await clicks(stage, "fill-quarter")
    history = await _answer(stage, "/kpi disagreeing")
    assert "The quarter is filled in already" in await clicks(stage, "fill-quarter")
    assert await _answer(stage, "/kpi disagreeing") == history


async def test_the_bot_restarts_and_knows_all_that_it_knew(stage: Stage) -> None:
    assert "~12 → ~9" in await _answer(stage, "/kpi update rollbacks ~9")
    await clicks(stage, "next-digest")
    seen = [each.ts for each in stage.ana.sees(stage.channel)]
    life = stage.running
    assert "stopped and started" in await clicks(stage, "restart")
    assert stage.running is not life
    assert [each.ts for each in stage.ana.sees(stage.channel)] == seen
    assert "~9" in await _answer(stage, "/kpi rollbacks")
    assert "Monday 30 March" in await clicks(stage, "next-digest")

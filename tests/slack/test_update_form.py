"""The update form: several metrics in one go, all of them or none."""

import asyncio
from datetime import timedelta

import pytest

from app.playground import Message, View
from tests.slack.stage import START, Stage, read
from tests.slack.test_scorecard_command import SMALL, many_metrics
from tests.slack.test_ship_form import chooses, fields, typed_into


async def fills(stage: Stage, form: View, **values: str) -> None:
    """Ana chooses metrics and types their new values."""
    await chooses(stage, form, *(key.replace("_", "-") for key in values))
    stage.ana.fills(form, {f"value:{k.replace('_', '-')}": value for k, value in values.items()})


async def sees_whisper(stage: Stage, containing: str) -> Message:
    message = await stage.ana.sees_message(stage.billing, containing)
    assert message.visible_to == stage.ana.id
    return message


@pytest.mark.parametrize(
    ("line", "preset"),
    [
        ("/kpi update", []),
        ("/kpi update rollbacks", ["rollbacks"]),
        ("/kpi update Bad debt", ["bad-debt"]),
    ],
)
async def test_without_a_value_the_form_opens(stage: Stage, line: str, preset: list[str]) -> None:
    form = await stage.opens_form(line)
    assert form.title == "Update metrics"
    assert [block for block in fields(form) if block.startswith("value:")] == [
        f"value:{key}" for key in preset
    ]
    assert "your own time zone" in form.wording


async def test_one_submit_records_all_and_answers_with_before_and_after(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update")
    stage.ana.fills(form, {"note": "after the *second* fix"})
    await fills(stage, form, rollbacks="~9", bad_debt="2", invoice_coverage="80%")
    assert (await stage.ana.submits(form)).closed
    reply = await sees_whisper(stage, "Rollbacks")
    for line in (
        "*Rollbacks / day*  ~12 → ~9, ~−3",
        "*Bad debt from upgrades*  ~3 / day → 2 / day, ~−1 / day",
        "*Invoice coverage*  ~78% → 80%, ~+2 points",
        "after the *second* fix",
    ):
        assert line in read(reply)
    shown = read(await stage.types("/kpi"))
    assert "~9  →  target 0" in shown
    assert "80%  →  target 100%" in shown
    assert stage.posts() == []


async def test_each_of_several_is_undone_by_its_own_button(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update")
    await fills(stage, form, rollbacks="9", bad_debt="2")
    await stage.ana.submits(form)
    reply = await sees_whisper(stage, "Rollbacks")
    blocks = [block["block_id"] for block in reply.blocks if "accessory" in block]
    await stage.ana.clicks(reply, "undo_one", block_id=blocks[1])
    await stage.sees_answer("Taken back")
    shown = read(await stage.types("/kpi"))
    assert "  9  →  target 0" in shown
    assert "~3 / day  →  target 0 / day" in shown
    await stage.ana.clicks(reply, "undo_one", block_id=blocks[1])
    await stage.sees_answer("undone already")
    await stage.ana.clicks(reply, "undo_one", block_id=blocks[0])
    await stage.rests()
    assert "~12  →  target 0" in read(await stage.types("/kpi"))


async def test_one_bad_value_keeps_all_from_being_written(stage: Stage) -> None:
    before = read(await stage.types("/kpi"))
    form = await stage.opens_form("/kpi update")
    await fills(stage, form, rollbacks="9", bad_debt="many", invoice_coverage="3 / day")
    stage.ana.fills(form, {"at": (START + timedelta(hours=1)).timestamp()})
    refused = await stage.ana.submits(form)
    assert set(refused.errors) == {"value:bad-debt", "value:invoice-coverage", "at"}
    assert "still to come" in refused.errors["at"]
    assert read(await stage.types("/kpi")) == before
    stage.ana.fills(form, {"value:bad-debt": "2", "value:invoice-coverage": "79%", "at": None})
    assert (await stage.ana.submits(form)).closed


async def test_what_was_true_earlier_is_recorded_for_then(stage: Stage) -> None:
    yesterday = START - timedelta(days=1)
    form = await stage.opens_form("/kpi update rollbacks")
    stage.ana.fills(form, {"at": yesterday.timestamp()})
    await chooses(stage, form, "rollbacks")
    assert [
        state["selected_date_time"]
        for (_, _), state in form.chosen.items()
        if "selected_date_time" in state
    ] == [int(yesterday.timestamp())]
    stage.ana.fills(form, {"value:rollbacks": "10"})
    assert (await stage.ana.submits(form)).closed
    await sees_whisper(stage, "Rollbacks")
    shown = await stage.types("/kpi rollbacks")
    assert f"<!date^{int(yesterday.timestamp())}" in shown.wording
    await stage.types("/kpi update rollbacks 9")
    assert "~12 → 9" not in read(await stage.types("/kpi rollbacks"))


async def test_the_form_keeps_what_was_typed_when_it_grows(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update rollbacks")
    stage.ana.fills(form, {"note": "after the fix", "value:rollbacks": "9"})
    await chooses(stage, form, "rollbacks", "bad-debt")
    assert typed_into(form)["note"] == "after the fix"
    assert typed_into(form)["value:rollbacks"] == "9"


async def test_a_form_that_could_not_grow_grows_when_it_is_sent(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update")
    stage.slack.faults.add("views.update", "status")
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    await stage.rests()
    assert not (await stage.ana.submits(form)).closed
    stage.ana.fills(form, {"value:rollbacks": "9"})
    assert (await stage.ana.submits(form)).closed
    assert "12 → 9" in read(await sees_whisper(stage, "Rollbacks"))


async def test_a_form_sent_twice_records_once(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update rollbacks")
    stage.ana.fills(form, {"value:rollbacks": "9"})
    await asyncio.gather(stage.ana.submits(form), stage.ana.submits(form))
    await stage.rests()
    shown = read(await stage.types("/kpi rollbacks"))
    assert shown.count("  9  by") == 2, "once in the text, once in the blocks"


async def test_the_button_of_a_screen_opens_the_form(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi rollbacks"), "update")
    form = await stage.ana.sees_view()
    assert "value:rollbacks" in fields(form)
    await stage.ana.closes(form)
    await stage.ana.clicks(await stage.types("/kpi"), "update")
    assert "new value" not in (await stage.ana.sees_view()).wording


async def test_the_last_values_reach_the_goal(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(SMALL.format(key="tiny"), stage.billing)
    form = await stage.opens_form("/kpi update errors")
    stage.ana.fills(form, {"value:errors": "0"})
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "the goal is reached")


async def test_forty_metrics_fit_into_one_form_and_its_answer(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(many_metrics(40), stage.billing)
    form = await stage.opens_form("/kpi update")
    await fills(stage, form, **{f"metric_{number}": "5" for number in range(40)})
    stage.ana.fills(form, {"note": "x" * 2_000})
    assert (await stage.ana.submits(form)).closed
    reply = await sees_whisper(stage, "Metric 39")
    assert read(reply).count("10 → 5, −5") >= 40

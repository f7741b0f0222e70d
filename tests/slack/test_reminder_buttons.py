"""What owners do with a reminder: update, look, snooze it, turn it off; and its form."""

import pytest

from app.domain.reminders import Ageing, Preferences, Reminder
from app.playground import Message, View
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.reminders import chosen, reminder_message
from tests.builders import NOW, a_reading
from tests.slack.reminding import DAY, FRIDAY, HOUR, SLOT, comes_to, owns, reminded, told
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard
from tests.slack.stage import Stage, read, readable

__all__ = ["reminded"]


# --- the buttons ------------------------------------------------------------------


async def clicks(stage: Stage, message: Message, choice: str) -> str:
    """Ana clicks one of the buttons about reminders; what the message says then."""
    await stage.ana.clicks(message, f"set_reminders:{choice}")
    await stage.rests()
    return read(message)


async def home_of(stage: Stage) -> View:
    await stage.ana.opens_home()
    await stage.rests()
    home = stage.slack.home_of(stage.ana)
    assert home is not None
    return home


async def test_a_metric_is_updated_from_it(stage: Stage, reminded: Message) -> None:
    row = next(each for each in reminded.blocks if "Outages" in str(each))
    await stage.ana.clicks(reminded, "update", block_id=row["block_id"])
    form = await stage.ana.sees_view("Outages")
    stage.ana.fills(form, {"value:outages": "3"})
    assert (await stage.ana.submits(form)).closed
    direct = stage.slack.direct_message(stage.ana)
    answer = await stage.ana.sees_message(direct, "→ 3")
    assert "*Outages*   3" in read(await home_of(stage))
    await stage.ana.clicks(answer, "undo")
    await stage.ana.sees_message(direct, "Taken back: 3")


async def test_the_scorecard_is_shown_from_it(stage: Stage, reminded: Message) -> None:
    await stage.ana.clicks(reminded, "show_page")
    direct = stage.slack.direct_message(stage.ana)
    shown = await stage.ana.sees_message(direct, "One thing gets done")
    assert shown.visible_to == stage.ana.id


async def test_snoozed_they_stay_away_for_a_week(stage: Stage, reminded: Message) -> None:
    said = await clicks(stage, reminded, "snooze")
    assert "Reminders are snoozed until <!date^" in said
    assert "*Errors*   ~4, 13 days old" in said
    assert "Snooze for a week" not in said
    await comes_to(stage, FRIDAY + 7 * DAY)
    await comes_to(stage, SLOT + 7 * DAY - HOUR)
    assert len(told(stage, stage.ana)) == 1
    await comes_to(stage, FRIDAY + 14 * DAY)
    assert len(told(stage, stage.ana)) == 2


async def test_turned_off_they_stay_away_everywhere(stage: Stage, reminded: Message) -> None:
    await owns(stage, stage.ana, key="other")
    said = await clicks(stage, reminded, "off")
    assert "Reminders are off." in said
    assert "*Outages*   7, 13 days old" in said
    for week in range(1, 5):
        await comes_to(stage, FRIDAY + week * 7 * DAY)
    assert len(told(stage, stage.ana)) == 1


async def test_what_was_chosen_can_be_taken_back(stage: Stage, reminded: Message) -> None:
    await clicks(stage, reminded, "snooze")
    await clicks(stage, reminded, "off")
    said = await clicks(stage, reminded, "on")
    assert "Reminders are on." in said
    assert "Snooze for a week" in said
    assert "*Errors*   ~4, 13 days old" in readable(reminded.text)
    assert "Reminders are off." not in said + reminded.text
    assert "snoozed until" not in said + reminded.text
    await comes_to(stage, FRIDAY + 7 * DAY)
    assert len(told(stage, stage.ana)) == 2


async def test_a_choice_that_cant_be_shown_is_told(stage: Stage, reminded: Message) -> None:
    stage.slack.faults.add("chat.update", "status")
    await clicks(stage, reminded, "off")
    direct = stage.slack.direct_message(stage.ana)
    assert "Slack has a problem of its own." in read(stage.whispers(direct)[-1])


async def test_home_says_how_they_stand_and_turns_them(stage: Stage, reminded: Message) -> None:
    home = await home_of(stage)
    assert "Reminders: on" in read(home)
    await clicks(stage, reminded, "snooze")
    assert "Reminders: snoozed until <!date^" in read(home)
    for choice in ("on", "off"):
        await stage.ana.clicks(home, f"set_reminders:{choice}")
        await stage.rests()
        assert f"Reminders: {choice}" in read(home)
    await comes_to(stage, FRIDAY + 7 * DAY)
    assert len(told(stage, stage.ana)) == 1


async def test_home_of_who_owns_nothing_says_nothing_of_reminders(stage: Stage) -> None:
    assert "Reminders" not in read(await home_of(stage))


# --- its form ---------------------------------------------------------------------


@pytest.mark.parametrize("text", [PLAIN, HOSTILE])
@pytest.mark.parametrize("count", SIZES)
def test_every_reminder_is_one_that_slack_takes(count: int, text: str) -> None:
    scorecard = a_large_scorecard(count, text)
    metrics = tuple(
        Ageing(metric, a_reading("~0.5", NOW - 13 * DAY) if number % 2 else None)
        for number, metric in enumerate(scorecard.metrics)
    )
    message = reminder_message(Reminder(scorecard, "U0ANA", NOW, NOW + 3 * DAY, metrics))
    assert problems_in_message(message.as_payload()) == []
    assert len(message.text) <= kit.MOST_TEXT_LENGTH
    shown = sum("Update" in str(block) for block in message.blocks)
    assert shown == count or f"… and {count - shown} more" in str(message.blocks)
    with_ids = [{"block_id": f"b{n}", **block} for n, block in enumerate(message.blocks)]
    for preferences in (Preferences(), Preferences(are_on=False), Preferences(snoozed_until=NOW)):
        answered = chosen(with_ids, message.text, preferences)
        assert problems_in_message(answered.as_payload()) == []
        assert len(answered.text) <= kit.MOST_TEXT_LENGTH
        assert chosen(answered.blocks, answered.text, preferences) == answered

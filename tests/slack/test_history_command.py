"""/kpi history: who changed what, and the way back."""

from datetime import timedelta

import pytest

from app.domain.filters import NO_FILTERS, Filters
from app.domain.outcomes import Change, History, ReadingChange
from app.domain.revisions import Revision
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.history import history_screen
from tests.builders import NOW, a_value
from tests.slack.scorecards import HOSTILE, PLAIN, a_large_scorecard, a_snapshot, as_long_as
from tests.slack.stage import Stage, read
from tests.slack.test_scorecard_command import SMALL


async def test_says_who_changed_what_and_from_where(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks ~9 queue fixed")
    form = await stage.opens_form("/kpi ship Retry queue")
    assert (await stage.ana.submits(form)).closed
    shown = read(await stage.types("/kpi history"))
    assert "History of Billing Platform" in shown
    assert "*Rollbacks / day*  ~12 → ~9" in shown
    assert f"<@{stage.ana.id}> · command · reading recorded" in shown
    assert "queue fixed" in shown
    assert "*Retry queue*" in shown
    assert f"<@{stage.ana.id}> · form · milestone shipped" in shown
    assert "• milestone: Retry queue is new" in shown
    assert "operator · file · scorecard made" in shown
    assert shown.index("*Retry queue*") < shown.index("*Rollbacks / day*")
    assert "qualifier" not in shown


async def test_a_channel_is_named_as_one(stage: Stage) -> None:
    checkout = stage.slack.add_channel("checkout", members=[stage.ana])
    await stage.load(SMALL.format(key="checkout"), checkout)
    shown = read(await stage.types("/kpi history", checkout))
    assert f"• channel: nothing → <#{checkout.id}>" in shown


async def test_undo_from_the_history_and_undo_of_that(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks 9")
    shown = await stage.types("/kpi history")
    await stage.ana.clicks(shown, "undo")
    await stage.sees_answer("Taken back: 9 for *Rollbacks / day*. It is ~12 again.")
    await stage.ana.clicks(shown, "show_history")
    told = read(await stage.sees_answer("reading withdrawn"))
    assert "*Rollbacks / day*  9 → ~12" in told
    assert "reading recorded · undone" in told
    await stage.ana.clicks(shown, "undo")
    await stage.sees_answer("Counts again: 9 for *Rollbacks / day*. It is 9 again.")
    assert "  9  →  target 0" in read(await stage.types("/kpi"))
    told = read(await stage.types("/kpi history"))
    assert "reading withdrawn · undone" in told
    assert "reading recorded · undone" not in told


async def test_whoever_may_record_is_offered_to_undo_what_others_did(stage: Stage) -> None:
    ben = stage.slack.add_person("ben")
    checkout = stage.slack.add_channel("checkout", members=[stage.ana, ben])
    await stage.load(SMALL.format(key="checkout"), checkout)
    await stage.types("/kpi update errors 9", checkout)
    reaction = await ben.types("/kpi history", checkout)
    assert reaction.message is not None
    assert "*Errors*  no reading → 9" in read(reaction.message)
    await ben.clicks(reaction.message, "undo")
    told = await ben.sees_message(checkout, "Taken back: 9 for *Errors*")
    assert told.visible_to == ben.id


async def test_words_narrow_the_history_down(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks 9")
    await stage.types("/kpi update bad debt 2")
    shown = read(await stage.types("/kpi history bad debt me today"))
    assert "Bad debt from upgrades · <@U" in shown
    assert "*Bad debt from upgrades*  ~3 / day → 2 / day" in shown
    assert "Rollbacks" not in shown
    shown = read(await stage.types("/kpi history until 2026-01-01"))
    assert "no such change. Look at all of them, or type other words." in shown
    shown = read(await stage.types("/kpi history shipped"))
    assert "“shipped” narrows nothing down. Type a metric (rollbacks" in shown


async def test_pages_keep_the_filters_and_lead_back(stage: Stage) -> None:
    for number in range(12):
        await stage.types(f"/kpi update rollbacks {number}")
    await stage.types("/kpi update bad debt 2")
    shown = await stage.types("/kpi history rollbacks")
    assert "10 → 11" in read(shown)
    await stage.ana.clicks(shown, "show_history:older")
    await stage.rests()
    told = read(shown)
    assert "*Rollbacks / day*  ~12 → 0" in told
    assert "1 → 2" not in told
    assert "Bad debt" not in told
    await stage.ana.clicks(shown, "show_history:newer")
    await stage.rests()
    assert "10 → 11" in read(shown)
    assert "Bad debt" not in read(shown)
    await stage.ana.clicks(shown, "show_history:all")
    await stage.rests()
    assert "*Bad debt from upgrades*" in read(shown)


async def test_from_a_metric_to_its_history(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks 9")
    await stage.types("/kpi update bad debt 2")
    shown = await stage.types("/kpi rollbacks")
    await stage.ana.clicks(shown, "show_history")
    told = read(await stage.sees_answer("reading recorded"))
    assert "*Rollbacks / day*  ~12 → 9" in told
    assert "bad debt" not in told.lower()


# --- however large -------------------------------------------------------------


def a_history(text: str, filters: Filters = NO_FILTERS) -> History:
    """A full page of the longest changes there are."""
    snapshot = a_snapshot(a_large_scorecard(10, text))
    long = as_long_as(text, 2_000)
    changes = [
        Change(
            id=10**9 + number,
            at=NOW - timedelta(days=number),
            actor=text[:40],
            surface="command",
            action="reading recorded" if number % 2 else "milestone edited",
            subject=f"metric-{number}" if number % 2 else f"milestone-{number}",
            revisions=(
                Revision("milestone", "title", None, long),
                Revision(long, long, long, long),
                Revision(long, long, long, None),
            ),
            reading=ReadingChange(a_value("~40"), a_value("~78"), long) if number % 2 else None,
            is_undone=True,
            can_undo=True,
        )
        for number in range(10)
    ]
    return History(snapshot, filters, changes, has_older=True, has_newer=True)


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&", "x"])
def test_a_page_of_the_longest_changes_is_one_that_slack_takes(text: str) -> None:
    screen = history_screen(a_history(text, Filters(metric="metric-0", person="U0ANA")))
    assert problems_in_message(screen.as_payload(), "ack") == []
    assert len(screen.text) <= kit.MOST_TEXT_LENGTH
    entries = [block for block in screen.blocks if block["type"] == "section"]
    assert len(entries) == 10
    assert kit.length(block["text"]["text"] for block in entries) <= kit.MOST_POST_LENGTH
    assert all("accessory" in block for block in entries)
    values = [element["value"] for element in screen.blocks[-2]["elements"]]
    assert values[0] == f"billing/newer:{10**9} metric:metric-0 <@U0ANA>"


def test_what_a_change_says_beyond_its_room_is_counted() -> None:
    screen = history_screen(a_history("&"))
    told = [block["text"]["text"] for block in screen.blocks if block["type"] == "section"]
    assert any("more things that changed" in each for each in told)


async def test_what_a_milestone_was_and_is_stands_in_words(stage: Stage) -> None:
    form = await stage.opens_form("/kpi plan Retry queue")
    stage.ana.fills(form, {"status": "in_progress"})
    assert (await stage.ana.submits(form)).closed
    form = await stage.opens_form("/kpi ship Retry queue")
    assert (await stage.ana.submits(form)).closed
    assert "• status: in progress → shipped" in read(await stage.types("/kpi history"))

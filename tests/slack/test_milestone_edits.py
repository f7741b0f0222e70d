"""Milestones that are planned, edited, dropped and re-opened; announcements changed in place."""

from typing import Any

import pytest

from app.playground import Message, Person, View
from app.playground.blockkit import problems_in_message, problems_in_view
from app.services.contents import marks_of
from app.slack.blocks.milestone_edits import edit_form, milestone_screen, plan_form
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard, a_snapshot, some_news
from tests.slack.stage import Stage, read
from tests.slack.test_ship_form import initials, typed_into


async def plans(stage: Stage, title: str, **typed: Any) -> Message:
    """Ana plans a milestone and sees it."""
    form = await stage.opens_form(f"/kpi plan {title}")
    stage.ana.fills(form, typed)
    assert (await stage.ana.submits(form)).closed
    return await stage.sees_answer("Planned:")


async def ships(stage: Stage, title: str) -> Message:
    """Ana ships a milestone; gives its announcement."""
    form = await stage.opens_form(f"/kpi ship {title}")
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    await stage.rests()
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    return stage.posts()[-1]


async def opens_edit(stage: Stage, message: Message, who: Person | None = None) -> View:
    person = who or stage.ana
    await person.clicks(message, "edit_milestone")
    await stage.rests()
    return await person.sees_view()


async def edits(stage: Stage, message: Message, **typed: Any) -> None:
    form = await opens_edit(stage, message)
    stage.ana.fills(form, typed)
    assert (await stage.ana.submits(form)).closed
    await stage.rests()


async def test_a_planned_milestone_is_kept_and_ships_later(stage: Stage) -> None:
    told = await plans(
        stage,
        "Bundles",
        status="in_progress",
        due_on="2026-04-02",
        detail="Pay first",
        tickets="A-1",
    )
    for words in ("*Bundles*", "Status: in progress", "Due on: Thu 2 Apr 2026", "A-1", "Pay first"):
        assert words in read(told)
    assert stage.posts() == []
    form = await stage.opens_form("/kpi ship bundles")
    assert initials(form)["detail"] == "Pay first"
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "shipped *Bundles*")


async def test_a_phase_waits_for_what_is_planned_for_it(stage: Stage) -> None:
    await plans(stage, "Bundles", phase="one-code-path")
    assert "Bundles" in read(await stage.types("/kpi roadmap"))


@pytest.mark.parametrize(
    "title", ["PDE step 2c", "pde  STEP 2c", "One assessment of an account's health"]
)
async def test_a_title_that_is_taken_is_refused_at_its_field(stage: Stage, title: str) -> None:
    form = await stage.opens_form(f"/kpi plan {title}")
    assert "is there already" in (await stage.ana.submits(form)).errors["title"]


async def test_bad_fields_of_a_plan_are_told_at_once(stage: Stage) -> None:
    form = await stage.opens_form("/kpi plan X")
    stage.ana.fills(form, {"title": "  ", "links": "example.com"})
    assert set((await stage.ana.submits(form)).errors) == {"title", "links"}


async def test_an_edit_opens_with_what_is_and_changes_the_announcement_in_place(
    stage: Stage,
) -> None:
    post = await ships(stage, "Bundles")
    form = await opens_edit(stage, post)
    assert typed_into_initial(form)["title"] == "Bundles"
    assert typed_into_initial(form)["status"] == "shipped"
    assert typed_into_initial(form)["shipped_on"] == "2026-03-19"
    stage.ana.fills(
        form, {"title": "Bundles pay", "links": "https://example.com/1", "work_streams": ["pde"]}
    )
    assert (await stage.ana.submits(form)).closed
    assert "Saved: *Bundles pay*" in read(await stage.sees_answer("Saved:"))
    await stage.rests()
    assert stage.posts() == [post]
    assert post.edited_ts is not None
    for words in ("shipped *Bundles pay*", "~12 → ~9", "<https://example.com/1>", "PDE"):
        assert words in read(post)


def typed_into_initial(form: View) -> dict[str, Any]:
    """What each field is preset with."""
    presets: dict[str, Any] = {}
    for block in form.blocks:
        element = block.get("element", {})
        option = element.get("initial_option", {}).get("value")
        presets[block["block_id"]] = (
            option or element.get("initial_date") or element.get("initial_value")
        )
    return presets


async def test_reopening_takes_back_that_it_shipped_and_keeps_the_readings(stage: Stage) -> None:
    post = await ships(stage, "PDE step 2c")
    await edits(stage, post, status="in_progress")
    assert "was announced as shipped and is in progress now" in read(post)
    assert "~9" in read(await stage.types("/kpi rollbacks"))
    form = await stage.opens_form("/kpi ship PDE step 2c")
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert stage.posts() == [post], "what was announced is not announced again"
    assert "shipped *PDE step 2c*" in read(post)


async def test_dropping_one_leaves_its_title_free(stage: Stage) -> None:
    await edits(stage, await plans(stage, "Bundles"), status="dropped")
    assert "Status: dropped" in read(await stage.sees_answer("Saved:"))
    await plans(stage, "Bundles")


async def test_one_that_ships_by_an_edit_is_announced(stage: Stage) -> None:
    planned = await plans(stage, "Bundles")
    form = await opens_edit(stage, planned)
    stage.ana.fills(form, {"status": "shipped"})
    assert "Choose the day" in (await stage.ana.submits(form)).errors["shipped_on"]
    stage.ana.fills(form, {"shipped_on": "2026-03-25"})
    assert "still to come" in (await stage.ana.submits(form)).errors["shipped_on"]
    stage.ana.fills(form, {"shipped_on": "2026-03-18"})
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "shipped *Bundles*")


async def test_an_edit_that_ships_the_last_thing_a_phase_needs_says_so(stage: Stage) -> None:
    await ships(stage, "PDE step 2c")
    post = await ships(stage, "PDE step 2d")
    assert "Ready now: *PDE Steps 3–4*" in read(post)
    await edits(stage, post, status="planned")
    assert "Ready now" not in read(post)
    await edits(stage, post, status="shipped", shipped_on="2026-03-19")
    assert "Ready now: *PDE Steps 3–4*" in read(post)


async def test_the_later_of_two_sees_what_changed_and_keeps_what_they_typed(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    await bob.joins(stage.billing)
    post = await ships(stage, "Bundles")
    his = await opens_edit(stage, post, bob)
    await edits(stage, post, detail="Hers", tickets="A-1")
    bob.fills(his, {"detail": "His", "title": "Bundles at last"})
    sent = await bob.submits(his)
    assert not sent.closed
    assert sent.view is not None
    told = read(sent.view)
    assert "Somebody changed this while you were writing" in told
    assert "*Detail*: Hers" in told
    assert "*Tickets*: A-1" in told
    assert "*Title*" not in told
    assert typed_into(sent.view)["detail"] == "His"
    assert (await bob.submits(sent.view)).closed
    await stage.rests()
    assert "His" in read(post)
    assert "shipped *Bundles at last*" in read(post)


async def test_an_edit_that_changes_nothing_leaves_the_post_alone(stage: Stage) -> None:
    post = await ships(stage, "Bundles")
    await edits(stage, post)
    assert post.edited_ts is None


async def test_an_announcement_that_was_deleted_is_not_posted_again(stage: Stage) -> None:
    post = await ships(stage, "Bundles")
    form = await opens_edit(stage, post)
    stage.billing.messages.remove(post)
    stage.ana.fills(form, {"detail": "More"})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    await stage.run_due(minutes=10)
    assert stage.posts() == []
    assert "Saved:" in read(stage.whispers()[-1]), "nothing is left to be told"
    assert len(stage.slack.journal.calls("chat.update")) == 1


async def test_an_update_that_slack_refused_is_made_later(stage: Stage) -> None:
    post = await ships(stage, "Bundles")
    stage.slack.faults.add("chat.update", "status", times=2)
    await edits(stage, post, detail="More")
    assert "More" not in read(post)
    for _ in range(3):
        await stage.run_due(minutes=1)
    assert "More" in read(post)
    assert len(stage.posts()) == 1


async def test_an_edit_before_the_announcement_could_be_posted_is_in_it(stage: Stage) -> None:
    planned = await plans(stage, "Bundles")
    stage.slack.faults.add("chat.postMessage", "drop_response", times=1)
    form = await stage.opens_form("/kpi ship Bundles")
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    await edits(stage, planned, detail="More")
    for _ in range(5):
        await stage.run_due(minutes=2)
    (post,) = [post for post in stage.posts() if "shipped" in read(post)]
    assert "More" in read(post)


async def test_details_show_the_milestone_to_who_asks(stage: Stage) -> None:
    post = await ships(stage, "Bundles")
    await stage.ana.clicks(post, "show_milestone")
    shown = await stage.sees_answer("Status: shipped")
    assert "~12 → ~9" in read(shown)
    assert f"Logged by <@{stage.ana.id}>" in read(shown)
    assert len(stage.posts()) == 1


async def test_what_a_file_gave_and_no_field_holds_stays(open_stage: Opening) -> None:
    many = ", ".join(f"TICKET {number:04}" for number in range(60))
    text = (
        "key: tiny\nname: Tiny\ngoal: Done\nmilestones:\n"
        f"  - {{key: one, title: One, tickets: [{many}]}}\n"
        "  - {key: two, title: Two, tickets: [A 1, B 2]}\n"
    )
    async with open_stage(empty=True) as stage:
        await stage.load(text, stage.billing)
        for title, kept in (("One", "TICKET 0059"), ("Two", "A 1, B 2")):
            post = await ships_without_metrics(stage, title)
            await edits(stage, post, detail="More")
            assert kept in read(post)


async def ships_without_metrics(stage: Stage, title: str) -> Message:
    form = await stage.opens_form(f"/kpi ship {title}")
    stage.ana.fills(form, {"tickets": None})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    return stage.posts()[-1]


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&"])
@pytest.mark.parametrize("count", SIZES)
def test_forms_and_screen_are_ones_that_slack_takes(count: int, text: str) -> None:
    snapshot = a_snapshot(a_large_scorecard(count, text))
    news = some_news(snapshot, text)
    milestone = news.shipped.milestone
    everything = tuple(marks_of(milestone))
    assert problems_in_view(plan_form(snapshot, "C1", title=text * 20)) == []
    for theirs in ((), everything):
        form = edit_form(snapshot, "C1", milestone, marks_of(milestone), theirs)
        assert problems_in_view(form) == []
        assert len(form["private_metadata"]) <= 3_000
    for done in ("", "Saved:"):
        assert problems_in_message(milestone_screen(news, done=done).as_payload()) == []


async def test_a_planned_milestone_ships_from_its_own_screen(stage: Stage) -> None:
    planned = await plans(stage, "Bundles", detail="Pay first")
    await stage.ana.clicks(planned, "ship_planned")
    form = await stage.ana.sees_view("Log a milestone")
    assert (initials(form)["title"], initials(form)["detail"]) == ("Bundles", "Pay first")
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "shipped *Bundles*")
    assert "1 of 17" in read(await stage.types("/kpi milestones me"))


async def test_logging_a_milestone_can_be_undone_from_its_answer(stage: Stage) -> None:
    post = await ships(stage, "Bundles")
    told = await stage.sees_answer("Logged: *Bundles*.")
    await stage.ana.clicks(told, "undo")
    undone = await stage.sees_answer("Undone in *Billing Platform*:")
    assert "milestone bundles: milestone: Bundles is retired" in read(undone)
    await stage.rests()
    assert "*Bundles* was announced as shipped and is dropped now" in read(post)
    assert "  ~12  →  target 0" in read(await stage.types("/kpi"))
    await stage.ana.clicks(undone, "undo")
    await stage.rests()
    assert "shipped *Bundles*" in read(post)
    assert "  ~9  →  target 0" in read(await stage.types("/kpi"))
    assert stage.posts() == [post]


async def test_a_plan_and_an_edit_can_be_undone_from_their_answers(stage: Stage) -> None:
    planned = await plans(stage, "Bundles")
    await edits(stage, planned, detail="Pay first")
    saved = await stage.sees_answer("Saved: *Bundles*")
    await stage.ana.clicks(saved, "undo")
    told = await stage.sees_answer("Undone in *Billing Platform*:")
    assert "milestone bundles: detail: Pay first → nothing" in read(told)
    await stage.ana.clicks(planned, "undo")
    await stage.rests()
    assert "none of 16" in read(await stage.types("/kpi milestones planned me"))

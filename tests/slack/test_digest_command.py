"""/kpi digest and the weekly post: what it says, and that it is posted once."""

from app.playground import Message
from tests.slack.stage import Stage, read

MONDAY = {"days": 3, "hours": 18}
"""From the Thursday on which each test begins to Monday, 9:00, when the digest is due."""


async def the_posts(stage: Stage) -> list[Message]:
    await stage.rests()
    return stage.posts()


async def ships(stage: Stage, title: str, **values: str) -> None:
    """Ana logs a milestone that moved metrics."""
    form = await stage.opens_form(f"/kpi ship {title}")
    if values:
        await stage.ana.dispatches(form, "metrics", list(values))
        await stage.rests()
        stage.ana.fills(form, {f"value:{key}": value for key, value in values.items()})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()


async def test_a_preview_is_for_the_asker_alone_and_changes_nothing(stage: Stage) -> None:
    for line in ("/kpi digest preview", "/kpi digest"):
        shown = read(await stage.types(line))
        assert "Preview: only you can see this, and nothing has been posted." in shown
        assert "Billing Platform: 12–19 Mar 2026" in shown
    assert await the_posts(stage) == []
    assert "Posting this week's digest." in read(await stage.types("/kpi digest now"))
    assert len(await the_posts(stage)) == 1


async def test_a_digest_is_posted_once_a_week(stage: Stage) -> None:
    await stage.types("/kpi digest now")
    (post,) = await the_posts(stage)
    assert "Preview" not in read(post)
    refused = read(await stage.types("/kpi digest now"))
    assert "This week's digest has been posted; it is posted once a week." in refused
    assert "The next one goes out on Mon 23 Mar 09:00 (UTC)" in refused
    await stage.run_due(hours=1)
    assert len(await the_posts(stage)) == 1


async def test_a_digest_tells_first_how_it_stands_then_each_metric_and_what_moved_it(
    stage: Stage,
) -> None:
    await ships(stage, "PDE step 2c", rollbacks="~9")
    stage.clock.passes(hours=1)
    await stage.types("/kpi digest now")
    told = read((await the_posts(stage))[-1])
    in_order = (
        "Billing Platform: 12–19 Mar 2026",
        "0 of 5 at target · ~81% of the way · ~+0.31 points this week",
        "*Rollbacks / day*  ~9 → target 0",
        "~95% · ~−3 this week · – no pace · seen ~−7.7 a week over 24 weeks",
        "*Dunning code paths*  3 → target 1",
        "~50% · first reading · – no pace",
        "Billing Platform on 19 Mar 2026. Rollbacks / day: ~9 → 0",
        "*Shipped, and what moved with it*",
        f"• *PDE step 2c* by <@{stage.ana.id}>",
        "\n\u00a0\u00a0\u00a0\u00a0◦ *Rollbacks / day*  ~12 → ~9, ~−3",
        "*Roadmap*",
        "• Blocked: *PDE Steps 3–4* (Q2 2026) by PDE step 2d; and 4 more phases",
        "Log a milestone",
        "See the scorecard",
        "Movement is over a week",
    )
    blocks = told[told.rindex("Billing Platform: 12–19 Mar 2026") :]
    places = [blocks.index(part) for part in in_order]
    assert places == sorted(places)


async def test_what_is_due_late_and_newly_ready_is_told(stage: Stage) -> None:
    for title in ("PDE step 2c", "PDE step 2d"):
        await ships(stage, title)
    shown = read(await stage.types("/kpi digest"))
    ready = "• Ready now: *PDE Steps 3–4* (Q2 2026) through PDE step 2c, PDE step 2d"
    assert ready in shown
    assert "Due: *Reliable dunning" not in shown
    stage.clock.passes(days=5)
    due = "• Due: *Reliable dunning on the recompute engine*, Sat 28 Mar 2026"
    assert due in read(await stage.types("/kpi digest"))
    stage.clock.passes(days=7)
    late = "• Late: *Reliable dunning on the recompute engine*, Sat 28 Mar 2026"
    assert late in read(await stage.types("/kpi digest"))


async def test_stale_metrics_are_told_with_their_age_and_owner(stage: Stage) -> None:
    stage.clock.passes(days=20)
    shown = read(await stage.types("/kpi digest"))
    assert "*Stale*" in shown
    assert "• Owned by nobody: *Rollbacks / day* (24 days old), *Bad debt from" in shown


async def test_the_schedule_posts_it_at_its_hour_and_only_then(stage: Stage) -> None:
    await stage.run_due(days=3, hours=17, minutes=59)
    assert await the_posts(stage) == []
    await stage.run_due(minutes=1)
    (post,) = await the_posts(stage)
    assert "late" not in read(post)
    assert "Billing Platform: 16–23 Mar 2026" in read(post)
    for _ in range(3):
        await stage.run_due(hours=1)
    assert len(await the_posts(stage)) == 1
    await stage.run_due(days=7)
    assert len(await the_posts(stage)) == 2


async def test_a_digest_whose_hour_was_missed_says_that_it_is_late(stage: Stage) -> None:
    stage.clock.passes(**MONDAY)
    await stage.run_due(hours=5)
    (post,) = await the_posts(stage)
    assert "This digest is late" in read(post)


async def test_the_buttons_of_a_digest_answer_whoever_clicks_and_leave_it_alone(
    stage: Stage,
) -> None:
    await stage.types("/kpi digest now")
    (post,) = await the_posts(stage)
    before = read(post)
    await stage.ana.clicks(post, "show_page")
    await stage.sees_answer("  →  target 0")
    assert read(post) == before
    await stage.ana.clicks(post, "ship")
    assert (await stage.ana.sees_view()).title == "Log a milestone"


async def test_without_a_home_a_digest_goes_where_it_was_asked_for(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load("{key: tiny, name: Tiny, goal: Done, metrics: []}")
    elsewhere = stage.slack.add_channel("elsewhere", members=[stage.ana])
    await stage.types("/kpi digest now", elsewhere)
    await stage.ana.sees_message(elsewhere, "Tiny: 12–19 Mar 2026")


async def test_from_the_digest_to_a_metric_its_milestone_and_its_edit_and_back(
    stage: Stage,
) -> None:
    form = await stage.opens_form("/kpi ship Bundles")
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    await stage.rests()
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    assert (await stage.ana.submits(form)).closed
    await stage.run_due(days=4)
    digest = stage.posts()[-1]
    await stage.ana.clicks(digest, "show_metric", "billing/rollbacks")
    screen = await stage.sees_answer("Last readings")
    for action, seen in (
        ("show_milestones", "1 of 17"),
        ("show_milestone", "Status: shipped"),
        ("show_metric", "Last readings"),
        ("show_page", "0 of 5 at target"),
    ):
        await stage.ana.clicks(screen, action)
        await stage.rests()
        assert seen in read(screen)
        if action == "show_milestone":
            await stage.ana.clicks(screen, "edit_milestone")
            await stage.ana.closes(await stage.ana.sees_view("Status"))
    assert stage.posts()[-1] is digest

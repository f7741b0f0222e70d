"""/kpi: the scorecard of the channel, for the asker alone, in the very answer to the command."""

from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read

SMALL = """
key: {key}
name: {key} scorecard
goal: One thing gets done
metrics:
  - key: errors
    name: Errors
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
"""

MANY = """
key: many
name: Many
goal: Many things get done
work_streams:
{streams}
metrics:
{metrics}
"""


def many_metrics(count: int) -> str:
    """A scorecard file with so many metrics and work streams."""
    streams = "".join(
        f"  - {{key: stream-{number}, name: Stream {number}}}\n" for number in range(count)
    )
    metrics = "".join(
        f"  - key: metric-{number}\n    name: Metric {number}\n"
        "    baseline: {value: 10, label: Q1, on: 2026-01-01}\n    target: 0\n"
        for number in range(count)
    )
    return MANY.format(streams=streams, metrics=metrics)


async def test_shows_the_whole_scorecard_to_the_asker_alone(stage: Stage) -> None:
    shown = read(await stage.types("/kpi"))
    assert "0 of 5 at target · ~81% of the way" in shown
    for line in (
        "*Rollbacks / day*   ~12  →  target 0",
        "*Bad debt from upgrades*   ~3 / day  →  target 0 / day",
        "*Disagreeing accounts*   ~40  →  target 0",
        "*Invoice coverage*   ~78%  →  target 100%",
        "*Dunning code paths*   3  →  target 1",
        "█████████░ ~94% · first reading · – no pace",
    ):
        assert line in shown
    assert stage.posts() == []
    assert stage.slack.journal.responses() == []


async def test_movement_is_that_of_seven_days(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks ~9")
    assert "~95% · ~−3 this week" in read(await stage.types("/kpi"))


async def test_the_home_of_one_scorecard_is_no_place_for_another_channel(stage: Stage) -> None:
    elsewhere = stage.slack.add_channel("random", members=[stage.ana])
    for channel in (elsewhere, stage.slack.direct_message(stage.ana)):
        for line in ("/kpi", "/kpi rollbacks", "/kpi update rollbacks 1", "/kpi digest now"):
            await stage.ana.types(line, channel)
            await stage.rests()
            shown = stage.whispers(channel)[-1]
            assert "This channel has no scorecard." in read(shown)
            assert "Rollbacks / day" not in read(shown)
        assert stage.posts(channel) == []
    assert "~12" in read(await stage.types("/kpi rollbacks"))


async def test_without_any_scorecard_it_says_how_to_make_one(empty_stage: Stage) -> None:
    await empty_stage.ana.types("/kpi", empty_stage.billing)
    shown = read(await empty_stage.sees_answer("This channel has no scorecard."))
    assert "/kpi setup" in shown


async def test_the_only_scorecard_without_a_home_is_shown_anywhere(empty_stage: Stage) -> None:
    await empty_stage.load(SMALL.format(key="tiny"))
    for channel in (empty_stage.billing, empty_stage.slack.direct_message(empty_stage.ana)):
        assert "tiny scorecard" in read(await empty_stage.types("/kpi", channel))


async def test_each_channel_shows_its_own_scorecard(stage: Stage) -> None:
    checkout = stage.slack.add_channel("checkout", members=[stage.ana], private=True)
    await stage.load(SMALL.format(key="checkout"), checkout)
    await stage.load(SMALL.format(key="homeless"))
    assert "checkout scorecard" in read(await stage.types("/kpi", checkout))
    assert "Billing Platform" in read(await stage.types("/kpi"))


async def test_several_scorecards_without_a_home_are_offered_and_none_is_guessed(
    empty_stage: Stage,
) -> None:
    stage = empty_stage
    for key in ("one", "two"):
        await stage.load(SMALL.format(key=key))
    await stage.ana.types("/kpi", stage.billing)
    offered = await stage.sees_answer("You may see these:")
    rows = [block for block in offered.blocks if "accessory" in block]
    await stage.ana.clicks(offered, "show_page", block_id=rows[1]["block_id"])
    await stage.rests()
    assert "two scorecard" in read(offered)
    await stage.ana.clicks(offered, "show_metric")
    await stage.rests()
    assert "Last readings" not in read(offered)
    assert "0 of 1 at target" not in read(offered)
    await stage.ana.clicks(offered, "show_page")
    await stage.rests()
    assert "two scorecard" in read(offered)


async def test_details_and_back_replace_what_she_sees(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    rows = [block for block in shown.blocks if "accessory" in block]
    await stage.ana.clicks(shown, "show_metric", block_id=rows[3]["block_id"])
    await stage.sees_answer("Last readings")
    assert "Invoice coverage" in read(shown)
    assert "Dunning" not in read(shown)
    await stage.ana.clicks(shown, "show_page")
    await stage.sees_answer("Dunning code paths")
    assert len(stage.whispers()) == 1


async def test_pages_lead_to_every_one_of_many_metrics(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(many_metrics(40), stage.billing)
    shown = await stage.types("/kpi")
    seen = read(shown)
    await stage.ana.clicks(shown, "show_page:next")
    seen += read(await stage.sees_answer("*Metric 15*"))
    await stage.ana.clicks(shown, "show_page:next")
    seen += read(await stage.sees_answer("*Metric 30*"))
    assert [number for number in range(40) if f"*Metric {number}*" not in seen] == []
    await stage.ana.clicks(shown, "show_page:previous")
    await stage.sees_answer("*Metric 15*")


async def test_words_that_mean_nothing_get_a_suggestion(stage: Stage) -> None:
    for line, says in {
        "/kpi rolbacks": "Did you mean rollbacks?",
        "/kpi shp": "Did you mean /kpi ship?",
        "/kpi digest tomorrow": "preview, now or schedule, not by “tomorrow”",
        "/kpi help": "/kpi update METRIC VALUE [NOTE]",
    }.items():
        assert says in read(await stage.types(line))


async def test_a_name_of_several_metrics_offers_each_as_a_button(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(many_metrics(40), stage.billing)
    shown = await stage.types("/kpi metric 1")
    assert "Metric 1" in read(shown), "the name itself is clear"
    shown = await stage.types("/kpi metric")
    told = read(shown)
    assert "“metric” may be any of 40 metrics: metric-0, metric-1" in told
    assert "… and 20 more: type more of the name." in told
    await stage.ana.clicks(shown, "show_metric:19")
    await stage.sees_answer("*Current*")
    assert "Metric 19" in read(shown)
    assert len(stage.whispers()) == 2


async def test_a_slip_of_the_pen_leads_to_the_metric_by_a_click(stage: Stage) -> None:
    shown = await stage.types("/kpi rolbacks")
    assert "Did you mean rollbacks?" in read(shown)
    await stage.ana.clicks(shown, "show_metric:0")
    await stage.sees_answer("remaining off-session flows")


async def test_one_metric_forgives_case_and_typing(stage: Stage) -> None:
    for typed in ("rollbacks", "ROLLBACKS", "roll", "Rollbacks / day", "rollback"):
        assert "remaining off-session flows" in read(await stage.types(f"/kpi {typed}"))


async def test_one_metric_shows_drivers_readings_and_the_milestones_that_moved_it(
    stage: Stage,
) -> None:
    form = await stage.opens_form("/kpi ship PDE step 2c")
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    form = await stage.ana.sees_view("Rollbacks / day: new value")
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    assert (await stage.ana.submits(form)).closed
    stage.clock.passes(hours=1)
    await stage.types("/kpi update rollbacks ~8 counted twice")
    shown = read(await stage.types("/kpi rollbacks"))
    assert "• *PDE*: remaining off-session flows" in shown
    assert "*PDE step 2c*: ~12 → ~9" in shown
    assert f"  ~8  by <@{stage.ana.id}>: counted twice" in shown
    assert "  ~12  by scorecard file" in shown
    assert "*Baseline*\n196 (Q3 '25)" in shown
    assert "– no pace: no target date is set" in shown
    assert shown.index("  ~8  by") < shown.index("  ~9  by") < shown.index("  ~12  by")


async def test_slacks_token_check_is_not_waited_for_by_the_first_who_asks(
    open_stage: Opening,
) -> None:
    async with open_stage() as stage:
        asked = len(stage.slack.journal.calls("auth.test"))
        stage.slack.faults.add("auth.test", "status", times=9)
        assert "Billing Platform" in read(await stage.types("/kpi"))
        assert len(stage.slack.journal.calls("auth.test")) == asked

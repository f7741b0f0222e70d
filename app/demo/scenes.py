"""The main job as a person does it, scene by scene; each checks that she saw what she should."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.demo.play import SECONDS_TO_SEE, Play, SceneFailed
from app.demo.production import LEDGER, ROLLBACKS

Scene = Callable[[Play], Awaitable[None]]


async def the_scorecard(play: Play) -> None:
    play.title("How do we stand?")
    await play.types("/kpi", expects="0 of 5 at target")
    await play.types("/kpi rollbacks", expects="remaining off-session flows")
    play.says("A picture of its trajectory follows")
    await play.sees("so far")


async def an_update(play: Play) -> None:
    play.title("A new reading, as people type it")
    await play.types("/kpi update disagreeing lots", expects="isn't a value")
    await play.types("/kpi update disagreeing ~34 after the nightly backfill", expects="~40 → ~34")


async def a_way_back(play: Play) -> None:
    play.title("A slip, and the way back")
    answer = await play.types("/kpi update dunning 30", expects="3 → 30")
    await play.clicks(answer, "Undo", expects="It is 3 again")
    await play.types("/kpi history dunning", expects="reading recorded · undone")


async def a_milestone(play: Play) -> None:
    play.title("A milestone ships, and a metric moves with it")
    stage = play.stage
    await play.types("/kpi ship PDE step 2c")
    form = await stage.ana.sees_view("Log a milestone")
    stage.ana.fills(form, {"detail": "Trial conversions pay before they commit."})
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    form = await stage.ana.sees_view("Rollbacks / day: new value")
    stage.ana.fills(form, {"value:rollbacks": "nine"})
    play.says("Ana fills in the form, chooses the metric it moved, and slips")
    refused = await stage.ana.submits(form)
    if "value:rollbacks" not in refused.errors:
        raise SceneFailed(f"a value that is no number was taken: {refused}")
    play.shows_view(form, refused.errors)
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    play.says("She types ~9 and sends it")
    sent = await stage.ana.submits(form)
    if not sent.closed:
        raise SceneFailed(f"the form was refused: {sent.errors or sent.error}")
    await play.sees("shipped")


async def the_roadmap(play: Play) -> None:
    play.title("What is in the way?")
    await play.types("/kpi roadmap", expects="PDE step 2d")


async def wherever_one_is(play: Play) -> None:
    play.title("In a thread, and in the Home tab")
    ana = play.stage.ana
    play.says("Ana writes: @KPI bad debt")
    await ana.mentions_bot("bad debt", play.stage.channel)
    await play.sees("reversal logic elimination")
    play.says("Ana opens the Home tab of the bot")
    await ana.opens_home()
    await play.rests()
    home = play.stage.slack.home_of(ana)
    if home is None:
        raise SceneFailed("the Home tab stayed empty")
    play.shows_view(home)


async def the_digest(play: Play) -> None:
    play.title("The weekly digest, with the movement it caused")
    await play.types("/kpi digest now")
    await play.sees("Movement is over")
    await play.rests()
    play.says("It is posted once a week, whoever asks again")
    await play.types("/kpi digest now", expects="once a week")


async def a_scorecard_of_ones_own(play: Play) -> None:
    play.title("Another team begins, without leaving Slack")
    ana = play.stage.ana
    channel = play.stage.slack.workspace.channel("onboarding")
    await play.types("/kpi setup", channel=channel)
    view = await ana.sees_view("Start from an example")
    play.shows_view(view)
    play.says("She chooses an example and makes it hers")
    await ana.clicks(view, "setup_examples")
    view = await ana.sees_view("Choose the one")
    await ana.clicks(view, "setup_example:onboarding")
    await play.sends(await ana.sees_view("Home channel"))
    menu = await ana.sees_view("Still to do")
    play.shows_view(menu)
    play.says("She takes a metric over, and lets workflows record")
    await ana.clicks(menu, "setup_metrics")
    metrics = await ana.sees_view("Add a metric")
    first = next(block for block in metrics.blocks if "elements" in block)
    await ana.clicks(metrics, "open_part_form", block_id=first["block_id"])
    form = await ana.sees_view("Baseline date")
    ana.fills(form, {"owner": [ana.id]})
    await play.sends(form)
    await ana.closes(metrics)
    await ana.clicks(menu, "setup_access")
    form = await ana.sees_view("Owners")
    ana.fills(form, {"allowed": ["workflows_edit"]})
    await play.sends(form)
    await ana.closes(menu)


async def a_workflow(play: Play) -> None:
    play.title("A workflow feeds the scorecard")
    channel = play.stage.slack.workspace.channel("onboarding")
    given = {"channel": channel.id, "metric": "days", "value": "~4", "note": "from the survey"}
    step = await play.stage.slack.run_step("record_reading", given)
    if step.outputs is None:
        raise SceneFailed(f"the step failed: {step.error}")
    play.says(f"The step “Record a reading” gives: {step.outputs['summary']}")
    await play.types("/kpi", channel=channel, expects="0 of 4 at target")


async def a_reminder(play: Play) -> None:
    play.title("The next day: what Ana owns would be stale in the digest")
    await play.time_passes(timedelta(hours=18))
    direct = play.stage.slack.direct_message(play.stage.ana)
    await play.sees("will be stale in the next digest", direct)


async def readings_by_themselves(play: Play) -> None:
    play.title("Metrics that are read where the figures live")
    stage, ana = play.stage, play.stage.ana
    play.says("In /kpi setup, Metrics, Ana gives Rollbacks a query, and tries it")
    await ana.types("/kpi setup", stage.channel)
    menu = await ana.sees_view("Set up")
    await ana.clicks(menu, "setup_metrics")
    metrics = await ana.sees_view("Add a metric")
    await ana.clicks(metrics, "open_source_form")
    form = await ana.sees_view("by itself")
    ana.fills(form, {"database": LEDGER, "query": ROLLBACKS, "every": "daily at 07:00"})
    await ana.clicks(form, "try_source")
    form = await ana.sees_view("Nothing is recorded until you save")
    play.shows_view(form)
    play.says("She saves it. A Prometheus and a report in JSON feed two more metrics")
    await play.sends(form)
    await ana.closes(metrics)
    await ana.closes(menu)
    await stage.arrivals.connect()
    await play.rests()
    await play.types("/kpi rollbacks", expects="SQL, daily at 07:00")
    play.says("A day's work goes by, and the next morning comes")
    stage.production.goes_on()
    await play.time_passes(timedelta(hours=23))
    await play.types("/kpi", expects="81%")


async def a_merge(play: Play) -> None:
    play.title("A merge becomes a milestone")
    stage = play.stage
    play.says("Ben's change is merged; the git server calls the bot, which offers a milestone")
    await stage.arrivals.merge(lambda _: None)
    offer = await stage.ana.sees_message(stage.channel, "Plan changes wait", SECONDS_TO_SEE)
    play.shows(offer)
    await play.clicks(offer, "Log it", expects="logged")
    await play.types("/kpi rollbacks", expects="~6")


SCENES: tuple[Scene, ...] = (
    the_scorecard,
    an_update,
    a_way_back,
    a_milestone,
    the_roadmap,
    wherever_one_is,
    the_digest,
    a_scorecard_of_ones_own,
    a_workflow,
    a_reminder,
    readings_by_themselves,
    a_merge,
)


async def perform(play: Play) -> None:
    """All scenes in order. Raises `SceneFailed`, or what the local Slack raises of its own."""
    for scene in SCENES:
        await scene(play)
    await play.rests()
    refused = [entry for entry in play.stage.slack.journal.entries if entry.problems]
    if refused:
        raise SceneFailed(
            f"Slack would have refused {len(refused)} messages: {refused[0].problems}"
        )

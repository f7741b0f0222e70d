"""The progress page and an assistant have the figures of `/kpi` and of the digest, to the digit."""

from app.pages.content import Content, MetricRow, content_of
from app.pages.html import document
from app.pages.markdown import markdown
from app.services import reports
from app.services.callers import OPERATOR, Caller, Surface
from tests.assistants.client import Desk
from tests.slack.stage import Stage, read


async def content_now(stage: Stage) -> Content:
    caller = Caller(OPERATOR, Surface.TERMINAL, stage.clock.now)
    return content_of(await reports.gather(stage.running.bot.store, caller))


async def moves(stage: Stage) -> None:
    """The rollbacks fall, with enough readings for a forecast."""
    for value in ("~9", "~7", "~5", "4"):
        stage.clock.passes(days=3)
        await stage.types(f"/kpi update rollbacks {value}")


async def test_the_page_says_what_the_scorecard_and_the_digest_say(stage: Stage) -> None:
    await moves(stage)
    screens = [read(await stage.types(line)) for line in ("/kpi", "/kpi digest preview")]
    page = await content_now(stage)
    head = page.headline
    told = [f"{head.at_target} at target · {head.way} of the way", head.gained]
    told += [figure for row in page.metrics for figure in figures_of(row)]
    assert page.metrics[0].current == "4"
    missing = [figure for figure in told for screen in screens if figure not in screen]
    assert missing == []
    written = (markdown(page), document(page, {}))
    figures = [head.way, *(figure for row in page.metrics for figure in figures_of(row))]
    assert [figure for figure in figures for each in written if figure not in each] == []


def figures_of(row: MetricRow) -> tuple[str, ...]:
    return row.current, row.target, row.way, row.movement, row.standing


async def test_the_page_says_what_a_metrics_screen_says(stage: Stage) -> None:
    await moves(stage)
    screen = read(await stage.types("/kpi rollbacks"))
    row = (await content_now(stage)).metrics[0]
    told = (row.start, row.movement, row.reason, row.pace, row.forecast, row.current)
    assert [said for said in told if said not in screen] == []
    assert "too early" not in row.forecast


async def test_an_assistant_is_told_what_the_screens_say(stage: Stage) -> None:
    await moves(stage)
    desk = Desk(stage.running.bot.store, stage.clock.now)
    assistant = desk.assistant(await desk.makes_token())
    whole = await assistant.asks("read_scorecard")
    screen = read(await stage.types("/kpi"))
    rows = (await content_now(stage)).metrics
    figures = [figure for row in rows for figure in figures_of(row)]
    assert [each for each in figures if each not in screen or each not in whole.text] == []
    for row, metric in zip(rows, whole.data["metrics"], strict=True):
        assert metric["current"]["value"]["text"].startswith(row.current)
        assert metric["progress"]["text"] == row.way
        assert metric["status"].replace("_", " ") == row.standing

    one = await assistant.asks("explain_status", metric="rollbacks")
    screen = read(await stage.types("/kpi rollbacks"))
    told = [one.data["movement"], one.data["pace"]["words"], one.data["forecast_words"]]
    told += [f"{one.data['standing']}: {one.data['metric']['reason']}"]
    assert [each for each in told if each not in screen or each not in one.text] == []

"""The picture in a digest: it stands below the metrics, and never holds the digest up."""

from typing import Any

import pytest

from app.charts.charts import Chart
from app.playground import Message
from app.playground.faults import FaultKind
from tests.slack.conftest import Opening
from tests.slack.stage import NO_PICTURES, Stage, a_dot
from tests.slack.test_digest_weeks import STEADY, several
from tests.slack.test_native import CHART, kinds

ABOVE = ["header", "section", "section"]


async def posted(stage: Stage) -> Message:
    await stage.types("/kpi digest now")
    await stage.rests()
    await stage.run_due(minutes=10)
    (post,) = stage.posts()
    return post


async def test_all_trajectories_stand_below_the_metrics(stage: Stage) -> None:
    post = await posted(stage)
    assert kinds(post)[:4] == [*ABOVE, "image"]
    assert CHART not in kinds(post)
    picture: dict[str, Any] = post.blocks[3]
    assert picture["alt_text"].startswith("Billing Platform")
    for metric in ("Rollbacks / day: ~12", "Invoice coverage: ~78%", "Dunning code paths: 3"):
        assert metric in picture["alt_text"]


async def test_the_picture_is_of_the_end_of_the_week_that_was_claimed(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "status")
    await stage.types("/kpi digest now")
    await stage.rests()
    stage.clock.passes(seconds=30)
    await stage.types("/kpi update rollbacks 1")
    await stage.run_due(minutes=1)
    (post,) = stage.posts()
    assert "Rollbacks / day: ~12" in post.blocks[3]["alt_text"]


async def test_where_no_picture_can_be_had_slack_draws_the_ways(open_stage: Opening) -> None:
    async with open_stage(manifest=NO_PICTURES) as stage:
        assert kinds(await posted(stage))[:4] == [*ABOVE, CHART]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
@pytest.mark.parametrize("kind", ["status", "drop_response"])
async def test_a_picture_that_fails_neither_stops_nor_doubles_the_digest(
    stage: Stage, method: str, kind: FaultKind
) -> None:
    stage.slack.faults.add(method, kind)
    assert kinds(await posted(stage))[:4] == [*ABOVE, CHART]


async def test_a_painter_that_fails_leaves_a_digest_without_picture(open_stage: Opening) -> None:
    async def fails(chart: Chart) -> bytes:
        raise RuntimeError(chart.title)

    async with open_stage(paint=fails) as stage:
        assert kinds(await posted(stage))[:4] == [*ABOVE, CHART]


async def test_a_digest_whose_answer_was_lost_is_not_painted_again(open_stage: Opening) -> None:
    painted = []

    async def paints(chart: Chart) -> bytes:
        painted.append(chart.title)
        return await a_dot(chart)

    async with open_stage(paint=paints) as stage:
        stage.slack.faults.add("chat.postMessage", "drop_response")
        assert kinds(await posted(stage))[3] == "image"
        assert len(painted) == 1


async def test_a_quiet_week_has_no_picture(empty_stage: Stage) -> None:
    await empty_stage.load(several({0: STEADY, 1: STEADY}), empty_stage.billing)
    await posted(empty_stage)
    assert empty_stage.slack.workspace.files == {}

"""Metrics that keep a limit or are only recorded, from /kpi setup to every screen."""

from collections.abc import AsyncIterator

import pytest

from app.playground.users import Standing
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_setup_parts import ERRORS, clicks, opens_form, opens_list, sends

ERROR_RATE = ERRORS | {
    "name": "Error rate",
    "unit": "%",
    "baseline": "1",
    "kind": "stay_below",
    "target": "2",
}
CUSTOMERS = ERRORS | {"name": "Customers", "unit": "", "kind": "record", "target": ""}


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, and Ana, who is an admin of the workspace."""
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def adds(stage: Stage, typed: dict[str, str]) -> None:
    form = await opens_form(stage, await opens_list(stage, "metrics"), "/metric")
    await sends(stage, form, typed)


async def test_a_limit_is_kept_until_a_reading_breaks_it(stage: Stage) -> None:
    await adds(stage, ERROR_RATE | {"current": "1.8"})

    kept = read(await stage.types("/kpi error rate"))
    for words in (
        "*Limit*\n≤ 2%",
        "✓ within the limit: 1.8% against at most 2%",
        "*Baseline*\n1% (Q1)",
    ):
        assert words in kept
    assert "*Way closed*" not in kept, "there is no way to go"

    await stage.types("/kpi update error rate 2.5")
    broken = read(await stage.types("/kpi error rate"))
    assert "▼ beyond the limit: 2.5% against at most 2%" in broken


async def test_a_record_is_shown_and_judged_by_nobody(stage: Stage) -> None:
    await adds(stage, CUSTOMERS | {"current": "12"})

    shown = read(await stage.types("/kpi customers"))
    assert "*Status*\n– recorded only" in shown
    assert "*Target*" not in shown
    assert "*Limit*" not in shown
    whole = read(await stage.types("/kpi"))
    assert "0 of 5 at target" in whole, "what has no target isn't counted"
    assert "*Customers*   12  →  no target" in whole


async def test_the_goal_waits_for_limits_and_not_for_records(stage: Stage) -> None:
    await adds(stage, CUSTOMERS)
    await adds(stage, ERROR_RATE | {"current": "3"})
    for update in ("rollbacks 0", "bad debt 0", "disagreeing 0", "coverage 100%", "dunning 1"):
        await stage.types(f"/kpi update {update}")
    assert "5 of 6 at target" in read(await stage.types("/kpi"))
    await stage.run_due(minutes=1)
    assert not [post for post in stage.posts() if "the goal is reached" in read(post)]

    await stage.types("/kpi update error rate 1.5")
    await stage.run_due(minutes=1)
    (post,) = [post for post in stage.posts() if "the goal is reached" in read(post)]
    assert "*Error rate*  1% (Q1) → 1.5%" in read(post)


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"target": ""}, "target", "“Errors” needs a target to reach"),
        ({"kind": "stay_above", "target": ""}, "target", "“Errors” needs a limit to keep"),
        ({"kind": "record"}, "target", "“Errors” is only recorded and has no target"),
        ({"kind": "stay_below", "target_on": "2026-12-31"}, "target_on", "it has no target date"),
    ],
)
async def test_what_does_not_fit_the_kind_is_told_at_its_field(
    stage: Stage, typed: dict[str, str], field: str, told: str
) -> None:
    form = await opens_form(stage, await opens_list(stage, "metrics"), "/metric")
    stage.ana.fills(form, ERRORS | typed)
    sent = await stage.ana.submits(form)
    assert not sent.closed
    assert told in sent.errors[field]


async def test_a_target_becomes_a_limit_and_is_taken_back(stage: Stage) -> None:
    listed = await opens_list(stage, "metrics")
    form = await opens_form(stage, listed, "metric rollbacks")
    await sends(stage, form, {"kind": "stay_below", "target": "15"})
    assert "kind: reach a target → stay at or below a limit" in read(listed)
    assert "*Limit*\n≤ 15" in read(await stage.types("/kpi rollbacks"))

    await clicks(stage, listed, "undo_part")
    assert "*Target*\n0" in read(await stage.types("/kpi rollbacks"))

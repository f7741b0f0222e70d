"""/kpi ship: the form, what it keeps while it grows, and what one submit writes."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from app.playground import Message, View
from tests.slack.stage import START, Stage, read
from tests.slack.test_scorecard_command import SMALL, many_metrics

LATER = START.date().replace(day=25).isoformat()


def typed_into(view: View) -> dict[str, Any]:
    """What stands in the form's fields, by block id."""
    return {block_id: _content(state) for (block_id, _), state in view.chosen.items()}


def _content(state: dict[str, Any]) -> Any:
    if "selected_options" in state:
        return [option["value"] for option in state["selected_options"]]
    option = state.get("selected_option")
    return option["value"] if option else state.get("value") or state.get("selected_date")


def fields(view: View) -> list[str]:
    return [block["block_id"] for block in view.blocks]


def initials(view: View) -> dict[str, Any]:
    """What each field of text is preset with."""
    return {block["block_id"]: block["element"].get("initial_value", "") for block in view.blocks}


async def chooses(stage: Stage, form: View, *metrics: str) -> View:
    """Ana chooses the metrics that moved, and the form has a field for each."""
    await stage.ana.dispatches(form, "metrics", list(metrics))
    await stage.rests()
    assert [block_id for block_id in fields(form) if block_id.startswith("value:")] == [
        f"value:{key}" for key in metrics
    ]
    return form


async def test_opens_with_the_title_and_todays_date(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Retries are gone")
    assert form.title == "Log a milestone"
    assert initials(form)["title"] == "Retries are gone"
    dates = [b["element"]["initial_date"] for b in form.blocks if b["block_id"] == "shipped_on"]
    assert dates == ["2026-03-19"]


async def test_forms_that_follow_each_other_open_over_one_connection(stage: Stage) -> None:
    used = []
    for _ in range(3):
        await stage.ana.closes(await stage.opens_form("/kpi ship"))
        await stage.rests()
        used.append(_connections(stage))
    assert used[0] == used[1] == used[2]
    assert len(used[0]) == stage.slack.connections + 1, "the socket's, and that of the calls"


def _connections(stage: Stage) -> set[int]:
    """The ports from which the local Slack is asked just now."""
    slack_port = urlsplit(stage.slack.url).port
    return {
        each.raddr.port
        for each in psutil.Process().net_connections("tcp")
        if each.status == psutil.CONN_ESTABLISHED and each.laddr.port == slack_port
    }


async def test_a_planned_milestone_brings_its_detail(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship reversal logic is DELETED")
    assert initials(form)["title"] == "Reversal logic is deleted"
    assert "Code that commits first" in initials(form)["detail"]


async def test_the_form_grows_and_shrinks_and_keeps_all_that_was_typed(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Reversal logic is deleted")
    typed = {
        "title": "Reversal logic is gone",
        "work_streams": ["pde", "one-code-path"],
        "phase": "one-code-path",
        "shipped_on": "2026-03-18",
        "links": "https://example.com/1",
        "tickets": "ABC-1",
    }
    stage.ana.fills(form, typed)
    await chooses(stage, form, "rollbacks")
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    await chooses(stage, form, "rollbacks", "bad-debt")
    assert typed_into(form) == typed | {
        "metrics": ["rollbacks", "bad-debt"],
        "value:rollbacks": "~9",
    }
    assert "Code that commits first" in initials(form)["detail"], "nobody touched it"
    await chooses(stage, form, "bad-debt")
    assert typed_into(form)["title"] == "Reversal logic is gone"


async def test_what_was_emptied_stays_empty(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Reversal logic is deleted")
    stage.ana.fills(form, {"detail": None})
    await chooses(stage, form, "rollbacks")
    assert initials(form)["detail"] == ""


async def test_a_value_field_says_where_the_metric_stands(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship X")
    await chooses(stage, form, "invoice-coverage")
    assert "Invoice coverage: new value" in form.wording
    assert "Now ~78%, target 100%." in form.wording


async def test_metrics_chosen_in_a_row_all_get_their_fields(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Two at once")
    await asyncio.gather(
        stage.ana.dispatches(form, "metrics", ["rollbacks"]),
        stage.ana.dispatches(form, "metrics", ["rollbacks", "bad-debt"]),
    )
    await stage.rests()
    assert {"value:rollbacks", "value:bad-debt"} <= set(fields(form))
    assert stage.posts(stage.slack.direct_message(stage.ana)) == []


async def test_a_form_left_before_it_grew_is_nobodys_failure(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Changed my mind")
    stage.slack.faults.add("views.update", "delay", seconds=0.05)
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    await stage.ana.closes(form)
    await stage.rests()
    assert stage.whispers() == stage.posts(stage.slack.direct_message(stage.ana)) == []


async def test_a_form_that_could_not_grow_grows_when_it_is_sent(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Slow day")
    stage.slack.faults.add("views.update", "status")
    stage.ana.fills(form, {"detail": "In one go."})
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    await stage.rests()
    sent = await stage.ana.submits(form)
    assert not sent.closed
    assert "value:rollbacks" in fields(form)
    stage.ana.fills(form, {"value:rollbacks": "9"})
    assert typed_into(form)["detail"] == "In one go."
    assert (await stage.ana.submits(form)).closed
    assert "12 → 9" in read(await stage.ana.sees_message(stage.billing, "shipped"))


async def test_all_errors_are_told_at_their_fields_at_once(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship X")
    await chooses(stage, form, "rollbacks", "bad-debt", "invoice-coverage")
    stage.ana.fills(
        form,
        {
            "title": "   ",
            "shipped_on": LATER,
            "links": "example.com",
            "value:rollbacks": "many",
            "value:bad-debt": "2",
            "value:invoice-coverage": "3 / day",
        },
    )
    refused = await stage.ana.submits(form)
    assert not refused.closed
    assert set(refused.errors) == {
        "title",
        "shipped_on",
        "links",
        "value:rollbacks",
        "value:invoice-coverage",
    }
    assert refused.errors["title"] == "The title is missing."
    assert "still to come" in refused.errors["shipped_on"]
    assert "Write https://" in refused.errors["links"]
    assert "“many” isn't a value" in refused.errors["value:rollbacks"]
    assert "~12" in read(await stage.types("/kpi rollbacks"))
    assert stage.posts() == []


async def test_a_title_too_long_never_leaves_slack(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship X")
    stage.ana.fills(form, {"title": "x" * 151})
    refused = await stage.ana.submits(form)
    assert set(refused.errors) == {"title"}
    assert refused.ack is None


async def test_too_many_links_are_refused_at_their_field(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship X")
    stage.ana.fills(form, {"links": "\n".join(f"https://example.com/{n}" for n in range(11))})
    assert "At most 10 links" in (await stage.ana.submits(form)).errors["links"]


async def test_the_title_of_what_has_shipped_is_refused_at_its_field(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship One assessment of an account's health")
    assert "has already shipped" in (await stage.ana.submits(form)).errors["title"]


async def test_one_submit_writes_all_and_announces_it(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship")
    stage.ana.fills(
        form,
        {
            "title": "PDE step 2c",
            "detail": "Trial conversions pay first.",
            "work_streams": ["pde"],
            "links": "https://example.com/a?b=1&c=2",
            "tickets": "ABC-1, ABC-2",
        },
    )
    await chooses(stage, form, "rollbacks", "bad-debt")
    stage.ana.fills(form, {"value:rollbacks": "~9", "value:bad-debt": "2"})
    sent = await stage.ana.submits(form)
    assert sent.closed
    (post,) = await the_posts(stage)
    told = read(post)
    assert f"<@{stage.ana.id}> shipped *PDE step 2c*" in told
    for line in (
        "Trial conversions pay first.",
        "*Rollbacks / day*  ~12 → ~9, ~−3",
        "*Bad debt from upgrades*  ~3 / day → 2 / day, ~−1 / day",
        "Thu 19 Mar 2026",
        "ABC-1, ABC-2",
        "<https://example.com/a?b=1&c=2>",
    ):
        assert line in told
    shown = read(await stage.types("/kpi"))
    assert "~9  →  target 0" in shown
    assert "  2 / day  →  target 0 / day" in shown


async def the_posts(stage: Stage) -> list[Message]:
    await stage.rests()
    return stage.posts()


async def test_the_last_thing_a_phase_needs_makes_it_ready(stage: Stage) -> None:
    for title in ("PDE step 2c", "PDE step 2d"):
        form = await stage.opens_form(f"/kpi ship {title}")
        assert (await stage.ana.submits(form)).closed
    first, second = await the_posts(stage)
    assert "Ready now" not in read(first)
    assert "Ready now: *PDE Steps 3–4* (Q2 2026)" in read(second)


async def test_the_last_thing_a_phase_in_progress_needs_completes_it(empty_stage: Stage) -> None:
    text = (
        "key: tiny\nname: Tiny\ngoal: Done\nmilestones: [{key: one, title: One}]\nphases:\n"
        "  - {key: now, name: Now, window: Q2 2026, status: in_progress,"
        " needs: {milestones: [one]}}\n"
    )
    await empty_stage.load(text, empty_stage.billing)
    form = await empty_stage.opens_form("/kpi ship One")
    assert (await empty_stage.ana.submits(form)).closed
    [post] = await the_posts(empty_stage)
    assert "Complete now: all that *Now* (Q2 2026) needs, which is in progress" in read(post)


async def test_a_phase_can_be_chosen_that_needs_the_milestone(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Bundles")
    stage.ana.fills(form, {"phase": "one-code-path"})
    assert (await stage.ana.submits(form)).closed
    (post,) = await the_posts(stage)
    assert "*Bundles*" in read(post)


async def test_two_sendings_of_a_form_make_one_milestone(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Bundles")
    first, second = await asyncio.gather(stage.ana.submits(form), stage.ana.submits(form))
    assert sorted([bool(first.errors), bool(second.errors)]) == [False, True]
    assert "has been sent already" in str([first.errors, second.errors])
    assert len(await the_posts(stage)) == 1


async def test_without_a_home_it_is_announced_where_it_was_typed(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(SMALL.format(key="tiny"))
    elsewhere = stage.slack.add_channel("elsewhere", members=[stage.ana])
    form = await stage.opens_form("/kpi ship Bundles", elsewhere)
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(elsewhere, "*Bundles*")
    assert stage.posts() == []


async def test_the_button_of_a_metric_presets_it(stage: Stage) -> None:
    shown = await stage.types("/kpi rollbacks")
    await stage.ana.clicks(shown, "ship")
    form = await stage.ana.sees_view()
    assert "Rollbacks / day: new value" in form.wording
    stage.ana.fills(form, {"title": "Bundles", "value:rollbacks": "9"})
    assert (await stage.ana.submits(form)).closed
    assert "~12 → 9" in read(await stage.ana.sees_message(stage.billing, "shipped"))


@pytest.mark.parametrize("key", ["new", "rollbacks"])
async def test_the_button_of_the_scorecard_presets_no_metric(empty_stage: Stage, key: str) -> None:
    await empty_stage.load(SMALL.format(key="tiny").replace("key: errors", f"key: {key}"))
    shown = await empty_stage.types("/kpi")
    await empty_stage.ana.clicks(shown, "ship")
    form = await empty_stage.ana.sees_view()
    assert "new value" not in form.wording


async def test_more_than_slack_shows_at_once_is_searched(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(many_metrics(120), stage.billing)
    form = await stage.opens_form("/kpi ship Bundles")
    found = await stage.ana.searches(form, "choose_metrics", "metric 11")
    assert [option["value"] for option in found] == ["metric-11"] + [
        f"metric-{number}" for number in range(110, 120)
    ]
    assert len(await stage.ana.searches(form, "choose_metrics", "")) == 100
    await stage.ana.searches(form, "choose_metrics", "METRIC 117")
    await chooses(stage, form, "metric-117")
    streams = await stage.ana.searches(form, "choose_work_streams", "119")
    assert [option["text"]["text"] for option in streams] == ["Stream 119"]
    stage.ana.fills(form, {"work_streams": ["stream-119"], "value:metric-117": "5"})
    assert (await stage.ana.submits(form)).closed
    told = read(await stage.ana.sees_message(stage.billing, "shipped"))
    assert "*Metric 117*  10 → 5, −5" in told
    assert "Stream 119" in told

"""The post in weeks of all kinds: how long it is, what comes first, what its thread holds."""

import re
import textwrap
from collections.abc import Mapping

import pytest

from app.demo.quarter import with_quarter
from app.demo.stage import BILLING
from app.files import read_scorecard_path
from app.playground import Channel, Message
from app.services import loading
from tests.slack.stage import OPERATING, Stage, read

PHONE_WIDTH = 45
TWO_SCREENS = 45
STEADY = {"2026-03-10": "40"}

METRIC = """
  - key: metric-{number}
    name: Metric {number}
    baseline: {{value: 100, label: Q3, on: 2025-09-15}}
    target: 0
    target_on: 2026-09-15
    drivers: [{{work_stream: pde}}]
    readings: {readings}"""
SEVERAL = """
key: large
name: Large
goal: Everything is measured
work_streams: [{{key: pde, name: PDE}}]
metrics:{metrics}
"""


def several(readings: Mapping[int, Mapping[str, str]]) -> str:
    """A scorecard whose metrics, by number, have these readings: values by date."""

    def listed(values: Mapping[str, str]) -> str:
        each = (f"{{value: '{value}', at: {day}}}" for day, value in values.items())
        return f"[{', '.join(each)}]"

    metrics = (METRIC.format(number=n, readings=listed(of_one)) for n, of_one in readings.items())
    return SEVERAL.format(metrics="".join(metrics))


async def posted(stage: Stage, channel: Channel | None = None) -> Message:
    await stage.types("/kpi digest now", channel)
    await stage.rests()
    return stage.posts(channel)[-1]


async def ships(stage: Stage, title: str, **values: str) -> None:
    form = await stage.opens_form(f"/kpi ship {title}")
    await stage.ana.dispatches(form, "metrics", list(values))
    await stage.rests()
    stage.ana.fills(form, {f"value:{key}": value for key, value in values.items()})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()


def on_a_phone(message: Message) -> list[str]:
    """The lines of a message's text as a phone wraps them, pictures aside."""
    texts = [
        re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>|[*_\u200b]|<@\w+>", r"\1", line)
        for block in message.blocks
        for line in text_of(block).splitlines()
    ]
    return [line for text in texts for line in textwrap.wrap(text, PHONE_WIDTH) or [""]]


def text_of(block: Mapping[str, object]) -> str:
    match block:
        case {"type": "section" | "header", "text": {"text": str(text)}}:
            return text
        case {"type": "context", "elements": [{"text": str(text)}]}:
            return text
        case {"type": "actions", "elements": [*elements]}:
            return "button " * 2 * len(elements)
    return ""


def metrics_in(*messages: Message) -> list[str]:
    """The metrics that have lines of their own, in order."""
    told = "\n".join(text_of(block) for message in messages for block in message.blocks)
    return re.findall(r"^\*([^*]+)\*  \S+.* → target", told, re.MULTILINE)


# --- five metrics ------------------------------------------------------------


async def test_with_five_metrics_a_full_week_fits_two_screens_of_a_phone(stage: Stage) -> None:
    quarter = with_quarter(read_scorecard_path(BILLING))
    await loading.load(stage.running.bot.store, OPERATING, quarter)
    await posted(stage)
    stage.clock.passes(days=1)
    for title in ("Carts", "Dunning is one service"):
        await ships(stage, title)
    await ships(stage, "PDE step 2c", rollbacks="~9", **{"bad-debt": "~2"})
    await ships(stage, "Bundles", rollbacks="~8")
    await stage.types("/kpi update invoice 81")
    await stage.run_due(days=3)
    post = stage.posts()[-1]
    for told in ("• *Bundles*", "…and 1 more in the thread", "• Due: ", "• Blocked: "):
        assert told in read(post)
    lines = on_a_phone(post)
    assert len(lines) <= TWO_SCREENS, "\n".join(lines)
    assert metrics_in(post) == [metric.name for metric in quarter.metrics]
    [details] = stage.replies(post)
    for title in ("Bundles", "Carts", "Dunning is one service", "PDE step 2c"):
        assert f"• *{title}*" in read(details)


async def test_a_movement_is_shared_among_those_that_shipped_with_it(stage: Stage) -> None:
    await ships(stage, "PDE step 2c", rollbacks="~9")
    await ships(stage, "Bundles", rollbacks="~8")
    stage.clock.passes(minutes=1)
    post = await posted(stage)
    assert "*Rollbacks / day*  ~12 → ~9, ~−3, shared with *Bundles*" in read(post)
    assert "*Rollbacks / day*  ~9 → ~8, ~−1, shared with *PDE step 2c*" in read(post)
    [details] = stage.replies(post)
    assert "Moved with *PDE step 2c*: ~−3, *Bundles*: ~−1" in read(details)
    assert "• *PDE*  ~95% of the way over 2 metrics" in read(details)


async def test_what_shipped_in_another_week_has_its_movement_for_itself(stage: Stage) -> None:
    quarter = with_quarter(read_scorecard_path(BILLING))
    await loading.load(stage.running.bot.store, OPERATING, quarter)
    await ships(stage, "PDE step 2c", rollbacks="~9")
    stage.clock.passes(minutes=1)
    told = read(await posted(stage))
    assert "*Rollbacks / day*  ~12 → ~9, ~−3" in told
    assert "*Rollbacks / day*  ~58 → ~22, ~−36" in told
    assert "shared with" not in told


async def test_the_thread_has_each_metric_with_its_reason_and_all_that_is_blocked(
    stage: Stage,
) -> None:
    post = await posted(stage)
    [details] = stage.replies(post)
    assert metrics_in(details) == metrics_in(post)
    assert str(details.blocks).count("Why: no target date is set; seen ") == 5
    assert "Forecast: too early: 1 of the 4 readings that it takes" in read(details)
    for phase in ("PDE Steps 3–4", "Deferred Collection", "Checkout V2", "Stripe Consolidation"):
        assert f"• *{phase}*" in read(details)


# --- a hundred ---------------------------------------------------------------


async def test_of_a_hundred_metrics_those_come_first_that_need_someone_or_moved(
    stage: Stage,
) -> None:
    worse = {"2026-03-10": "90", "2026-03-18": "95"}
    moved, done = {"2026-03-10": "40", "2026-03-18": "39"}, {"2026-03-10": "0"}
    readings = dict.fromkeys(range(100), STEADY)
    readings |= {50: worse, 60: moved, 99: worse} | dict.fromkeys(range(70, 82), done)
    home = stage.slack.add_channel("large", members=[stage.ana])
    await stage.load(several(readings), home)
    post = await posted(stage, home)
    shown = metrics_in(post)
    assert shown[:4] == ["Metric 50", "Metric 99", "Metric 60", "Metric 0"]
    assert len(shown) == 10
    assert "90 more in the thread: 78 on track, 12 at target" in read(post)
    assert len(on_a_phone(post)) <= 60
    replies = stage.replies(post)
    assert len(replies) > 1
    assert sorted(metrics_in(*replies)) == sorted(f"Metric {number}" for number in range(100))
    assert f"in detail, {len(replies)} of {len(replies)}" in read(replies[-1])


async def test_up_to_ten_metrics_keep_the_scorecards_order(stage: Stage) -> None:
    readings = {number: {"2026-03-18": "40"} for number in range(10)}
    readings[9] = {"2026-03-10": "90", "2026-03-18": "95"}
    home = stage.slack.add_channel("large", members=[stage.ana])
    await stage.load(several(readings), home)
    assert metrics_in(await posted(stage, home)) == [f"Metric {number}" for number in range(10)]


# --- weeks with little to tell -----------------------------------------------


async def test_a_quiet_week_is_short_and_names_who_is_needed(stage: Stage) -> None:
    home = stage.slack.add_channel("large", members=[stage.ana])
    await stage.load(several({0: {"2026-02-20": "40"}, 1: STEADY, 2: {"2026-03-10": "95"}}), home)
    post = await posted(stage, home)
    assert "0 of 3 at target · 42% of the way · no movement this week" in read(post)
    quiet = "A quiet week: nothing was read, shipped or fell due."
    assert f"{quiet} 1 stale, 1 on track, 1 off track." in read(post)
    needed = "• Owned by nobody: *Metric 0* (28 days old), *Metric 2* (▼ off track)"
    assert f"*Needs someone*\n{needed}" in read(post)
    assert metrics_in(post) == []
    assert len(on_a_phone(post)) <= 16
    assert [block["type"] for block in post.blocks] == [
        *("header", "section", "section"),
        *("actions", "context"),
    ]
    assert metrics_in(*stage.replies(post)) == ["Metric 0", "Metric 1", "Metric 2"]


async def test_before_the_first_reading_it_says_what_to_do_first(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(several({0: {}, 1: {}}), stage.billing)
    post = await posted(stage)
    assert "None of the 2 metrics has a reading yet." in read(post)
    assert "First record where each stands: press Update, or type `/kpi update`." in read(post)
    assert metrics_in(post) == []
    assert len(on_a_phone(post)) <= 12
    assert stage.replies(post) == []
    await stage.run_due(hours=1)
    assert stage.replies(post) == []


async def test_a_scorecard_without_metrics_says_who_adds_them(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load("{key: tiny, name: Tiny, goal: Done, metrics: []}", stage.billing)
    assert "It has no metrics yet. An owner adds them: `/kpi setup`" in read(await posted(stage))


# --- how it ends, and how it doesn't -----------------------------------------


@pytest.mark.parametrize(
    ("day", "since"),
    [
        ("2026-03-17", "since Tue 17 Mar 2026"),
        ("2026-02-24", "since Tue 24 Feb 2026"),
        ("2026-01-05", "for 10 weeks and more"),
    ],
)
async def test_at_the_goal_it_says_since_when(empty_stage: Stage, day: str, since: str) -> None:
    stage = empty_stage
    readings = {0: {"2025-12-01": "40", day: "0"}, 1: {"2025-12-01": "1", "2026-01-02": "0"}}
    await stage.load(several(readings), stage.billing)
    await stage.rests()
    post = await posted(stage)
    assert "All 2 metrics are at target" in read(post)
    assert f"*The goal is reached.* All metrics have been at target {since}." in read(post)


async def test_a_goal_that_is_open_again_names_what_keeps_it_open(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(several({0: {"2026-03-01": "0"}, 1: {"2026-03-01": "5"}}), stage.billing)
    await stage.types("/kpi update metric-1 0")
    await stage.run_due(days=1)
    await stage.types("/kpi update metric-0 3")
    await stage.run_due(hours=1)
    post = await posted(stage)
    assert "*The goal is open again.* It was reached on" in read(post)
    assert "not at target now: *Metric 0*." in read(post)


async def test_a_week_that_only_lost_says_so(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(several({0: STEADY, 1: STEADY}), stage.billing)
    await stage.types("/kpi update metric-0 50")
    post = await posted(stage)
    assert "0 of 2 at target · 55% of the way · −5.0 points this week" in read(post)
    assert "All that moved this week moved the wrong way." in read(post)
    assert "+10 this week, the wrong way" in read(post)


async def test_a_week_with_a_gain_beside_a_loss_is_not_lost(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(several({0: STEADY, 1: STEADY}), stage.billing)
    await stage.types("/kpi update metric-0 50")
    await stage.types("/kpi update metric-1 39")
    told = read(await posted(stage))
    assert "moved the wrong way." not in told
    assert told.count("the wrong way") == 2, "once in the blocks, once in the text"

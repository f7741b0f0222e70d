"""What people write is shown as they wrote it, and pings nobody, wherever it comes up."""

import re
from collections.abc import Iterator
from typing import Any

from app.playground.journal import Entry
from tests.slack.stage import Stage, readable

HOSTILE = "<!channel> <@U0BOB> *x* ~y~ & <https://evil.example|here>"
NAME = "<!here> *metric* & co"
LITERAL = {"plain_text", "raw_text", "raw_number"}
"""What Slack shows as it is."""
CONTROL = re.compile(r"<([^>]*)>")
OWN = re.compile(r"@{ana}|!date\^\d+\^[^|]+\|[^|]+|#C\d+|https://example\.com/1")

SCORECARD = """
key: hostile
name: "<!channel> *scorecard* & co"
goal: "<!everyone> stops"
zone: UTC
possibilities: ["<!channel> sleeps"]
work_streams:
  - {key: stream, name: "<!here> *stream*"}
metrics:
  - key: errors
    name: "<!here> *metric* & co"
    unit: "<!here>"
    baseline: {value: 10, label: "<!here> Q1", on: 2026-01-01}
    target: 0
    drivers: [{work_stream: stream, focus: "<!here> ~focus~"}]
milestones:
  - {key: planned, title: "<!here> *planned*", detail: "<!channel>", due_on: 2026-03-20}
phases:
  - {key: phase, name: "<!here> *phase*", window: Q2 2026, needs: {milestones: [planned]}}
"""


async def test_hostile_words_ping_nobody_on_any_surface(stage: Stage) -> None:
    channel = stage.slack.add_channel("hostile", members=[stage.ana])
    await stage.load(SCORECARD, channel)
    for line in (
        f"/kpi {HOSTILE}",
        f"/kpi digest {HOSTILE}",
        f"/kpi update {HOSTILE}",
        f"/kpi update errors {HOSTILE}",
        "/kpi",
        "/kpi errors",
        "/kpi milestones",
        f"/kpi milestones {HOSTILE}",
        "/kpi roadmap",
        f"/kpi history {HOSTILE}",
        "/kpi digest",
        "/kpi help",
    ):
        await stage.types(line, channel)
    reply = await stage.types(f"/kpi update {NAME} 9 {HOSTILE}", channel)
    assert HOSTILE in readable(reply.wording)
    await stage.types("/kpi errors", channel)
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back", channel)

    form = await stage.opens_form("/kpi ship <!here> *planned*", channel)
    await stage.ana.dispatches(form, "metrics", ["errors"])
    await stage.rests()
    hostile = {"detail": HOSTILE, "tickets": "<!here>,<@U0BOB>", "value:errors": "<!channel>"}
    stage.ana.fills(form, {**hostile, "links": "https://example.com/1"})
    assert "<!channel>" in (await stage.ana.submits(form)).errors["value:errors"]
    stage.ana.fills(form, {"value:errors": "0"})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    await stage.types("/kpi digest now", channel)
    for line in ("/kpi errors", "/kpi milestones", "/kpi history"):
        await stage.types(line, channel)
    await stage.rests()

    announced, goal, digest = stage.posts(channel)
    assert HOSTILE in readable(announced.wording)
    assert "<!channel> sleeps" in readable(goal.wording)
    assert "<!here> *planned*" in readable(digest.wording)
    found = [control for text in _mrkdwn_sent(stage) for control in CONTROL.findall(text)]
    own = re.compile(OWN.pattern.format(ana=stage.ana.id))
    assert [control for control in found if not own.fullmatch(control)] == []
    assert f"@{stage.ana.id}" in found, "the announcement does say who shipped it"


def _mrkdwn_sent(stage: Stage) -> Iterator[str]:
    """Every text that the bot sent and that Slack reads as mrkdwn."""
    for entry in stage.slack.journal.entries:
        yield from _marked_up(_sent(entry))


def _sent(entry: Entry) -> Any:
    return entry.response if entry.kind == "delivery" else entry.payload


def _marked_up(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _marked_up(each)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str) and part.get("type") not in LITERAL:
            yield part["text"]
        for each in part.values():
            yield from _marked_up(each)

"""The lists and forms of parts, however many there are and whatever people wrote into them."""

import json
import re
from functools import cache
from typing import Any

import pytest

from app.domain.edits import PartKind, parts
from app.domain.outcomes import Edited, Reverted
from app.domain.revisions import revisions_of
from app.domain.scorecards import Snapshot, take_snapshot
from app.playground.blockkit import problems_in_message, problems_in_view
from app.playground.blocks import words_in
from app.playground.inputs import state_values
from app.playground.users import Standing
from app.services.contents import marks_of
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.metrics import metric_screen
from app.slack.blocks.part_forms import MOST_DRIVERS, part_form
from app.slack.blocks.part_names import part_name, read_part
from app.slack.blocks.parts import (
    changed_notice,
    changed_reply,
    parts_view,
    refused_notice,
    undone_notice,
)
from app.slack.blocks.roadmap import roadmap_screen
from app.slack.inputs.parts import read_part_form
from tests.builders import NOW, a_metric, a_scorecard
from tests.services.builders import the_billing_file
from tests.slack.conftest import Opening
from tests.slack.scorecards import (
    HOSTILE,
    PLAIN,
    SIZES,
    a_history,
    a_large_scorecard,
    a_snapshot,
)
from tests.slack.stage import Stage, readable
from tests.slack.test_setup_parts import (
    ERRORS,
    clicks,
    opens_form,
    opens_list,
    sends,
    titles,
)

TEXTS = (PLAIN, HOSTILE, "&")
KINDS = (PartKind.METRIC, PartKind.WORK_STREAM, PartKind.PHASE)
LARGE = [*((count, text) for count in SIZES[:2] for text in TEXTS), (400, HOSTILE)]
MOST_VIEW_BYTES = 250_000


@cache
def snapshot_of(count: int, text: str) -> Snapshot:
    return a_snapshot(a_large_scorecard(count, text))


def place_of(kind: PartKind, key: str = "", page: int = 0) -> FormPlace:
    return FormPlace("billing", "C1", part=part_name(kind, key), page=page)


def marked_up(view: dict[str, Any]) -> str:
    """What Slack reads as mrkdwn in a view."""
    return "\n".join(
        block["text"]["text"]
        for block in view["blocks"]
        if block.get("text", {}).get("type") == "mrkdwn"
    )


@pytest.mark.parametrize(("count", "text"), LARGE)
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_of_every_list_is_one_that_slack_takes(
    kind: PartKind, count: int, text: str
) -> None:
    snapshot = snapshot_of(count, text)
    shown: list[str] = []
    for page in range(-(-count // 12)):
        view = parts_view(snapshot, place_of(kind, page=page))
        assert problems_in_view(view) == []
        assert json.loads(view["private_metadata"])["page"] == page
        buttons = [each for block in view["blocks"] for each in block.get("elements", [])]
        retired = [each for each in buttons if each["action_id"] == "retire_part"]
        shown += [read_part(each["value"])[1] for each in retired]
        turns = {each["action_id"] for each in buttons if "show_parts" in each["action_id"]}
        assert ("show_parts:next" in turns) == (page < -(-count // 12) - 1)
        assert ("show_parts:previous" in turns) == (page > 0)
    assert shown == [part.key for part in parts(snapshot.scorecard, kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_beyond_the_last_is_the_last(kind: PartKind) -> None:
    view = parts_view(snapshot_of(40, PLAIN), place_of(kind, page=99))
    assert json.loads(view["private_metadata"])["page"] == 3


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_list_says_so_and_offers_the_first(kind: PartKind) -> None:
    view = parts_view(take_snapshot(a_scorecard(), {}, NOW), place_of(kind))
    assert problems_in_view(view) == []
    told = "\n".join(words_in(view["blocks"]))
    assert f"No {kind.value}s yet." in told
    assert f"Add a {kind.value}" in told


@pytest.mark.parametrize(("count", "text"), LARGE)
@pytest.mark.parametrize("kind", KINDS)
def test_every_form_is_one_that_slack_takes(kind: PartKind, count: int, text: str) -> None:
    snapshot = snapshot_of(count, text)
    part = parts(snapshot.scorecard, kind)[0]
    marks = marks_of(part)
    for known, theirs in ((None, ()), (part, ()), (part, tuple(marks))):
        place = FormPlace("x" * 40, "C0123456789", "", marks, part_name(kind, "y" * 40), 33)
        form = part_form(snapshot, place, known, theirs=theirs)
        assert problems_in_view(form) == []
        assert len(form["private_metadata"]) <= 3_000
        assert len(json.dumps(form, ensure_ascii=False).encode()) <= MOST_VIEW_BYTES
        assert re.search(r"<(?!@U0ANA>)[^>]*>", marked_up(form)) is None


@pytest.mark.parametrize(("count", "text"), LARGE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_nobody_touched_says_what_the_part_is(
    kind: PartKind, count: int, text: str
) -> None:
    snapshot = snapshot_of(count, text)
    for part in parts(snapshot.scorecard, kind)[:20]:
        form = part_form(snapshot, place_of(kind, part.key), part)
        state = state_values(form["blocks"], {})
        assert read_part_form(kind, state, snapshot, part) == part


def test_drivers_that_the_form_has_no_room_for_stay() -> None:
    streams = [f"stream-{number}" for number in range(MOST_DRIVERS + 5)]
    metric = a_metric(drivers=dict.fromkeys(streams, "the rest"))
    scorecard = a_scorecard(work_streams=streams, metrics=[metric])
    snapshot = take_snapshot(scorecard, {}, NOW)
    form = part_form(snapshot, place_of(PartKind.METRIC, metric.key), metric)
    assert problems_in_view(form) == []
    state = state_values(form["blocks"], {})
    assert read_part_form(PartKind.METRIC, state, snapshot, metric) == metric


def test_the_real_scorecard_is_what_its_forms_say() -> None:
    scorecard, _ = the_billing_file().to_domain()
    snapshot = take_snapshot(scorecard, {}, NOW)
    for kind in KINDS:
        for part in parts(scorecard, kind):
            form = part_form(snapshot, place_of(kind, part.key), part)
            state = state_values(form["blocks"], {})
            assert read_part_form(kind, state, snapshot, part) == part


def test_each_chosen_work_stream_has_its_focus() -> None:
    snapshot = snapshot_of(400, PLAIN)
    streams = [stream.key for stream in snapshot.scorecard.work_streams][:MOST_DRIVERS]
    form = part_form(snapshot, place_of(PartKind.METRIC), chosen=streams)
    assert problems_in_view(form) == []
    grown = [block["block_id"] for block in form["blocks"] if "block_id" in block]
    assert [each for each in grown if each.startswith("focus:")] == [
        f"focus:{key}" for key in streams
    ]


@pytest.mark.parametrize(("count", "text"), LARGE)
def test_what_was_changed_is_told_within_limits(count: int, text: str) -> None:
    snapshot = snapshot_of(count, text)
    revisions = tuple(
        each
        for metric in snapshot.scorecard.metrics
        for each in revisions_of(f"metric {metric.key}", metric, None)
    )
    edited = Edited(snapshot, 7, "metric metric-0", revisions)
    unchanged = Edited(snapshot, None, "metric metric-0", ())
    for message in (
        changed_reply(edited, "Saved"),
        changed_reply(unchanged, "Saved"),
        changed_notice(edited, "Retired"),
        changed_notice(unchanged, "Moved"),
        undone_notice(Reverted(8, snapshot, revisions)),
        refused_notice(text),
    ):
        assert problems_in_message(message.as_payload()) == []
        assert "<!channel>" not in message.text
        view = parts_view(snapshot, place_of(PartKind.METRIC), message)
        assert problems_in_view(view) == []


@pytest.mark.parametrize(("count", "text"), LARGE)
def test_the_screens_of_who_may_edit_are_ones_that_slack_takes(count: int, text: str) -> None:
    snapshot = snapshot_of(count, text)
    for screen in (
        metric_screen(a_history(snapshot, text), can_edit=True, can_share=True),
        roadmap_screen(snapshot, can_edit=True),
        roadmap_screen(snapshot, 1_000, can_edit=True),
    ):
        assert problems_in_message(screen.as_payload(), "ack") == []


@pytest.mark.parametrize("kind", KINDS)
def test_retiring_names_as_many_as_fit_and_counts_the_rest(kind: PartKind) -> None:
    for count, text in LARGE:
        view = parts_view(snapshot_of(count, text), place_of(kind))
        for block in view["blocks"]:
            for each in block.get("elements", []):
                if each["action_id"] == "retire_part":
                    asked = each["confirm"]["text"]["text"]
                    assert len(asked) <= 300
                    assert asked.endswith("It can be undone.")
    large = parts_view(snapshot_of(40, PLAIN), place_of(PartKind.WORK_STREAM))
    row = next(block for block in large["blocks"] if block["type"] == "actions")
    told = row["elements"][-1]["confirm"]["text"]["text"]
    assert re.search(r"No longer referring to it: .+, \d+ others\.", told)


async def test_the_list_turns_pages_and_follows_what_is_added_and_moved(
    open_stage: Opening,
) -> None:
    text = "key: big\nname: Big\ngoal: Done\nwork_streams:\n"
    text += "".join(f"  - {{key: stream-{n}, name: Stream {n}}}\n" for n in range(30))
    async with open_stage(empty=True) as stage:
        await stage.load(text, stage.billing)
        stage.ana.user.standing = Standing(is_admin=True)
        listed = await opens_list(stage, "streams")
        await clicks(stage, listed, "show_parts:next")
        assert titles(listed) == [f"Stream {n}" for n in range(12, 24)]
        await clicks(stage, listed, "move_part:up", "stream-12")
        assert titles(listed)[-1] == "Stream 12"
        await sends(stage, await opens_form(stage, listed, "/work stream"), {"name": "Last"})
        assert titles(listed)[-1] == "Last"
        assert "Next" not in listed.wording


async def test_more_work_streams_and_needs_than_slack_shows_are_searched(
    open_stage: Opening,
) -> None:
    text = "key: big\nname: Big\ngoal: Done\nwork_streams:\n"
    text += "".join(f"  - {{key: stream-{n}, name: Stream {n}}}\n" for n in range(120))
    text += "milestones:\n"
    text += "".join(f"  - {{key: step-{n}, title: Step {n}}}\n" for n in range(120))
    text += (
        "metrics:\n  - {key: delays, name: Delays, target: 0,"
        " baseline: {value: 9, label: Q1, on: 2026-01-01}}\n"
        "phases:\n  - {key: first, name: First, window: Q2 2026}\n"
    )
    async with open_stage(empty=True) as stage:
        await stage.load(text, stage.billing)
        await _searches(stage)


async def _searches(stage: Stage) -> None:
    stage.ana.user.standing = Standing(is_admin=True)
    listed = await opens_list(stage, "metrics")
    form = await opens_form(stage, listed, "/metric")
    found = await stage.ana.searches(form, "choose_drivers", "stream 117")
    assert [option["value"] for option in found] == ["stream-117"]
    await stage.ana.dispatches(form, "drivers", ["stream-117"])
    await stage.rests()
    await sends(stage, form, {**ERRORS, "focus:stream-117": "the rest"})
    assert "Driven by Stream 117" in readable(listed.wording)
    await stage.ana.closes(listed)
    await stage.ana.closes(await stage.ana.sees_view())
    listed = await opens_list(stage, "phases")
    form = await opens_form(stage, listed, "/phase")
    found = await stage.ana.searches(form, "choose_needs", "step 110")
    assert [option["value"] for option in found] == ["milestone step-110"]
    typed = {"name": "Last", "window": "Q4 2026", "needs": ["milestone step-110"]}
    await sends(stage, form, typed)
    assert "Needs Step 110" in readable(listed.wording)

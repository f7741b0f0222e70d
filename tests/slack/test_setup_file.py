"""/kpi setup from a file: what is wrong with it, what it holds, and loading it again."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from app.demo.stage import BILLING
from app.domain.revisions import Revision
from app.files import MOST_BYTES
from app.playground import View
from app.playground.blockkit import problems_in_message, problems_in_view
from app.playground.files import File
from app.slack.blocks.setup_file import file_form, load_form, loaded_reply, waiting_view
from app.slack.blocks.setup_start import Beginning
from app.slack.downloads import _is_slacks
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard, a_snapshot
from tests.slack.stage import MANIFEST, Stage, read
from tests.slack.test_setup_start import goes_on

TINY = "key: tiny\nname: Tiny\ngoal: Done\nwork_streams: [{key: one, name: One}]\n"


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with no scorecard at all."""
    async with open_stage(empty=True) as stage:
        yield stage


async def opens_file(stage: Stage) -> View:
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    return await goes_on(stage, await stage.ana.sees_view(), "setup_file")


async def gives(stage: Stage, form: View, content: str | bytes, name: str = "card.yaml") -> str:
    """Ana gives a file; what the modal says once it has been read."""
    data = content.encode() if isinstance(content, str) else content
    stage.ana.fills(form, {"file": None})
    stage.ana.attaches(form, "file", name, data)
    sent = await stage.ana.submits(form)
    assert not sent.closed
    assert sent.errors == {}
    await stage.rests()
    return read(form)


async def test_a_file_is_looked_at_and_becomes_a_scorecard(stage: Stage) -> None:
    form = await opens_file(stage)
    shown = await gives(stage, form, BILLING.read_bytes(), "billing.yml")
    assert "*Billing Platform*" in shown
    assert "5 metrics, 4 work streams, 16 milestones, 5 phases" in shown
    assert "*Invoice coverage*: 19% → target 100%" in shown
    assert (await stage.ana.submits(form)).errors == {}
    await stage.rests()
    assert "Metrics (5)" in read(form)
    assert f"Owned by <@{stage.ana.id}>" in read(form)
    assert "~12" in read(await stage.types("/kpi rollbacks"))


async def test_a_file_may_be_json(stage: Stage) -> None:
    form = await opens_file(stage)
    shown = await gives(stage, form, '{"key": "tiny", "name": "Tiny", "goal": "Done"}', "a.json")
    assert "*Tiny*" in shown
    assert "no metrics yet" in shown


async def test_every_problem_is_told_with_its_line_and_the_mended_file_is_taken(
    stage: Stage,
) -> None:
    form = await opens_file(stage)
    shown = await gives(stage, form, "name: Tiny\nzone: Berlin\nmetrics:\n- {name: <!here>}\n")
    assert "This can't be used yet" in shown
    for words in (
        "card.yaml:1: goal: is missing",
        "card.yaml:2: zone: “Berlin” isn't a time zone: did you mean “Europe/Berlin”?",
        "card.yaml:4: metrics[0].baseline: is missing",
    ):
        assert words in shown
    shown = await gives(stage, form, TINY)
    assert "1 work stream" in shown
    assert (await stage.ana.submits(form)).errors == {}
    await stage.rests()
    assert "*Tiny*" in read(form)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name: \xff".encode("latin-1"), "a character isn't UTF-8"),
        (b"\x00\x01", "can't be shown"),
        (b" ", "The file is empty"),
        (b"? " * 50_000, "nested too deeply"),
        (b"key: digest\n" * 2_000, "stands here again"),
    ],
)
async def test_what_is_no_scorecard_is_told(stage: Stage, content: bytes, told: str) -> None:
    assert told in await gives(stage, await opens_file(stage), content)


async def test_a_file_that_is_too_large_is_told_at_its_field(stage: Stage) -> None:
    form = await opens_file(stage)
    stage.ana.attaches(form, "file", "card.yaml", b"x" * (MOST_BYTES + 1))
    errors = (await stage.ana.submits(form)).errors
    assert errors == {"file": "The file is larger than 1 MB, the most that is taken here."}
    assert stage.slack.journal.calls("files.info") == []


async def watch(pauses: list[float]) -> None:
    """Note how long everything stood still, again and again."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.005)
        pauses.append(time.monotonic() - before)


async def test_a_large_hostile_file_keeps_nobody_waiting(stage: Stage) -> None:
    form = await opens_file(stage)
    data = 'name: "' + "\\x41" * (MOST_BYTES // 4 - 10) + '"'  # takes seconds to read
    stage.ana.attaches(form, "file", "card.yaml", data.encode())
    began, pauses = time.monotonic(), [0.0]
    watching = asyncio.create_task(watch(pauses))
    sent = await stage.ana.submits(form)
    assert sent.error is None
    for _ in range(3):
        reaction = await stage.ana.types("/kpi help", stage.billing)
        assert reaction.error is None, "answered in Slack's three seconds"
    assert "Reading the file." in read(form), "it was still being read"
    await stage.ana.sees_view("This can't be used yet", timeout=120)
    watching.cancel()
    assert max(pauses) < (time.monotonic() - began) / 2, "everything else went on meanwhile"
    assert "name: has 249990 characters; at most 80 are possible" in read(form)


async def test_a_slow_download_is_waited_for(stage: Stage) -> None:
    form = await opens_file(stage)
    stage.slack.faults.add("download", "delay", seconds=0.3)
    stage.ana.attaches(form, "file", "card.yaml", TINY.encode())
    await stage.ana.submits(form)
    assert "Reading the file." in read(form)
    assert (await stage.ana.types("/kpi help", stage.billing)).error is None
    await stage.ana.sees_view("*Tiny*")


async def test_who_closes_the_modal_meanwhile_hears_only_what_came_of_it(stage: Stage) -> None:
    form = await opens_file(stage)
    stage.slack.faults.add("download", "delay", seconds=0.2)
    stage.ana.attaches(form, "file", "card.yaml", TINY.encode())
    await stage.ana.submits(form)
    await stage.ana.closes(form)
    await stage.rests()
    assert stage.whispers() == []
    form = await opens_file(stage)
    await gives(stage, form, TINY)
    stage.slack.faults.add("download", "delay", seconds=0.2)
    await stage.ana.submits(form)
    await stage.ana.closes(form)
    await stage.rests()
    (told,) = stage.whispers()
    assert "Made from its file: *Tiny*, with 1 work stream." in read(told)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "status", "status": 503}, "Slack did not hand out the file."),
        ({"kind": "drop", "times": 9}, "Slack did not hand out the file."),
    ],
)
async def test_a_failed_download_is_told_and_can_be_tried_again(
    stage: Stage, fault: Mapping[str, Any], told: str
) -> None:
    form = await opens_file(stage)
    stage.slack.faults.add("download", **fault)
    assert told in await gives(stage, form, TINY)
    stage.slack.faults.clear()
    assert "*Tiny*" in await gives(stage, form, TINY)


async def test_the_token_goes_to_slack_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    form = await opens_file(stage)
    elsewhere = {"url_private_download": "https://slack.com.example.org/card.yaml"}
    known = File.payload
    monkeypatch.setattr(File, "payload", lambda *given: {**known(*given), **elsewhere})
    stage.ana.attaches(form, "file", "card.yaml", TINY.encode())
    await stage.ana.submits(form)
    await stage.rests()
    assert "isn't kept in Slack: upload the file itself" in read(form)


def test_what_counts_as_an_address_of_slacks() -> None:
    api = "https://slack.com/api/"
    assert _is_slacks("https://files.slack.com/files-pri/T1-F1/download/a.yaml", api)
    assert _is_slacks("https://files.slack.com/a", "https://www.slack.com/api/")
    assert _is_slacks("https://files.slack-gov.com/a", "https://slack-gov.com/api/")
    for address in (
        "http://files.slack.com/a",
        "https://files.slack.com:8443/a",
        "https://slack.com.example.org/a",
        "https://notslack.com/a",
        "https://files.slack.com@example.org/a",
        "//files.slack.com/a",
        "",
    ):
        assert not _is_slacks(address, api), address


async def test_its_home_is_the_channel_that_is_chosen_whatever_the_file_says(
    stage: Stage,
) -> None:
    hidden = stage.slack.add_channel("hidden", private=True)
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    form = await opens_file(stage)
    assert "*Tiny*" in await gives(stage, form, f"{TINY}channel: {hidden.id}\n")
    stage.ana.fills(form, {"channel": lobby})
    assert (await stage.ana.submits(form)).errors == {}
    await stage.rests()
    assert "Tiny" in read(await stage.types("/kpi", lobby))


async def test_in_a_direct_message_the_channel_of_a_file_counts_for_nothing(stage: Stage) -> None:
    hidden = stage.slack.add_channel("hidden", private=True)
    await stage.load("key: secret\nname: Secret\ngoal: Done\n", hidden)
    direct = stage.slack.direct_message(stage.ana)
    await stage.ana.types("/kpi setup", direct)
    await stage.rests()
    form = await goes_on(stage, await stage.ana.sees_view(), "setup_file")
    shown = await gives(stage, form, f"{TINY}channel: {hidden.id}\n")
    assert "*Tiny*" in shown
    assert "Secret" not in shown
    assert set((await stage.ana.submits(form)).errors) == {"channel"}, "it has to be chosen"


async def test_a_home_that_is_taken_is_told_and_another_can_be_chosen(stage: Stage) -> None:
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    await stage.load("key: other\nname: Other\ngoal: More\n", lobby)
    form = await opens_file(stage)
    await gives(stage, form, TINY)
    stage.ana.fills(form, {"channel": lobby})
    await stage.ana.submits(form)
    await stage.rests()
    assert "is the home of another scorecard already" in read(form)
    stage.ana.fills(form, {"channel": stage.billing})
    await stage.ana.submits(form)
    await stage.rests()
    assert "*Tiny*" in read(form)
    assert "Owned by" in read(form)


async def test_a_file_that_is_known_is_loaded_again_and_that_can_be_undone(stage: Stage) -> None:
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    form = await opens_file(stage)
    await gives(stage, form, TINY)
    await stage.ana.submits(form)
    await stage.rests()
    await stage.ana.closes(form)
    await stage.ana.types("/kpi setup", lobby)
    await stage.rests()
    again = await goes_on(stage, await stage.ana.sees_view(), "setup_file")
    shown = await gives(stage, again, TINY.replace("Done", "Better"))
    for words in (
        "*Tiny* is there already, under the key `tiny`: the file is loaded again",
        "goal: Done → Better",
        "Load again",
    ):
        assert words in shown or words in str(again.content)
    assert (await stage.ana.submits(again)).errors == {}
    await stage.rests()
    assert "Better" in read(again)
    told = await stage.sees_answer("Loaded: *Tiny*", lobby)
    await stage.ana.clicks(told, "undo")
    await stage.sees_answer("Undone in *Tiny*", lobby)
    assert "Tiny" in read(await stage.types("/kpi")), "its home is as before"


async def test_a_key_of_somebody_elses_is_refused(stage: Stage) -> None:
    hidden = stage.slack.add_channel("hidden", private=True)
    await stage.load(TINY.replace("Tiny", "Secret"), hidden)
    shown = await gives(stage, await opens_file(stage), TINY)
    assert "The key “tiny” is that of a scorecard which you may not edit." in shown
    assert "Secret" not in shown


async def test_without_the_scope_it_is_told_what_to_do(open_stage: Opening) -> None:
    scopes = [each for each in MANIFEST["oauth_config"]["scopes"]["bot"] if each != "files:read"]
    oauth = {**MANIFEST["oauth_config"], "scopes": {"bot": scopes}}
    async with open_stage(empty=True, manifest={**MANIFEST, "oauth_config": oauth}) as stage:
        await stage.ana.types("/kpi setup", stage.billing)
        await stage.rests()
        start = await stage.ana.sees_view()
        await stage.ana.clicks(start, "setup_file")
        await stage.rests()
        told = await stage.sees_answer("files:read")
        assert "reinstall the app" in read(told)
        (refused,) = stage.slack.journal.calls("views.update")
        refused.problems.clear()


async def test_it_works_over_http_too(open_stage: Opening) -> None:
    async with open_stage(empty=True, transport="http") as stage:
        form = await opens_file(stage)
        assert "*Tiny*" in await gives(stage, form, TINY)
        await stage.ana.submits(form)
        await stage.rests()
        assert "Owned by" in read(form)


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&", "_*~`"])
@pytest.mark.parametrize("count", SIZES)
def test_its_views_are_ones_that_slack_takes(count: int, text: str) -> None:
    large = a_large_scorecard(count, text)
    revisions = [Revision(large.name, "goal", text * 100, large.goal)] * count
    for view in (
        file_form(Beginning("C1"), [text * 20] * count),
        waiting_view(Beginning("C1"), "Reading."),
        load_form(Beginning("C1", "F1"), large),
        load_form(Beginning("D1", "F1"), large, revisions, problem=text * 500),
    ):
        assert problems_in_view(view) == []
    for changed, change in ((revisions, 1), (revisions, None), (None, 1)):
        reply = loaded_reply(a_snapshot(large), changed, change)
        assert problems_in_message(reply.as_payload()) == []

"""What the operator of a running bot sees of it: health, metrics and the log."""

import asyncio
import io
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.health import InTime
from app.logs import set_up_logs
from app.slack.ids import Action, Form, Shortcut, Step
from app.slack.requests import EVENTS, OTHER, kind_of
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_failures import NOTHING_CHANGED, damage, locked, reference_in

TYPED = ("Bundles-at-night", "in one go, said Ana", "after the quiet fix", "a riddle of a metric")
LABELS = {"forge", "kind", "outcome", "late", "le", "route", "method", "status"}
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def asked(stage: Stage, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{stage.running.port}{path}")


async def health(stage: Stage) -> tuple[int, dict[str, str]]:
    """The status, and the reason of each check that failed."""
    answer = await asked(stage, "/health/ready")
    checks = answer.json()["checks"]
    return answer.status_code, {n: c["reason"] for n, c in checks.items() if c["status"] != "ok"}


async def samples(stage: Stage) -> Samples:
    """What Prometheus reads of the bot itself."""
    answer = await asked(stage, "/metrics")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name.startswith("kpi_")
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as production has it, of which nothing is left to pytest."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers = list(root.handlers)
    set_up_logs(stream, "json", secrets=[])
    yield stream
    root.handlers[:] = handlers
    for name in ("app", "slack_sdk.web.async_base_client"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


# --- health ----------------------------------------------------------------------


async def test_a_bot_that_is_up_is_well_in_every_check(stage: Stage) -> None:
    answer = await asked(stage, "/health/ready")
    assert answer.status_code == 200
    well = {"status": "ok"}
    names = ("database", "migrations", "deliveries", "scheduler", "socket")
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(names, well)}


async def test_a_database_that_is_gone_fails_without_telling_where_it_was(stage: Stage) -> None:
    damage(stage, "alembic_version")
    status, failed = await health(stage)
    assert status == 503
    assert failed == dict.fromkeys(
        ("database", "migrations"), "it can't be read (OperationalError)"
    )
    assert (await asked(stage, "/health/live")).status_code == 200


async def test_tables_of_another_version_are_named(stage: Stage) -> None:
    with closing(sqlite3.connect(stage.database)) as other:
        other.execute("UPDATE alembic_version SET version_num = 'of_tomorrow'")
        other.commit()
    status, failed = await health(stage)
    assert (status, list(failed)) == (503, ["migrations"])
    assert failed["migrations"].startswith("at of_tomorrow, this program needs ")


async def test_a_message_that_does_not_get_out_fails_after_a_quarter_of_an_hour(
    stage: Stage,
) -> None:
    stage.slack.faults.add("chat.postMessage", "status", status=503, times=100)
    await stage.types("/kpi digest now")
    await stage.rests()
    await stage.run_due(minutes=14)
    assert await health(stage) == (200, {})
    await stage.run_due(minutes=2)
    status, failed = await health(stage)
    assert (status, failed) == (
        503,
        {"deliveries": "the oldest message that is owed waits for 960 s"},
    )
    assert value(await samples(stage), "kpi_oldest_owed_seconds") == 960
    stage.slack.faults.clear()
    await stage.run_due(minutes=11)
    assert await health(stage) == (200, {})
    assert value(await samples(stage), "kpi_oldest_owed_seconds") == 0


async def test_a_connection_that_is_cut_shows_until_it_is_back(stage: Stage) -> None:
    stage.slack.refuse_connections()
    stage.slack.break_connections()
    await stage.slack.connected(0)
    assert await health(stage) == (503, {"socket": "not connected"})
    assert value(await samples(stage), "kpi_socket_connected") == 0
    stage.slack.refuse_connections(False)


async def test_a_schedule_that_fails_shows_and_recovers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("app.jobs.digests.claim_owed", None)
        await stage.run_due()
        failing = {"scheduler": "what is due could not be done; the log says why"}
        assert await health(stage) == (503, failing)
    await stage.run_due()
    assert await health(stage) == (200, {})


async def test_a_schedule_that_hangs_shows(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.jobs.STUCK_SECONDS", -1.0)
    _, failed = await health(stage)
    assert re.fullmatch(r"nothing ran for \d+ s", failed["scheduler"])


async def test_a_database_that_does_not_answer_is_not_waited_for() -> None:
    asked_for = 0

    async def hang() -> None:
        nonlocal asked_for
        asked_for += 1
        await asyncio.Event().wait()

    check = InTime(hang, 0.05)
    assert await check() == "no answer within 0.05 s"
    assert await check() == "no answer within 0.05 s"
    assert asked_for == 1  # what hangs isn't asked again and again


async def test_over_http_there_is_no_socket_to_look_at(open_stage: Opening) -> None:
    async with open_stage(transport="http") as stage:
        checks = (await asked(stage, "/health/ready")).json()["checks"]
        assert "socket" not in checks


# --- metrics ---------------------------------------------------------------------


async def test_requests_are_counted_by_kind_and_how_they_ended(stage: Stage) -> None:
    before = await samples(stage)
    await stage.types("/kpi rollbacks")
    await stage.types("/kpi update rollbacks ~9 after the fix")
    await stage.types("/kpi update rollbacks nonsense")
    in_time = await samples(stage)
    with locked(stage):
        await stage.types("/kpi update rollbacks 8")
    after = await samples(stage)

    def more(name: str, *, than: Samples = before, **labels: str) -> float:
        return value(after, name, **labels) - value(than, name, **labels)

    count = "kpi_request_seconds_count"
    assert more(count, kind="/kpi", outcome="answered") == 1
    assert more(count, kind="/kpi update", outcome="answered") == 1
    assert more(count, kind="/kpi update", outcome="refused") == 1
    assert more(count, kind="/kpi update", outcome="failed") == 1
    assert more("kpi_database_errors_total", kind="OperationalError") >= 1
    # The write that was waited for took the two seconds that it may wait.
    assert more("kpi_late_acks_total", than=in_time) == 1
    assert more("kpi_failed_requests_total") == 1
    assert value(after, "kpi_socket_connected") == 1


async def test_deliveries_and_digests_are_counted(stage: Stage) -> None:
    before = await samples(stage)
    stage.slack.faults.add("chat.postMessage", "status", status=503)
    await stage.types("/kpi digest now")
    await stage.rests()
    await stage.run_due(minutes=1)
    await stage.run_due(weeks=2)
    await stage.run_due(minutes=5)
    after = await samples(stage)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    name = "kpi_deliveries_total"
    assert more(name, kind="digest", outcome="postponed") == 1
    assert more(name, kind="digest", outcome="delivered") == 2
    assert more("kpi_digests_posted_total", late="no") == 1
    assert more("kpi_digests_posted_total", late="yes") == 1


async def test_no_label_bears_a_name_that_people_chose(stage: Stage) -> None:
    await a_whole_journey(stage)
    await asked(stage, f"/api/v1/scorecards/billing/metrics/rollbacks?note={TYPED[2]}")
    words = {str(word) for kinds in (Action, Form, Shortcut, Step, EVENTS) for word in kinds}
    for name, labels in await samples(stage):
        for label, text in labels:
            assert label in LABELS, name
            assert not any(typed in text for typed in (*TYPED, "rollbacks", "billing"))
            if name == "kpi_request_seconds_count" and label == "kind" and text[0] != "/":
                assert text == OTHER or text.partition(" ")[2] in {*words, OTHER}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"command": "/kpi", "text": ""}, "/kpi"),
        ({"command": "/kpi", "text": "bad debt"}, "/kpi"),
        ({"command": "/kpi", "text": "Update rollbacks 9"}, "/kpi update"),
        ({"type": "block_actions", "actions": [{"action_id": "undo_one:7"}]}, "click undo_one"),
        ({"type": "block_actions", "actions": [{"action_id": "made-up"}]}, "click other"),
        ({"type": "view_submission", "view": {"callback_id": "metric_form"}}, "form metric_form"),
        ({"type": "block_suggestion", "action_id": "choose_zone"}, "options choose_zone"),
        ({"type": "shortcut", "callback_id": "log_milestone"}, "shortcut log_milestone"),
        ({"type": "event_callback", "event": {"type": "app_mention"}}, "event app_mention"),
        ({"type": "event_callback", "event": {"type": "made_up"}}, "event other"),
        (
            {
                "type": "event_callback",
                "event": {"type": "function_executed", "function": {"callback_id": Step.RECORD}},
            },
            "step record_reading",
        ),
        ({}, "other"),
    ],
)
def test_a_request_is_of_one_of_a_fixed_set_of_kinds(body: dict[str, Any], kind: str) -> None:
    assert kind_of(body) == kind


# --- the log ---------------------------------------------------------------------


async def a_whole_journey(stage: Stage) -> str:
    """Ana reads, writes, misspells, logs a milestone, and meets a failure: its reference."""
    await stage.types("/kpi")
    await stage.types(f"/kpi {TYPED[3]}")
    await stage.types(f"/kpi update rollbacks ~9 {TYPED[2]}")
    await stage.types(f"/kpi update rollbacks {TYPED[2]}")
    form = await stage.opens_form(f"/kpi ship {TYPED[0]}")
    stage.ana.fills(form, {"detail": TYPED[1]})
    assert (await stage.ana.submits(form)).closed
    stage.slack.faults.add("chat.postMessage", "status", status=503)
    await stage.run_due(minutes=1)
    damage(stage, "changes")
    told = read(await stage.types(f"/kpi update rollbacks 8 {TYPED[2]}"))
    assert NOTHING_CHANGED in told
    form = await stage.opens_form(f"/kpi ship {TYPED[0]}")
    stage.ana.fills(form, {"detail": TYPED[1]})
    assert not (await stage.ana.submits(form)).closed
    await stage.rests()
    return reference_in(told)


async def test_no_secret_and_nothing_that_was_typed_stands_in_the_log(
    open_stage: Opening, log: io.StringIO
) -> None:
    async with open_stage() as stage:
        await a_whole_journey(stage)
        stage.slack.break_connections()
        await stage.slack.connected(0)
        slack = stage.slack
        secrets = (slack.bot_token, slack.app_token, slack.signing_secret, "ticket=", "hooks")
    written = log.getvalue()
    assert len(lines(log)) > 8
    for hidden in (*secrets, *TYPED):
        assert hidden not in written, hidden


async def test_a_log_of_everything_has_no_call_to_slack_with_what_was_typed(
    stage: Stage, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await a_whole_journey(stage)
    told = lines(log)
    assert any(line["level"] == "debug" for line in told)
    calls = [line for line in told if line["logger"].startswith("slack_sdk.web")]
    assert not any(typed in str(calls) for typed in TYPED)


async def test_the_lines_of_a_request_share_the_reference_that_the_person_was_told(
    stage: Stage, log: io.StringIO
) -> None:
    reference = await a_whole_journey(stage)
    failed, ended = (line for line in lines(log) if line["event"] == reference)
    assert failed["level"] == "error"
    assert "no such table: changes" in failed["message"]
    assert (ended["kind"], ended["outcome"]) == ("/kpi update", "failed")
    requests = [line for line in lines(log) if line["logger"] == "app.slack.requests"]
    assert len({line["event"] for line in requests}) == len(requests)


async def test_each_request_is_one_line_with_its_facts(stage: Stage, log: io.StringIO) -> None:
    await stage.types("/kpi")
    [line] = lines(log)
    assert (line["kind"], line["outcome"], line["level"]) == ("/kpi", "answered", "info")
    assert 0 < line["seconds"] < 3
    assert re.fullmatch(r"request /kpi: answered in \d+ ms", line["message"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", line["time"])

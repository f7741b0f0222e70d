"""The way of a new team: a scorecard from a file, a token, readings from CI, the digest on Monday,
a page for the board, and all of it carried over to another database."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.playground.users import Standing
from tests.cli.terminal import BILLING, Shell
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_links import ON, addresses_in, opens, opens_links
from tests.slack.test_same_figures import content_now, figures_of
from tests.slack.test_tokens import makes, secret_in

REPORTED = {
    "rollbacks": "~9",
    "bad-debt": "~2 / day",
    "disagreeing-accounts": "31",
    "invoice-coverage": "~81%",
    "dunning-paths": "2",
}
"""What CI reports on the Sunday before the digest."""


async def types(shell: Shell, *arguments: str) -> str:
    """What a command prints that does what it was asked for."""
    ended = await asyncio.to_thread(shell.kpi, *arguments)
    assert (ended.status, ended.err) == (0, "")
    return ended.out


async def reports(stage: Stage, secret: str, metric: str, value: str) -> str:
    """The status of the answer to a CI job that posts a reading by curl."""
    address = f"http://127.0.0.1:{stage.running.port}/api/v1/scorecards/billing/metrics/{metric}"
    curl = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}"),
        *("--noproxy", "*", "--header", f"Authorization: Bearer {secret}"),
        *("--header", f"Idempotency-Key: nightly-{metric}"),
        *("--json", json.dumps({"value": value}), f"{address}/readings"),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await curl.communicate()
    return told.decode()


async def whole_report(shell: Shell) -> Any:
    """Everything that the progress page says, but when it was asked."""
    report = json.loads(await types(shell, "report", "--format", "json"))
    return {name: each for name, each in report.items() if name not in ("as_of", "since")}


async def test_from_a_file_to_the_board_and_to_another_database(
    open_stage: Opening, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/kpi.db"})
    other = Shell(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db"})
    async with open_stage(empty=True, settings=ON) as stage:
        # What is typed at a terminal knows no other time than today's.
        today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        stage.clock.now = sunday = today - timedelta(days=today.weekday() + 1)
        stage.ana.user.standing = Standing(is_admin=True)
        await stage.load(BILLING.read_text(encoding="utf-8"), stage.billing)

        secret = secret_in(await makes(stage, stage.ana, "Nightly job"))
        for metric, value in REPORTED.items():
            assert await reports(stage, secret, metric, value) == "201"
            assert await reports(stage, secret, metric, value) == "201"  # the job runs again

        stage.clock.now = sunday + timedelta(days=1)
        await stage.run_due()
        await stage.rests()
        [digest] = stage.posts()
        for value in REPORTED.values():
            assert value.removesuffix(" / day") in read(digest)

        _, links = await opens_links(stage)
        await stage.ana.clicks(links, "new_link:30")
        await stage.rests()
        [address] = addresses_in(links)
        page = await opens(stage, address)
        assert page.status_code == 200
        figures = [each for row in (await content_now(stage)).metrics for each in figures_of(row)]
        assert len(figures) == 5 * len(REPORTED)
        assert [each for each in figures if each not in read(digest)] == []
        assert [each for each in figures if each not in page.text] == []

        exported = tmp_path / "scorecard.yaml"
        await types(shell, "export", "--format", "yaml", "--out", str(exported))
        await types(other, "migrate")
        await types(other, "load", str(exported), "--channel", stage.billing.id)
        assert await whole_report(other) == await whole_report(shell)

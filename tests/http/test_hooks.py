"""Git servers call hooks over real HTTP: what they are answered, and what owners see of it."""

import asyncio
import logging
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from app import measures
from app.domain.hooks import (
    Forge,
    Hook,
    HookAddresses,
    HookForm,
    HookMode,
    github_signature,
    standard_signature,
)
from app.http.app import build_http
from app.http.hooks import MOST_BODY_BYTES, Hooks
from app.http.server import HttpServer
from app.services import hooks, scorecards
from app.store.engine import Store
from tests.builders import an_instant
from tests.payloads import HERE, a_delivery, a_payload
from tests.services.builders import an_admin, billing_on_sqlite, owed, row_counts

NOW = an_instant("2026-03-19 15:00")
ADDRESSES = HookAddresses("https://kpi.example.com", b"k" * 32)
MERGE = {Forge.GITHUB: "pull_request.closed", Forge.GITLAB: "merge_request.merge"}


@dataclass
class Git:
    """A git server that calls hooks of the bot, and the bot's store."""

    store: Store
    client: httpx.AsyncClient
    delivered: int = 0
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def a_hook(self, forge: Forge = Forge.GITHUB, **said: Any) -> Hook:
        return await hooks.make(self.store, an_admin(now=NOW), HookForm(forge, **said))

    async def sends(
        self, hook: Hook, name: str | None = None, *, number: int = 1, **changed: Any
    ) -> httpx.Response:
        """Deliver a payload, genuine and as it is documented."""
        secret = ADDRESSES.secret(hook.id)
        forge = hook.form.forge
        body, headers = a_delivery(forge, name or MERGE[forge], secret, number=number, **changed)
        return await self.posts(hook, body, headers)

    async def posts(self, hook: Hook, body: Any, headers: dict[str, str]) -> httpx.Response:
        path = ADDRESSES.of(hook.form.forge, hook.id).removeprefix("https://kpi.example.com")
        return await self.client.post(path, content=body, headers=headers)

    async def seen(self) -> Hook:
        """The only hook as its owners see it."""
        [hook] = await hooks.of_scorecard(self.store, an_admin())
        return hook

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        self.tasks.add(asyncio.ensure_future(work))

    async def deliver(self) -> None:
        self.delivered += 1


@asynccontextmanager
async def calling(store: Store) -> AsyncIterator[Git]:
    """A git server, and the bot at a port of its own."""
    client = httpx.AsyncClient(trust_env=False, timeout=30)
    git = Git(store, client)
    answering = Hooks(store, ADDRESSES, lambda: NOW, git.spawn, git.deliver)
    async with HttpServer(build_http({}, hooks=answering), "127.0.0.1", 0) as server, client:
        client.base_url = f"http://127.0.0.1:{server.port}"
        yield git
        await asyncio.gather(*git.tasks)


@pytest.fixture
async def git(billing: Store) -> AsyncIterator[Git]:
    async with calling(billing) as git:
        yield git


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (Forge.GITHUB, "offered in the channel as “Reversal logic deleted”."),
        (Forge.GITLAB, "offered in the channel as “Dunning on one path”."),
    ],
)
async def test_a_merged_change_is_offered(git: Git, forge: Forge, says: str) -> None:
    hook = await git.a_hook(forge)
    answer = await git.sends(hook)
    assert answer.status_code == 202
    assert answer.text.startswith(says)
    assert [kind for kind, _, _ in await owed(git.store)] == ["offer"]
    await asyncio.gather(*git.tasks)
    assert git.delivered == 1


async def test_a_merged_change_is_logged_at_once_where_that_is_wanted(git: Git) -> None:
    answer = await git.sends(await git.a_hook(mode=HookMode.LOG))
    assert (answer.status_code, answer.text) == (200, "logged as “Reversal logic deleted”\n")
    snapshot = await scorecards.show(git.store, an_admin(now=NOW))
    current = {key: snapshot.state(key).current for key in ("rollbacks", "bad-debt")}
    assert {key: str(each.value) for key, each in current.items() if each} == {
        "rollbacks": "~9",
        "bad-debt": "2",
    }
    [milestone] = [
        each for each in snapshot.scorecard.milestones if each.title == "Reversal logic deleted"
    ]
    assert milestone.tickets == ("PAY-481", "PAY-483", "PAY-482")
    assert milestone.detail.startswith("The last reversals go through the journal")


@billing_on_sqlite
async def test_what_is_delivered_again_is_seen_before_whatever_its_id(git: Git) -> None:
    hook = await git.a_hook()
    await git.sends(hook)
    for again in (await git.sends(hook), await git.sends(hook, number=2)):
        assert (again.status_code, again.text) == (
            200,
            "seen before, and offered in the channel\n",
        )
    assert (await row_counts(git.store))["landings"] == 1
    assert git.delivered == 1


@billing_on_sqlite
async def test_a_release_counts_where_that_is_wanted(git: Git) -> None:
    hook = await git.a_hook(releases=True)
    answer = await git.sends(hook, "release.published")
    assert answer.text == "offered in the channel as “billing v4.2”.\n"
    other = await git.a_hook(Forge.GITLAB)
    assert "releases don't count" in (await git.sends(other, "release.create")).text


@pytest.mark.parametrize(
    ("forge", "name", "says"),
    [
        (Forge.GITHUB, "ping", "left: GitHub's greeting: the hook works"),
        (Forge.GITHUB, "pull_request.closed.not_merged", "left: pull request #413 isn't merged"),
        (Forge.GITLAB, "push", "left: the event “push” makes no milestone"),
    ],
)
@billing_on_sqlite
async def test_all_else_is_answered_and_left(git: Git, forge: Forge, name: str, says: str) -> None:
    answer = await git.sends(await git.a_hook(forge), name)
    assert (answer.status_code, answer.text) == (200, f"{says}\n")
    assert (await git.seen()).told == says
    assert git.delivered == 0


@billing_on_sqlite
async def test_a_false_signature_changes_nothing_and_its_owner_sees_it(
    git: Git, caplog: pytest.LogCaptureFixture
) -> None:
    hook = await git.a_hook()
    before = await row_counts(git.store)
    body, headers = a_delivery(Forge.GITHUB, MERGE[Forge.GITHUB], "another secret")
    with caplog.at_level(logging.WARNING):
        answer = await git.posts(hook, body, headers)
    assert answer.status_code == 401
    told = "The secret is wrong: give GitHub the one that the hook shows."
    assert answer.text == f"{told}\n"
    seen = await git.seen()
    assert (seen.troubles, seen.trouble, seen.trouble_at) == (1, told, NOW)
    assert await row_counts(git.store) == before
    [line] = [record.getMessage() for record in caplog.records if "hook" in record.getMessage()]
    assert line == f"a delivery to hook {hook.id} was refused: {told}"
    del headers["X-Hub-Signature-256"]
    assert (await git.posts(hook, body, headers)).status_code == 401


@billing_on_sqlite
async def test_a_signing_token_of_gitlabs_is_taken_too(git: Git) -> None:
    hook = await git.a_hook(Forge.GITLAB)
    secret = ADDRESSES.secret(hook.id)
    body, headers = a_delivery(Forge.GITLAB, MERGE[Forge.GITLAB], secret)
    del headers["X-Gitlab-Token"]
    signed = {"webhook-id": "m1", "webhook-timestamp": "1773932400"}
    signature = standard_signature(secret, "m1", "1773932400", body)
    answer = await git.posts(hook, body, {**headers, **signed, "webhook-signature": signature})
    assert answer.status_code == 202


@billing_on_sqlite
async def test_a_form_of_githubs_is_taken_too(git: Git) -> None:
    hook = await git.a_hook()
    body, headers = a_delivery(Forge.GITHUB, MERGE[Forge.GITHUB], "")
    form = urlencode({"payload": body.decode()}).encode()
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    headers["X-Hub-Signature-256"] = github_signature(ADDRESSES.secret(hook.id), form)
    assert (await git.posts(hook, form, headers)).status_code == 202


@pytest.mark.parametrize("announced", [True, False])
@billing_on_sqlite
async def test_ten_megabytes_are_refused_before_they_are_read(git: Git, announced: bool) -> None:
    hook = await git.a_hook()
    sent = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 100_000
            yield b"x" * 100_000
            await asyncio.sleep(0)

    body = b"x" * 10_000_000 if announced else parts()
    try:
        answer = await git.posts(hook, body, {})
    except httpx.TransportError:  # it hung up while we were still sending
        pass
    else:
        assert (answer.status_code, answer.text) == (413, "It is larger than 1 MB.\n")
    seen = await git.seen()
    assert (seen.troubles, seen.trouble) == (1, "It is larger than 1 MB.")
    assert announced or sent > MOST_BODY_BYTES


@billing_on_sqlite
async def test_what_is_signed_and_cannot_be_read_is_told_by_its_place(git: Git) -> None:
    hook = await git.a_hook()
    answer = await git.sends(hook, html_url="nowhere")
    assert answer.status_code == 400
    assert answer.text.startswith("The payload can't be read: pull_request.html_url is missing")
    assert (await git.seen()).is_troubled
    assert (await git.sends(hook, "ping")).status_code == 200
    assert not (await git.seen()).is_troubled


@billing_on_sqlite
async def test_an_unknown_or_revoked_hook_is_not_there(git: Git) -> None:
    hook = await git.a_hook()
    for path in ("github/0123456789abcdef", f"gitlab/{hook.id}", "svn/x", f"github/{'x' * 900}"):
        answer = await git.client.post(f"/hooks/{path}")
        assert (answer.status_code, answer.text) == (
            404,
            "There is no such hook, or it was revoked.\n",
        )
    await hooks.revoke(git.store, an_admin(), hook.id)
    assert (await git.sends(hook)).status_code == 404
    assert (await git.client.get(f"/hooks/github/{hook.id}")).status_code == 405


@billing_on_sqlite
async def test_deliveries_are_counted_by_what_came_of_them(git: Git) -> None:
    def count(outcome: str) -> float:
        return float(measures.HOOK_DELIVERIES.labels("github", outcome)._value.get())

    before = {outcome: count(outcome) for outcome in ("offered", "seen before", "refused")}
    hook = await git.a_hook()
    for _ in range(2):
        await git.sends(hook)
    await git.posts(hook, b"", {})
    assert {outcome: count(outcome) - before[outcome] for outcome in before} == {
        "offered": 1,
        "seen before": 1,
        "refused": 1,
    }


@billing_on_sqlite
async def test_while_the_database_fails_the_server_is_told_to_send_it_again(
    git: Git, caplog: pytest.LogCaptureFixture
) -> None:
    hook = await git.a_hook()
    async with git.store.transaction() as session:
        await (await session.connection()).exec_driver_sql("ALTER TABLE landings RENAME TO away")
    failed = await git.sends(hook)
    assert failed.status_code == 503
    assert failed.text.startswith("It could not be taken now. Send it again. Reference: ")
    assert "landings" not in failed.text
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1
    async with git.store.transaction() as session:
        await (await session.connection()).exec_driver_sql("ALTER TABLE away RENAME TO landings")
    assert (await git.sends(hook)).status_code == 202


@billing_on_sqlite
async def test_whatever_is_signed_is_answered_and_never_with_a_failure(git: Git) -> None:
    chance = random.Random(20)  # noqa: S311
    made = {forge: await git.a_hook(forge, releases=True) for forge in Forge}
    junk: list[object] = [
        None,
        True,
        0,
        -1,
        1.5,
        "",
        "x" * 5_000,
        "\x00\ud800",
        [],
        {},
        [[]],
        {"a": None},
    ]
    for _ in range(150):
        forge = chance.choice(list(Forge))
        name = chance.choice(sorted(path.stem for path in (HERE / forge).glob("*.json")))
        payload = a_payload(forge, name)
        for _ in range(chance.randint(1, 4)):
            _bend(chance, payload, chance.choice(junk))
        body, headers = a_delivery(forge, name, ADDRESSES.secret(made[forge].id), payload=payload)
        answer = await git.posts(made[forge], body, headers)
        assert answer.status_code in {200, 202, 400, 409}, (answer.text, payload)
        assert answer.text.count("\n") == 1


def _bend(chance: random.Random, payload: dict[str, Any], junk: object) -> None:
    """Put something else in the place of a value, anywhere in a payload."""
    part = payload
    while True:
        key = chance.choice(sorted(part))
        if not isinstance(part[key], dict) or not part[key] or chance.random() < 0.3:
            break
        part = part[key]
    part[key] = junk


RACER = """
import asyncio, sys
from tests.http.test_hooks import deliver_once
print("ready", flush=True)
sys.stdin.readline()
print(asyncio.run(deliver_once(*sys.argv[1:])))
"""


async def deliver_once(database_url: str, hook_id: str) -> str:
    """A process of its own takes the delivery; gives what it answers."""
    async with Store(database_url) as store, calling(store) as git:
        hook = await hooks.called(store, "github", hook_id)
        assert hook is not None
        return (await git.sends(hook)).text.strip()


async def test_processes_that_take_one_delivery_make_one_milestone(
    billing: Store, billing_url: str
) -> None:
    hook = await hooks.make(billing, an_admin(now=NOW), HookForm(Forge.GITHUB, mode=HookMode.LOG))
    answers = await asyncio.to_thread(_race, [sys.executable, "-c", RACER, billing_url, hook.id])
    assert sorted(answers) == [
        "logged as “Reversal logic deleted”",
        "seen before, and logged",
        "seen before, and logged",
    ]
    assert (await row_counts(billing))["landings"] == 1


def _race(command: list[str]) -> list[str]:
    """What three processes print that begin together."""
    with ExitStack() as stack:
        racing = [
            stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(3)
        ]
        for each in racing:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in racing:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        return [each.communicate(timeout=60)[0].strip() for each in racing]

"""The playground as it is opened: who is there, what it needs and says, apps that come and go."""

import os
import pty
import socket
import stat
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.playground import AppProcess, LocalSlack
from app.playground.http_server import HttpServer
from app.playground.run import Order, PlaygroundError, opened
from app.playground.waiting import until
from tests.playground.playing import PATIENCE, Playing, free_port, playing, python
from tests.playground.samples import FOLDER, MANIFEST, MANIFEST_HTTP

SYNC = python(FOLDER / "lunch_sync.py")
HERE = "http://127.0.0.1:3000/slack/events"


def says(words: str) -> list[str]:
    """A command that only says something and ends."""
    return [sys.executable, "-c", words]


def shell(script: str, folder: Path) -> list[str]:
    return ["sh", "-c", f"cd {folder}; {script}"]


async def refusal(order: Order) -> str:
    with pytest.raises(PlaygroundError) as refused:
        async with opened(order, lambda _: None):
            pass
    [line] = str(refused.value).splitlines()
    return line


async def test_who_is_there() -> None:
    async with playing(Order(MANIFEST)) as running:
        slack = running.slack
        names = {channel.name: channel for channel in slack.workspace.channels.values()}
        ana, ben, gus, sam = slack.people.values()
        assert ana.user.standing.is_owner
        assert not ben.user.is_guest
        assert gus.user.is_guest
        assert sam.team_id != slack.team_id
        assert names["planning"].is_private
        assert all(slack.bot_user_id in channel.members for channel in names.values())
        with pytest.raises(PermissionError):
            gus.sees(names["general"])


async def test_it_says_where_it_is_and_what_the_app_needs() -> None:
    async with playing(Order()) as running:
        slack = running.slack
        await running.says(f"at {slack.url} ")
        assert f"export SLACK_BOT_TOKEN={slack.bot_token}" in running.said
        assert f"export SLACK_APP_TOKEN={slack.app_token}" in running.said
        assert f"export SLACK_SIGNING_SECRET={slack.signing_secret}" in running.said
        assert f"export SLACK_API_URL={slack.api_url}" in running.said
        async with aiohttp.ClientSession() as session, session.get(slack.url) as page:
            assert page.status == 200


async def test_tokens_are_new_every_time() -> None:
    async with playing(Order()) as one, playing(Order()) as other:
        assert one.slack.environment.keys() == other.slack.environment.keys()
        assert not set(one.slack.environment.values()) & set(other.slack.environment.values())


class TestEnvFile:
    async def test_it_is_for_its_owners_eyes(self, tmp_path: Path) -> None:
        path = tmp_path / "playground.env"
        for _ in range(2):  # the second run replaces what the first one wrote
            async with playing(Order(env_file=path)) as running:
                lines = path.read_text().splitlines()
                needed = [f"{name}={value}" for name, value in running.slack.environment.items()]
                assert lines[1:] == needed
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
                assert not any(running.slack.bot_token in line for line in running.said)

    async def test_nothing_else_is_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / ".env"
        path.write_text("SLACK_BOT_TOKEN=xoxb-real\n")
        assert f"{path} is there already" in await refusal(Order(env_file=path))
        assert path.read_text() == "SLACK_BOT_TOKEN=xoxb-real\n"

    async def test_no_such_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "none" / ".env"
        assert f"{path} can't be written: No such file" in await refusal(Order(env_file=path))


class TestRefusals:
    async def test_a_taken_port(self) -> None:
        async with LocalSlack() as slack:
            taken = int(slack.url.rpartition(":")[2])
            assert f"Port {taken} can't be used" in await refusal(Order(port=taken))

    async def test_an_address_elsewhere_in_the_manifest(self) -> None:
        line = await refusal(Order(MANIFEST_HTTP))
        assert "settings.event_subscriptions.request_url is https://lunch.example.com/" in line
        assert "--request-url http://127.0.0.1:3000" in line

    async def test_an_address_elsewhere_in_the_option(self) -> None:
        for url in ("https://lunch.example.com/slack/events", "lunch"):
            line = await refusal(Order(MANIFEST_HTTP, request_url=url))
            assert "Only this machine is called" in line

    async def test_an_address_beside_socket_mode(self) -> None:
        line = await refusal(Order(MANIFEST, request_url=HERE))
        assert "socket_mode_enabled" in line

    async def test_no_address_at_all(self, tmp_path: Path) -> None:
        path = tmp_path / "manifest.yml"
        path.write_text("display_information: {name: Lunch}")
        assert "needs a request_url, or Socket Mode" in await refusal(Order(path))
        async with playing(Order(path, request_url=HERE)):
            pass

    async def test_a_command_that_is_not_there(self) -> None:
        line = await refusal(Order(command=["no-such-command"]))
        assert line == "no-such-command can't be started: No such file or directory."


class TestApp:
    async def test_its_environment_leads_it_here(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        (tmp_path / "sitecustomize.py").write_text("MINE = 'mine still runs'")
        found = tmp_path / "found"
        script = f"""
import os, pathlib, sitecustomize
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient
client = WebClient()
there = WebClient(base_url='https://there.example/api/').base_url
pathlib.Path({str(found)!r}).write_text(' '.join(map(str, [
    client.base_url, AsyncWebClient().base_url, there, client.proxy,
    os.environ['SLACK_BOT_TOKEN'], sitecustomize.MINE,
])))
"""
        async with playing(Order(command=says(script))) as running:
            await running.says("The app ended with exit status 0")
            slack = running.slack
            assert found.read_text() == (
                f"{slack.api_url} {slack.api_url} https://there.example/api/ None "
                f"{slack.bot_token} mine still runs"
            )

    async def test_how_it_ended_is_told(self) -> None:
        async with playing(Order(command=says("import sys; sys.exit(3)"))) as running:
            await running.says("The app ended with exit status 3")
        killed = says("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        async with playing(Order(command=killed)) as running:
            await running.says("The app ended by SIGKILL")

    async def test_it_is_started_anew_by_the_button_on_the_page(self) -> None:
        async with playing(Order(MANIFEST, command=SYNC)) as running:
            await running.says("The app is connected")
            assert await _restart(running) == {"ok": True}
            await running.says("The app is no longer connected")
            await running.says("The app is connected")
            ana, *_ = running.slack.people.values()
            general = running.slack.workspace.channel("general")
            assert (await ana.types("/lunch menu", general)).message
            assert not any("ended" in line for line in running.said), "that was no end of its own"

    async def test_that_it_went_is_told_however_soon_it_is_back(self) -> None:
        async with playing(Order()) as running, aiohttp.ClientSession() as session:
            for _ in range(2):
                async with session.ws_connect(await _socket_url(running.slack)):
                    await running.says("The app is connected")
            await running.says("The app is no longer connected")

    async def test_it_is_started_anew_by_enter_at_the_terminal(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        terminal, inside = pty.openpty()
        with os.fdopen(terminal, "w") as keyboard, os.fdopen(inside) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            async with playing(Order(command=says("pass"))) as running:
                for _ in range(3):
                    await running.says("The app ended with exit status 0")
                    print(file=keyboard, flush=True)

    async def test_it_ends_with_all_that_it_started(self, tmp_path: Path) -> None:
        async with LocalSlack() as slack:
            async with AppProcess(
                slack, shell("sleep 60 & echo $! > new; mv new pid; wait", tmp_path)
            ):
                child = await _number_in(tmp_path / "pid")
            await until(lambda: _is_gone(child) or None, PATIENCE, "it did not end")

    async def test_one_that_does_not_want_to_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.playground.app_process.STOP_SECONDS", 0.05)
        script = "trap '' TERM; echo $$ > new; mv new pid; while true; do sleep 1; done"
        ended: list[int] = []
        async with LocalSlack() as slack:
            async with AppProcess(slack, shell(script, tmp_path), ended=ended.append):
                stubborn = await _number_in(tmp_path / "pid")
            assert _is_gone(stubborn)
        assert ended == [], "it did not end by itself"


class TestHttp:
    async def test_an_app_that_comes_later_goes_and_comes_back(self) -> None:
        port = free_port()
        order = Order(MANIFEST_HTTP, request_url=f"http://127.0.0.1:{port}")
        command = python(FOLDER / "lunch_sync.py", PORT=port)
        async with playing(order) as running:
            slack = running.slack
            ana, *_ = slack.people.values()
            general = slack.workspace.channel("general")
            await running.says(f"nobody answers at http://127.0.0.1:{port}/slack/events")
            assert (await ana.types("/lunch menu", general)).error == "dispatch_failed"
            was_reached = slack.is_reached
            async with AppProcess(slack, command):
                await running.says("The app answers")
                assert (was_reached, slack.is_reached) == (False, True)
                assert (await ana.types("/lunch menu", general)).message
            assert (await ana.types("/lunch menu", general)).error == "dispatch_failed"
            async with AppProcess(slack, command):
                await until(lambda: _is_open(port) or None, PATIENCE, "it did not come back")
                assert (await ana.types("/lunch menu", general)).message
                await ana.says("I am hungry", general)
                await ana.sees_message(general, "Type /lunch")

    async def test_an_app_that_refuses_is_told_of(self) -> None:
        port = free_port()
        command = python(FOLDER / "lunch_sync.py", PORT=port, SLACK_SIGNING_SECRET="another")
        order = Order(MANIFEST_HTTP, request_url=f"http://127.0.0.1:{port}", command=command)
        async with playing(order) as running:
            await running.says(f"http://127.0.0.1:{port}/slack/events answered HTTP 401")

    async def test_a_redirect_is_not_followed(self) -> None:
        heard: list[str] = []

        async def lead_away(request: Request) -> Response:
            heard.append(request.url.path)
            return RedirectResponse("/elsewhere")

        server = HttpServer(Starlette(routes=[Route("/{path}", lead_away, methods=["POST"])]))
        await server.start()
        async with playing(Order(request_url=f"{server.url}/slack")) as running:
            ana, *_ = running.slack.people.values()
            seen = await ana.types("/lunch", running.slack.workspace.channel("general"))
        await server.stop()
        assert seen.error == "dispatch_failed"
        assert set(heard) == {"/slack"}

    async def test_what_has_no_address_is_not_sent(self, tmp_path: Path) -> None:
        path = tmp_path / "manifest.yml"
        path.write_text(
            "display_information: {name: Lunch}\n"
            f"settings: {{interactivity: {{is_enabled: true, request_url: '{HERE}'}}}}"
        )
        async with playing(Order(path)) as running:
            ana, *_ = running.slack.people.values()
            with pytest.raises(LookupError):
                await ana.types("/lunch", running.slack.workspace.channel("general"))
            assert (await running.slack.send_event({"type": "message"})).error == "dispatch_failed"


async def _number_in(path: Path) -> int:
    found = await until(
        lambda: path.read_text() if path.exists() else None, PATIENCE, f"there is no {path}"
    )
    return int(found)


def _is_gone(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def _is_open(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


async def _socket_url(slack: LocalSlack) -> str:
    client = AsyncWebClient(base_url=slack.api_url)
    opened = await client.apps_connections_open(app_token=slack.app_token)
    return str(opened["url"])


async def _restart(running: Playing) -> object:
    url = f"{running.slack.url}/acts/control"
    content = {"control": "restart"}
    async with aiohttp.ClientSession() as session, session.post(url, json=content) as answer:
        return await answer.json()

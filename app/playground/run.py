"""The local Slack with its page, for any Bolt app, until it is asked to end: `kpi playground`."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.playground.app_process import AppProcess
from app.playground.cast import add_cast
from app.playground.deliveries import NotDeliveredError
from app.playground.http_delivery import HttpDelivery, NobodyAnswersError
from app.playground.installation import Manifest
from app.playground.journal import PLENTY
from app.playground.local_slack import ANSWER_SECONDS, LocalSlack
from app.playground.manifests import read_manifest
from app.playground.page import Control, Page
from app.playground.request_urls import RequestUrls, is_on_this_machine

LOOK_SECONDS = 0.25
"""How often it is looked whether the app answers at its address."""

ASK_AGAIN_SECONDS = 5.0
"""How often an app that is there is asked to prove it; each time stands in its log."""

_EXAMPLE = "--request-url http://127.0.0.1:3000/slack/events"
_OURS = "# Written by kpi playground, for one run of it.\n"

Say = Callable[[str], None]
"""Tells a line to whoever started the playground."""


class PlaygroundError(Exception):
    """The playground can't be started as it was asked for; a line says why."""


@dataclass(frozen=True)
class Order:
    """What the playground is asked for.

    Without a manifest the app may do everything. `request_url` says where an app without Socket
    Mode runs, `env_file` where to write what the app needs, `command` starts the app.
    """

    manifest: Path | None = None
    port: int = 0
    request_url: str = ""
    env_file: Path | None = None
    command: Sequence[str] = ()


async def run_playground(order: Order, say: Say) -> None:
    """Run it until SIGINT, SIGTERM or SIGHUP.

    Raises PlaygroundError, and ManifestError for the manifest.
    """
    with _asked_to_end() as ending:
        async with opened(order, say):
            await ending.wait()


@asynccontextmanager
async def opened(order: Order, say: Say) -> AsyncIterator[LocalSlack]:
    """The running playground. Raises as `run_playground` does."""
    manifest = None if order.manifest is None else read_manifest(order.manifest)
    slack = LocalSlack(manifest, port=order.port, journal_length=PLENTY)
    urls = _request_urls(slack.installation.manifest, order)
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(slack)
        except OSError as taken:
            raise PlaygroundError(
                f"Port {order.port} can't be used: {taken.strerror}. Name another: --port 0 takes "
                "a free one."
            ) from None
        add_cast(slack)
        if order.env_file is not None:
            _write_env_file(order.env_file, slack.environment)
        app = AppProcess(slack, order.command, ended=lambda status: _tell_end(status, say))
        Page(slack, [_restart(app)] if order.command else [])
        _introduce(slack, order, say)
        delivery = None if urls is None else await slack.deliver_by_http(urls)
        presence = _tell_connections(slack, say) if delivery is None else _verify(delivery, say)
        await stack.enter_async_context(_meanwhile(presence))
        if order.command:
            await stack.enter_async_context(_started(app, order, say))
        yield slack


def _request_urls(manifest: Manifest, order: Order) -> RequestUrls | None:
    """Where the app takes requests; None for Socket Mode."""
    if order.request_url and not is_on_this_machine(order.request_url):
        raise PlaygroundError(f"Only this machine is called. Give its address, as in {_EXAMPLE}")
    if order.manifest is None:
        return RequestUrls.at(order.request_url) if order.request_url else None
    if not manifest.socket_mode:
        return _local_urls(manifest, order)
    if order.request_url:
        raise PlaygroundError(
            f"{order.manifest} has settings.socket_mode_enabled on, so that Slack calls no "
            "request URL. Turn it off, or leave --request-url out."
        )
    return None


def _local_urls(manifest: Manifest, order: Order) -> RequestUrls:
    urls = manifest.request_urls
    if order.request_url:
        urls = urls.moved_to(order.request_url)
    for place, url in urls.everywhere.items():
        if not is_on_this_machine(url):
            raise PlaygroundError(
                f"{order.manifest}: {place} is {url}, but only this machine is called. "
                f"Say where the app runs: {_EXAMPLE}"
            )
    if not urls.everywhere or (manifest.events and not urls.events):
        raise PlaygroundError(
            f"{order.manifest}: settings.event_subscriptions needs a request_url, or Socket Mode. "
            f"Say where the app runs: {_EXAMPLE}"
        )
    return urls


def _introduce(slack: LocalSlack, order: Order, say: Say) -> None:
    say(f"The local Slack is at {slack.url} (Ctrl-C ends it).")
    if order.env_file is not None:
        say(f"{order.env_file} has what the app needs.")
    elif not order.command:
        say("The app needs:\n")
        for name, value in slack.environment.items():
            say(f"export {name}={value}")
        say("")


def _write_env_file(path: Path, environment: Mapping[str, str]) -> None:
    """Write it for its owner's eyes alone, over nothing but another run's."""
    try:
        if path.exists() and not path.read_text(encoding="utf-8").startswith(_OURS):
            raise PlaygroundError(f"{path} is there already. Name a new file for --env-file.")
        path.unlink(missing_ok=True)
        lines = [f"{name}={value}\n" for name, value in environment.items()]
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
            file.writelines([_OURS, *lines])
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is there already"
        raise PlaygroundError(f"{path} can't be written: {reason}.") from None


async def _tell_connections(slack: LocalSlack, say: Say) -> None:
    """Say when the app has connected, and when it is gone."""
    say("Waiting for the app over Socket Mode.")
    was_connected = False
    with slack.workspace.changes.watched() as changed:  # an app may be back within milliseconds
        while True:
            changed.clear()
            is_connected = slack.connections > 0
            if is_connected != was_connected:
                say("The app is connected." if is_connected else "The app is no longer connected.")
            was_connected = is_connected
            await changed.wait()


async def _verify(delivery: HttpDelivery, say: Say) -> None:
    """Verify the app's address as soon as it answers, and say why it isn't until then.

    An app that takes no events has no address that could be verified.
    """
    told = ""
    while not delivery.is_verified:
        pause = ASK_AGAIN_SECONDS
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await delivery.verify()
        except NobodyAnswersError as nobody:
            pause, reason = LOOK_SECONDS, str(nobody)
        except NotDeliveredError as failure:
            reason = str(failure)
        except TimeoutError:
            reason = "it takes too long to answer"
        else:
            say("The app answers.")
            return
        if reason != told:
            say(f"Waiting for the app: {reason}.")
        told = reason
        await asyncio.sleep(pause)


@asynccontextmanager
async def _started(app: AppProcess, order: Order, say: Say) -> AsyncIterator[None]:
    """The app runs; Enter at the terminal starts it anew."""
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(app)
        except OSError as failure:
            name = order.command[0]
            raise PlaygroundError(f"{name} can't be started: {failure.strerror}.") from None
        if sys.stdin is not None and sys.stdin.isatty():
            say("Enter starts the app anew.")
            await stack.enter_async_context(_meanwhile(_restart_at_enter(app, say)))
        yield


async def _restart_at_enter(app: AppProcess, say: Say) -> None:
    typed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            line = sys.stdin.readline()
        except OSError:  # in the background, where the terminal isn't this process's to read
            line = ""
        if line:
            typed.set()
        else:
            loop.remove_reader(sys.stdin)

    before = signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    loop.add_reader(sys.stdin, read)
    try:
        while await typed.wait():
            typed.clear()
            try:
                await app.restart()
            except OSError as failure:
                say(f"The app can't be started: {failure.strerror}.")
    finally:
        loop.remove_reader(sys.stdin)
        signal.signal(signal.SIGTTIN, before)


def _restart(app: AppProcess) -> Control:
    """The button on the page that does the same."""

    async def restart(tell: Say) -> str:  # noqa: ARG001
        try:
            await app.restart()
        except OSError as failure:
            raise ValueError(f"It can't be started: {failure.strerror}") from None
        return "The app was started anew"

    return Control("restart", "Restart the app", "Ends its process and starts it anew", restart)


def _tell_end(status: int, say: Say) -> None:
    how = f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"
    say(f"The app ended {how}. “Restart the app” on the page starts it anew.")


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Something is done beside, for as long as the context lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def _asked_to_end() -> Iterator[asyncio.Event]:
    """Set when somebody presses Ctrl-C, ends the process or closes the terminal."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in signals:
        loop.add_signal_handler(each, ending.set)
    try:
        yield ending
    finally:
        for each in signals:
            loop.remove_signal_handler(each)

"""The demo: the main job in the terminal, then open for more, there and on the page."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Coroutine
from typing import Any

from rich.console import Console
from rich.text import Text

from app.demo.play import Play, SceneFailed
from app.demo.prompt import take_commands
from app.demo.scenes import perform
from app.demo.stage import set_up
from app.domain.errors import BadInput

WIDTH = 92
PORT = 8765


async def run_demo(*, stay: bool, port: int | None = None) -> int:
    """Perform the scenes; with `stay`, keep everything up until somebody ends it.

    The page is at `port`; if none is given, at the usual one or, where that is taken, any other.
    Gives the exit status: 0 when every step did what it shows. Raises `BadInput` for a port that
    can't be had.
    """
    page_port = port_for_page(port) if stay else 0
    logging.basicConfig(level=logging.ERROR)
    console = Console() if stay and sys.stdin.isatty() else Console(width=WIDTH)
    console.print(Text("Starting a local Slack and the bot …", style="dim"))
    async with set_up(page_port) as stage:
        play = Play(stage, console)
        try:
            await perform(play)
        except (SceneFailed, TimeoutError, LookupError) as failure:
            console.print(Text(f"The demo failed: {failure}", style="bold red"))
            return 1
        console.print(Text("\nEvery step did what it shows.", style="green"))
        if stay:
            await _stay(play, console)
    return 0


def port_for_page(wanted: int | None) -> int:
    """The port that is wanted, or else the usual one; where that is taken 0, for any.

    Raises `BadInput` when the one that is wanted can't be had.
    """
    if _is_free(wanted or PORT):
        return wanted or PORT
    if wanted is None:
        return 0
    raise BadInput(f"Port {wanted} can't be had here. Name another, or leave --port out.")


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


async def _stay(play: Play, console: Console) -> None:
    """Tell where the page is, and stay until Ctrl-C, SIGTERM, or an empty line at a terminal."""
    slack = play.stage.slack
    at_terminal = sys.stdin.isatty()
    ways_out = "an empty line or Ctrl-C ends it" if at_terminal else "Ctrl-C ends it"
    console.print(f"\nThe same workspace in your browser: {slack.url}", soft_wrap=True)
    console.print(
        "Be Ana, Ben, Gus (a guest) or Sam (of another organisation), and move the clock.\n"
        f"Its Web API is at {slack.api_url}; {ways_out}.",
        soft_wrap=True,
    )
    if at_terminal:
        console.print("Here, type a command such as /kpi help as Ana in #billing.")
        await _until_ended(take_commands(play, console))
    else:
        await _until_ended(asyncio.Event().wait())


async def _until_ended(work: Coroutine[Any, Any, object]) -> None:
    """Do something until it is done, or Ctrl-C or SIGTERM comes."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()

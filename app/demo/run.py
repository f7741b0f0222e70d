"""The demo: the main job in the terminal, then open for more."""

import asyncio
import logging
import sys

from rich.console import Console
from rich.text import Text

from app.demo.forms import fill_in
from app.demo.play import Play, SceneFailed, button_named
from app.demo.scenes import perform
from app.demo.stage import set_up
from app.playground import View

WIDTH = 92
SEND = "Send it? [Y/n]"


async def run_demo(*, stay: bool) -> int:
    """Perform the scenes; with `stay`, take Ana's commands until she leaves.

    Gives the exit status: 0 when every step did what it shows.
    """
    logging.basicConfig(level=logging.ERROR)
    console = Console(width=WIDTH) if not stay else Console()
    console.print(Text("Starting a local Slack and the bot …", style="dim"))
    async with set_up() as stage:
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


async def _stay(play: Play, console: Console) -> None:
    """Ana's own commands, until an empty line or the end of input."""
    console.print(
        f"\nThe local Slack and the bot stay up (its Web API: {play.stage.slack.api_url}).\n"
        "Type a command such as /kpi help as Ana in #billing; an empty line ends it."
    )
    while line := (await _next_line()).strip():
        if not line.startswith("/"):
            console.print("Commands begin with /kpi.")
            continue
        try:
            await play.types(line)
            await play.rests()
            await _go_through_views(play)
            await play.rests()
            play.shows_news()
        except (SceneFailed, LookupError, TimeoutError) as failure:
            console.print(Text(str(failure), style="red"))


async def _go_through_views(play: Play) -> None:
    """Let Ana fill in, or click through, what has opened until nothing is open."""
    while True:
        try:
            view = await play.stage.ana.sees_view(timeout=0.3)
        except TimeoutError:
            return
        if "submit" in view.content:
            await _fill_form(play, view)
        else:
            await _click(play, view)
        await play.rests()


async def _click(play: Play, view: View) -> None:
    """Ask which button of a view is clicked; none closes it."""
    play.shows_view(view)
    label = await _ask("  Which button? (Enter closes) ")
    if not label:
        await play.stage.ana.closes(view)
        return
    button = button_named(view, label)
    if button is None:
        play.says(f"There is no button “{label}”")
        return
    action, block = button
    await play.stage.ana.clicks(view, action, block_id=block)


async def _fill_form(play: Play, view: View) -> None:
    """Ask for the fields of a form until it is taken or left."""
    ana = play.stage.ana
    errors: dict[str, str] = {}
    while True:
        play.shows_view(view, errors)
        view = await fill_in(ana, view, _ask, only=frozenset(errors))
        if (await _ask(f"  {SEND} ")).casefold().startswith("n"):
            await ana.closes(view)
            return
        sent = await ana.submits(view)
        if sent.error is not None:
            raise SceneFailed(f"The form could not be sent: {sent.error}")
        if not sent.errors:
            return
        errors = sent.errors


async def _next_line() -> str:
    return await _ask("ana in #billing> ")


async def _ask(question: str) -> str:
    """A line typed at the terminal; empty at the end of input."""
    sys.stdout.write(question)
    sys.stdout.flush()
    # A thread that waits for input could not be ended by Ctrl-C.
    typed = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    return sys.stdin.readline().strip()

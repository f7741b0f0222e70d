"""Ana's own commands at a terminal, and the forms that they open."""

import asyncio
import sys

from rich.console import Console
from rich.text import Text

from app.demo.forms import fill_in
from app.demo.play import Play, SceneFailed, button_named
from app.playground import View

SEND = "Send it? [Y/n]"


async def take_commands(play: Play, console: Console) -> None:
    """Ana's own commands, until an empty line or the end of input."""
    while line := (await _ask("ana in #billing> ")).strip():
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
    except asyncio.CancelledError:
        sys.stdout.write("\n")  # what comes next begins on a line of its own
        raise
    finally:
        loop.remove_reader(sys.stdin)
    return sys.stdin.readline().strip()

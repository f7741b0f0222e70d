"""`kpi demo` and `kpi playground`."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from app.demo.run import run_demo
from app.domain.errors import BadInput
from app.playground.manifests import ManifestError
from app.playground.run import Order, PlaygroundError, run_playground


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the run, instead of staying up.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65_535, help="The page's port: 8765 by default, or one that is free."
        ),
    ] = None,
) -> None:
    """See the bot at work on a real scorecard, in a local Slack.

    It goes through the main job from start to end, and then stays up with the address of a page
    on which to try everything as several people. Needs no Slack, no token and no network.

    \b
    Examples:
      kpi demo
      kpi demo --port 9000
      kpi demo --once
    """
    # Asked to end, it clears up as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise typer.Exit(asyncio.run(run_demo(stay=not once, port=port)))


def playground(
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- COMMAND", help="Starts the app, led to the local Slack."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The app's manifest, YAML or JSON; without it, it may do all."
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(metavar="PORT", min=0, max=65535, help="The page's; 0 takes a free one."),
    ] = 8600,
    request_url: Annotated[
        str,
        typer.Option(metavar="URL", help="Where the app takes requests, without Socket Mode."),
    ] = "",
    env_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there what the app needs.")
    ] = None,
) -> None:
    """Run a local Slack with a page to act in, for any Bolt app.

    Needs no Slack and no token, and forgets everything at the end. Stop it with Ctrl-C.

    \b
    Examples:
      kpi playground --manifest manifest.yml -- python app.py
      kpi playground --manifest manifest.yml --env-file .env.playground
      kpi playground --request-url http://127.0.0.1:3000/slack/events
    """
    order = Order(manifest, port, request_url, env_file, command or [])
    try:
        asyncio.run(run_playground(order, typer.echo))
    except (ManifestError, PlaygroundError) as refusal:
        raise BadInput(str(refusal)) from None

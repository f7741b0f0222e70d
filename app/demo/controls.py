"""The demo's buttons on the page."""

import asyncio
from collections.abc import Sequence

from app.demo.cast import Cast
from app.demo.clock import DemoClock
from app.demo.filling import Filling
from app.demo.restarting import RestartableBot
from app.demo.time_machine import TimeMachine
from app.files import ScorecardFile
from app.playground import LocalSlack
from app.playground.page import Control, Tell


def controls_of(
    slack: LocalSlack, clock: DemoClock, bot: RestartableBot, cast: Cast, file: ScorecardFile
) -> Sequence[Control]:
    """The time machine, the quarter, and the way to restart the bot."""
    machine = TimeMachine(clock, slack, bot, file.key)

    async def restart(tell: Tell) -> str:
        loop = asyncio.get_running_loop()
        name, begun = slack.workspace.bot.real_name, loop.time()
        tell(f"{name} stops …")
        await bot.restart(lambda: tell(f"{name} starts …"))
        return f"{name} stopped and started in {loop.time() - begun:.1f} s, on the same database."

    return (
        Control(
            "next-day",
            "Next day",
            "Moves the clock to this time tomorrow. What falls due until then is done.",
            machine.next_day,
        ),
        Control(
            "next-digest",
            "Next digest",
            "Moves the clock to the next weekly digest. What falls due until then is done.",
            machine.next_digest,
        ),
        Control(
            "fill-quarter",
            "Fill a quarter",
            "Adds made-up readings, ship dates and target dates to Billing Platform, for trends.",
            Filling(clock, bot, cast, file).fill,
        ),
        Control(
            "restart",
            "Restart the bot",
            "Stops the bot and starts it on the same database. What was posted stays.",
            restart,
        ),
    )

"""The demo's buttons on the page."""

import asyncio
from collections.abc import Sequence

from app.demo.arrivals import Arrivals
from app.demo.filling import Filling
from app.demo.restarting import RestartableBot
from app.demo.time_machine import TimeMachine
from app.playground import LocalSlack
from app.playground.page import Control, Tell


def controls_of(
    slack: LocalSlack,
    bot: RestartableBot,
    machine: TimeMachine,
    filling: Filling,
    arrivals: Arrivals,
) -> Sequence[Control]:
    """The time machine, the quarter, what arrives by itself, and the way to restart the bot."""

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
            filling.fill,
        ),
        Control(
            "figures-move",
            "Figures move",
            "Three metrics are read from a database, a Prometheus and a report, tomorrow again.",
            arrivals.figures_move,
        ),
        Control(
            "merge",
            "Merge a change",
            "A change is merged on the team's git server, and offered as a milestone in #billing.",
            arrivals.merge,
        ),
        Control(
            "restart",
            "Restart the bot",
            "Stops the bot and starts it on the same database. What was posted stays.",
            restart,
        ),
    )

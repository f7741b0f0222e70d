"""`kpi serve` with its clock moved and with pictures of one dot; all else is as it is served."""

import os
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

from app import main
from app.cli import main as command_line
from tests.slack.stage import a_dot

AHEAD = "CHAOS_AHEAD"
"""The environment variable with the seconds that the bot's clock is ahead of the machine's."""


def serve() -> None:
    ahead = timedelta(seconds=float(os.environ[AHEAD]))

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    main.running_bot = partial(main.running_bot, clock=now, paint=a_dot)
    sys.argv = ["kpi", "serve"]
    command_line()


if __name__ == "__main__":
    serve()

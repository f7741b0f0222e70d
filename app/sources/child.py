"""The process that asks one question: `python -m app.sources.child`.

It reads what is asked as JSON from its input, and writes `{"number": "12"}` or `{"failure": "…"}`.
It imports little, and never the settings or the store: what it doesn't know can't be told.
"""

import json
import os
import sys
from decimal import Decimal
from typing import Any

from app.sources.failures import NoNumber
from app.sources.numbers import value_of

MOST_MEMORY = 512 * 2**20
NICENESS = 10


def main() -> None:
    """Answer one question. What isn't foreseen ends the process with its trace."""
    asked = json.load(sys.stdin)
    limit_itself(asked["seconds"])
    try:
        answer = {"number": str(value_of(_ask(asked), Decimal(asked["times"])))}
    except NoNumber as error:
        answer = {"failure": error.told(asked["hidden"])}
    except MemoryError:
        answer = {"failure": "The answer needs more memory than a source may take: ask for less."}
    json.dump(answer, sys.stdout)


def limit_itself(seconds: float) -> None:
    """Give way to the bot, and take no more memory and computing time than is good for it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        os.nice(NICENESS)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (round(seconds) + 1,) * 2)
        if sys.platform == "linux":  # elsewhere it is refused, or counts what isn't used
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _ask(asked: dict[str, Any]) -> Decimal:
    """Each kind imports what it alone needs."""
    from app.sources.databases import ask_database  # noqa: PLC0415

    return ask_database(asked["name"], asked["place"], asked["query"], asked["seconds"] * 2 / 3)


if __name__ == "__main__":
    main()

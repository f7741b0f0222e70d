"""The process that asks one question: `python -m app.sources.child`.

It reads what is asked as JSON from its input, and writes `{"number": "12"}` or `{"failure": "…"}`.
It imports little, and never the settings or the store: what it doesn't know can't be told.
"""

import json
import os
import signal
import sys
from decimal import Decimal
from math import ceil
from typing import Any

from app.domain.sources import SourceKind
from app.sources.failures import NoNumber
from app.sources.numbers import value_of

MOST_MEMORY = 512 * 2**20
NICENESS = 10
SHARE_OF_SERVER = 2 / 3
"""Of the time there is, so much is the server's: then its own reason comes in time."""


def main() -> None:
    """Answer one question. What isn't foreseen ends the process with its trace."""
    asked = json.load(sys.stdin)
    _limit_itself(asked["seconds"])
    try:
        answer = {"number": str(value_of(_ask(asked), Decimal(asked["times"])))}
    except NoNumber as error:
        answer = {"failure": error.told(asked["hidden"])}
    except MemoryError:
        answer = {"failure": "The answer needs more memory than a source may take: ask for less."}
    json.dump(answer, sys.stdout)


def _limit_itself(seconds: float) -> None:
    """Give way to the bot, take no more memory than is good for it, and outlive it by no more than
    a moment where it can end nobody any more."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        os.nice(NICENESS)
        signal.alarm(ceil(seconds) + 1)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(seconds) + 1,) * 2)
        if sys.platform == "linux":  # elsewhere it is refused, or counts what isn't used
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _ask(asked: dict[str, Any]) -> Decimal:
    """Each kind imports what it alone needs."""
    kind, query = SourceKind(asked["kind"]), asked["query"]
    seconds = asked["seconds"] * SHARE_OF_SERVER
    if kind is SourceKind.SQL:
        from app.sources.databases import ask_database  # noqa: PLC0415

        return ask_database(asked["name"], asked["place"], query, seconds)

    from app.sources import addresses, documents, fetching, prometheus  # noqa: PLC0415

    target = addresses.target_of(asked["place"])
    allowed = addresses.AllowList.of(asked["allowed"])
    if kind is SourceKind.PROMQL:
        target = prometheus.query_of(target, query, seconds)
    answer = fetching.fetch(target, asked["headers"], allowed)
    if kind is SourceKind.PROMQL:
        return prometheus.number_in(answer)
    return documents.number_at(query, answer)


if __name__ == "__main__":
    main()

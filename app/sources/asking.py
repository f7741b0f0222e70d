"""A question is asked in a process of its own, which is ended at its deadline.

Why a process: a source may be hostile, and so may a question. `[@,@][].[@,@][]` in JMESPath doubles
its result with each step, a query may keep SQLite busy for ever, and no thread can be ended from
outside. A process can, with all memory that it took, and while it works it holds up no command. It
knows of the bot's secrets those alone that its question needs.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.errors import BadInput
from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources import questions
from app.sources.failures import masked
from app.sources.places import Places, passwords_of

log = logging.getLogger(__name__)

MOST_ANSWER_BYTES = 64 * 1024
_CODE = str(Path(__file__).parents[2])
_KEPT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""Which certificates are trusted, and what Python may need to start."""

check = questions.check


async def ask(question: Question, places: Places) -> Decimal:
    """The number that a source gives. Raises `SourceFailure` with why there is none.

    Waits for its turn, then at most `places.seconds`. Nothing is left of it when it is cancelled.
    """
    try:
        check(question, places)
        asked = _request(question, places)
    except BadInput as error:
        raise SourceFailure(error.message) from error
    async with places.turns:
        answer = await _answer(json.dumps(asked).encode(), places)
    if "failure" in answer:
        raise SourceFailure(masked(answer["failure"], places.hidden))
    return Decimal(answer["number"])


def _request(question: Question, places: Places) -> dict[str, Any]:
    """All that the process is told."""
    asked = {
        "kind": question.kind.value,
        "query": question.query,
        "times": str(question.times),
        "seconds": places.seconds,
    }
    if question.kind is SourceKind.SQL:
        url = questions.database_url(question, places)
        name = question.place.strip().lower()
        return {**asked, "name": name, "place": url, "hidden": passwords_of(url)}
    return {
        **asked,
        "place": question.place.strip(),
        "headers": questions.headers(question.headers, places.secrets),
        "allowed": places.addresses,
        "hidden": [places.secrets[name] for name in questions.secrets_in(question.headers)],
    }


async def _answer(asked: bytes, places: Places) -> dict[str, str]:
    try:
        process = await _started()
    except OSError as error:
        log.exception("no process could be started for a source")
        raise SourceFailure("The source wasn't asked: no process could be started.") from error
    try:
        async with asyncio.timeout(places.seconds):
            told, trace = await _talk(process, asked)
    except TimeoutError:
        raise SourceFailure(
            f"The source gave no whole answer within {places.seconds:g} s, so it was cut off."
        ) from None
    finally:
        await _end(process)
    try:
        answer: dict[str, str] = json.loads(told)
    except ValueError:
        raise _broken(process.returncode, trace, places) from None
    return answer


async def _started() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-s", "-m", "app.sources.child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": _CODE}
        | {name: os.environ[name] for name in _KEPT if name in os.environ},
        start_new_session=True,
    )


async def _talk(process: asyncio.subprocess.Process, asked: bytes) -> tuple[bytes, bytes]:
    """What the process says, and what it complains of."""
    assert process.stdin and process.stdout  # noqa: S101, PT018 - all three are pipes
    assert process.stderr  # noqa: S101
    with suppress(ConnectionError):  # it has ended before it read everything
        process.stdin.write(asked)
        process.stdin.close()
        await process.stdin.wait_closed()
    told, trace = await asyncio.gather(_read(process.stdout), _read(process.stderr))
    await process.wait()
    return told, trace


async def _read(stream: asyncio.StreamReader) -> bytes:
    """All of it up to a limit, at which it is taken to be broken."""
    held = bytearray()
    while len(held) <= MOST_ANSWER_BYTES and (part := await stream.read(MOST_ANSWER_BYTES)):
        held += part
    return bytes(held[:MOST_ANSWER_BYTES])


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the process and all that it started, and leave nothing in its pipes.

    asyncio holds a process to be running as long as a pipe isn't read to its end.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
    await process.communicate()


def _broken(status: int | None, trace: bytes, places: Places) -> SourceFailure:
    log.error(
        "a source's process ended with status %s: %s",
        status,
        masked(trace.decode(errors="replace"), places.hidden)[-2_000:],
    )
    return SourceFailure(
        "The source wasn't asked: its process broke, which stands in the bot's log."
    )

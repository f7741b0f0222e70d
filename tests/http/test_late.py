"""The API costs nothing until a program asks for it."""

import asyncio
import subprocess
import sys

import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.http import API_ROOT
from app.http.app import build_http
from app.http.late import Late
from app.http.server import HttpServer


class Making:
    """An app that fails to be made so many times; counts how often it was tried."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.tries = 0

    def __call__(self) -> Starlette:
        self.tries += 1
        if self.tries <= self.failures:
            raise MemoryError
        return Starlette(routes=[Route("/", lambda _: PlainTextResponse("made"))])


async def asked(making: Making, *, at_once: int = 1, times: int = 1) -> list[int]:
    """The statuses of requests, some at once and that repeatedly."""
    statuses = []
    async with (
        HttpServer(build_http({}, api=Late(making)), "127.0.0.1", 0) as server,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        assert making.tries == 0
        address = f"http://127.0.0.1:{server.port}{API_ROOT}/"
        for _ in range(times):
            answers = await asyncio.gather(*(client.get(address) for _ in range(at_once)))
            statuses += [answer.status_code for answer in answers]
    return statuses


async def test_it_is_made_once_however_many_ask_first() -> None:
    making = Making()
    assert await asked(making, at_once=5, times=2) == [200] * 10
    assert making.tries == 1


async def test_where_it_could_not_be_made_the_next_request_tries_again() -> None:
    making = Making(failures=1)
    assert await asked(making, times=3) == [500, 200, 200]
    assert making.tries == 2


def test_a_bot_starts_without_the_framework_of_its_api() -> None:
    program = "import sys, app.main; print([name for name in sys.modules if name == 'fastapi'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"

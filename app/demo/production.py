"""The systems of the demo's team, with made-up figures that get better: three metrics are fed by
them."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from app.domain.sources import Question, Source, SourceKind, parse_rhythm

LEDGER = "ledger"
"""The name under which sources may ask the team's database."""

DISAGREEING = "sum(billing_accounts_disagreeing)"
ROLLBACKS = "SELECT count(*) FROM rollbacks"
COVERAGE = "invoices.covered"

_DAILY = parse_rhythm("daily at 07:00")


class Production:
    """A ledger in SQLite, and an HTTP server with a Prometheus's query and a report in JSON.

    Made up, as are its figures: it answers to what the demo's sources ask, and to nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._ledger = folder / "ledger.db"
        self._days = 0
        self._runner = web.AppRunner(self._app())
        self.host = ""

    async def __aenter__(self) -> Self:
        with closing(sqlite3.connect(self._ledger)) as ledger:
            ledger.execute("CREATE TABLE rollbacks (id INTEGER PRIMARY KEY)")
        self.goes_on()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        address, port = self._runner.addresses[0][:2]
        self.host = f"{address}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self._ledger}"

    @property
    def sources(self) -> Mapping[str, Source]:
        """One of each kind, by the key of the metric that it feeds."""
        address = f"http://{self.host}"
        questions = {
            "rollbacks": Question(SourceKind.SQL, LEDGER, ROLLBACKS),
            "disagreeing-accounts": Question(SourceKind.PROMQL, address, DISAGREEING),
            "invoice-coverage": Question(
                SourceKind.JSON, f"{address}/coverage.json", COVERAGE, times=Decimal(100)
            ),
        }
        return {metric: Source(question, _DAILY) for metric, question in questions.items()}

    def goes_on(self) -> None:
        """A day's work: fewer rollbacks, fewer accounts that disagree, more invoices covered."""
        self._days += 1
        with closing(sqlite3.connect(self._ledger)) as ledger, ledger:
            ledger.execute("DELETE FROM rollbacks")
            ledger.executemany("INSERT INTO rollbacks VALUES (?)", zip(range(self._rollbacks)))

    @property
    def _rollbacks(self) -> int:
        return max(0, 9 - self._days)

    @property
    def _disagreeing(self) -> int:
        return max(0, 37 - 4 * self._days)

    @property
    def _covered(self) -> str:
        """The share of invoices, of which 1 is all."""
        return f"{min(100, 77 + 2 * self._days) / 100:.2f}"

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/v1/query", self._query)
        app.router.add_get("/coverage.json", self._report)
        return app

    async def _query(self, request: web.Request) -> web.Response:
        """In the form of prometheus.io/docs/prometheus/latest/querying/api."""
        sample: dict[str, Any] = {"metric": {}, "value": [0, str(self._disagreeing)]}
        known = request.query.get("query") == DISAGREEING
        data = {"resultType": "vector", "result": [sample] if known else []}
        return web.json_response({"status": "success", "data": data})

    async def _report(self, _request: web.Request) -> web.Response:
        return web.json_response({"invoices": {"covered": self._covered}})

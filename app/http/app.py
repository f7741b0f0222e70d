"""The FastAPI app."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.http.slack import SlackRequests

Check = Callable[[], Awaitable[str | None]]
"""Says briefly, without secrets, what is wrong; nothing if all is well."""


def build_http(checks: Mapping[str, Check], slack: SlackRequests | None = None) -> FastAPI:
    """Health by all of `checks`, metrics, and Slack's requests if they come over HTTP."""
    http = FastAPI(title="KPI Trajectories", docs_url=None, redoc_url=None, openapi_url=None)

    @http.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @http.get("/health")
    @http.get("/health/ready")
    async def ready() -> JSONResponse:
        """200 when every check is well; 503 and what is wrong otherwise."""
        troubles = await _troubles(checks)
        is_well = not any(troubles.values())
        answer = {
            "status": "ok" if is_well else "unavailable",
            "checks": {name: _found(trouble) for name, trouble in troubles.items()},
        }
        return JSONResponse(answer, status_code=200 if is_well else 503)

    @http.get("/metrics")
    async def metrics() -> Response:
        """What Prometheus reads; the checks measure what is only known when asked."""
        await _troubles(checks)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    if slack is not None:
        http.post("/slack/events", response_model=None)(slack.answer)
    return http


async def _troubles(checks: Mapping[str, Check]) -> dict[str, str | None]:
    found = await asyncio.gather(*(check() for check in checks.values()))
    return dict(zip(checks, found, strict=True))


def _found(trouble: str | None) -> dict[str, str]:
    return {"status": "ok"} if trouble is None else {"status": "failed", "reason": trouble}

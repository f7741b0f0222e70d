"""The FastAPI app."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.http.api import ROOT
from app.http.hooks import Hooks
from app.http.hooks import router as calling
from app.http.progress import ProgressPages
from app.http.progress import router as opening
from app.http.slack import SlackRequests

Check = Callable[[], Awaitable[str | None]]
"""Says briefly, without secrets, what is wrong; nothing if all is well."""


# The routes are functions of the module, not closures: FastAPI remembers each that it has seen,
# and would keep all that a closure holds.
watching = APIRouter()
listening = APIRouter()


def build_http(
    checks: Mapping[str, Check],
    slack: SlackRequests | None = None,
    progress: ProgressPages | None = None,
    api: FastAPI | None = None,
    hooks: Hooks | None = None,
) -> FastAPI:
    """Health by all of `checks`, metrics, Slack's requests if they come over HTTP, progress pages
    and hooks if they are on, and the API."""
    http = FastAPI(title="KPI Trajectories", docs_url=None, redoc_url=None, openapi_url=None)
    http.state.checks, http.state.slack = checks, slack
    http.state.progress, http.state.hooks = progress, hooks
    http.include_router(watching)
    if slack is not None:
        http.include_router(listening)
    if progress is not None:
        http.include_router(opening)
    if hooks is not None:
        http.include_router(calling)
    if api is not None:
        http.mount(ROOT, api)
    return http


@watching.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@watching.get("/health")
@watching.get("/health/ready")
async def ready(request: Request) -> JSONResponse:
    """200 when every check is well; 503 and what is wrong otherwise."""
    troubles = await _troubles(request.app.state.checks)
    is_well = not any(troubles.values())
    answer = {
        "status": "ok" if is_well else "unavailable",
        "checks": {name: _found(trouble) for name, trouble in troubles.items()},
    }
    return JSONResponse(answer, status_code=200 if is_well else 503)


@watching.get("/metrics")
async def metrics(request: Request) -> Response:
    """What Prometheus reads; the checks measure what is only known when asked."""
    await _troubles(request.app.state.checks)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@listening.post("/slack/events", response_model=None)
async def slack_events(request: Request) -> Response:
    slack: SlackRequests = request.app.state.slack
    return await slack.answer(request)


async def _troubles(checks: Mapping[str, Check]) -> dict[str, str | None]:
    found = await asyncio.gather(*(check() for check in checks.values()))
    return dict(zip(checks, found, strict=True))


def _found(trouble: str | None) -> dict[str, str]:
    return {"status": "ok"} if trouble is None else {"status": "failed", "reason": trouble}

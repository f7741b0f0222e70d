"""The app that answers over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from app.domain.hooks import PATH as HOOKS
from app.domain.links import PATH as PAGES
from app.http import API_ROOT
from app.http.hooks import Hooks
from app.http.progress import ProgressPages
from app.http.slack import SlackRequests

Check = Callable[[], Awaitable[str | None]]
"""Says briefly, without secrets, what is wrong; nothing if all is well."""


def build_http(
    checks: Mapping[str, Check],
    slack: SlackRequests | None = None,
    progress: ProgressPages | None = None,
    api: ASGIApp | None = None,
    hooks: Hooks | None = None,
) -> Starlette:
    """Health by all of `checks`, metrics, Slack's requests if they come over HTTP, progress pages
    and hooks if they are on, and the API."""
    watched = Watched(checks)
    routes: list[BaseRoute] = [
        Route("/health/live", live),
        Route("/health", watched.ready),
        Route("/health/ready", watched.ready),
        Route("/metrics", watched.metrics),
    ]
    if slack is not None:
        routes.append(Route("/slack/events", slack.answer, methods=["POST"]))
    if progress is not None:
        routes.append(Route(PAGES + "{token}", progress.answer))
    if hooks is not None:
        routes.append(Route(HOOKS + "{forge}/{hook_id}", hooks.answer, methods=["POST"]))
    if api is not None:
        routes.append(Mount(API_ROOT, api))
    return Starlette(routes=routes)


async def live(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


class Watched:
    """What those who watch the bot are told, by its checks."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def ready(self, _: Request) -> Response:
        """200 when every check is well; 503 and what is wrong otherwise."""
        troubles = await self._troubles()
        is_well = not any(troubles.values())
        answer = {
            "status": "ok" if is_well else "unavailable",
            "checks": {name: _found(trouble) for name, trouble in troubles.items()},
        }
        return JSONResponse(answer, status_code=200 if is_well else 503)

    async def metrics(self, _: Request) -> Response:
        """What Prometheus reads; the checks measure what is only known when asked."""
        await self._troubles()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def _troubles(self) -> dict[str, str | None]:
        found = await asyncio.gather(*(check() for check in self._checks.values()))
        return dict(zip(self._checks, found, strict=True))


def _found(trouble: str | None) -> dict[str, str]:
    return {"status": "ok"} if trouble is None else {"status": "failed", "reason": trouble}

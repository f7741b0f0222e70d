"""The FastAPI app."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp

MOST_BODY_BYTES = 1_000_000

Check = Callable[[], Awaitable[bool]]


def build_http(checks: Mapping[str, Check], slack: AsyncApp | None = None) -> FastAPI:
    """Health for all of `checks`, and Slack's requests if they come over HTTP."""
    http = FastAPI(title="KPI Trajectories", docs_url=None, redoc_url=None, openapi_url=None)

    @http.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @http.get("/health")
    @http.get("/health/ready")
    async def ready() -> JSONResponse:
        """200 when everything works, 503 and what doesn't otherwise."""
        parts = {name: await check() for name, check in checks.items()}
        well = all(parts.values())
        status = "ok" if well else "unavailable"
        return JSONResponse({"status": status, **parts}, status_code=200 if well else 503)

    if slack is not None:
        _take_requests(http, AsyncSlackRequestHandler(slack))
    return http


def _take_requests(http: FastAPI, handler: AsyncSlackRequestHandler) -> None:
    @http.post("/slack/events")
    async def events(request: Request) -> Response:
        # Slack tells the length of all that it sends; without it, no limit could be held.
        length = request.headers.get("content-length")
        if length is None:
            return Response("The length of the request is missing.", status_code=411)
        if int(length) > MOST_BODY_BYTES:
            return Response("The request is too large.", status_code=413)
        return await handler.handle(request)

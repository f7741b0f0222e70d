"""The FastAPI app."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from app.http.slack import SlackRequests

Check = Callable[[], Awaitable[bool]]


def build_http(checks: Mapping[str, Check], slack: SlackRequests | None = None) -> FastAPI:
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
        http.post("/slack/events", response_model=None)(slack.answer)
    return http

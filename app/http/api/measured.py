"""How long requests take, by what they are for and how they end."""

from time import perf_counter

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.measures import API_REQUEST_SECONDS

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
NO_ROUTE, OTHER_METHOD = "none", "other"
"""How what anybody can make up is counted: no label comes from outside."""


class Measured:
    """Measures each request that is answered, by the route that it was matched to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            if status:
                labels = _route(scope), _method(scope), str(status)
                API_REQUEST_SECONDS.labels(*labels).observe(perf_counter() - began)


def _route(scope: Scope) -> str:
    """Its path with the names of keys instead of keys; the router writes it into the scope."""
    route = scope.get("route")  # the mount of the whole API, where no route of it matched
    return route.path if isinstance(route, APIRoute) else NO_ROUTE


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else OTHER_METHOD

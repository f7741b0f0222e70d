"""The addresses of the page."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.playground import emoji
from app.playground.local_slack import LocalSlack
from app.playground.page.acts import ACTS, Act, ActFailed
from app.playground.page.controls import Control, Controls
from app.playground.page.permalinks import PATH, address_of
from app.playground.page.place import Place
from app.playground.page.screen import Memory, Screen, screen_at
from app.playground.page.shell import shell
from app.playground.page.stream import Stream

STATIC = Path(__file__).with_name("static")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LOCAL_NAMES = {"127.0.0.1", "localhost"}


class Page:
    """Serves the page of a running workspace, with the buttons of whoever runs it."""

    def __init__(self, slack: LocalSlack, controls: Sequence[Control] = ()) -> None:
        self._slack = slack
        self._controls = Controls(controls, slack.workspace.changes)
        self._memories: dict[str, Memory] = {}
        self._run = secrets.token_hex(8)
        slack.mount("/", self._application())

    def _application(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/", self._show),
                Route("/stream", self._stream),
                Route("/acts/{act}", self._act, methods=["POST"]),
                Route("/files/{id}", self._file),
                Route("/emoji", self._emoji),
                Route(PATH, self._message),
                Mount("/static", StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(ThisMachineOnly)],
        )

    def _screen(self, request: Request) -> Screen:
        place = Place.read(request.query_params)
        try:
            return screen_at(self._slack, place, self._memories, self._controls)
        except LookupError as nobody:
            raise HTTPException(404, str(nobody)) from nobody

    async def _show(self, request: Request) -> Response:
        return HTMLResponse(str(shell(self._screen(request))))

    async def _stream(self, request: Request) -> Response:
        place = Place.read(request.query_params)
        stream = Stream(
            self._run,
            self._slack.workspace.changes,
            lambda: screen_at(self._slack, place, self._memories, self._controls),
        )
        return stream.response(self._slack.closing)

    async def _act(self, request: Request) -> Response:
        """Do what a person does. The answer is `{"ok": true, ...}`, or `{"ok": false, "problem"}`
        with what to tell her."""
        act = ACTS.get(request.path_params["act"])
        if act is None:
            raise HTTPException(404)
        try:
            result = await act(
                Act(self._screen(request), await request.body(), request.query_params)
            )
        except (ActFailed, LookupError, PermissionError, ValueError) as refusal:
            return JSONResponse({"ok": False, "problem": _words(refusal)})
        finally:
            self._slack.workspace.changes.happened()
        return JSONResponse({"ok": True, **(result or {})})

    async def _emoji(self, _request: Request) -> Response:
        """The signs that composers suggest, by their short codes."""
        return JSONResponse(emoji.signs())

    async def _message(self, request: Request) -> Response:
        """A message, by the path that it has in Slack."""
        person = request.query_params.get("person", "")
        try:
            address = address_of(self._slack.workspace, **request.path_params, person=person)
        except LookupError as missing:
            raise HTTPException(404, str(missing)) from missing
        return RedirectResponse(address)

    async def _file(self, request: Request) -> Response:
        """A file as people see it."""
        file = self._slack.workspace.files.get(request.path_params["id"])
        if file is None or file.content is None:
            raise HTTPException(404)
        kind = file.mimetype if file.mimetype.startswith("image/") else "application/octet-stream"
        return Response(file.content, media_type=kind)


def _words(refusal: Exception) -> str:
    return str(refusal.args[0]) if refusal.args else "That isn't possible here"


class ThisMachineOnly:
    """Serves only what is asked for by the page itself, and tells the browser to load nothing else.

    Without it, any site that a person looks at could act in the playground: by a form of its own,
    or by a name of its own for this machine's address.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by Starlette."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _is_from_here(headers, scope["method"]):
            await Response("Only from this machine", 403)(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(
                    {
                        "Content-Security-Policy": _POLICY,
                        "X-Content-Type-Options": "nosniff",
                        "Referrer-Policy": "no-referrer",
                        "Cache-Control": "no-store",
                    }
                )
            await send(message)

        await self._application(scope, receive, send_with_policy)


def _is_from_here(headers: Headers, method: str) -> bool:
    if urlsplit(f"//{headers.get('host', '')}").hostname not in _LOCAL_NAMES:
        return False
    return method == "GET" or headers.get("sec-fetch-site", "same-origin") == "same-origin"

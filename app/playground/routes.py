"""The addresses of the local Slack: Web API, response addresses, uploads, files, Socket Mode."""

import asyncio
from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from app.playground.arguments import arguments_of, parts_of, token_of
from app.playground.avatars import MOST_PIXELS, avatar
from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.events import Events
from app.playground.faults import Fault, Faults
from app.playground.http_server import BrokenConnection
from app.playground.journal import Entry, Journal
from app.playground.responses import use_response_url
from app.playground.socket_mode import SocketMode
from app.playground.web_api import METHODS, Call, Method
from app.playground.workspace import Workspace

_NOT_FOUND = 404
_SIGN_IN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"


class Routes:
    """Turns HTTP requests into calls on the workspace, writes the journal, lets faults strike."""

    def __init__(
        self,
        workspace: Workspace,
        events: Events,
        journal: Journal,
        faults: Faults,
        socket_mode: SocketMode,
    ) -> None:
        self._workspace = workspace
        self._events = events
        self._journal = journal
        self._faults = faults
        self.application = Starlette(
            routes=[
                Route("/api/{method}", self._call, methods=["GET", "POST"]),
                Route("/response/{id}", self._respond, methods=["POST"]),
                Route("/upload/v1/{id}", self._upload, methods=["POST"]),
                Route("/files-pri/{team_and_file}/{name:path}", self._download),
                Route("/avatars/{user_id}-{size:int}.png", self._show_avatar),
                WebSocketRoute("/link/", socket_mode.accept),
            ]
        )

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        arguments, unreadable = await _read(request)
        token = token_of(request, arguments)
        with self._journal.recording("call", method, arguments) as entry:
            if unreadable is not None:
                return _refused(unreadable, entry)
            return await self._struck(method, entry, lambda: self._answer(token, arguments, entry))

    def repeat(self, entry: Entry) -> Entry:
        """Make a call of the app again, with the bot's token; no fault strikes it.

        Raises ValueError for anything else.
        """
        if not entry.is_repeatable:
            raise ValueError(f"{entry.method} can't be repeated")
        with self._journal.recording("call", entry.method, entry.original) as again:
            again.repeats = entry.number
            self._answer(self._workspace.installation.bot_token, entry.original, again)
        return again

    def _answer(self, token: str, arguments: Json, entry: Entry) -> Response:
        headers = {"x-oauth-scopes": ",".join(self._workspace.installation.manifest.scopes)}
        call = Call(arguments, self._workspace, self._events, entry.problems)
        try:
            method = self._permitted_method(entry.method, token)
            if method.scope is not None:
                headers["x-accepted-oauth-scopes"] = method.scope
                call.require_scope(method.scope)
            entry.response = {"ok": True, **method.run(call)}
        except SlackError as refusal:
            return _refused(refusal, entry, headers)
        return JSONResponse(entry.response, headers=headers)

    def _permitted_method(self, name: str, token: str) -> Method:
        """The method, if that token may call it.

        Raises SlackError `unknown_method`, `not_authed`, `invalid_auth`,
        `not_allowed_token_type`.
        """
        callers = dict.fromkeys(self._workspace.bot_tokens(), "bot")
        callers[self._workspace.installation.app_token] = "app"
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if method.caller != "anybody":
            if not token:
                raise SlackError("not_authed")
            if token not in callers:
                raise SlackError("invalid_auth")
            if callers[token] != method.caller:
                raise SlackError("not_allowed_token_type")
        return method

    async def _respond(self, request: Request) -> Response:
        content, _ = await _read(request)
        with self._journal.recording("response_url", "response_url", content) as entry:
            entry.target = request.path_params["id"]
            return await self._struck(
                "response_url",
                entry,
                lambda: self._use_response_url(entry.target, content, entry),
            )

    def _use_response_url(self, response_id: str, content: Json, entry: Entry) -> Response:
        status = 200
        try:
            address = self._workspace.response_urls.use(response_id)
            entry.error = use_response_url(
                self._workspace, self._events, address, content, entry.problems
            )
        except SlackError as refusal:
            entry.error = refusal.code
            status = _NOT_FOUND
        entry.response = {"ok": False, "error": entry.error} if entry.error else {"ok": True}
        return JSONResponse(entry.response, status)

    async def _upload(self, request: Request) -> Response:
        content = await request.body()
        parts = parts_of(request.headers.get("content-type", ""), content)
        if parts:
            content = next(iter(parts.values()))
        with self._journal.recording("upload", "upload", {"bytes": len(content)}) as entry:
            entry.target = request.path_params["id"]
            return await self._struck(
                "upload", entry, lambda: self._keep(entry.target, content, entry)
            )

    def _keep(self, file_id: str, content: bytes, entry: Entry) -> Response:
        try:
            file = self._workspace.file(file_id)
        except SlackError as refusal:
            entry.error = refusal.code
            return PlainTextResponse(refusal.code, _NOT_FOUND)
        if len(content) != file.length:
            entry.error = "length_mismatch"
            return PlainTextResponse(entry.error, 400)
        file.content = content
        entry.response = f"OK - {len(content)}"
        return PlainTextResponse(entry.response)

    async def _download(self, request: Request) -> Response:
        with self._journal.recording("download", "download", request.url.path) as entry:
            entry.target = request.path_params["team_and_file"].partition("-")[2]
            return await self._struck("download", entry, lambda: self._hand_out(request, entry))

    def _hand_out(self, request: Request, entry: Entry) -> Response:
        """A file's bytes, for the bot's token with `files:read`
        (docs.slack.dev/reference/objects/file-object#authentication).

        To anybody else Slack shows the page to sign in, with status 200 (PostHog/posthog#74184).
        """
        is_bot = token_of(request, {}) in self._workspace.bot_tokens()
        if not is_bot or "files:read" not in self._workspace.installation.manifest.scopes:
            entry.error = "not_signed_in"
            return HTMLResponse(_SIGN_IN_PAGE)
        file = self._workspace.files.get(entry.target)
        if file is None or file.content is None:
            entry.error = "file_not_found"
            return PlainTextResponse(entry.error, _NOT_FOUND)
        entry.response = {"bytes": file.length}
        return Response(file.content, media_type=file.mimetype)

    async def _show_avatar(self, request: Request) -> Response:
        user_id, size = request.path_params["user_id"], request.path_params["size"]
        if user_id not in self._workspace.users or size > MOST_PIXELS:
            return PlainTextResponse("not found", _NOT_FOUND)
        return Response(avatar(user_id, size), media_type="image/png")

    async def _struck(self, name: str, entry: Entry, act: Callable[[], Response]) -> Response:
        """Act, unless a fault is waiting for this request."""
        entry.fault = fault = self._faults.take(name)
        if fault is None:
            return act()
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            return act()
        if fault.kind == "drop_response":
            act()
        entry.error = fault.error if fault.kind == "refuse" else fault.kind
        return _failure(fault, entry)


async def _read(request: Request) -> tuple[Json, SlackError | None]:
    """The arguments, or none and why they can't be read."""
    try:
        return await arguments_of(request), None
    except SlackError as refusal:
        return {}, refusal


def _refused(
    refusal: SlackError, entry: Entry, headers: Mapping[str, str] | None = None
) -> Response:
    entry.error = refusal.code
    entry.response = refusal.response()
    return JSONResponse(entry.response, headers=headers)


def _failure(fault: Fault, entry: Entry) -> Response:
    if fault.kind == "ratelimited":
        entry.response = {"ok": False, "error": "ratelimited"}
        return JSONResponse(entry.response, 429, headers={"Retry-After": str(fault.retry_after)})
    if fault.kind == "refuse":
        entry.response = {"ok": False, "error": fault.error}
        return JSONResponse(entry.response)
    if fault.kind == "status":
        return Response(status_code=fault.status, media_type="text/html")
    return BrokenConnection()

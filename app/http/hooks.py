"""Hooks: what git servers tell, let in if it is signed, not too large, and can be read."""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app import measures
from app.domain.errors import BadInput
from app.domain.hooks import Forge, Hook, HookAddresses, Outcome, is_genuine
from app.http.bodies import Refused, limited_body
from app.http.payloads import Left, read_delivery
from app.logs import one_event
from app.services import hooks, landings
from app.services.landings import Taken
from app.store.engine import Store

log = logging.getLogger(__name__)

MOST_BODY_BYTES = 1_000_000
"""Of a change with a long description; GitHub sends up to 25 MB, of a push with many commits."""

_STATUSES = {
    Outcome.OFFERED: 202,
    Outcome.LOGGED: 200,
    Outcome.LEFT: 200,
    Outcome.SEEN: 200,
    Outcome.REFUSED: 409,
}

for _forge, _outcome in product(Forge, Outcome):
    measures.HOOK_DELIVERIES.labels(_forge, _outcome)


@dataclass(frozen=True)
class Hooks:
    """Answers git servers in one line that says what was made of a delivery.

    `spawn` goes on with work after the answer, `deliver` carries out what is owed to Slack.
    """

    store: Store
    addresses: HookAddresses
    clock: Callable[[], datetime]
    spawn: Callable[[Coroutine[Any, Any, object]], object]
    deliver: Callable[[], Coroutine[Any, Any, object]]

    async def answer(self, request: Request) -> Response:
        forge, hook_id = request.path_params["forge"], request.path_params["hook_id"]
        with one_event() as event:
            try:
                return await self._answered(forge, hook_id, request)
            except SQLAlchemyError:
                log.exception("a delivery to hook %s could not be taken", hook_id[:20])
                told = f"It could not be taken now. Send it again. Reference: {event}"
                return _said(503, told)

    async def _answered(self, forge: str, hook_id: str, request: Request) -> Response:
        hook = await hooks.called(self.store, forge, hook_id)
        if hook is None:
            return _said(404, "There is no such hook, or it was revoked.")
        try:
            taken = await self._taken(hook, request)
        except Refused as refusal:
            await self._note(hook, str(refusal))
            taken = Taken(Outcome.REFUSED, str(refusal))
            answer = _said(refusal.status, taken.words)
        else:
            answer = _said(_STATUSES[taken.outcome], taken.words)
        measures.HOOK_DELIVERIES.labels(hook.form.forge, taken.outcome).inc()
        if taken.outcome in {Outcome.OFFERED, Outcome.LOGGED}:
            self.spawn(self.deliver())
        return answer

    async def _taken(self, hook: Hook, request: Request) -> Taken:
        """What came of a delivery, once it is known to be the git server's; raises `Refused`."""
        body = await limited_body(request, MOST_BODY_BYTES)
        forge = hook.form.forge
        if not is_genuine(forge, self.addresses.secret(hook.id), request.headers, body):
            raise Refused(
                401, f"The secret is wrong: give {forge.words} the one that the hook shows."
            )
        now = self.clock()
        try:
            landed = read_delivery(forge, request.headers, body, now)
        except Left as left:
            await hooks.note_told(self.store, hook.id, f"left: {left}", now)
            return Taken(Outcome.LEFT, f"left: {left}")
        except BadInput as error:
            raise Refused(400, error.message) from error
        taken = await landings.take(self.store, hook, landed, now)
        if taken.outcome is Outcome.REFUSED:
            # What people wrote may be in the words: they stand with the hook, and not in the log.
            log.warning("a delivery to hook %s was refused; kpi hook list says why", hook.id)
        return taken

    async def _note(self, hook: Hook, trouble: str) -> None:
        """Keep what was wrong where the hook's owners look, and in the log, without what came."""
        log.warning("a delivery to hook %s was refused: %s", hook.id, trouble)
        await hooks.note_trouble(self.store, hook.id, trouble, self.clock())


def _said(status: int, line: str) -> Response:
    # What is left of a refused body isn't read, so nothing can follow it.
    headers = {"Connection": "close"} if status >= 400 else {}
    return PlainTextResponse(f"{' '.join(line.split())}\n", status, headers)

"""Calls with a key, which do nothing a second time."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from app.assistants.asking import Asking
from app.assistants.tools import Told
from app.services.answers import Answer, answered_once
from app.store.engine import Store

CREATED = 201
"""The status that the HTTP API gives to what was written: answers are kept for both alike."""


async def once(
    asking: Asking,
    key: str,
    asked: Any,
    work: Callable[[Asking], Awaitable[Told]],
) -> Told:
    """Do some work, or give what was answered with this key before.

    `asked` is all that is asked for, as JSON can hold it. Raises `KeyUsed` and `Revoked`.
    """

    async def answer(store: Store) -> Answer:
        told = await work(replace(asking, store=store))
        return Answer(CREATED, told.model_dump_json())

    request = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    kept = await answered_once(
        asking.store, asking.caller, answer, token_id=asking.token.id, key=key, request=request
    )
    return Told.model_validate_json(kept.body)

"""What is done once for each key, together with its answer or not at all."""

import pytest

from app.domain.values import parse_value
from app.services import readings, tokens
from app.services.answers import Answer, answered_once
from app.services.callers import Caller
from app.services.tokens import Revoked, TokenForm, caller_of
from app.store.engine import Store
from app.store.tables import AnswerRow, ReadingRow
from tests.builders import NOW
from tests.services.builders import all_rows, the_operator


class Crash(Exception):
    """The work ends in the middle."""


async def a_token(store: Store) -> tuple[Caller, int]:
    token, _ = await tokens.make(store, the_operator(), TokenForm("CI", ("billing",), True))
    return caller_of(token, NOW), token.id


async def test_what_ends_in_the_middle_leaves_neither_the_work_nor_the_answer(
    billing: Store,
) -> None:
    caller, token_id = await a_token(billing)
    before = len(await all_rows(billing, ReadingRow))

    async def crashing(store: Store) -> Answer:
        await readings.record(store, caller, "rollbacks", parse_value("9"), key="billing")
        raise Crash

    for _ in range(2):
        with pytest.raises(Crash):
            await answered_once(billing, caller, crashing, token_id=token_id, key="k", request="r")
    assert len(await all_rows(billing, ReadingRow)) == before
    assert await all_rows(billing, AnswerRow) == []


async def test_a_token_that_was_revoked_since_the_request_began_writes_nothing(
    billing: Store,
) -> None:
    caller, token_id = await a_token(billing)
    await tokens.revoke(billing, the_operator(), token_id)

    async def work(_: Store) -> Answer:
        raise AssertionError("it is not to be done")

    with pytest.raises(Revoked):
        await answered_once(billing, caller, work, token_id=token_id, key="k", request="r")

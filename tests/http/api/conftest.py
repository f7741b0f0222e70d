"""The API over the real scorecard, on both databases, with a token that writes."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.store.engine import Store
from tests.http.api.client import Api, served


@pytest.fixture
async def api(billing: Store) -> AsyncIterator[Api]:
    async with served(billing) as api:
        yield api


@pytest.fixture
async def ci(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A program with a token that may write."""
    _, secret = await api.makes_token()
    async with api.program(secret) as client:
        yield client

"""Assistants over the real scorecard, on both databases."""

import pytest

from app.store.engine import Store
from tests.assistants.client import Assistant, Desk
from tests.services.conftest import (
    billing,
    billing_postgresql,
    billing_sqlite,
    billing_url,
)

__all__ = ["billing", "billing_postgresql", "billing_sqlite", "billing_url"]


@pytest.fixture
def desk(billing: Store) -> Desk:
    return Desk(billing)


@pytest.fixture
async def assistant(desk: Desk) -> Assistant:
    """With a token that may write in the real scorecard."""
    return desk.assistant(await desk.makes_token())

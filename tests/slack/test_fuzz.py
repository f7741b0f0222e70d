"""A sample of what `make chaos` sends: nothing that comes in breaks the bot or goes unanswered."""

from pathlib import Path

import pytest

from tests.chaos.fuzz import Tally, run_batch

SAMPLE = 150


@pytest.mark.parametrize("transport", ["http", "socket"])
def test_whatever_comes_in_is_answered_and_breaks_nothing(
    billing_template: Path, transport: str
) -> None:
    tally = Tally()
    run_batch(billing_template, transport, 0, size=SAMPLE, seed_of_run=5, tally=tally)
    assert tally.sorts.total() == SAMPLE
    assert dict(tally.failures) == {}

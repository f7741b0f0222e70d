"""A sample of what `make chaos` does: people work while the machines they are answered by die."""

import pytest

from tests.chaos.machines import run
from tests.chaos.machines_run import Plan


@pytest.mark.timeout(900)  # three processes start several times over, beside all other tests
async def test_what_people_were_told_is_so_whichever_machines_died() -> None:
    outcome = await run(Plan("http", minutes=0.2, processes=3, seed=7, kill_every=3.0))
    assert [line for line in outcome.lines if not line.is_well] == [], outcome
    assert outcome.stopped_well

"""A sample of what `make chaos` does: whatever kills the bot, what is owed is posted once."""

from tests.chaos.kills import runs
from tests.chaos.kills_run import Plan, Trouble, Verdict, planned
from tests.chaos.kills_steps import Blow, Step

SEED = 7
SAMPLE = (13, 33)
"""The numbers of two runs as `make chaos` plans them."""
CHOSEN = [
    Plan(1_000, "late digest", on_postgresql=False, step=Step.AFTER_ANSWER, blow=Blow.KILL, nth=2),
    Plan(1_001, "announcement", on_postgresql=False, trouble=Trouble.LOST, again=Step.AMID_RECORD),
    Plan(1_004, "alert", on_postgresql=False, step=Step.AFTER_ANSWER, blow=Blow.KILL),
    Plan(1_002, "goal", on_postgresql=False, step=Step.AMID_RECORD, blow=Blow.DATABASE),
]
UNSURE = Plan(
    1_003,
    "announcement",
    on_postgresql=False,
    step=Step.BEFORE_ANSWER,
    blow=Blow.KILL,
    is_blind=True,
)


async def test_what_is_owed_is_posted_once_whatever_kills_the_bot() -> None:
    plans = [*(planned(SEED, number, 0.0) for number in SAMPLE), *CHOSEN, UNSURE]
    outcomes = [each async for each in runs(plans, with_postgresql=False)]
    wanted = {plan: Verdict.ASKED if plan.is_blind else Verdict.ONCE for plan in plans}
    assert {plan: outcome.verdict for plan, outcome in outcomes} == wanted, outcomes

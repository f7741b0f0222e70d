"""/kpi setup: the menu of what a scorecard is, and who gets to see it."""

import pytest

from app.domain.outcomes import SetUp
from app.playground.blockkit import problems_in_view
from app.playground.users import Standing
from app.slack.blocks.setup import setup_menu
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard, a_snapshot
from tests.slack.stage import Stage, read


async def test_the_menu_tells_what_the_scorecard_is_part_by_part(stage: Stage) -> None:
    stage.ana.user.standing = Standing(is_admin=True)
    menu = await stage.opens_form("/kpi setup")
    shown = read(menu)
    for words in ("Billing Platform", "Metrics (5)", "Work streams (4)", "Phases (5)"):
        assert words in shown


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&", "_*~`"])
@pytest.mark.parametrize("count", SIZES)
def test_the_menu_is_one_that_slack_takes(count: int, text: str) -> None:
    snapshot = a_snapshot(a_large_scorecard(count, text))
    for trouble in ("", "x" * 400):
        menu = setup_menu(SetUp(snapshot, trouble or None), "C1", trouble)
        assert problems_in_view(menu) == []

"""Lists of hundreds, turned page by page to their end as a person does."""

import json
import re

from app.playground import Message
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import Stage, readable

COUNT = 400
TITLE = re.compile(r"^\*(\d+) ")

LONG = """
key: long
name: Long
goal: Many things ship
milestones:
"""


def titles_on(page: Message) -> list[int]:
    """The numbers with which the titles on a page begin."""
    entries = [block["text"]["text"] for block in page.blocks if block["type"] == "section"]
    return [int(number) for entry in entries for number in TITLE.findall(readable(entry))]


async def test_four_hundred_milestones_are_each_reached_once(empty_stage: Stage) -> None:
    stage = empty_stage
    milestones = (
        {"key": f"milestone-{number}", "title": f"{number} {HOSTILE}".strip(), "status": "planned"}
        for number in range(COUNT)
    )
    text = LONG + "".join(f"  - {json.dumps(each, ensure_ascii=False)}\n" for each in milestones)
    await stage.load(text, stage.billing)

    page = await stage.types("/kpi milestones")
    seen = titles_on(page)
    while "show_milestones:next" in str(page.blocks):
        await stage.ana.clicks(page, "show_milestones:next")
        await stage.rests()  # the next page stands where this one stood
        seen += titles_on(page)

    assert sorted(seen) == list(range(COUNT))
    assert len(stage.whispers()) == 1

"""A year of the real scorecard in Slack's words, held against the texts in `golden/`.

To write them anew, and then read what changed: `KPI_WRITE_GOLDEN=1 pytest` on this file.
"""

import os
from difflib import unified_diff
from pathlib import Path

from tests.slack.stage import Stage
from tests.slack.year import lived

GOLDEN = Path(__file__).with_name("golden")


async def test_a_year_of_the_real_scorecard_reads_as_it_is_written_down(stage: Stage) -> None:
    texts = await lived(stage)
    if os.environ.get("KPI_WRITE_GOLDEN"):
        for name, text in texts.items():
            (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8")
    for name, text in texts.items():
        written = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
        changed = unified_diff(
            written.splitlines(), text.splitlines(), "golden", "now", lineterm=""
        )
        assert text == written, "\n".join(changed)

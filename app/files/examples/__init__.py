"""Examples of scorecards to begin with, whose dates are counted from the day they are used on."""

import re
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

from app.files.format import ScorecardFile
from app.files.reader import read_scorecard_file

EXAMPLES = ("reliability", "onboarding")
"""Their keys, in the order in which they are offered."""

_DATE = re.compile(r"<(today|quarter)([+-]\d+)?>")


@lru_cache(maxsize=8)
def read_example(key: str, today: date) -> ScorecardFile:
    """An example as of a day: its baselines lie before that, its targets ahead.

    Raises `LookupError` for a key that there is none of.
    """
    if key not in EXAMPLES:
        raise LookupError(f"there is no example {key!r}")
    text = (resources.files(__package__) / f"{key}.yaml").read_text(encoding="utf-8")
    return read_scorecard_file(_DATE.sub(lambda found: _dated(found, today), text), key)


def _dated(found: re.Match[str], today: date) -> str:
    """`<today-56>` as a date, `<quarter+1>` as `Q2 2026`."""
    away = int(found[2] or 0)
    if found[1] == "today":
        return (today + timedelta(days=away)).isoformat()
    quarter = today.year * 4 + (today.month - 1) // 3 + away
    return f"Q{quarter % 4 + 1} {quarter // 4}"

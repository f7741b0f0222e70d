"""Filters as people read them above a list, and as a button carries them."""

from app.domain.filters import NO_FILTERS, Filters
from app.domain.scorecards import Scorecard
from app.slack.blocks import kit
from app.slack.blocks.kit import escaped
from app.slack.ids import about


def described(filters: Filters, scorecard: Scorecard) -> str:
    """`shipped · PDE · since Sun 1 Mar 2026`; empty where nothing is narrowed down."""
    stream = scorecard.streams_by_key.get(filters.work_stream or "")
    metric = scorecard.metrics_by_key.get(filters.metric or "")
    parts = [
        filters.status.words if filters.status else "",
        "late" if filters.late else "",
        escaped(stream.name) if stream else "",
        escaped(metric.name) if metric else "",
        kit.person(filters.person) if filters.person else "",
        f"since {kit.calendar_day(filters.since)}" if filters.since else "",
        f"until {kit.calendar_day(filters.until)}" if filters.until else "",
    ]
    return " · ".join(part for part in parts if part)


def place(scorecard: str, page: str, filters: Filters = NO_FILTERS) -> str:
    """What a button to a page of a list carries; `read_place` reads its words."""
    return about(scorecard, f"{page} {filters.words}".strip())


def read_place(subject: str) -> tuple[str, str]:
    """The page and the filters' words."""
    page, _, words = subject.partition(" ")
    return page, words

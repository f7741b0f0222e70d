"""What goes into the thread of a digest: each metric with its reason, and all that was cut."""

from collections.abc import Iterator, Sequence

from app.domain.digests import Digest, moved_back
from app.domain.scorecards import MetricState, WorkStream
from app.domain.statuses import Status
from app.slack.blocks import digest_parts as parts
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, Message, bold, escaped

MOST_PAGE_BLOCKS = 30
"""Fewer than Slack takes: each counts for some 125 characters more in the length of a message."""
MOST_PAGE_LENGTH = kit.MOST_POST_LENGTH - 500
"""The rest is for the title of the page."""


def digest_details(digest: Digest) -> list[Message]:
    """The messages of the thread, in order; none where the post says all there is to say."""
    blocks = [
        block for group in _groups(digest) for block in kit.sections(group, most=kit.length(group))
    ]
    pages = list(_pages(blocks))
    return [
        Message(kit.in_words([title, *map(_text, page)]), (kit.context(title), *page))
        for number, page in enumerate(pages, start=1)
        for title in [_title(digest, number, len(pages))]
    ]


def period_words(digest: Digest) -> str:
    """`12–19 Mar 2026`."""
    zone = digest.snapshot.scorecard.zone
    since, until = digest.period.since.astimezone(zone), digest.period.until.astimezone(zone)
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}–{until.day} {until:%b %Y}"
    return f"{since.day} {since:%b} – {until.day} {until:%b %Y}"


def _title(digest: Digest, number: int, count: int) -> str:
    page = f", {number} of {count}" if count > 1 else ""
    return f"{escaped(digest.snapshot.scorecard.name)}: {period_words(digest)} in detail{page}"


def _pages(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks in as few messages as hold them."""
    page: list[Block] = []
    for block in blocks:
        fits = kit.length(map(_text, [*page, block])) <= MOST_PAGE_LENGTH
        if page and not (fits and len(page) < MOST_PAGE_BLOCKS):
            yield page
            page = []
        page.append(block)
    if page:
        yield page


def _text(block: Block) -> str:
    return str(block["text"]["text"])


def _groups(digest: Digest) -> list[list[str]]:
    """Lines that stand together: those of each metric, and those below each title."""
    listed = (parts.shipped_part(digest), parts.roadmap_part(digest), parts.stale_part(digest))
    told = [[_metric(state, digest)] for state in digest.snapshot.metrics] + [_streams(digest)]
    return [
        *(told if digest.has_readings else []),
        *(part.whole for part in listed if part.is_cut),
        parts.blocked_lines(digest),
    ]


# --- metrics ---------------------------------------------------------------


def _metric(state: MetricState, digest: Digest) -> str:
    """A metric in full: how it stands, why that is its status, its forecast, what moved it."""
    if state.current is None:
        return f"{parts.metric_head(state)}\n{figures.status(state)}"
    zone, expected = digest.snapshot.scorecard.zone, digest.prospects[state.metric.key]
    forecast = "" if state.status is Status.STALE else expected.in_words(zone)
    lines = [
        parts.metric_head(state),
        figures.beside(figures.way(state), _movement(state, digest), figures.status(state)),
        f"Why: {escaped(state.verdict.reason)}",
        f"Forecast: {escaped(forecast)}" if forecast else "",
        _moved_with(state, digest),
        "" if state.metric.drivers else "No work stream drives it yet.",
    ]
    return "\n".join(filter(None, lines))


def _movement(state: MetricState, digest: Digest) -> str:
    """`~+30 this week, beyond the usual ~±12 a week, the wrong way`."""
    expected = digest.prospects[state.metric.key]
    moved = figures.judged_movement(state, digest.period.since, expected)
    return f"{moved}, the wrong way" if moved_back(state) else moved


def _moved_with(state: MetricState, digest: Digest) -> str:
    """`Moved with *PDE step 2c*: ~−3`: the milestones of the period that are associated with it."""
    told = [
        f"{bold(shipped.milestone.title)}: {escaped(state.metric.shown_change(effect.change))}"
        for shipped in digest.shipped
        for effect in shipped.effects
        if effect.metric.key == state.metric.key and effect.change.number
    ]
    return f"Moved with {parts.first_of(told)}" if told else ""


# --- work streams ----------------------------------------------------------


def _streams(digest: Digest) -> list[str]:
    streams = digest.snapshot.scorecard.work_streams
    lines = [f"• {_stream(stream, digest)}" for stream in streams]
    return ["*Work streams*", *lines] if lines else []


def _stream(stream: WorkStream, digest: Digest) -> str:
    """`*PDE*  ~94% of the way over 2 metrics · shipped *PDE step 2c*`."""
    driven = digest.snapshot.driven_by(stream.key)
    closed = figures.share_of_all(driven)
    count = "1 metric" if len(driven) == 1 else f"{len(driven)} metrics"
    shipped = [
        each.milestone.title for each in digest.shipped if stream.key in each.milestone.work_streams
    ]
    told = figures.beside(
        f"{closed} of the way over {count}" if closed else "drives no metric",
        f"shipped {parts.named(shipped)}" if shipped else "",
    )
    return f"{bold(stream.name)}  {told}"

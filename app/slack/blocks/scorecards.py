"""The scorecard's screen: every metric with its way, page by page."""

from app.domain.scorecards import MetricState, Snapshot
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import NO_METRIC, Action

METRICS_A_PAGE = 15


def scorecard_screen(snapshot: Snapshot, page: int = 0) -> Message:
    """The scorecard as its asker sees it; pages count from 0 and stay within those there are."""
    scorecard = snapshot.scorecard
    pages = max(1, -(-len(snapshot.metrics) // METRICS_A_PAGE))
    page = max(0, min(page, pages - 1))
    rows = [(state, figures.movement(state, snapshot.since)) for state in snapshot.metrics]
    summary = _summary(snapshot)
    blocks = [
        kit.header(scorecard.name),
        *kit.sections([escaped(scorecard.goal)]),
        kit.context(summary),
        *(_row(*row) for row in rows[page * METRICS_A_PAGE : (page + 1) * METRICS_A_PAGE]),
        *([] if snapshot.metrics else [kit.section("It has no metrics yet.")]),
        kit.actions(
            *_page_buttons(page, pages), kit.button("Log a milestone", Action.SHIP, NO_METRIC)
        ),
    ]
    in_words = [f"{escaped(scorecard.name)}: {summary}", *(_row_in_words(*row) for row in rows)]
    return Message(kit.in_words(in_words, "metrics: see the pages of /kpi"), tuple(blocks))


def _summary(snapshot: Snapshot) -> str:
    parts = [figures.headline(snapshot), figures.gained(snapshot)]
    return " · ".join(part for part in parts if part)


def _row(state: MetricState, movement: str) -> Block:
    lines = [
        f"{bold(state.metric.name)}   {figures.current(state)}  →  {figures.target(state)}",
        (f"{figures.way(state)} · {movement} · {figures.status(state)}"),
    ]
    if not state.metric.drivers:
        lines.append("No work stream drives it yet.")
    details = kit.button("Details", Action.SHOW_METRIC, state.metric.key)
    return kit.section("\n".join(lines), accessory=details)


def _row_in_words(state: MetricState, movement: str) -> str:
    return (
        f"{escaped(state.metric.name)}: {figures.current(state)}, {figures.target(state)}, "
        f"{figures.share(state.progress)} of the way, {movement}, {state.status.words}"
    )


def _page_buttons(page: int, pages: int) -> list[Block]:
    buttons = []
    if page > 0:
        buttons.append(kit.button("Previous", f"{Action.SHOW_PAGE}:previous", str(page - 1)))
    if page < pages - 1:
        label = f"Next ({page + 2} of {pages})"
        buttons.append(kit.button(label, f"{Action.SHOW_PAGE}:next", str(page + 1)))
    return buttons

"""The scorecard's screen: every metric with its way, page by page."""

from app.domain.scorecards import MetricState, Snapshot
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import NO_METRIC, Action, about

METRICS_A_PAGE = 15


def scorecard_screen(snapshot: Snapshot, page: int = 0, *, can_share: bool = False) -> Message:
    """The scorecard; pages count from 0 and stay within those there are."""
    scorecard = snapshot.scorecard
    pages = max(1, -(-len(snapshot.metrics) // METRICS_A_PAGE))
    page = max(0, min(page, pages - 1))
    rows = [(state, figures.movement(state, snapshot.since)) for state in snapshot.metrics]
    summary = _summary(snapshot)
    nothing = about(scorecard.key, NO_METRIC)
    page_buttons = _page_buttons(scorecard.key, page, pages)
    blocks = [
        kit.header(scorecard.name),
        *kit.sections([escaped(scorecard.goal)]),
        kit.context(summary),
        *(
            _row(scorecard.key, *row)
            for row in rows[page * METRICS_A_PAGE : (page + 1) * METRICS_A_PAGE]
        ),
        *([] if snapshot.metrics else [kit.section("It has no metrics yet.")]),
        *([kit.actions(*page_buttons)] if page_buttons else []),
        kit.actions(
            *([kit.button("Update", Action.UPDATE, nothing)] if snapshot.metrics else []),
            kit.button("Log a milestone", Action.SHIP, nothing),
            kit.button("Milestones", Action.SHOW_MILESTONES, about(scorecard.key, "0")),
            kit.button("Roadmap", Action.SHOW_ROADMAP, about(scorecard.key, "0")),
            kit.button("History", Action.SHOW_HISTORY, about(scorecard.key, "newest")),
            *([_share_button(scorecard.key, page)] if can_share else []),
        ),
    ]
    in_words = [f"{escaped(scorecard.name)}: {summary}", *(_row_in_words(*row) for row in rows)]
    return Message(kit.in_words(in_words, "metrics: see the pages of /kpi"), tuple(blocks))


def _summary(snapshot: Snapshot) -> str:
    parts = [figures.headline(snapshot), figures.gained(snapshot)]
    return " · ".join(part for part in parts if part)


def _row(scorecard: str, state: MetricState, movement: str) -> Block:
    lines = [
        f"{bold(state.metric.name)}   {figures.current(state)}  →  {figures.target(state)}",
        (f"{figures.way(state)} · {movement} · {figures.status(state)}"),
    ]
    if not state.metric.drivers:
        lines.append("No work stream drives it yet.")
    details = kit.button("Details", Action.SHOW_METRIC, about(scorecard, state.metric.key))
    return kit.section("\n".join(lines), accessory=details)


def _row_in_words(state: MetricState, movement: str) -> str:
    return (
        f"{escaped(state.metric.name)}: {figures.current(state)}, {figures.target(state)}, "
        f"{figures.share(state.progress)} of the way, {movement}, {state.status.words}"
    )


def _share_button(scorecard: str, page: int) -> Block:
    return kit.button("Share in the channel", Action.SHARE_PAGE, about(scorecard, str(page)))


def _page_buttons(scorecard: str, page: int, pages: int) -> list[Block]:
    buttons = []
    if page > 0:
        previous = about(scorecard, str(page - 1))
        buttons.append(kit.button("Previous", f"{Action.SHOW_PAGE}:previous", previous))
    if page < pages - 1:
        label = f"Next ({page + 2} of {pages})"
        following = about(scorecard, str(page + 1))
        buttons.append(kit.button(label, f"{Action.SHOW_PAGE}:next", following))
    return buttons

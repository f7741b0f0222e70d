"""The scorecard's screen: every metric with its way, page by page."""

from dataclasses import dataclass, replace
from functools import lru_cache

from app.domain.scorecards import MetricState, Snapshot
from app.slack.blocks import figures, kit, pictures
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.sources import failing
from app.slack.ids import NO_METRIC, Action, about

METRICS_A_PAGE = 15
SCREENS_KEPT = 16
NO_METRICS = "It has no metrics yet. Add the first one with `/kpi setup`."


def scorecard_screen(snapshot: Snapshot, page: int = 0, *, can_share: bool = False) -> Message:
    """The scorecard; pages count from 0 and stay within those there are.

    Those who ask within a second share a snapshot, and so the screen.
    """
    return _screen(_This(snapshot), page, can_share=can_share)


class _This:
    """One snapshot and no other: to compare two takes longer than to render one."""

    __slots__ = ("snapshot",)

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def __hash__(self) -> int:
        return id(self.snapshot)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and other.snapshot is self.snapshot


@lru_cache(maxsize=SCREENS_KEPT)
def _screen(this: _This, page: int, *, can_share: bool) -> Message:
    snapshot = this.snapshot
    shown = _Page.of(snapshot, page)
    key, summary = snapshot.scorecard.key, _summary(snapshot)
    rows = [(state, figures.movement(state, snapshot.since)) for state in snapshot.metrics]
    blocks = [
        *_head(snapshot, summary),
        *(_row(key, *row) for row in rows[shown.first : shown.end]),
        *([] if snapshot.metrics else [kit.section(NO_METRICS)]),
        *_buttons(snapshot, shown, can_share=can_share),
    ]
    in_words = [
        f"{escaped(snapshot.scorecard.name)}: {summary}",
        *(_row_in_words(*row) for row in rows),
    ]
    return Message(kit.in_words(in_words, "metrics: see the pages of /kpi"), tuple(blocks))


def scorecard_post(snapshot: Snapshot, page: int = 0, picture: Block | None = None) -> Message:
    """The scorecard for all in a channel: natively a table, and a choice that leads to a metric."""
    screen = scorecard_screen(snapshot, page)
    shown = _Page.of(snapshot, page)
    states, key = snapshot.metrics[shown.first : shown.end], snapshot.scorecard.key
    table = pictures.metric_table(states, snapshot.since)
    if not table:
        return screen
    keys = {about(key, state.metric.key): state.metric.name for state in states}
    details = kit.actions(kit.choice(Action.SHOW_METRIC, keys, placeholder="Details of a metric"))
    above = _head(snapshot, _summary(snapshot))
    below = [*table, details, *_buttons(snapshot, shown)]
    return replace(
        screen,
        native=(*above, *below),
        pictured=(*above, picture, *below) if picture else (),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """One of several pages, and which metrics are on it."""

    number: int
    of_pages: int

    @classmethod
    def of(cls, snapshot: Snapshot, number: int) -> "_Page":
        pages = max(1, -(-len(snapshot.metrics) // METRICS_A_PAGE))
        return cls(max(0, min(number, pages - 1)), pages)

    @property
    def first(self) -> int:
        return self.number * METRICS_A_PAGE

    @property
    def end(self) -> int:
        return self.first + METRICS_A_PAGE


def _head(snapshot: Snapshot, summary: str) -> list[Block]:
    scorecard = snapshot.scorecard
    return [
        kit.header(scorecard.name),
        *kit.sections([escaped(scorecard.goal)]),
        kit.context(summary),
    ]


def _buttons(snapshot: Snapshot, shown: _Page, *, can_share: bool = False) -> list[Block]:
    key = snapshot.scorecard.key
    nothing = about(key, NO_METRIC)
    page_buttons = _page_buttons(key, shown.number, shown.of_pages)
    return [
        *([kit.actions(*page_buttons)] if page_buttons else []),
        kit.actions(
            *([kit.button("Update", Action.UPDATE, nothing)] if snapshot.metrics else []),
            kit.button("Log a milestone", Action.SHIP, nothing),
            kit.button("Milestones", Action.SHOW_MILESTONES, about(key, "0")),
            kit.button("Roadmap", Action.SHOW_ROADMAP, about(key, "0")),
            kit.button("History", Action.SHOW_HISTORY, about(key, "newest")),
            kit.button("Files", Action.FILES, key),
            *([_share_button(key, shown.number)] if can_share else []),
        ),
    ]


def _summary(snapshot: Snapshot) -> str:
    parts = [figures.headline(snapshot), figures.gained(snapshot)]
    return " · ".join(part for part in parts if part)


def _row(scorecard: str, state: MetricState, movement: str) -> Block:
    lines = [
        f"{bold(state.metric.name)}   {figures.current(state)}  →  {figures.target(state)}",
        figures.beside(figures.way(state), movement, figures.status(state), failing(state)),
    ]
    if not state.metric.drivers:
        lines.append("No work stream drives it yet.")
    details = kit.button("Details", Action.SHOW_METRIC, about(scorecard, state.metric.key))
    return kit.section("\n".join(lines), accessory=details)


def _row_in_words(state: MetricState, movement: str) -> str:
    return figures.in_a_row(
        f"{escaped(state.metric.name)}: {figures.current(state)}",
        figures.target(state),
        figures.way_in_words(state),
        movement,
        state.standing,
        failing(state),
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

"""What the digest is made of: a line for each metric, what shipped, the roadmap, who is needed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.digests import Digest, Ready, Shipped, moved_back
from app.domain.metrics import days_old, days_words
from app.domain.milestones import Effect, Milestone
from app.domain.roadmap import PhaseOutlook
from app.domain.scorecards import MetricState
from app.domain.statuses import Status
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import bold, escaped, person
from app.slack.blocks.roadmap import schedule_of, slip

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of the digest below a title; the post has the first `most`, the thread all if more.

    `most_length` is what they may take of the post, in characters.
    """

    title: str
    lines: Sequence[str]
    most: int
    most_length: int

    @property
    def _held(self) -> int:
        """How many lines the post has room for."""
        return held(self.lines, self.most, self.most_length)

    @property
    def is_cut(self) -> bool:
        return self._held < len(self.lines)

    @property
    def in_post(self) -> list[str]:
        if not self.lines:
            return []
        more = len(self.lines) - self._held
        rest = [f"…and {more} more in the thread"] if more else []
        return [f"*{self.title}*", *self.lines[: self._held], *rest]

    @property
    def whole(self) -> list[str]:
        return [f"*{self.title}*", *self.lines] if self.lines else []


def held(lines: Sequence[str], most: int, most_length: int) -> int:
    """How many of the lines are no more than `most`, nor `most_length` characters together."""
    count = min(most, len(lines))
    while count and kit.length(lines[:count]) > most_length:
        count -= 1
    return count


def named(names: Sequence[str]) -> str:
    """`*Bundles*, *Carts* and 3 more`."""
    return first_of([bold(name) for name in names])


def first_of(texts: Sequence[str]) -> str:
    """The first few of some texts in one line, and how many more there are."""
    more = len(texts) - MOST_NAMED
    return ", ".join(texts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


# --- metrics ---------------------------------------------------------------


def metric_head(state: MetricState) -> str:
    """`*Rollbacks / day*  ~12 → target 0`."""
    if not state.metric.has_target:
        return f"{bold(state.metric.name)}  {figures.current(state)}"
    return f"{bold(state.metric.name)}  {figures.current(state)} → {figures.target(state)}"


def metric_line(state: MetricState, digest: Digest) -> str:
    """A metric in two lines: value and target; then way, movement, status, pace and forecast."""
    beside = figures.beside(
        figures.way(state) if state.current else "",
        moved(state, digest),
        figures.status(state),
        _outlook(state, digest),
    )
    return f"{metric_head(state)}\n{beside}"


def moved(state: MetricState, digest: Digest) -> str:
    """`~+30 this week, the wrong way, beyond the usual`."""
    words = [figures.movement(state, digest.period.since)]
    if state.week is not None and state.week.span:
        words += ["the wrong way"] if moved_back(state) else []
        words += ["beyond the usual"] if digest.prospects[state.metric.key].is_exceeded else []
    return ", ".join(words)


def _outlook(state: MetricState, digest: Digest) -> str:
    """Pace and, after a new reading, forecast; at the target what the reason adds to it.

    What is old tells neither.
    """
    if state.status is Status.STALE:
        return ""
    if state.status is Status.AT_TARGET:
        return escaped(state.verdict.reason.partition("; ")[2])
    if not digest.was_read(state):
        return figures.pace(state)
    expected = digest.prospects[state.metric.key]
    brief = expected.in_brief(digest.snapshot.scorecard.zone)
    return figures.beside(figures.pace(state), escaped(brief))


def counted(states: Iterable[MetricState]) -> str:
    """`70 on track, 12 at target, 6 no pace`, the most frequent status first."""
    statuses = Counter(state.status for state in states)
    return ", ".join(f"{count} {status.words}" for status, count in statuses.most_common())


# --- what shipped ----------------------------------------------------------


def shipped_part(digest: Digest) -> Part:
    """What shipped: first what moved something, then the latest."""
    in_order = sorted(
        digest.shipped,
        key=lambda shipped: (bool(shipped.effects), str(shipped.milestone.shipped_on)),
        reverse=True,
    )
    lines = [_shipped_line(shipped, digest) for shipped in in_order]
    moved = any(shipped.effects for shipped in digest.shipped)
    title = "Shipped, and what moved with it" if moved else "Shipped"
    return Part(title, lines, 3, 1_400)


def _shipped_line(shipped: Shipped, digest: Digest) -> str:
    effects = [_effect(moved, shipped, digest) for moved in shipped.effects]
    more = len(effects) - MOST_NAMED
    rest = [f"{more} metrics more" if more > 1 else "1 metric more"] if more > 0 else []
    below = "".join(f"{kit.SUB_BULLET}{told}" for told in [*effects[:MOST_NAMED], *rest])
    by = f" by {person(shipped.milestone.logged_by)}" if shipped.milestone.logged_by else ""
    return f"• {bold(shipped.milestone.title)}{by}{below}"


def _effect(moved: Effect, shipped: Shipped, digest: Digest) -> str:
    """What a metric did, and what else moved it that shipped in the same week."""
    others = [
        other.milestone.title
        for other in digest.shipped
        if other is not shipped
        and _week(other) == _week(shipped)
        and any(each.metric.key == moved.metric.key for each in other.effects)
    ]
    if not others:
        return figures.effect(moved)
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return f"{figures.effect(moved)}, shared with {bold(others[0])}{more}"


def _week(shipped: Shipped) -> str:
    """The ISO week of the ship date, which a milestone among the news has."""
    return f"{shipped.milestone.shipped_on:%G-W%V}"


# --- the roadmap -----------------------------------------------------------


def roadmap_part(digest: Digest) -> Part:
    slipping = schedule_of(digest.snapshot).slipping
    lines = [
        *(f"• Late: {_milestone(milestone)}" for milestone in digest.late),
        *(f"• Due: {_milestone(milestone)}" for milestone in digest.due),
        *(f"• Ready now: {_ready(each)}" for each in digest.newly_ready),
        *(
            f"• Slipping: {bold(timing.phase.name)} {slip(timing, digest.snapshot.scorecard)}"
            for timing in slipping
        ),
        *_first_blocked(digest),
    ]
    return Part("Roadmap", lines, 5, 1_200)


def _first_blocked(digest: Digest) -> list[str]:
    """The first of the blocked phases, which rarely change, and how many more there are."""
    if not digest.blocked:
        return []
    more = len(digest.blocked) - 1
    phases = "1 more phase" if more == 1 else f"{more} more phases"
    return [f"• Blocked: {_blocked(digest.blocked[0])}{f'; and {phases}' if more else ''}"]


def blocked_lines(digest: Digest) -> list[str]:
    """All that is blocked, where the post has but the first of it."""
    lines = [f"• {_blocked(outlook)}" for outlook in digest.blocked]
    return ["*Blocked on the roadmap*", *lines] if len(lines) > 1 else []


def _blocked(outlook: PhaseOutlook) -> str:
    blockers = [escaped(blocker.name) for blocker in outlook.blocked_by]
    return f"{_phase(outlook)} by {first_of(blockers)}"


def _ready(ready: Ready) -> str:
    """`*PDE Steps 3–4* (Q2 2026) through PDE step 2c`: that had kept it waiting."""
    return f"{_phase(ready.outlook)} through {first_of(list(map(escaped, ready.through)))}"


def _milestone(milestone: Milestone) -> str:
    due = f", {kit.calendar_day(milestone.due_on)}" if milestone.due_on else ""
    return f"{bold(milestone.title)}{due}"


def _phase(outlook: PhaseOutlook) -> str:
    return f"{bold(outlook.phase.name)} ({escaped(outlook.phase.window.text)})"


# --- who is needed ---------------------------------------------------------


def stale_part(digest: Digest) -> Part:
    return Part("Stale", _by_owner(digest.stale, digest), 5, 700)


def needs_part(digest: Digest) -> Part:
    """The metrics that need someone, for a week in which nothing else is to be told."""
    needing = [state for state in digest.by_urgency if digest.needs_someone(state)]
    return Part("Needs someone", _by_owner(needing, digest), 5, 1_000)


def _by_owner(states: Sequence[MetricState], digest: Digest) -> list[str]:
    """`@ana: *Rollbacks / day* (24 days old), *Invoice coverage* (▼ off track)`; a few a line."""
    owned: dict[str, list[str]] = {}
    for state in states:
        told = f"{bold(state.metric.name)} ({_need(state, digest)})"
        owned.setdefault(state.metric.owner or "", []).append(told)
    return [
        f"• {person(owner) if owner else 'Owned by nobody'}: {', '.join(few)}"
        for owner, all_told in owned.items()
        for few in _fews(all_told)
    ]


def _fews(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start : start + MOST_NAMED] for start in range(0, len(texts), MOST_NAMED)]


def _need(state: MetricState, digest: Digest) -> str:
    if state.current is None:
        return "never read"
    age = f"{days_words(days_old(state.current, digest.period.until))} old"
    if state.status is Status.STALE:
        return age
    return f"{figures.status(state)}, {age}" if state.is_stale else figures.status(state)


def undriven(digest: Digest) -> list[str]:
    """The metrics that no work stream drives, in one line; none where each has one."""
    names = [state.metric.name for state in digest.without_driver]
    return [f"*Without a work stream:* {named(names)}"] if names else []

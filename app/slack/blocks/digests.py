"""The weekly digest as a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.digests import Digest, Ready, Shipped
from app.domain.milestones import Effect, Milestone
from app.domain.roadmap import PhaseOutlook
from app.domain.scorecards import MetricState, Scorecard, Snapshot
from app.slack.blocks import figures, kit, pictures
from app.slack.blocks.kit import Block, Message, bold, escaped, person
from app.slack.blocks.roadmap import schedule_of, slip
from app.slack.ids import NO_METRIC, Action, about

MOST_NAMES_LENGTH = 1_000
MOST_PARTS_LENGTH = kit.MOST_POST_LENGTH - MOST_NAMES_LENGTH - 1_000
"""The thousand is for title, headline, buttons and footer."""
MOST_FALLEN_BACK = 5
PREVIEW = "Preview: only you can see this, and nothing has been posted."


def digest_post(digest: Digest, *, is_preview: bool = False) -> Message:
    """The digest: how it stands, each metric, what shipped, the roadmap, and what is stale.

    Natively its metrics are a table, and a chart where that holds them all.
    """
    title = f"{digest.snapshot.scorecard.name}: {_period(digest)}"
    preview = [PREVIEW] if is_preview else []
    metrics, *others = parts = _parts(digest)
    above = [*map(kit.context, preview), kit.header(title), kit.section(_headline(digest))]
    below = [
        *(block for part in others for block in part.blocks()),
        kit.actions(*_next_steps(digest.snapshot.scorecard)),
        kit.context(_footer(digest)),
    ]
    drawn = _drawn(digest, metrics)
    in_text = [*preview, escaped(title), _headline(digest)]
    in_text += [line for part in parts for line in part.in_words()]
    return Message(
        kit.in_words(in_text),
        (*above, *metrics.blocks(), *below),
        native=(*above, *drawn, *below) if drawn else (),
    )


def _next_steps(scorecard: Scorecard) -> list[Block]:
    nothing = about(scorecard.key, NO_METRIC)
    update = [kit.button("Update", Action.UPDATE, nothing)] if scorecard.metrics else []
    return [
        kit.button("Log a milestone", Action.SHIP, nothing),
        *update,
        *_to_metrics(scorecard),
        kit.button("See the scorecard", Action.SHOW_PAGE, about(scorecard.key, "0")),
    ]


def _to_metrics(scorecard: Scorecard) -> list[Block]:
    """The choice of a metric; where a post can't name them all, the scorecard's screen does."""
    metrics = {about(scorecard.key, metric.key): metric.name for metric in scorecard.metrics}
    fits = len(metrics) <= kit.MOST_OPTIONS and kit.length(metrics.values()) <= MOST_NAMES_LENGTH
    if not metrics or not fits:
        return []
    return [kit.choice(Action.SHOW_METRIC, metrics, placeholder="See a trend")]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the digest; of the lines beyond `most` characters it says how many there are."""

    lines: Sequence[str]
    most: int
    rest: str
    title: str = ""

    @property
    def length(self) -> int:
        return min(self.most, kit.length(self.lines))

    def blocks(self) -> list[Block]:
        if not self.lines:
            return []
        title = [f"*{self.title}*"] if self.title else []
        return kit.sections([*title, *self.lines], most=self.most, rest=self.rest)

    def in_words(self) -> Sequence[str]:
        return [f"{self.title}:", *self.lines] if self.title and self.lines else self.lines


def _parts(digest: Digest) -> list[_Part]:
    """What stands between the headline and the buttons; the metrics get what the rest leaves."""
    metrics = [_metric_line(state, digest) for state in digest.snapshot.metrics]
    shipped = [_shipped_line(shipped, digest) for shipped in digest.shipped]
    stale = [_stale_line(state) for state in digest.stale]
    undriven = [f"• {bold(state.metric.name)}" for state in digest.without_driver]
    others = [
        _Part(shipped, 1_800, "that shipped", "Shipped"),
        _Part(_roadmap_lines(digest), 1_500, "on the roadmap", "Roadmap"),
        _Part(stale, 1_000, "that are stale: see the pages of /kpi", "Stale"),
        _Part(undriven, 500, "such metrics: see the pages of /kpi", "Without a work stream"),
    ]
    left = MOST_PARTS_LENGTH - sum(part.length for part in others)
    return [_Part(metrics, left, "metrics: see the pages of /kpi"), *others]


def _drawn(digest: Digest, metrics: _Part) -> list[Block]:
    """The metrics as Slack draws them, in the room that their lines have."""
    states, since = digest.snapshot.metrics, digest.period.since
    table = pictures.metric_table(states, since, most=metrics.most, rest=metrics.rest)
    return [*table, *pictures.ways_chart(states)]


def _period(digest: Digest) -> str:
    zone = digest.snapshot.scorecard.zone
    since, until = digest.period.since.astimezone(zone), digest.period.until.astimezone(zone)
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}–{until.day} {until:%b %Y}"
    return f"{since.day} {since:%b} – {until.day} {until:%b %Y}"


def _headline(digest: Digest) -> str:
    snapshot = digest.snapshot
    if snapshot.goal_reached:
        stand = f"All {len(snapshot.metrics)} metrics are at target"
    else:
        stand = figures.headline(snapshot)
    gained = figures.gained(snapshot) or (
        "no movement this week" if not digest.moved else "no way gained this week"
    )
    late = "\nThis digest is late: its time passed while the bot was down."
    return f"{stand} · {gained}{_open_again(digest)}{late if digest.period.is_late else ''}"


def _open_again(digest: Digest) -> str:
    """That the goal was reached and isn't any more, for which metrics; empty otherwise."""
    if digest.celebrated_at is None or not digest.fallen_back:
        return ""
    names = ", ".join(bold(state.metric.name) for state in digest.fallen_back[:MOST_FALLEN_BACK])
    more = len(digest.fallen_back) - MOST_FALLEN_BACK
    rest = f" and {more} more" if more > 0 else ""
    return (
        f"\nThe goal was reached on {kit.day(digest.celebrated_at)} and is open again: "
        f"{names}{rest}."
    )


def _metric_line(state: MetricState, digest: Digest) -> str:
    expected = digest.prospects[state.metric.key]
    moved = figures.judged_movement(state, digest.period.since, expected)
    zone = digest.snapshot.scorecard.zone
    outlook = [figures.pace(state), escaped(expected.in_short(zone))]
    parts = [
        f"{bold(state.metric.name)}  {figures.current(state)} → {figures.target(state)}",
        figures.way(state),
        moved,
        figures.status(state),
        *filter(None, outlook),
    ]
    return f"{parts[0]}\n{' · '.join(parts[1:])}"


def _shipped_line(shipped: Shipped, digest: Digest) -> str:
    effects = "".join(
        f"\n   {figures.effect(moved)}{_shared(moved, shipped, digest)}"
        for moved in shipped.effects
    )
    who = person(shipped.milestone.logged_by)
    return f"• {bold(shipped.milestone.title)} by {who}{effects}"


def _shared(moved: Effect, shipped: Shipped, digest: Digest) -> str:
    """That others that shipped in the period moved the same metric; empty for none."""
    others = [
        other.milestone.title
        for other in digest.shipped
        if other is not shipped
        and any(each.metric.key == moved.metric.key for each in other.effects)
    ]
    if not others:
        return ""
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return f", as did {bold(others[0])}{more}"


def _roadmap_lines(digest: Digest) -> list[str]:
    return [
        *(f"• Late: {_milestone(milestone)}" for milestone in digest.late),
        *(f"• Due: {_milestone(milestone)}" for milestone in digest.due),
        *_slips(digest.snapshot),
        *(f"• Ready now: {_phase(each.outlook)}{_through(each)}" for each in digest.newly_ready),
        *(f"• Blocked: {_phase(outlook)} by {_blockers(outlook)}" for outlook in digest.blocked),
    ]


def _slips(snapshot: Snapshot) -> list[str]:
    """The phases that are due before what they need; what follows them only where they push it."""
    scorecard = snapshot.scorecard
    return [
        f"• Slipping: {bold(timing.phase.name)} {slip(timing, scorecard)}"
        for timing in schedule_of(snapshot).slipping
    ]


def _through(ready: Ready) -> str:
    """` through PDE step 2c`: what was finished in the period and had kept a phase waiting."""
    return f" through {escaped(', '.join(ready.through))}"


def _milestone(milestone: Milestone) -> str:
    due = f", {kit.calendar_day(milestone.due_on)}" if milestone.due_on else ""
    return f"{bold(milestone.title)}{due}"


def _phase(outlook: PhaseOutlook) -> str:
    return f"{bold(outlook.phase.name)} ({escaped(outlook.phase.window.text)})"


def _blockers(outlook: PhaseOutlook) -> str:
    return escaped(", ".join(blocker.name for blocker in outlook.blocked_by))


def _stale_line(state: MetricState) -> str:
    owner = person(state.metric.owner) if state.metric.owner else "nobody owns it"
    return f"• {bold(state.metric.name)}: {escaped(state.verdict.reason)} ({owner})"


def _footer(digest: Digest) -> str:
    since, until = digest.period.since, digest.period.until
    span = "a week" if until - since == timedelta(days=7) else "the time since the last digest"
    return f"Movement is over {span}, {kit.moment(since)} to {kit.moment(until)}."

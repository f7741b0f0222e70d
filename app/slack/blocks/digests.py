"""The weekly digest as a post, and what stands before it is posted."""

import json
from collections.abc import Sequence
from datetime import timedelta

from app.domain.digests import Digest
from app.domain.paces import PACE_PERIOD
from app.domain.scorecards import MetricState, Scorecard
from app.slack.blocks import digest_parts as parts
from app.slack.blocks import figures, kit, pictures
from app.slack.blocks.digest_details import digest_details, period_words
from app.slack.blocks.kit import Block, Message, escaped
from app.slack.ids import NO_METRIC, Action, about

MOST_METRICS = 10
"""Metrics that the post has in full; the others are in its thread."""
MOST_METRICS_LENGTH = 3_400
MOST_NAMES_LENGTH = 1_000
PREVIEW = "Preview: only you can see this, and nothing has been posted."


def digest_post(digest: Digest, picture: Block | None = None) -> Message:
    """The digest: how it stands, each metric, what shipped, the roadmap, who is needed.

    `picture` shows all trajectories; where there is none, Slack draws the ways closed if it can.
    """
    title = f"{digest.snapshot.scorecard.name}: {period_words(digest)}"
    metrics, others = _body(digest)
    above = [kit.header(title), kit.section(_headline(digest)), *kit.sections(metrics)]
    below = [
        *(block for lines in others for block in kit.sections(lines)),
        kit.actions(*_next_steps(digest.snapshot.scorecard)),
        kit.context(_footer(digest)),
    ]
    drawn = pictures.ways_chart(digest.snapshot.metrics) if metrics else []
    in_text = [escaped(title), _headline(digest), *metrics, *(line for o in others for line in o)]
    return Message(
        kit.in_words(in_text),
        (*above, *below),
        native=(*above, *drawn, *below) if drawn else (),
        pictured=(*above, picture, *below) if picture and metrics else (),
    )


def digest_preview(digest: Digest) -> Message:
    """The post as it would be now and, below, what its thread would hold."""
    post, details = digest_post(digest), digest_details(digest)
    blocks = [kit.context(PREVIEW), *post.blocks, kit.divider()]
    whole = [*blocks, kit.context("In its thread:"), *(b for each in details for b in each.blocks)]
    if len(details) == 1 and len(json.dumps(whole, ensure_ascii=False)) <= kit.MOST_POST_LENGTH:
        blocks = whole
    else:
        blocks.append(kit.context(_thread_in_words(digest, len(details))))
    told = [PREVIEW, post.text, *(each.text for each in details)]
    return Message(kit.in_words([line for text in told for line in text.splitlines()]), (*blocks,))


def _thread_in_words(digest: Digest, messages: int) -> str:
    if not messages:
        return "Its thread stays empty: the post says all of it."
    count = "1 message" if messages == 1 else f"{messages} messages"
    metrics = "each metric with its reason, and " if digest.has_readings else ""
    return f"In its thread, in {count}: {metrics}all that the post leaves out."


def _body(digest: Digest) -> tuple[list[str], list[list[str]]]:
    """The lines of the metrics, and those of each part that follows; a quiet week has few."""
    if digest.is_quiet and digest.has_readings:
        return [], [parts.needs_part(digest).in_post, _goal(digest)]
    metrics = _metrics(digest) if digest.shows_metrics else []
    return metrics, [
        parts.shipped_part(digest).in_post,
        parts.roadmap_part(digest).in_post,
        parts.stale_part(digest).in_post if digest.has_readings else [],
        parts.undriven(digest),
        _goal(digest),
    ]


def _metrics(digest: Digest) -> list[str]:
    """Each metric; of many those that need someone or moved, and what the others come to.

    As many as fit stand in the scorecard's own order, the same from week to week.
    """
    states: Sequence[MetricState] = digest.snapshot.metrics
    if _held(states, digest) < len(states):
        states = digest.by_urgency
    held = _held(states, digest)
    lines = [parts.metric_line(state, digest) for state in states[:held]]
    rest = states[held:]
    if not rest:
        return lines
    return [*lines, f"_{len(rest)} more in the thread: {parts.counted(rest)}_"]


def _held(states: Sequence[MetricState], digest: Digest) -> int:
    lines = [parts.metric_line(state, digest) for state in states[: MOST_METRICS + 1]]
    return parts.held(lines, MOST_METRICS, MOST_METRICS_LENGTH)


# --- the headline ----------------------------------------------------------


def _headline(digest: Digest) -> str:
    late = "This digest is late: its time passed while the bot was down."
    return "\n".join([*_stand(digest), *([late] if digest.period.is_late else [])])


def _stand(digest: Digest) -> list[str]:
    snapshot = digest.snapshot
    if not snapshot.metrics:
        return ["It has no metrics yet. An owner adds them: `/kpi setup`, Metrics."]
    if not digest.has_readings:
        return [
            f"None of the {len(snapshot.metrics)} metrics has a reading yet.",
            "First record where each stands: press Update, or type `/kpi update`.",
        ]
    stand = figures.beside(_at_target(digest), _gained(digest))
    if digest.is_quiet:
        quiet = "A quiet week: nothing was read, shipped or fell due."
        counted = "" if snapshot.goal_reached else f" {parts.counted(snapshot.metrics)}."
        return [stand, f"{quiet}{counted}"]
    return [stand, *(["All that moved this week moved the wrong way."] if digest.only_lost else [])]


def _at_target(digest: Digest) -> str:
    count = len(digest.snapshot.judged)
    if not count:
        return "No metric has a target"
    if digest.snapshot.goal_reached:
        return f"All {count} metrics are at target" if count > 1 else "The metric is at target"
    return figures.headline(digest.snapshot)


def _gained(digest: Digest) -> str:
    gained = figures.gained(digest.snapshot)
    if gained or digest.snapshot.progress is None or digest.snapshot.goal_reached:
        return gained
    return "no way gained this week" if digest.moved else "no movement this week"


def _goal(digest: Digest) -> list[str]:
    """That the goal is reached, since when; or was and isn't any more, for which metrics."""
    if digest.reached_at is not None:
        return [f"*The goal is reached.* All metrics have been at target {_since(digest)}."]
    if digest.celebrated_at is None or not digest.fallen_back:
        return []
    names = parts.named([state.metric.name for state in digest.fallen_back])
    day = kit.day(digest.celebrated_at)
    return [f"*The goal is open again.* It was reached on {day}; not at target now: {names}."]


def _since(digest: Digest) -> str:
    """The day, as far back as each day's readings are looked at; then in weeks, rounded down."""
    until, reached_at = digest.period.until, digest.reached_at or digest.period.until
    if until - reached_at < PACE_PERIOD:
        return f"since {kit.calendar_day(reached_at.astimezone(digest.snapshot.scorecard.zone))}"
    return f"for {(until - reached_at) // timedelta(weeks=1)} weeks and more"


# --- what to do next -------------------------------------------------------


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


def _footer(digest: Digest) -> str:
    since, until = digest.period.since, digest.period.until
    span = "a week" if until - since == timedelta(days=7) else "the time since the last digest"
    thread = " The reasons are in the thread." if digest.has_readings else ""
    return f"Movement is over {span}, since {kit.moment(since)}.{thread}"

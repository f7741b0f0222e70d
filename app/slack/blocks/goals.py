"""What is said once, when the last metric reaches its target."""

from collections.abc import Sequence

from app.domain.milestones import Effect
from app.domain.outcomes import GoalStory
from app.domain.scorecards import MetricState, Scorecard
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Message, bold, escaped

# What each part of the post may take of `kit.MOST_POST_LENGTH`.
MOST_GOAL_LENGTH = 2_600
MOST_WAYS_LENGTH = 4_000
MOST_POSSIBLE_LENGTH = 2_000

MOST_MILESTONES = 3
"""Milestones named for each metric; the metric's screen has all."""


def goal_post(story: GoalStory) -> Message:
    """The goal, how long it took, each metric's way with what moved it, what is possible now."""
    scorecard = story.snapshot.scorecard
    ways = [_way(state, story) for state in story.snapshot.metrics]
    possible = [f"• {escaped(text)}" for text in scorecard.possibilities]
    took = _took(story)
    blocks = [
        kit.header(kit.shortened(f"{scorecard.name}: the goal is reached", 150)),
        *kit.sections(escaped(scorecard.goal).splitlines(), most=MOST_GOAL_LENGTH),
        kit.context(took),
        *kit.sections(ways, most=MOST_WAYS_LENGTH, rest="metrics: see /kpi"),
        *kit.sections(["*Possible now*", *possible] if possible else [], most=MOST_POSSIBLE_LENGTH),
    ]
    title = f"{escaped(scorecard.name)}: all {len(ways)} metrics are at target. {took}"
    return Message(kit.in_words([title, *possible, *ways]), tuple(blocks))


def _took(story: GoalStory) -> str:
    """`It took 24 weeks, from 30 Sep 2025 on.`"""
    snapshot = story.snapshot
    start = min(state.metric.baseline.on for state in snapshot.judged)
    days = (snapshot.today - start).days
    span = f"{days // 7} weeks" if days >= 14 else f"{days} days"
    return f"It took {span}, from {kit.calendar_day(start)} on."


def _way(state: MetricState, story: GoalStory) -> str:
    metric = state.metric
    start = f"{metric.shown(metric.baseline.value)} ({metric.baseline.label})"
    way = f"{bold(metric.name)}  {escaped(start)} → {figures.current(state)}"
    return way + _moved_by(story.moved.get(metric.key, ()), story.snapshot.scorecard)


def _moved_by(effects: Sequence[Effect], scorecard: Scorecard) -> str:
    """The milestones that a metric moved most with, on a line of their own; empty for none."""
    moving = [effect for effect in effects if effect.change.number]
    if not moving:
        return ""
    by_size = sorted(moving, key=lambda effect: abs(effect.change.number), reverse=True)
    named = [
        f"{bold(scorecard.milestones_by_key[each.after.milestone or ''].title)}: "
        f"{escaped(each.metric.shown_change(each.change))}"
        for each in by_size[:MOST_MILESTONES]
    ]
    more = len(by_size) - len(named)
    return f"{kit.SUB_BULLET}with {', '.join(named)}{f' and {more} more' if more else ''}"

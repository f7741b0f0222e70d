"""What a step gives to the later steps of its workflow: plain text, as `functions` in manifest.yml.

It isn't escaped: it is no message, and may become the input of another step.
"""

from app.domain.metrics import Metric
from app.domain.outcomes import Recorded, ShippedNews
from app.domain.roadmap import PhaseStatus
from app.domain.scorecards import Scorecard
from app.domain.values import Value, difference, format_share
from app.slack.blocks import kit

Outputs = dict[str, str]

MOST_OUTPUT_LENGTH = 1_000
"""Slack takes 4,000 bytes, and a sign may take four: https://docs.slack.dev/reference/types"""


def reading_outputs(recorded: Recorded, scorecard: Scorecard) -> Outputs:
    """Of "Record a reading": what the metric is now, and what it was."""
    state = recorded.state
    metric = state.metric
    before = recorded.before.value if recorded.before else metric.baseline.value
    after = recorded.reading.value
    return {
        "metric": metric.name,
        "value": metric.shown(after),
        "value_before": metric.shown(before),
        "status": state.status.words,
        "way_closed": format_share(state.progress) if state.progress else "",
        "summary": _moved(metric, before, after),
        "scorecard": scorecard.name,
    }


def milestone_outputs(news: ShippedNews) -> Outputs:
    """Of "Log a milestone": what shipped, where it is announced, and what it brought about.

    What it did not bring about is left out.
    """
    milestone, scorecard = news.shipped.milestone, news.snapshot.scorecard
    effects = [_moved(each.metric, each.before, each.after.value) for each in news.shipped.effects]
    ready = [
        outlook.phase.name for outlook in news.unblocked if outlook.status is PhaseStatus.READY
    ]
    outputs = {
        "title": milestone.title,
        "milestone": milestone.key,
        "channel": scorecard.channel or "",
        "moved": kit.in_words(effects, "metrics", most=MOST_OUTPUT_LENGTH),
        "ready_phases": kit.in_words(ready, "phases", most=MOST_OUTPUT_LENGTH),
        "scorecard": scorecard.name,
    }
    return {name: text for name, text in outputs.items() if text}


def _moved(metric: Metric, before: Value, after: Value) -> str:
    """`Rollbacks / day: ~12 → ~9, ~−3`."""
    moved = difference(after, before)
    change = f", {metric.shown_change(moved)}" if moved.number else ""
    return f"{metric.name}: {metric.shown(before)} → {metric.shown(after)}{change}"

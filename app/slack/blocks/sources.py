"""What a metric is fed by, how that goes, and what its owner is told when it fails."""

from app.domain.edits import PartKind
from app.domain.outcomes import FailingSource
from app.domain.scorecards import MetricState
from app.domain.sources import SourceState
from app.slack.blocks import kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.part_names import part_name
from app.slack.ids import Action, about

MOST_REASON_LENGTH = 300


def source_line(state: MetricState) -> str:
    """`Source: PromQL, every hour; last asked today at 9:00`; empty for a metric without one."""
    source = state.metric.source
    if source is None:
        return ""
    return f"Source: {source.words}; {_goes(state.source or SourceState())}"


def source_fact(state: MetricState) -> str:
    """The same without its name, where that stands above."""
    return source_line(state).removeprefix("Source: ")


def _goes(source: SourceState) -> str:
    if source.asked_at is None:
        return "not asked yet"
    asked = f"last asked {kit.moment(source.asked_at)}"
    if source.failing_since is None:
        return asked
    reason = escaped(kit.shortened(source.reason, MOST_REASON_LENGTH))
    if not source.is_failing:
        return f"{asked}, without an answer: {reason}"
    return f"{asked}; ⚠ failing since {kit.moment(source.failing_since)}: {reason}"


def failing(state: MetricState) -> str:
    """What a list says of a metric whose source fails; empty for all others."""
    return "⚠ source fails" if state.source is not None and state.source.is_failing else ""


def failing_source(news: FailingSource) -> Message:
    """What the owner of a metric is told, once."""
    scorecard, metric = news.snapshot.scorecard, news.state.metric
    until = (
        "The last value stays, and goes stale in its time. The source is asked again by itself; "
        "you hear of it again only after it has worked."
    )
    fails = f"The source of {bold(metric.name)} in {bold(scorecard.name)} fails."
    lines = [fails, source_line(news.state), until]
    details = kit.button("Details", Action.SHOW_METRIC, about(scorecard.key, metric.key))
    buttons = kit.actions(source_button(scorecard.key, metric.key), details)
    return Message(kit.in_words(lines), (*kit.sections(lines), buttons))


def source_button(scorecard: str, metric: str) -> Block:
    """Opens the form of a metric's source."""
    name = part_name(PartKind.METRIC, metric)
    return kit.button("Source", Action.OPEN_SOURCE_FORM, about(scorecard, name))

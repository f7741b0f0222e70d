"""A snapshot as text for a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.domain.access import Token
from app.domain.metrics import Reading
from app.domain.outcomes import MetricHistory
from app.domain.scorecards import MetricState, Scorecard, Snapshot
from app.domain.sources import Source, SourceState
from app.domain.values import format_bar, format_share


def scorecard_text(snapshot: Snapshot) -> RenderableType:
    """The scorecard: a line a metric, the milestones that are open, the roadmap."""
    scorecard = snapshot.scorecard
    title = Text.assemble((_safe(scorecard.name), "bold"), f" ({scorecard.key})")
    stand = [f"{snapshot.at_target} of {len(snapshot.judged)} at target"]
    if snapshot.progress is not None:
        stand.append(f"{format_share(snapshot.progress)} of the way")
    return Group(
        title,
        Text(_safe(scorecard.goal)),
        Text(", ".join(stand)),
        Text(),
        _metrics_table(snapshot),
        Text(),
        _milestones_table(scorecard),
        Text(),
        _phases_table(snapshot),
    )


def metric_text(history: MetricHistory) -> RenderableType:
    """One metric with its drivers, the milestones that moved it and its last readings."""
    state, scorecard = history.state, history.snapshot.scorecard
    metric = state.metric
    baseline = f"{metric.shown(metric.baseline.value)} ({metric.baseline.label})"
    forecast = history.prospect.in_words(scorecard.zone)
    facts = [
        ("Current", _current(state)),
        ("Target", metric.shown_target),
        ("Baseline", baseline),
        ("Way closed", _way(state)),
        ("Status", f"{state.standing}: {state.verdict.reason}"),
        *([("Source", _source(state, state.metric.source))] if state.metric.source else []),
        *([("Forecast", forecast)] if forecast else []),
        *(
            ("Driver", _driver(scorecard, driver.work_stream, driver.focus))
            for driver in metric.drivers
        ),
        *(
            ("Moved by", _moved(history, tied.effect.after))
            for tied in history.milestones
            if tied.effect is not None
        ),
    ]
    table = Table.grid(padding=(0, 2))
    for name, fact in facts:
        table.add_row(Text(name, "dim"), Text(_safe(fact)))
    readings = _table("At", "Reading", "By", "Note")
    for reading in history.readings:
        readings.add_row(
            f"{reading.at.astimezone(scorecard.zone):%Y-%m-%d %H:%M}",
            Text(metric.shown(reading.value)),
            Text(_safe(reading.reported_by)),
            Text(_safe(reading.note)),
        )
    return Group(Text(_safe(metric.name), "bold"), table, Text(), readings)


def _source(state: MetricState, source: Source) -> str:
    return f"{source.words}; {(state.source or SourceState()).words}"


def tokens_text(tokens: Sequence[Token]) -> RenderableType:
    """The tokens, a line each."""
    table = _table("Id", "Name", "May", "Scorecards", "Made by", "Last use")
    for token in tokens:
        used = token.last_used_at
        table.add_row(
            str(token.id),
            Text(_safe(token.name)),
            "read and write" if token.writes else "read",
            ", ".join(token.scorecards),
            Text(_safe(token.made_by)),
            f"{used:%Y-%m-%d %H:%M} UTC" if used else "never",
        )
    return table


def sources_text(snapshots: Sequence[Snapshot]) -> RenderableType:
    """The metrics that a source feeds, a line each."""
    table = _table("Metric", "Source", "Last asked", "How it goes")
    for snapshot in snapshots:
        for state in snapshot.metrics:
            if state.metric.source is not None:
                source = state.source or SourceState()
                table.add_row(
                    Text(_safe(f"{snapshot.scorecard.key}: {state.metric.name}")),
                    state.metric.source.words,
                    f"{source.asked_at:%Y-%m-%d %H:%M} UTC" if source.asked_at else "never",
                    Text(_safe(source.words)),
                )
    return table


def _metrics_table(snapshot: Snapshot) -> Table:
    table = _table("Metric", "Current", "Target", "Way closed", "Status")
    for state in snapshot.metrics:
        metric = state.metric
        table.add_row(
            Text.assemble(_safe(metric.name), (f"\n{metric.key}", "dim")),
            Text(_current(state)),
            metric.shown_target,
            _way(state),
            state.standing,
        )
    return table


def _milestones_table(scorecard: Scorecard) -> Table:
    table = _table("Milestone", "Status", "Shipped or due")
    for milestone in scorecard.milestones:
        day = milestone.shipped_on or milestone.due_on
        table.add_row(Text(_safe(milestone.title)), milestone.status.words, str(day or ""))
    return table


def _phases_table(snapshot: Snapshot) -> Table:
    table = _table("Phase", "Window", "Status", "Waits for")
    for outlook in snapshot.phases:
        table.add_row(
            Text(_safe(outlook.phase.name)),
            outlook.phase.window.text,
            outlook.status.words,
            Text(_safe(", ".join(blocker.name for blocker in outlook.blocked_by))),
        )
    return table


_KEPT_WHOLE = frozenset({"Metric", "Current", "Target", "Way closed", "Status", "Window"})


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in headings:
        table.add_column(heading, no_wrap=heading in _KEPT_WHOLE)
    return table


def _current(state: MetricState) -> str:
    return state.metric.shown(state.current.value) if state.current else "no reading"


def _way(state: MetricState) -> str:
    if state.metric.way is None:
        return "–"
    if state.progress is None:
        return "no reading"
    return f"{format_bar(state.progress)} {format_share(state.progress)}"


def _driver(scorecard: Scorecard, work_stream: str, focus: str) -> str:
    name = scorecard.streams_by_key[work_stream].name
    return f"{name}: {focus}" if focus else name


def _moved(history: MetricHistory, reading: Reading) -> str:
    milestone = history.snapshot.scorecard.milestones_by_key[reading.milestone or ""]
    return f"{milestone.title}, to {history.state.metric.shown(reading.value)}"


def _safe(text: str) -> str:
    """Text without the characters that would steer a terminal."""
    return "".join(sign for sign in text if sign.isprintable())

"""What the tools give, as Markdown for people. Figures are worded as on the progress page."""

from collections.abc import Iterator, Sequence

from app.domain import wording
from app.domain.metrics import Metric, Reading
from app.domain.milestones import Effect
from app.domain.outcomes import (
    MetricHistory,
    MilestoneEntry,
    MilestoneList,
    Recorded,
    ShippedNews,
)
from app.domain.scorecards import Scorecard, Snapshot
from app.pages.content import MetricRow, PhaseItem, around, headline_of, when
from app.pages.markdown import details, driver, escaped, head, listed, metrics_table, phases_table

AS_DAY_AND_TIME = "%Y-%m-%d %H:%M"


def scorecards_text(snapshots: Sequence[Snapshot]) -> str:
    if not snapshots:
        return "This token reaches no scorecard."
    return listed(
        f"**{escaped(each.scorecard.name)}** (`{each.scorecard.key}`), {wording.headline(each)}: "
        f"{escaped(each.scorecard.goal)}"
        for each in snapshots
    )


def scorecard_text(snapshot: Snapshot, rows: Sequence[MetricRow]) -> str:
    """The head of a scorecard and some of its metrics."""
    return "\n\n".join([head(headline_of(snapshot)), metrics_table(rows), *map(details, rows)])


def metric_text(history: MetricHistory, row: MetricRow) -> str:
    """A metric: where it stands and why, what drives it, what was around it, its last readings."""
    metric = history.state.metric
    facts = [
        ("Current", f"{row.current} ({row.read_on})" if row.read_on else row.current),
        ("Start", f"{row.start} ({row.start_label})"),
        ("Target", f"{row.target} {row.target_on}".rstrip()),
        ("Way closed", row.way),
        ("Movement", row.movement),
        ("Status", f"{row.standing}: {history.state.verdict.reason}"),
        ("Pace", row.pace),
        ("Forecast", row.forecast),
    ]
    lines = [f"{name}: {escaped(fact)}" for name, fact in facts if fact]
    drivers = [f"Driver: {driver(*each)}" for each in row.drivers]
    parts = [
        f"# {escaped(metric.name)}",
        listed([*lines, *(drivers or ["No work stream drives it yet."])]),
        *_section("Milestones on its line", _on_line(history)),
        *_section("Last readings", readings_lines(history.snapshot, metric, history.readings)),
    ]
    return "\n\n".join(parts)


def readings_text(snapshot: Snapshot, metric: Metric, readings: Sequence[Reading]) -> str:
    lines = list(readings_lines(snapshot, metric, readings))
    return listed(lines) if lines else f"{escaped(metric.name)} has no reading."


def readings_lines(
    snapshot: Snapshot, metric: Metric, readings: Sequence[Reading]
) -> Iterator[str]:
    """Each in the scorecard's zone: `2026-03-16 09:30: ~12 by U1: after the fix`."""
    for reading in readings:
        at = reading.at.astimezone(snapshot.scorecard.zone)
        note = f": {escaped(reading.note)}" if reading.note else ""
        by = escaped(reading.reported_by)
        yield f"{at:{AS_DAY_AND_TIME}}: {escaped(metric.shown(reading.value))} by {by}{note}"


def milestones_text(found: MilestoneList, entries: Sequence[MilestoneEntry]) -> str:
    if not entries:
        return "There is no such milestone."
    return listed(_milestone(found.snapshot, entry) for entry in entries)


def roadmap_text(standing: str, phases: Sequence[PhaseItem]) -> str:
    return f"{escaped(standing)}\n\n{phases_table(phases)}" if phases else "There is no phase yet."


def recorded_text(recorded: Recorded) -> str:
    """`**Rollbacks**: ~12 → ~9, ~−3. Status on track: …`."""
    state, reading = recorded.state, recorded.reading
    before = recorded.before.value if recorded.before else state.metric.baseline.value
    told = wording.before_and_after(state.metric, before, reading.value)
    later = state.current is not None and state.current.at > reading.at
    return (
        f"**{escaped(state.metric.name)}**: {escaped(told)}. "
        f"Status {state.standing}: {escaped(state.verdict.reason)}."
        f"{' A later reading is current.' if later else ''}"
    )


def logged_text(news: ShippedNews) -> str:
    """What was logged, what it moved, and which phases wait for nothing any more."""
    milestone = news.shipped.milestone
    what = "has shipped" if milestone.is_shipped else f"is {milestone.status.words}"
    free = ", ".join(escaped(outlook.phase.name) for outlook in news.unblocked)
    parts = [
        f"**{escaped(milestone.title)}** (`{milestone.key}`) {what}.",
        *(f"{_moved(effect)}." for effect in news.shipped.effects),
        f"Ready now: {free}." if free else "",
        "It is announced in the scorecard's channel." if news.delivery is not None else "",
    ]
    return " ".join(filter(None, parts))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    known = list(lines)
    if known:
        yield f"## {title}"
        yield listed(known)


def _on_line(history: MetricHistory) -> Iterator[str]:
    for tied in history.milestones:
        told = around(history.state.metric, tied)
        day = when(tied.milestone)
        yield " ".join(filter(None, [day, f"**{escaped(tied.milestone.title)}**", escaped(told)]))


def _milestone(snapshot: Snapshot, entry: MilestoneEntry) -> str:
    milestone, scorecard = entry.milestone, snapshot.scorecard
    day = when(milestone)
    facts = [
        milestone.status.words,
        day,
        "late" if milestone.is_late(snapshot.today) else "",
        *_streams(scorecard, milestone.work_streams),
        *map(_moved, entry.effects),
    ]
    told = " · ".join(filter(None, facts))
    return f"**{escaped(milestone.title)}** (`{milestone.key}`): {told}"


def _streams(scorecard: Scorecard, keys: Sequence[str]) -> list[str]:
    return [escaped(name) for name in scorecard.stream_names(keys)]


def _moved(effect: Effect) -> str:
    """`Rollbacks ~12 → ~9, ~−3`."""
    told = wording.before_and_after(effect.metric, effect.before, effect.after.value)
    return f"{escaped(effect.metric.name)} {escaped(told)}"

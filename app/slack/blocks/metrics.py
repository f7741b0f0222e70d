"""The screen of one metric, and the answer to an update of it."""

from app.domain.associations import Association
from app.domain.edits import PartKind
from app.domain.filters import Filters
from app.domain.metrics import Metric, Reading, progress
from app.domain.outcomes import MetricHistory, Recorded, Undone
from app.domain.scorecards import MetricState, Scorecard
from app.domain.trajectories import Point
from app.slack.blocks import figures, filters, kit, pictures
from app.slack.blocks.associations import moved_around
from app.slack.blocks.kit import Block, Message, bold, escaped, person
from app.slack.blocks.part_names import edit_button
from app.slack.blocks.sources import source_button, source_fact, source_line
from app.slack.ids import Action, about

MOST_NOTE_LENGTH = 150
MOST_MILESTONES = 10


def metric_screen(
    history: MetricHistory,
    *,
    can_share: bool = False,
    can_edit: bool = False,
    picture: Block | None = None,
) -> Message:
    """One metric: where it stands, what drives it, what moved it, and its last readings.

    Natively it has a chart too, if the history comes with the trajectory.
    """
    state, scorecard = history.state, history.snapshot.scorecard
    metric = state.metric
    subject = about(scorecard.key, metric.key)
    share = kit.button("Share in the channel", Action.SHARE_METRIC, subject)
    edit = edit_button(scorecard.key, PartKind.METRIC, metric.key)
    above = [kit.header(metric.name), kit.fields(*_facts(state, history))]
    below = [
        *_listed("Drivers", _drivers(metric, scorecard)),
        *_listed("Milestones on its line", _milestones(history)),
        *_listed("Last readings", [_reading_line(metric, r) for r in history.readings]),
        kit.actions(
            kit.button("Update", Action.UPDATE, subject),
            kit.button("Whole scorecard", Action.SHOW_PAGE, about(scorecard.key, "0")),
            kit.button("Log a milestone", Action.SHIP, subject),
            kit.button(
                "Its milestones",
                Action.SHOW_MILESTONES,
                filters.place(scorecard.key, "0", Filters(metric=metric.key)),
            ),
            kit.button(
                "Its history",
                Action.SHOW_HISTORY,
                filters.place(scorecard.key, "newest", Filters(metric=metric.key)),
            ),
            *([edit, source_button(scorecard.key, metric.key)] if can_edit else []),
            *([share] if can_share else []),
        ),
        kit.context(f"New value: {escaped(f'/kpi update {metric.key} VALUE NOTE')}"),
    ]
    chart = pictures.trajectory_chart(history)
    return Message(
        _in_words(history),
        (*above, *below),
        native=(*above, *chart, *below) if chart else (),
        pictured=(*above, picture, *below) if picture else (),
    )


def metric_chart(history: MetricHistory, picture: Block | None = None) -> Message | None:
    """The chart of a metric by itself, in classic blocks as bars; nothing without a reading."""
    chart = pictures.trajectory_chart(history)
    if not chart:
        return None
    metric = history.state.metric
    title = f"{bold(metric.name)} so far"
    lines = [_point_line(metric, day, point) for day, point in pictures.by_day(history).items()]
    return Message(
        kit.in_words([f"{escaped(metric.name)} so far:", *lines]),
        tuple(kit.sections([title, *lines])),
        native=tuple(chart),
        pictured=(picture,) if picture else (),
    )


def _facts(state: MetricState, history: MetricHistory) -> list[str]:
    metric = state.metric
    baseline = escaped(f"{metric.shown(metric.baseline.value)} ({metric.baseline.label})")
    target_on = f", by {kit.calendar_day(metric.target_on)}" if metric.target_on else ""
    aim = "Target" if metric.way is not None else "Limit"
    facts = {
        "Current": figures.current(state),
        aim: f"{escaped(metric.shown_target)}{target_on}" if metric.has_target else "",
        "Baseline": baseline,
        "Way closed": figures.way(state),
        "Movement": figures.judged_movement(state, history.snapshot.since, history.prospect),
        "Status": f"{figures.status(state)}: {escaped(state.verdict.reason)}",
        "Forecast": escaped(history.prospect.in_words(history.snapshot.scorecard.zone)),
        "Owner": person(metric.owner) if metric.owner else "",
        "Source": source_fact(state),
    }
    return [f"*{name}*\n{fact}" for name, fact in facts.items() if fact]


def _listed(title: str, lines: list[str]) -> list[Block]:
    return kit.sections([f"*{title}*", *lines]) if lines else []


def _drivers(metric: Metric, scorecard: Scorecard) -> list[str]:
    if not metric.drivers:
        return ["No work stream drives it yet."]
    return [
        f"• {bold(scorecard.streams_by_key[driver.work_stream].name)}"
        + (f": {escaped(driver.focus)}" if driver.focus else "")
        for driver in metric.drivers
    ]


def _milestones(history: MetricHistory) -> list[str]:
    metric = history.state.metric
    shown = history.milestones[:MOST_MILESTONES]
    hidden = len(history.milestones) - len(shown)
    lines = [_association_line(metric, each) for each in shown]
    return [*lines, *([f"… and {hidden} earlier ones"] if hidden else [])]


def _association_line(metric: Metric, tied: Association) -> str:
    """`• 9 Mar 2026 *PDE step 2c*: ~12 → ~9; −4 in 4 weeks before, −12 in 3 weeks after`."""
    on = tied.milestone.shipped_on
    day = f"{on.day} {on:%b %Y} " if on else ""
    told = moved_around(metric, tied)
    return f"• {day}{bold(tied.milestone.title)}{f': {told}' if told else ''}"


def _reading_line(metric: Metric, reading: Reading) -> str:
    note = f": {escaped(kit.shortened(reading.note, MOST_NOTE_LENGTH))}" if reading.note else ""
    value = escaped(metric.shown(reading.value))
    return f"• {kit.day(reading.at)}  {value}  by {person(reading.reported_by)}{note}"


def _point_line(metric: Metric, day: str, point: Point) -> str:
    way = figures.bar(metric, progress(metric, point.value))
    return f"• {day}  {escaped(metric.shown(point.value))}  {way}".rstrip()


def _in_words(history: MetricHistory) -> str:
    state = history.state
    metric = state.metric
    lines = [
        figures.in_a_row(
            f"{escaped(metric.name)}: {figures.current(state)}",
            figures.target(state),
            figures.way_in_words(state),
            f"{state.standing} ({escaped(state.verdict.reason)})",
        ),
        *filter(None, [source_line(state)]),
        *_drivers(metric, history.snapshot.scorecard),
        *_milestones(history),
        *(_reading_line(metric, reading) for reading in history.readings),
    ]
    return kit.in_words(lines)


def recorded_reply(recorded: Recorded) -> Message:
    """The answer to an update, with the way back."""
    state = recorded.state
    metric = state.metric
    change = recorded_change(recorded)
    note = [escaped(recorded.reading.note)] if recorded.reading.note else []
    lines = [
        f"{bold(metric.name)}  {change}",
        figures.beside(figures.way(state), figures.status(state)),
        *note,
    ]
    undo = kit.button("Undo", Action.UNDO, str(recorded.change))
    return Message(
        kit.in_words([f"{escaped(metric.name)} recorded: {change}", *note]),
        (
            *kit.sections(lines),
            kit.actions(undo, kit.button("Details", Action.SHOW_METRIC, metric.key)),
        ),
    )


def recorded_change(recorded: Recorded) -> str:
    """`~12 → ~9, ~−3`."""
    metric = recorded.state.metric
    before = recorded.before.value if recorded.before else metric.baseline.value
    return figures.before_and_after(metric, before, recorded.reading.value)


def undone_reply(undone: Undone) -> Message:
    """What stands where the update stood, once it is taken back; and the way back from that."""
    metric = undone.metric
    now = metric.shown(undone.current.value) if undone.current else "without a reading"
    what = "Counts again" if undone.counts else "Taken back"
    told = (
        f"{what}: {escaped(metric.shown(undone.value))} for {bold(metric.name)}. "
        f"It is {escaped(now)} again."
    )
    undo = kit.button("Undo this", Action.UNDO, str(undone.change))
    details = kit.button("Details", Action.SHOW_METRIC, about(undone.scorecard, metric.key))
    history = kit.button("History", Action.SHOW_HISTORY, about(undone.scorecard, "newest"))
    return Message(told, (kit.section(told), kit.actions(undo, details, history)))

"""The forms of a metric, a work stream and a phase, for a new one and for one there is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.domain import names
from app.domain.edits import PartKind
from app.domain.metrics import FRESH_DAYS, Driver, Metric, MetricKind, days_words
from app.domain.milestones import MilestoneStatus
from app.domain.roadmap import Phase, PhaseState
from app.domain.scorecards import Scorecard, Snapshot
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestones import stream_options
from app.slack.blocks.part_names import part_name, read_part
from app.slack.blocks.parts import need_names
from app.slack.blocks.setup_fields import changed_meanwhile
from app.slack.ids import Action, Field, Form, focus_field

MOST_DRIVERS = 40
"""Work streams in one form, each with its focus, so that it fits Slack's limits."""
MOST_VALUE_LENGTH = 40
MOST_FRESH_DAYS = 9_999

_FORMS: Mapping[PartKind, str] = {
    PartKind.METRIC: Form.METRIC,
    PartKind.WORK_STREAM: Form.WORK_STREAM,
    PartKind.PHASE: Form.PHASE,
}
_LABELS = {
    "name": "Name",
    "unit": "Unit",
    "baseline": "Baseline",
    "kind": "What it is to do",
    "target": "Target or limit",
    "target_on": "Target date",
    "owner": "Owner",
    "fresh_days": "Fresh for",
    "drivers": "Work streams",
    "source": "Source",
    "window": "Window",
    "description": "Description",
    "state": "State",
    "done_on": "Done on",
    "needs": "Needs",
}


def part_form(
    snapshot: Snapshot,
    place: FormPlace,
    part: Any = None,
    *,
    theirs: Sequence[str] = (),
    chosen: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The form of the kind of part that `place` names, empty or with the part as it is.

    `theirs` are fields that somebody changed meanwhile, `chosen` are the work streams or
    needs that are chosen in the form by now.
    """
    kind, _ = read_part(place.part)
    return forms.modal(
        f"{'Edit' if part else 'Add'} a {kind.value}",
        _FORMS[kind],
        [
            *changed_meanwhile(_present(snapshot.scorecard, part, theirs)),
            *_FIELDS[kind](snapshot, part, chosen),
        ],
        submit="Save" if part else "Add",
        metadata=place.as_metadata(),
    )


def _name(part: Any) -> Block:
    most = names.MOST_NAME_LENGTH
    text = forms.text_input(Action.INPUT, initial=part.name if part else "", most=most)
    return forms.field(Field.NAME, "Name", text)


# --- a metric ----------------------------------------------------------------


def _metric_fields(
    snapshot: Snapshot, metric: Metric | None, chosen: Sequence[str] | None
) -> list[Block]:
    return [
        _name(metric),
        *_value_fields(snapshot, metric),
        *([] if metric else [_current()]),
        _owner(metric),
        _fresh_days(metric),
        *_driver_fields(snapshot, metric, chosen),
    ]


def _value_fields(snapshot: Snapshot, metric: Metric | None) -> list[Block]:
    start = metric.baseline if metric else None
    has_readings = metric is not None and snapshot.state(metric.key).current is not None
    kept = " Its readings stay as they were recorded." if has_readings else ""
    unit = forms.text_input(
        Action.INPUT, initial=metric.unit if metric else "", most=names.MOST_KEY_LENGTH
    )
    label = forms.text_input(
        Action.INPUT,
        initial=start.label if start else "",
        most=names.MOST_NAME_LENGTH,
        placeholder="Q3 '25",
    )
    return [
        forms.field(Field.UNIT, "Unit", unit, hint=f"Such as % or / day.{kept}", optional=True),
        forms.field(
            Field.BASELINE,
            "Baseline",
            _value_input(str(start.value) if start else ""),
            hint=f"Where it started: 196, ~40 for about, 5+ for at least.{kept}",
        ),
        forms.field(Field.BASELINE_LABEL, "What that time is called", label),
        forms.field(
            Field.BASELINE_ON,
            "Baseline date",
            forms.date_input(Action.INPUT, start.on if start else None),
        ),
        forms.field(
            Field.KIND,
            "What it is to do",
            _kind_input(metric.kind if metric else MetricKind.REACH),
        ),
        forms.field(
            Field.TARGET,
            "Target or limit",
            _value_input(f"{metric.target:f}" if metric and metric.target is not None else ""),
            hint="The exact number to reach, or the limit to keep. None if it is only recorded.",
            optional=True,
        ),
        forms.field(
            Field.TARGET_ON,
            "Target date",
            forms.date_input(Action.INPUT, metric.target_on if metric else None),
            hint="For a target to reach: without one there is no pace to keep.",
            optional=True,
        ),
    ]


def _kind_input(initial: MetricKind) -> Block:
    options = {kind: kit.option(kind.value, kind.words.capitalize()) for kind in MetricKind}
    return {
        "type": "static_select",
        "action_id": Action.INPUT,
        "options": list(options.values()),
        "initial_option": options[initial],
    }


def _value_input(initial: str) -> Block:
    return forms.text_input(Action.INPUT, initial=initial, most=MOST_VALUE_LENGTH)


def _current() -> Block:
    return forms.field(
        Field.CURRENT,
        "Current value",
        _value_input(""),
        hint="Its first reading, true now: 12, ~12, 5+, 78%, 1.2k.",
        optional=True,
    )


def _owner(metric: Metric | None) -> Block:
    """A select of several for one person: what was chosen in it can be taken away again."""
    select: Block = {
        "type": "multi_users_select",
        "action_id": Action.INPUT,
        "max_selected_items": 1,
    }
    if metric and metric.owner:
        select["initial_users"] = [metric.owner]
    return forms.field(
        Field.OWNER,
        "Owner",
        select,
        hint="Hears of it before it goes stale in a digest.",
        optional=True,
    )


def _fresh_days(metric: Metric | None) -> Block:
    number: Block = {
        "type": "number_input",
        "action_id": Action.INPUT,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(MOST_FRESH_DAYS),
        "initial_value": str(metric.fresh_days if metric else FRESH_DAYS),
    }
    return forms.field(
        Field.FRESH_DAYS, "Fresh for so many days", number, hint="After that a reading is stale."
    )


def _driver_fields(
    snapshot: Snapshot, metric: Metric | None, chosen: Sequence[str] | None
) -> list[Block]:
    """The choice of work streams, and for each that is chosen what is left to do there."""
    options = stream_options(snapshot)
    if not options:
        return []
    drivers = metric.drivers[:MOST_DRIVERS] if metric else ()
    focus = {driver.work_stream: driver.focus for driver in drivers}
    streams = list(focus) if chosen is None else chosen
    select = _preset(
        kit.choice(Action.CHOOSE_DRIVERS, options, placeholder="Choose", several=True),
        options,
        streams,
    )
    select["max_selected_items"] = MOST_DRIVERS
    return [
        forms.field(
            Field.DRIVERS, "Work streams that move it", select, optional=True, dispatches=True
        ),
        *(_focus(key, options[key], focus.get(key, "")) for key in streams),
    ]


def _focus(stream: str, name: str, focus: str) -> Block:
    text = forms.text_input(Action.INPUT, initial=focus, most=names.MOST_TEXT_LENGTH)
    return forms.field(focus_field(stream), f"{name}: what is left to do", text, optional=True)


def _preset(select: Block, options: Mapping[str, str], keys: Iterable[str]) -> Block:
    chosen = [kit.option(key, options[key]) for key in keys]
    return {**select, "initial_options": chosen} if chosen else select


# --- a phase -------------------------------------------------------------------


def _phase_fields(
    snapshot: Snapshot, phase: Phase | None, chosen: Sequence[str] | None
) -> list[Block]:
    window = forms.text_input(
        Action.INPUT,
        initial=phase.window.text if phase else "",
        most=names.MOST_KEY_LENGTH,
        placeholder="Q2 2026, Q2–Q3 2026",
    )
    description = forms.text_input(
        Action.INPUT,
        initial=phase.description if phase else "",
        most=names.MOST_TEXT_LENGTH,
        multiline=True,
    )
    return [
        _name(phase),
        forms.field(Field.WINDOW, "Window", window, hint="The quarter or quarters it aims at."),
        forms.field(Field.DESCRIPTION, "Description", description, optional=True),
        _state(phase.state if phase else PhaseState.PLANNED),
        forms.field(
            Field.DONE_ON,
            "Done on",
            forms.date_input(Action.INPUT, phase.done_on if phase else None),
            hint="Counts for what is done.",
            optional=True,
        ),
        *_need_field(snapshot, phase, chosen),
    ]


def _state(state: PhaseState) -> Block:
    options = {each.value: each.value.replace("_", " ").capitalize() for each in PhaseState}
    select = kit.choice(Action.INPUT, options, placeholder="Choose")
    select["initial_option"] = kit.option(state.value, options[state.value])
    return forms.field(
        Field.STATE,
        "State",
        select,
        hint="A planned phase is ready once all that it needs is done.",
    )


def _need_field(
    snapshot: Snapshot, phase: Phase | None, chosen: Sequence[str] | None
) -> list[Block]:
    needed = (
        [part_name(PartKind(need.kind.value), need.key) for need in phase.needs] if phase else []
    )
    options = need_options(snapshot, needed)
    if phase:
        options.pop(part_name(PartKind.PHASE, phase.key), None)
    if not options:
        return []
    select = kit.choice(Action.CHOOSE_NEEDS, options, placeholder="Choose", several=True)
    select = _preset(select, options, needed if chosen is None else chosen)
    return [
        forms.field(
            Field.NEEDS, "Needs", select, hint="What has to be done before it.", optional=True
        )
    ]


def need_options(snapshot: Snapshot, needed: Sequence[str] = ()) -> dict[str, str]:
    """Phases and milestones, each with its kind, by their names such as `phase pde`.

    Milestones that were dropped are left out, unless they are needed.
    """
    scorecard = snapshot.scorecard
    phases = {
        part_name(PartKind.PHASE, phase.key): f"Phase: {phase.name}" for phase in scorecard.phases
    }
    milestones = {
        name: f"Milestone: {milestone.title}"
        for milestone in scorecard.milestones
        if (name := part_name(PartKind.MILESTONE, milestone.key)) in needed
        or milestone.status is not MilestoneStatus.DROPPED
    }
    return phases | milestones


_FIELDS: Mapping[PartKind, Callable[..., list[Block]]] = {
    PartKind.METRIC: _metric_fields,
    PartKind.WORK_STREAM: lambda _, stream, __: [_name(stream)],
    PartKind.PHASE: _phase_fields,
}


# --- what somebody else has changed --------------------------------------------


def _present(scorecard: Scorecard, part: Any, fields: Sequence[str]) -> list[str]:
    """Fields of a part as they are now, in mrkdwn."""
    return [f"*{_LABELS[field]}*: {_said(scorecard, part, field) or 'empty'}" for field in fields]


def _said(scorecard: Scorecard, part: Any, field: str) -> str:
    value = getattr(part, field)
    if value is None:
        return ""
    match field:
        case "owner":
            return kit.person(value)
        case "baseline":
            return escaped(f"{value.value} ({value.label}), ") + kit.calendar_day(value.on)
        case "target_on" | "done_on":
            return kit.calendar_day(value)
        case "fresh_days":
            return days_words(value)
        case "drivers" | "needs":
            is_metric = field == "drivers"
            named = _driven(scorecard, value) if is_metric else need_names(part, scorecard)
            return escaped(kit.shortened(", ".join(named), 1_000))
        case "state":
            return str(value).replace("_", " ")
    return escaped(kit.shortened(f"{value:f}" if field == "target" else str(value), 1_000))


def _driven(scorecard: Scorecard, drivers: Iterable[Driver]) -> Iterable[str]:
    for driver in drivers:
        name = scorecard.streams_by_key[driver.work_stream].name
        yield f"{name}: {driver.focus}" if driver.focus else name

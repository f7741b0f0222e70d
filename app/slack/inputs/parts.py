"""What a person put into the form of a metric, a work stream or a phase, field by field."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain import names
from app.domain.edits import Part, PartKind
from app.domain.errors import BadInput, KpiError
from app.domain.metrics import (
    FRESH_DAYS,
    Baseline,
    Driver,
    Metric,
    MetricKind,
    Reading,
    parse_target,
)
from app.domain.roadmap import Need, NeedKind, Phase, PhaseState, Window, parse_window
from app.domain.scorecards import Scorecard, Snapshot, WorkStream
from app.domain.values import Value, parse_value
from app.services.callers import Caller
from app.slack.blocks.forms import FormState
from app.slack.blocks.part_forms import MOST_DRIVERS, MOST_FRESH_DAYS
from app.slack.blocks.part_names import read_part
from app.slack.ids import Field, focus_field, read_choice
from app.slack.inputs.forms import (
    FieldReader,
    chosen_in,
    day_in,
    field_errors,
    input_in,
    the_choice,
    typed_in,
)

_PLACES = {
    "key": Field.NAME,
    "work stream": Field.DRIVERS,
    "phase": Field.NEEDS,
    "milestone": Field.NEEDS,
}
"""Where a form shows what the domain says about a part."""
_NO_DAY = date(2000, 1, 1)
_NO_WINDOW = Window("", _NO_DAY, _NO_DAY)


def part_errors(error: KpiError, state: FormState) -> dict[str, str]:
    """An error at the field of the form that it is about."""
    error.field = _PLACES.get(error.field or "", error.field)
    return field_errors(error, state)


def chosen_parts(state: FormState, kind: PartKind, scorecard: Scorecard) -> list[str]:
    """The work streams of a metric or the needs of a phase that are chosen and still there."""
    if kind is PartKind.METRIC:
        return [key for key in chosen_in(state, Field.DRIVERS) if key in scorecard.streams_by_key]
    known = {
        PartKind.PHASE: scorecard.phases_by_key,
        PartKind.MILESTONE: scorecard.milestones_by_key,
    }
    chosen = chosen_in(state, Field.NEEDS)
    return [name for name in chosen if _is_known(name, known)]


def _is_known(name: str, known: Mapping[PartKind, Mapping[str, object]]) -> bool:
    kind, key = read_part(name)
    return key in known[kind]


def lacks_focus(state: FormState, scorecard: Scorecard) -> bool:
    """Whether a work stream has no field for its focus yet: who sends a form may be faster."""
    chosen = chosen_parts(state, PartKind.METRIC, scorecard)
    return any(focus_field(stream) not in state for stream in chosen)


def typed_state(state: FormState) -> FormState:
    """What stands in the form but for the choices of parts, which may be others by now."""
    return {
        block: given for block, given in state.items() if block not in {Field.DRIVERS, Field.NEEDS}
    }


def read_part_form(kind: PartKind, state: FormState, snapshot: Snapshot, known: Any) -> Part:
    """The part as the form has it; what the form has no field for stays as it is `known`.

    Raises `FormErrors` with every field that can't be read, and `BadInput` at the field
    for what doesn't fit together.
    """
    reader: Callable[[FormState, Snapshot, Any], Part] = _READERS[kind]
    return reader(state, snapshot, known)


def read_first_reading(state: FormState, metric: Metric, caller: Caller) -> list[Reading]:
    """The current value of a new metric, if one was typed. Raises `FormErrors`."""
    text = typed_in(state, Field.CURRENT)
    if not text:
        return []
    reading = FieldReader()
    value = reading.field(
        Field.CURRENT, lambda: parse_value(text, metric.unit), metric.baseline.value
    )
    reading.refuse_errors()
    return [Reading(0, metric.key, value, caller.now, caller.now, caller.actor.id)]


def _metric(state: FormState, snapshot: Snapshot, known: Metric | None) -> Metric:
    reading = FieldReader()
    unit = typed_in(state, Field.UNIT)
    unit = reading.field(
        Field.UNIT,
        lambda: names.checked_text(unit, names.MOST_KEY_LENGTH, "The unit", needed=False),
        "",
    )
    name = reading.field(Field.NAME, lambda: _name(state), "")
    start = reading.field(
        Field.BASELINE,
        lambda: parse_value(typed_in(state, Field.BASELINE), unit),
        Value(Decimal(0)),
    )
    label = reading.field(Field.BASELINE_LABEL, lambda: _label(state), "")
    on = reading.field(Field.BASELINE_ON, lambda: _baseline_day(state, snapshot.today), _NO_DAY)
    target = reading.field(Field.TARGET, lambda: _target(state, unit), None)
    fresh_days = reading.field(Field.FRESH_DAYS, lambda: _fresh_days(state), FRESH_DAYS)
    nothing: tuple[Driver, ...] = ()
    drivers = reading.field(Field.DRIVERS, lambda: _drivers(state, known), nothing)
    reading.refuse_errors()
    return Metric(
        known.key if known else "",
        name,
        unit,
        Baseline(start, label, on),
        target,
        day_in(state, Field.TARGET_ON),
        next(iter(input_in(state, Field.OWNER).get("selected_users") or ()), None),
        fresh_days,
        drivers,
        the_choice(state, Field.KIND, MetricKind),
        known.source if known else None,
    )


def _target(state: FormState, unit: str) -> Decimal | None:
    text = typed_in(state, Field.TARGET)
    return parse_target(text, unit) if text else None


def _name(state: FormState) -> str:
    return names.checked_text(typed_in(state, Field.NAME), names.MOST_NAME_LENGTH, "The name")


def _label(state: FormState) -> str:
    text = typed_in(state, Field.BASELINE_LABEL)
    return names.checked_text(text, names.MOST_NAME_LENGTH, "What that time is called")


def _baseline_day(state: FormState, today: date) -> date:
    day = day_in(state, Field.BASELINE_ON)
    if day is None:
        raise BadInput("Choose the day on which the baseline was true.")
    if day > today:
        raise BadInput(f"The baseline's day {day} is still to come: it tells where it started.")
    return day


def _fresh_days(state: FormState) -> int:
    text = typed_in(state, Field.FRESH_DAYS)
    days = int(text) if text.isdecimal() else 0
    if not 1 <= days <= MOST_FRESH_DAYS:
        raise BadInput(f"Type a number of days from 1 to {MOST_FRESH_DAYS}, such as 14.")
    return days


def _drivers(state: FormState, known: Metric | None) -> tuple[Driver, ...]:
    beyond = known.drivers[MOST_DRIVERS:] if known else ()
    if Field.DRIVERS not in state:
        return known.drivers if known else ()
    chosen = chosen_in(state, Field.DRIVERS)
    return (
        *(Driver(stream, _focus(state, stream)) for stream in chosen),
        *(driver for driver in beyond if driver.work_stream not in chosen),
    )


def _focus(state: FormState, stream: str) -> str:
    text = typed_in(state, focus_field(stream))
    return names.checked_text(text, names.MOST_TEXT_LENGTH, "The focus", needed=False)


def _work_stream(state: FormState, known: WorkStream | None) -> WorkStream:
    reading = FieldReader()
    name = reading.field(Field.NAME, lambda: _name(state), "")
    reading.refuse_errors()
    return replace(known, name=name) if known else WorkStream("", name)


def _phase(state: FormState, snapshot: Snapshot, known: Phase | None) -> Phase:
    reading = FieldReader()
    name = reading.field(Field.NAME, lambda: _name(state), "")
    window = reading.field(
        Field.WINDOW, lambda: parse_window(typed_in(state, Field.WINDOW)), _NO_WINDOW
    )
    description = typed_in(state, Field.DESCRIPTION)
    description = reading.field(
        Field.DESCRIPTION,
        lambda: names.checked_text(
            description, names.MOST_TEXT_LENGTH, "The description", needed=False
        ),
        "",
    )
    progress = the_choice(state, Field.STATE, PhaseState)
    done_on = reading.field(
        Field.DONE_ON, lambda: _done_on(state, progress, known, snapshot.today), None
    )
    reading.refuse_errors()
    needs = tuple(_need(name) for name in chosen_in(state, Field.NEEDS))
    key = known.key if known else ""
    return Phase(key, name, window, description, progress, done_on, needs)


def _done_on(
    state: FormState, progress: PhaseState, known: Phase | None, today: date
) -> date | None:
    """The day it was done; what was done before without one may stay so."""
    if progress is not PhaseState.DONE:
        return None
    day = day_in(state, Field.DONE_ON)
    if day is None and not (known and known.state is PhaseState.DONE):
        raise BadInput("Choose the day on which it was done.")
    if day is not None and day > today:
        raise BadInput(f"{day} is still to come. Mark it as done once it is.")
    return day


def _need(name: str) -> Need:
    kind, key = read_part(name)
    return Need(read_choice(NeedKind, kind.value), key)


_READERS: Mapping[PartKind, Callable[..., Part]] = {
    PartKind.METRIC: _metric,
    PartKind.WORK_STREAM: lambda state, _, known: _work_stream(state, known),
    PartKind.PHASE: _phase,
}

"""Where a person wants alerts to go, and when they want none."""

from datetime import time

from app.domain.alerts import AlertKind, AlertRules, Place, QuietHours
from app.domain.errors import BadInput
from app.slack.blocks.forms import FormState
from app.slack.ids import Field, QuietAt, alert_field, read_choice
from app.slack.inputs.forms import chosen_in, input_in


def read_alerts_form(state: FormState) -> dict[str, AlertRules]:
    """The form's rules, as the one field of a scorecard that it edits; raises `BadInput` at the
    field of a person or a time that is missing."""
    places = {kind.value: _place(state, kind) for kind in AlertKind}
    quiet = {read_choice(QuietAt, value) for value in chosen_in(state, Field.QUIET)}
    hours = None
    if QuietAt.NIGHT in quiet:
        hours = QuietHours(_time(state, Field.QUIET_FROM), _time(state, Field.QUIET_UNTIL))
    rules = AlertRules(
        **places,
        person=next(iter(input_in(state, Field.PERSON).get("selected_users") or ()), None),
        quiet_hours=hours,
        quiet_weekends=QuietAt.WEEKENDS in quiet,
    )
    return {"alerts": rules}


def _place(state: FormState, kind: AlertKind) -> Place:
    chosen = chosen_in(state, alert_field(kind))
    return read_choice(Place, next(iter(chosen), ""))


def _time(state: FormState, field: Field) -> time:
    at = input_in(state, field).get("selected_time")
    if not at:
        raise BadInput("Choose the time, or untick quiet times above.", field=field)
    return time.fromisoformat(at)

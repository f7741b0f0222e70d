"""Where a scorecard's alerts go and when none goes out: the form, and the same in short."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.alerts import AlertKind, AlertRules, Place, QuietHours
from app.domain.scorecards import Scorecard
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup_fields import changed_meanwhile, time_input
from app.slack.ids import Action, Field, Form, QuietAt, alert_field

ALERT_FIELDS = ("alerts",)
"""The fields of a scorecard that the form edits."""

_QUIET = {
    QuietAt.NIGHT: "Between the times below",
    QuietAt.WEEKENDS: "On Saturdays and Sundays",
}


def alerts_form(
    scorecard: Scorecard,
    channel: str | None,
    seen: Mapping[str, str],
    theirs: Sequence[str] = (),
) -> dict[str, Any]:
    """The form; `seen` are the marks of what it edits, `theirs` what was changed meanwhile."""
    rules = scorecard.alerts
    hours = rules.quiet_hours or QuietHours()
    return forms.modal(
        "Alerts",
        Form.ALERTS,
        [
            *changed_meanwhile([alerts_in_short(rules)] if theirs else ()),
            *(_place_field(kind, rules.place(kind)) for kind in AlertKind),
            _person_field(rules.person),
            _quiet_field(rules),
            forms.field(Field.QUIET_FROM, "Quiet from", time_input(hours.begins)),
            forms.field(
                Field.QUIET_UNTIL,
                "Quiet until",
                time_input(hours.ends),
                hint=f"By the clock in {scorecard.zone.key}. What still holds is told afterwards.",
            ),
        ],
        submit="Save",
        metadata=FormPlace(scorecard.key, channel, seen=seen).as_metadata(),
    )


def _place_field(kind: AlertKind, chosen: Place) -> Block:
    options = {place: kit.option(place, place.words.capitalize()) for place in Place}
    select: Block = {
        "type": "static_select",
        "action_id": Action.INPUT,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    label = f"{kind.words[0].upper()}{kind.words[1:]}"
    return forms.field(alert_field(kind), label, select)


def _person_field(person: str | None) -> Block:
    # One that is chosen among several can be taken out again.
    select: Block = {
        "type": "multi_users_select",
        "action_id": Action.INPUT,
        "max_selected_items": 1,
    }
    if person is not None:
        select["initial_users"] = [person]
    hint = "Who may not see the scorecard isn't alerted of it."
    return forms.field(Field.PERSON, "Person", select, hint=hint, optional=True)


def _quiet_field(rules: AlertRules) -> Block:
    options = {each: kit.option(each, label) for each, label in _QUIET.items()}
    chosen = {QuietAt.NIGHT: rules.quiet_hours is not None, QuietAt.WEEKENDS: rules.quiet_weekends}
    element: Block = {
        "type": "checkboxes",
        "action_id": Action.INPUT,
        "options": list(options.values()),
    }
    initial = [options[each] for each, is_chosen in chosen.items() if is_chosen]
    if initial:
        element["initial_options"] = initial
    return forms.field(Field.QUIET, "No alerts", element, optional=True)


def alerts_in_short(rules: AlertRules) -> str:
    """Where each kind goes that goes anywhere, and when none goes out, in mrkdwn."""
    sent = [kind for kind in AlertKind if rules.place(kind) is not Place.NOWHERE]
    if not sent:
        return "None are sent."
    lines = [f"{kind.words.capitalize()}: {_place(rules, kind)}" for kind in sent]
    quiet = [str(rules.quiet_hours)] if rules.quiet_hours else []
    quiet += ["at weekends"] if rules.quiet_weekends else []
    return "\n".join([*lines, *([f"Quiet {' and '.join(quiet)}"] if quiet else [])])


def _place(rules: AlertRules, kind: AlertKind) -> str:
    place = rules.place(kind)
    if place is Place.PERSON and rules.person is not None:
        return f"{kit.person(rules.person)}, directly"
    return place.words

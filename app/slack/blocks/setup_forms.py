"""The forms of what belongs to a scorecard itself: its goal and its digest."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import names
from app.domain.scorecards import WEEKDAYS, Scorecard
from app.domain.statuses import Thresholds
from app.domain.tickets import MOST_ADDRESS_LENGTH
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup_fields import (
    changed_meanwhile,
    home_input,
    time_input,
    weekday_input,
    zone_input,
)
from app.slack.ids import Action, Field, Form, SendTest

GOAL_FIELDS = ("name", "goal", "possibilities", "thresholds", "ticket_address")
SCHEDULE_FIELDS = ("channel", "digest", "zone")
"""The fields of a scorecard that each form edits."""
MOST_SHOWN_LENGTH = 500

_NAMES = {
    "name": "Name",
    "goal": "Goal",
    "possibilities": "What becomes possible",
    "thresholds": "Status",
    "ticket_address": "Ticket address",
    "channel": "Home channel",
    "digest": "Digest",
    "zone": "Time zone",
}
_TEST_POSTS = {
    SendTest.IF_NEW: "If the channel is another one",
    SendTest.ALWAYS: "Yes",
    SendTest.NEVER: "No",
}


def goal_form(
    scorecard: Scorecard,
    channel: str | None,
    seen: Mapping[str, str],
    theirs: Sequence[str] = (),
) -> dict[str, Any]:
    """The form with a scorecard's name and goal; `theirs` are fields that were changed meanwhile.

    `seen` are the marks of the fields, by which a later change is noticed.
    """
    return forms.modal(
        "Name and goal",
        Form.SETUP_GOAL,
        [
            *changed_meanwhile(_shown(scorecard, theirs)),
            *goal_fields(scorecard.name, scorecard.goal, scorecard.possibilities),
            *_threshold_fields(scorecard.thresholds),
            _ticket_field(scorecard.ticket_address),
        ],
        submit="Save",
        metadata=FormPlace(scorecard.key, channel, seen=seen).as_metadata(),
    )


def goal_fields(name: str = "", goal: str = "", possibilities: Sequence[str] = ()) -> list[Block]:
    """Name, goal and what becomes possible, unless that is longer than a field holds."""
    possible = "\n".join(possibilities)
    longest = kit.MOST_SECTION_LENGTH
    lines = forms.text_input(Action.INPUT, initial=possible, most=longest, multiline=True)
    fields = [
        name_field(name),
        forms.field(
            Field.GOAL,
            "Goal",
            forms.text_input(
                Action.INPUT, initial=goal, most=names.MOST_TEXT_LENGTH, multiline=True
            ),
            hint="The structural problem that is fixed once every metric is at its target.",
        ),
        forms.field(
            Field.POSSIBILITIES,
            "What becomes possible",
            lines,
            hint="One a line: what the team can do once the goal is met.",
            optional=True,
        ),
    ]
    return fields if len(possible) <= longest else fields[:-1]


def _threshold_fields(thresholds: Thresholds) -> list[Block]:
    """From how many percent of the expected way on a metric is on track, and at risk."""
    return [
        forms.field(
            Field.ON_TRACK_FROM,
            "On track from (%)",
            _percent_input(thresholds.on_track_from),
            hint="How much of the way that is expected by now a metric has to have closed.",
        ),
        forms.field(
            Field.AT_RISK_FROM,
            "At risk from (%)",
            _percent_input(thresholds.at_risk_from),
            hint="With less than this it is off track.",
        ),
    ]


def _ticket_field(initial: str) -> Block:
    text = forms.text_input(
        Action.INPUT,
        initial=initial,
        most=MOST_ADDRESS_LENGTH,
        placeholder="https://tickets.example.com/browse/{key}",
    )
    hint = "Makes links of the tickets of milestones: {key} stands for a ticket's key."
    return forms.field(Field.TICKET_ADDRESS, "Ticket address", text, hint=hint, optional=True)


def _percent_input(initial: int) -> Block:
    return {
        "type": "number_input",
        "action_id": Action.INPUT,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "100",
        "initial_value": str(initial),
    }


def name_field(initial: str = "") -> Block:
    text = forms.text_input(
        Action.INPUT, initial=initial, most=names.MOST_NAME_LENGTH, placeholder="Billing Platform"
    )
    return forms.field(Field.NAME, "Name", text)


def schedule_form(
    scorecard: Scorecard,
    channel: str | None,
    seen: Mapping[str, str],
    theirs: Sequence[str] = (),
) -> dict[str, Any]:
    """The form with when and where the weekly digest goes out; otherwise as `goal_form`."""
    return forms.modal(
        "Digest",
        Form.SETUP_SCHEDULE,
        [
            *changed_meanwhile(_shown(scorecard, theirs)),
            home_field(scorecard.channel, hint="The digest is posted here."),
            *schedule_fields(scorecard),
            _test_post_field(),
        ],
        submit="Save",
        metadata=FormPlace(scorecard.key, channel, seen=seen).as_metadata(),
    )


def home_field(initial: str | None, *, hint: str = "") -> Block:
    return forms.field(Field.CHANNEL, "Home channel", home_input(initial), hint=hint)


def schedule_fields(scorecard: Scorecard) -> list[Block]:
    """Day, time and zone of the digest."""
    schedule = scorecard.digest
    return [
        forms.field(Field.DAY, "Day", weekday_input(schedule.weekday)),
        forms.field(Field.TIME, "Time", time_input(schedule.at)),
        forms.field(
            Field.ZONE,
            "Time zone",
            zone_input(scorecard.zone.key),
            hint="Type a city to find yours. The days of all dates are those of this zone too.",
        ),
    ]


def _test_post_field() -> Block:
    options = [kit.option(value, label) for value, label in _TEST_POSTS.items()]
    radio: Block = {
        "type": "radio_buttons",
        "action_id": Action.INPUT,
        "options": options,
        "initial_option": options[0],
    }
    hint = "It tells at once whether the bot can post there. If it can't, nothing is saved."
    return forms.field(Field.TEST_POST, "Send a test post", radio, hint=hint)


def _shown(scorecard: Scorecard, fields: Sequence[str]) -> list[str]:
    """How fields stand, in mrkdwn."""
    schedule = scorecard.digest
    present = {
        "name": scorecard.name,
        "goal": scorecard.goal,
        "possibilities": ", ".join(scorecard.possibilities),
        "digest": f"{WEEKDAYS[schedule.weekday]} {schedule.at:%H:%M}",
        "zone": scorecard.zone.key,
        "ticket_address": scorecard.ticket_address,
        "thresholds": (
            f"on track from {scorecard.thresholds.on_track_from}%, "
            f"at risk from {scorecard.thresholds.at_risk_from}%"
        ),
    }
    said = {name: escaped(kit.shortened(text, MOST_SHOWN_LENGTH)) for name, text in present.items()}
    said["channel"] = kit.channel(scorecard.channel) if scorecard.channel else ""
    return [f"*{_NAMES[field]}*: {said[field] or 'empty'}" for field in fields]

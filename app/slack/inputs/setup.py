"""What a person put into the forms of the set-up, read field by field."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from app.domain import names
from app.domain.errors import BadInput
from app.domain.scorecards import DigestSchedule
from app.domain.statuses import Thresholds
from app.domain.tickets import checked_ticket_address
from app.slack.blocks.forms import FormState
from app.slack.blocks.kit import ZERO_WIDTH_SPACE
from app.slack.ids import Field, OutOfDate, SendTest, read_number
from app.slack.inputs.forms import FieldReader

UTC = ZoneInfo("UTC")


def read_goal_form(state: FormState) -> dict[str, Any]:
    """What the form of name and goal edits, as a scorecard has it. Raises `FormErrors`.

    What the form has no field for stays as it is.
    """
    reading = FieldReader()
    fields = _goal(reading, state)
    if Field.TICKET_ADDRESS in state:
        fields["ticket_address"] = reading.field(
            Field.TICKET_ADDRESS,
            lambda: checked_ticket_address(_typed(state, Field.TICKET_ADDRESS)),
            "",
        )
    fields["thresholds"] = _thresholds(reading, state)
    reading.refuse_errors()
    return fields


def read_schedule_form(state: FormState) -> dict[str, Any]:
    """Home channel, digest and zone as a scorecard has them. Raises `FormErrors`."""
    reading = FieldReader()
    fields = _schedule(reading, state)
    reading.refuse_errors()
    return fields


def read_new_form(state: FormState) -> dict[str, Any]:
    """All that a scorecard is before it has any part. Raises `FormErrors`."""
    reading = FieldReader()
    fields = _goal(reading, state) | _schedule(reading, state)
    reading.refuse_errors()
    return fields


def read_example_form(state: FormState) -> dict[str, Any]:
    """Name, home channel and zone, for all else is the example's. Raises `FormErrors`."""
    reading = FieldReader()
    fields = {
        "name": reading.field(Field.NAME, lambda: _name(state), ""),
        "channel": reading.field(Field.CHANNEL, lambda: read_home(state), ""),
        "zone": reading.field(Field.ZONE, lambda: _zone(state), UTC),
    }
    reading.refuse_errors()
    return fields


def _goal(reading: FieldReader, state: FormState) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": reading.field(Field.NAME, lambda: _name(state), ""),
        "goal": reading.field(
            Field.GOAL,
            lambda: names.checked_text(
                _typed(state, Field.GOAL), names.MOST_TEXT_LENGTH, "The goal"
            ),
            "",
        ),
    }
    if Field.POSSIBILITIES in state:
        nothing: tuple[str, ...] = ()
        fields["possibilities"] = reading.field(
            Field.POSSIBILITIES, lambda: _lines(state, Field.POSSIBILITIES), nothing
        )
    return fields


def _thresholds(reading: FieldReader, state: FormState) -> Thresholds:
    usual = Thresholds()
    on_track_from = reading.field(
        Field.ON_TRACK_FROM, lambda: _percent(state, Field.ON_TRACK_FROM), usual.on_track_from
    )
    at_risk_from = reading.field(
        Field.AT_RISK_FROM, lambda: _percent(state, Field.AT_RISK_FROM), usual.at_risk_from
    )
    reading.refuse_errors()
    return Thresholds(on_track_from, at_risk_from)


def _percent(state: FormState, field: Field) -> int:
    text = _typed(state, field)
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise BadInput("Type a whole number from 1 to 100, such as 90.")
    return int(text)


def _schedule(reading: FieldReader, state: FormState) -> dict[str, Any]:
    return {
        "channel": reading.field(Field.CHANNEL, lambda: read_home(state), ""),
        "digest": reading.field(Field.TIME, lambda: _digest(state), DigestSchedule()),
        "zone": reading.field(Field.ZONE, lambda: _zone(state), UTC),
    }


def wants_test_post(state: FormState, *, moves: bool) -> bool:
    """Whether a test post has to go out first, in a form that moves the digest or doesn't."""
    wish = (_input(state, Field.TEST_POST).get("selected_option") or {}).get("value")
    return wish == SendTest.ALWAYS or (wish == SendTest.IF_NEW and moves)


def _name(state: FormState) -> str:
    return names.checked_text(_typed(state, Field.NAME), names.MOST_NAME_LENGTH, "The name")


def chosen_file(state: FormState) -> dict[str, Any]:
    """The file object of the one file that was chosen."""
    files: list[dict[str, Any]] = _input(state, Field.FILE)["files"]
    return files[0]


def read_home(state: FormState) -> str:
    channel = _input(state, Field.CHANNEL).get("selected_conversation")
    if not channel:
        raise BadInput("Choose the channel.")
    return str(channel)


def _zone(state: FormState) -> ZoneInfo:
    option = _input(state, Field.ZONE).get("selected_option") or {}
    try:
        return ZoneInfo(option.get("value") or "")
    except (KeyError, ValueError, OSError) as error:
        raise BadInput("Choose the time zone: type a city of it.") from error


def _digest(state: FormState) -> DigestSchedule:
    at = _input(state, Field.TIME).get("selected_time")
    day = (_input(state, Field.DAY).get("selected_option") or {}).get("value")
    if not at or day is None:
        raise BadInput("Choose the day and the time.")
    weekday = read_number(day)
    if weekday > 6:
        raise OutOfDate
    return DigestSchedule(weekday, time.fromisoformat(at))


def _lines(state: FormState, field: Field) -> tuple[str, ...]:
    lines = [line.strip() for line in _typed(state, field).splitlines()]
    return tuple(
        names.checked_text(line, names.MOST_TEXT_LENGTH, "A line") for line in lines if line
    )


def _typed(state: FormState, field: Field) -> str:
    return (_input(state, field).get("value") or "").replace(ZERO_WIDTH_SPACE, "")


def _input(state: FormState, field: Field) -> dict[str, Any]:
    """The one input of a block, whatever its action is called."""
    return dict(next(iter((state.get(field) or {}).values()), {}))

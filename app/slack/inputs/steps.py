"""What a workflow gives to a step, read input by input; every error finds its input.

The inputs and their types are those of `functions` in manifest.yml. A string has at most
4,000 bytes: https://docs.slack.dev/reference/types
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from app.domain import names
from app.domain.errors import BadInput, KpiError, NotFound
from app.domain.scorecards import Scorecard, Snapshot
from app.domain.updates import parse_update
from app.domain.values import Value, parse_value
from app.services.milestones import ShipForm
from app.services.readings import UpdateForm
from app.slack.blocks.kit import ZERO_WIDTH_SPACE
from app.slack.inputs.forms import FieldReader, FormErrors, read_links, read_tickets

Inputs = Mapping[str, Any]


class Input(StrEnum):
    """The names of inputs, by which the services name what is wrong too."""

    CHANNEL = "channel"
    METRIC = "metric"
    VALUE = "value"
    NOTE = "note"
    AT = "at"
    TITLE = "title"
    DETAIL = "detail"
    SHIPPED_ON = "shipped_on"
    WORK_STREAMS = "work_streams"
    LINKS = "links"
    TICKETS = "tickets"
    MOVED = "moved"


TITLES = {
    Input.CHANNEL: "Scorecard's channel",
    Input.METRIC: "Metric",
    Input.VALUE: "New value",
    Input.NOTE: "Note",
    Input.AT: "True at",
    Input.TITLE: "Title",
    Input.DETAIL: "Detail",
    Input.SHIPPED_ON: "Shipped on",
    Input.WORK_STREAMS: "Work streams",
    Input.LINKS: "Links",
    Input.TICKETS: "Tickets",
    Input.MOVED: "Metrics it moved",
}
"""What Workflow Builder calls each input."""

_LINE = "Write one metric a line, with its new value behind it: rollbacks ~9"


def named_by_input(error: KpiError) -> KpiError:
    """What is wrong behind the title of each input, one a line; the error itself if of none."""
    if isinstance(error, FormErrors):
        errors: Mapping[str, str] = error.errors
    elif error.field in set(Input):
        errors = {error.field: error.message}
    else:
        return error
    return BadInput("\n".join(f"{TITLES[Input(name)]}: {text}" for name, text in errors.items()))


def read_reading(inputs: Inputs, snapshot: Snapshot) -> UpdateForm:
    """The inputs of "Record a reading"; raises `FormErrors` with every one that can't be read."""
    reader = FieldReader()
    scorecard = snapshot.scorecard
    metric = reader.field(Input.METRIC, lambda: scorecard.metric(_text(inputs, Input.METRIC)), None)
    values = {}
    if metric is not None:  # without it no unit is known
        typed = _text(inputs, Input.VALUE)
        value = reader.field(Input.VALUE, lambda: parse_value(typed, metric.unit), None)
        values = {metric.key: value} if value is not None else {}
    at = reader.field(Input.AT, lambda: _instant(inputs, snapshot.as_of), None)
    reader.refuse_errors()
    return UpdateForm(values, _text(inputs, Input.NOTE), at)


def read_milestone(inputs: Inputs, snapshot: Snapshot, submission: str) -> ShipForm:
    """The inputs of "Log a milestone"; raises `FormErrors` with every one that can't be read."""
    reader = FieldReader()
    read = reader.field
    scorecard = snapshot.scorecard
    streams = _text(inputs, Input.WORK_STREAMS)
    nothing: Mapping[str, Value] = {}
    form = ShipForm(
        title=read(Input.TITLE, lambda: _title(inputs), ""),
        detail=_text(inputs, Input.DETAIL),
        shipped_on=read(Input.SHIPPED_ON, lambda: _day(inputs, snapshot.today), snapshot.today),
        work_streams=read(Input.WORK_STREAMS, lambda: _work_streams(streams, scorecard), ()),
        links=read(Input.LINKS, lambda: read_links(_text(inputs, Input.LINKS)), ()),
        tickets=read_tickets(_text(inputs, Input.TICKETS)),
        moved=read(Input.MOVED, lambda: _moved(_text(inputs, Input.MOVED), scorecard), nothing),
        submission=submission,
    )
    reader.refuse_errors()
    return form


def _text(inputs: Inputs, name: Input) -> str:
    return str(inputs.get(name) or "").replace(ZERO_WIDTH_SPACE, "").strip()


def _title(inputs: Inputs) -> str:
    title = " ".join(_text(inputs, Input.TITLE).split())
    return names.checked_text(title, names.MOST_TITLE_LENGTH, "The title")


def _instant(inputs: Inputs, now: datetime) -> datetime | None:
    """A timestamp, in seconds, is when the value was true; nothing is now."""
    given = _text(inputs, Input.AT)
    if not given:
        return None
    try:
        instant = datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput("This isn't a time. Leave it empty for now.") from error
    if instant > now:
        raise BadInput("This is still to come. A reading tells what was true.")
    return instant


def _day(inputs: Inputs, today: date) -> date:
    given = _text(inputs, Input.SHIPPED_ON)
    if not given:
        return today
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise BadInput(
            f"“{given[:40]}” isn't a day. Write it as {today}, or leave it empty for today."
        ) from error
    if day > today:
        raise BadInput(f"{day} is still to come. Log the milestone once it has shipped.")
    return day


def _work_streams(text: str, scorecard: Scorecard) -> tuple[str, ...]:
    """The keys of work streams that are named between commas or on lines of their own."""
    spoken = {stream.key: (stream.name,) for stream in scorecard.work_streams}
    found = []
    for typed in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        key = names.found(typed, spoken)
        if key is None:
            there = ", ".join(stream.name for stream in scorecard.work_streams)
            known = f"There are {there}." if there else "It has none yet."
            raise NotFound(f"There is no work stream “{typed[:60]}” in {scorecard.name}. {known}")
        found.append(key)
    return tuple(dict.fromkeys(found))


def _moved(text: str, scorecard: Scorecard) -> Mapping[str, Value]:
    """The new values of metrics, by key, from lines such as `rollbacks ~9`."""
    moved: dict[str, Value] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        update = parse_update(line, scorecard)
        if update.value is None:
            raise BadInput(f"“{line[:60]}” has no value. {_LINE}")
        if update.note:
            raise BadInput(f"“{update.note[:60]}” stands behind the value. {_LINE}")
        if update.metric in moved:
            raise BadInput(f"“{line[:60]}” gives a metric a second value. {_LINE}")
        moved[update.metric] = update.value
    return moved

"""What a person put into a form, read field by field; every error finds its field."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from app.domain import names
from app.domain.errors import BadInput, KpiError
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.scorecards import Scorecard, Snapshot
from app.domain.values import Value, parse_value
from app.services.milestone_edits import MilestoneForm
from app.services.milestones import MOST_LINKS, ShipForm
from app.services.readings import UpdateForm
from app.slack.blocks.forms import FormState, keeping_state
from app.slack.blocks.kit import MOST_ERROR_LENGTH, ZERO_WIDTH_SPACE, shortened
from app.slack.blocks.milestones import ship_form
from app.slack.blocks.updates import update_form
from app.slack.ids import Field, Form, Named, OutOfDate, read_choice, value_field

Read = TypeVar("Read")

MOST_LINK_LENGTH = 1_000
_ADDRESS = re.compile(r"https?://[^\s<>|]+\.?[^\s<>|]*", re.IGNORECASE)


class FormErrors(KpiError):
    """What is wrong with a form, by the block id of the field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = {
            block_id: shortened(text, MOST_ERROR_LENGTH) for block_id, text in errors.items()
        }


def field_errors(error: KpiError, state: FormState) -> dict[str, str]:
    """What is wrong with the form: at its own field, or at the first where it has none there.

    Slack shows nothing that is said of a field which the form hasn't.
    """
    if isinstance(error, FormErrors):
        errors = error.errors
    else:
        errors = {error.field or "": shortened(error.message, MOST_ERROR_LENGTH)}
    first = first_field(state)
    return {str(field if field in state else first): text for field, text in errors.items()}


def first_field(state: FormState) -> str:
    """Where an error is told that belongs to no field."""
    return Field.TITLE if Field.TITLE in state else next(iter(state), Field.TITLE)


_GROWING: Mapping[str, Callable[..., dict[str, Any]]] = {
    Form.SHIP: ship_form,
    Form.UPDATE: update_form,
}


def grown_form(view: Mapping[str, Any], snapshot: Snapshot, channel: str | None) -> dict[str, Any]:
    """The same form with a field for each chosen metric, and all that stands in it."""
    state = view["state"]["values"]
    metrics = chosen_metrics(state, snapshot.scorecard)
    grown = _GROWING[view["callback_id"]](snapshot, channel, metrics=metrics)
    return {**keeping_state(grown, state), "private_metadata": view["private_metadata"]}


def has_grown(state: FormState, scorecard: Scorecard) -> bool:
    """Whether every chosen metric has its field: who sends a form may be faster than we are."""
    return all(value_field(key) in state for key in chosen_metrics(state, scorecard))


def chosen_metrics(state: FormState, scorecard: Scorecard) -> list[str]:
    """The keys of the metrics that the form says were moved."""
    return [key for key in chosen_in(state, Field.METRICS) if key in scorecard.metrics_by_key]


def chosen_scorecard(state: FormState) -> str:
    """The key of the scorecard that a milestone is for."""
    chosen = chosen_in(state, Field.SCORECARD)
    if not chosen:
        raise OutOfDate
    return chosen[0]


def read_ship_form(state: FormState, snapshot: Snapshot, submission: str) -> ShipForm:
    """The milestone form. Raises `FormErrors` with every field that can't be read."""
    scorecard = snapshot.scorecard
    reading = FieldReader()
    read = reading.field
    form = ShipForm(
        title=read(Field.TITLE, lambda: _title(state), ""),
        detail=typed_in(state, Field.DETAIL),
        work_streams=tuple(chosen_in(state, Field.WORK_STREAMS)),
        shipped_on=read(Field.SHIPPED_ON, lambda: _date(state, snapshot.today), snapshot.today),
        phase=next(iter(chosen_in(state, Field.PHASE)), None),
        links=read(Field.LINKS, lambda: read_links(typed_in(state, Field.LINKS)), ()),
        tickets=read_tickets(typed_in(state, Field.TICKETS)),
        moved=reading.values(state, scorecard),
        submission=submission,
    )
    reading.refuse_errors()
    return form


def read_update_form(state: FormState, snapshot: Snapshot, submission: str) -> UpdateForm:
    """The update form. Raises `FormErrors` with every field that can't be read, and `BadInput`
    where every metric that was chosen has been retired since."""
    reading = FieldReader()
    form = UpdateForm(
        values=reading.values(state, snapshot.scorecard),
        note=typed_in(state, Field.NOTE),
        at=reading.field(Field.AT, lambda: _instant(state, snapshot.as_of), None),
        submission=submission,
    )
    reading.refuse_errors()
    if not form.values:
        raise BadInput("These metrics are in the scorecard no more.", field=Field.METRICS)
    return form


def read_milestone_form(
    state: FormState, *, known: Milestone | None = None, submission: str | None = None
) -> MilestoneForm:
    """The form that plans a milestone, or edits the one that is `known`.

    What the form has no field for, or nobody touched, stays as it is. Raises `FormErrors`.
    """
    reading = FieldReader()
    read = reading.field
    links, tickets = (known.links, known.tickets) if known else ((), ())
    if _is_changed(state, Field.LINKS, "\n".join(links)):
        links = read(Field.LINKS, lambda: read_links(typed_in(state, Field.LINKS)), ())
    if _is_changed(state, Field.TICKETS, ", ".join(tickets)):
        tickets = read_tickets(typed_in(state, Field.TICKETS))
    form = MilestoneForm(
        title=read(Field.TITLE, lambda: _title(state), ""),
        status=the_choice(state, Field.STATUS, MilestoneStatus),
        detail=typed_in(state, Field.DETAIL),
        work_streams=tuple(chosen_in(state, Field.WORK_STREAMS)),
        shipped_on=day_in(state, Field.SHIPPED_ON),
        due_on=day_in(state, Field.DUE_ON),
        phase=next(iter(chosen_in(state, Field.PHASE)), None),
        links=links,
        tickets=tickets,
        submission=submission,
    )
    reading.refuse_errors()
    return form


def _is_changed(state: FormState, field: Field, before: str) -> bool:
    return field in state and typed_in(state, field) != before.strip()


class FieldReader:
    """Reads a form field by field and gathers what is wrong with each."""

    def __init__(self) -> None:
        self._errors: dict[str, str] = {}

    def field(self, field: str, reader: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return reader()
        except KpiError as error:
            self._errors[field] = error.message
            return otherwise

    def refuse(self, field: str, message: str) -> None:
        """Note that a field is wrong, as was found out elsewhere."""
        self._errors[field] = message

    def values(self, state: FormState, scorecard: Scorecard) -> dict[str, Value]:
        """The new value of each chosen metric."""
        return {
            key: self.field(
                value_field(key),
                lambda key=key: _value(state, key, scorecard),  # type: ignore[misc]
                scorecard.metrics_by_key[key].baseline.value,
            )
            for key in chosen_metrics(state, scorecard)
        }

    def refuse_errors(self) -> None:
        if self._errors:
            raise FormErrors(self._errors)


def input_in(state: FormState, block_id: str) -> Mapping[str, Any]:
    """The one input of a block, whatever its action is called."""
    return next(iter((state.get(block_id) or {}).values()), {})


def typed_in(state: FormState, block_id: str) -> str:
    text = input_in(state, block_id).get("value") or ""
    return text.replace(ZERO_WIDTH_SPACE, "").strip()


def _title(state: FormState) -> str:
    title = typed_in(state, Field.TITLE)
    return names.checked_text(title, names.MOST_TITLE_LENGTH, "The title")


def chosen_in(state: FormState, block_id: str) -> list[str]:
    given = input_in(state, block_id)
    options = given.get("selected_options") or [given.get("selected_option")]
    return [option["value"] for option in options if option]


def the_choice(state: FormState, field: Field, kind: type[Named]) -> Named:
    """The one choice of a field that always has one; raises `OutOfDate`."""
    return read_choice(kind, next(iter(chosen_in(state, field)), ""))


def day_in(state: FormState, field: Field) -> date | None:
    text = input_in(state, field).get("selected_date")
    return date.fromisoformat(text) if text else None


def _date(state: FormState, today: date) -> date:
    day = day_in(state, Field.SHIPPED_ON)
    if day is None:
        raise BadInput("Choose the day on which it shipped.")
    if day > today:
        raise BadInput(f"{day} is still to come. Log the milestone once it has shipped.")
    return day


def _instant(state: FormState, now: datetime) -> datetime | None:
    seconds = input_in(state, Field.AT).get("selected_date_time")
    if not seconds:
        return None
    instant = datetime.fromtimestamp(seconds, UTC)
    if instant > now:
        raise BadInput("This is still to come. A reading tells what was true.")
    return instant


def _value(state: FormState, key: str, scorecard: Scorecard) -> Value:
    return parse_value(typed_in(state, value_field(key)), scorecard.metrics_by_key[key].unit)


def read_links(text: str) -> tuple[str, ...]:
    """Addresses as people type them; raises `BadInput`."""
    links = tuple(text.split())
    if len(links) > MOST_LINKS:
        raise BadInput(f"At most {MOST_LINKS} links can be kept with a milestone.")
    for link in links:
        if _ADDRESS.fullmatch(link) is None or len(link) > MOST_LINK_LENGTH:
            raise BadInput(f"“{link[:60]}” isn't an address. Write https://… , one a line.")
    return links


def read_tickets(text: str) -> tuple[str, ...]:
    """Ticket references between blanks, commas or semicolons."""
    return tuple(dict.fromkeys(re.split(r"[\s,;]+", text))) if text else ()

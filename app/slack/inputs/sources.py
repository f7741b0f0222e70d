"""What a person put into the form of a metric's source, field by field."""

from collections.abc import Mapping
from decimal import Decimal

from app.domain.errors import BadInput
from app.domain.sources import Every, Question, Rhythm, Source, SourceKind, parse_rhythm
from app.domain.values import parse_value
from app.slack.blocks.forms import FormState
from app.slack.ids import Field
from app.slack.inputs.forms import FieldReader, chosen_in, the_choice, typed_in
from app.sources.asking import check
from app.sources.places import Places

_HOURLY = Every(60)


def chosen_kind(state: FormState) -> SourceKind:
    return the_choice(state, Field.KIND, SourceKind)


def read_question(state: FormState, places: Places) -> Question:
    """What is to be asked. Raises `FormErrors` with every field that can't be read or asked."""
    reading = FieldReader()
    question = _question(state, places, reading)
    reading.refuse_errors()
    return question


def read_source_form(state: FormState, places: Places) -> Source:
    """The source as the form has it; raises as `read_question` does."""
    reading = FieldReader()
    question = _question(state, places, reading)
    hourly: Rhythm = _HOURLY
    every = reading.field(Field.EVERY, lambda: parse_rhythm(typed_in(state, Field.EVERY)), hourly)
    reading.refuse_errors()
    return Source(question, every)


def _question(state: FormState, places: Places, reading: FieldReader) -> Question:
    kind = chosen_kind(state)
    nothing: Mapping[str, str] = {}
    question = Question(
        kind,
        _place(state, kind),
        typed_in(state, Field.QUERY),
        reading.field(Field.TIMES, lambda: _times(state), Decimal(1)),
        reading.field(Field.HEADERS, lambda: _headers(state), nothing),
    )
    try:
        check(question, places)
    except BadInput as error:
        reading.refuse(_field(error, state), error.message)
    return question


def _field(error: BadInput, state: FormState) -> str:
    """Where the form shows what is wrong with a question."""
    if error.field == "place":
        there = [field for field in (Field.DATABASE, Field.ADDRESS) if field in state]
        return next(iter(there), Field.KIND)
    return error.field or Field.QUERY


def _place(state: FormState, kind: SourceKind) -> str:
    if kind is SourceKind.SQL:
        return next(iter(chosen_in(state, Field.DATABASE)), "")
    return typed_in(state, Field.ADDRESS)


def _times(state: FormState) -> Decimal:
    text = typed_in(state, Field.TIMES)
    if not text:
        return Decimal(1)
    value = parse_value(text)
    if not value.is_exact:
        raise BadInput("Type an exact number, such as 100.")
    return value.number


def _headers(state: FormState) -> Mapping[str, str]:
    headers = {}
    for line in typed_in(state, Field.HEADERS).splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not colon:
            raise BadInput(f"“{line[:60]}” isn't a header: write Name: value, one a line.")
        if line.strip():
            headers[name.strip()] = value.strip()
    return headers

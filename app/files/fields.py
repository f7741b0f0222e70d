"""The kinds of fields in a scorecard file: how each is typed, checked and described.

A parser takes the text of a field and raises `BadInput` with the form that works.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
)
from pydantic import WithJsonSchema as Described
from pydantic_core import PydanticCustomError

from app.domain import names
from app.domain.alerts import Place, QuietHours
from app.domain.errors import BadInput
from app.domain.metrics import MetricKind
from app.domain.milestones import MilestoneStatus
from app.domain.roadmap import PhaseState, parse_window
from app.domain.sources import MOST_HEADERS, MOST_QUERY_LENGTH, parse_rhythm
from app.domain.tickets import checked_ticket_address
from app.files.problems import instead

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_YEAR, LAST_YEAR = 1900, 2999

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_HOURS = re.compile(r"(\d{1,2}:\d{2}) ?[-–] ?(\d{1,2}:\d{2})", re.ASCII)
_PERCENT = re.compile(r"\d{1,3} ?%?", re.ASCII)
_LINK = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_USER = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Z0-9]+", re.ASCII)

Parsed = TypeVar("Parsed")


class Entry(BaseModel):
    """An entry of a file, which has no fields but its own."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


@contextmanager
def refusing() -> Iterator[None]:
    """Hands a `BadInput` to pydantic, so that it is told at its field along with all others."""
    try:
        yield
    except BadInput as error:
        context = {"message": error.message, "field": error.field or ""}
        raise PydanticCustomError("refused", "{message}", context) from error


def _typed_as(parse: Callable[[str], object]) -> BeforeValidator:
    """Reads a text by its parser; what is no text is left to the type that follows."""

    def read(given: object) -> object:
        if isinstance(given, list | dict):
            raise PydanticCustomError("one_value", "needs one value.")
        with refusing():
            return parse(given.strip()) if isinstance(given, str) else given

    return BeforeValidator(read)


def parse_day(text: str) -> date:
    """`2026-03-28` as a date."""
    if _DAY.fullmatch(text) is None:
        raise BadInput(f"“{text[:40]}” isn't a date: write it as 2026-03-28.")
    return checked_year(_existing(date, text))


def parse_moment(text: str) -> date | datetime:
    """`2026-03-16` as a date, `2026-03-16 09:30` as a local, `…Z` or `…+02:00` as a fixed time."""
    if _MOMENT.fullmatch(text):
        return checked_year(_existing(datetime, text))
    if _DAY.fullmatch(text):
        return parse_day(text)
    raise BadInput(
        f"“{text[:40]}” is neither a date nor a time: write it as 2026-03-16 or 2026-03-16 09:30."
    )


Moment = TypeVar("Moment", date, datetime)


def _existing(kind: type[Moment], text: str) -> Moment:
    try:
        return kind.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"“{text}” doesn't exist in the calendar or on the clock.") from error


def checked_year(moment: Moment) -> Moment:
    """The moment itself; raises `BadInput` for a year that nobody means."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadInput(f"The year {moment.year} lies outside {FIRST_YEAR} to {LAST_YEAR}.")
    return moment


def parse_time(text: str) -> time:
    """`09:00` as a time of day."""
    match = _TIME.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2])) if match else (24, 0)
    if hour > 23 or minute > 59:
        raise BadInput(f"“{text[:40]}” isn't a time of day: write it as 09:00 or 17:30.")
    return time(hour, minute)


def parse_days(text: str) -> int:
    """`14` as a number of days."""
    if _DAYS.fullmatch(text) is None:
        raise BadInput(f"“{text[:40]}” isn't a number of days from 1 to 9999: write it as 14.")
    return int(text)


def parse_percent(text: str) -> int:
    """`90` and `90%` as a whole number of percent."""
    if _PERCENT.fullmatch(text) is None or not 1 <= int(text.rstrip("% ")) <= 100:
        raise BadInput(f"“{text[:40]}” isn't a percentage from 1 to 100: write it as 90 or 90%.")
    return int(text.rstrip("% "))


NO_HOURS = "none"


def checked_hours(text: str) -> str:
    """`20:00–08:00` or `none`, as given."""
    parse_hours(text)
    return text


def parse_hours(text: str) -> QuietHours | None:
    """`20:00–08:00` as quiet hours, `none` as no such."""
    if text == NO_HOURS:
        return None
    match = _HOURS.fullmatch(text)
    if match is None:
        raise BadInput(
            f"“{text[:40]}” isn't a time from and until: write it as 20:00–08:00, or as {NO_HOURS}."
        )
    return QuietHours(parse_time(match[1]), parse_time(match[2]))


def parse_yes(text: str) -> bool:
    """`yes` and `no`, or `true` and `false`."""
    if text not in _YES_OR_NO:
        raise BadInput(f"“{text[:40]}” is neither yes nor no: write one of these.")
    return _YES_OR_NO[text]


_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


def checked_zone(text: str) -> str:
    """The IANA name of a time zone, as given."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        known = dict.fromkeys(sorted(available_timezones()), ())
        close = names.suggestions(text[:60], known, most=1)
        hint = f"did you mean “{close[0]}”?" if close else "write it as Europe/Berlin."
        raise BadInput(f"“{text[:60]}” isn't a time zone: {hint}") from error
    return text


def checked_window(text: str) -> str:
    return parse_window(text).text


def checked_metric_key(text: str) -> str:
    if text in names.RESERVED_WORDS:
        raise BadInput(f"“{text}” is a word of /kpi and can't be a metric's key: take another.")
    return names.checked_key(text)


def checked_rhythm(text: str) -> str:
    """How often a source is asked, as given."""
    parse_rhythm(text)
    return text


def checked_link(text: str) -> str:
    if _LINK.fullmatch(text) is None or len(text) > names.MOST_TEXT_LENGTH:
        raise BadInput(f"“{text[:60]}” isn't a link: it begins with https:// and has no blanks.")
    return text


def checked_user(text: str) -> str:
    if _USER.fullmatch(text) is None:
        raise BadInput(
            f"“{text[:40]}” isn't a member ID such as U024BE7LH: copy it from the person's "
            "profile in Slack."
        )
    return text


def checked_channel(text: str) -> str:
    if _CHANNEL.fullmatch(text) is None:
        raise BadInput(
            f"“{text[:40]}” isn't a channel ID such as C024BE91L: copy it from the end of the "
            "channel's details in Slack."
        )
    return text


def _one_of(words: tuple[str, ...], read: Callable[[str], Parsed]) -> Callable[[str], Parsed]:
    def parse(text: str) -> Parsed:
        if text not in words:
            raise BadInput(f"“{text[:40]}” isn't known here: {instead(text[:40], words)}")
        return read(text)

    return parse


_LOCAL_TIME = Described({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"})
_ISO_MOMENT = Described({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([T ].+)?$"})
_KEY_TEXT = Described(
    {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": names.MOST_KEY_LENGTH}
)
_NUMBER_TEXT = Described({"type": ["string", "number"]})

Item = TypeVar("Item")
Entries = Annotated[tuple[Item, ...], Strict(False)]

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=names.MOST_NAME_LENGTH),
]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=names.MOST_TITLE_LENGTH),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=names.MOST_TEXT_LENGTH)]
Goal = Annotated[Text, Field(min_length=1)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=names.MOST_KEY_LENGTH)]
Number = Annotated[Name, _NUMBER_TEXT]
Key = Annotated[str, _typed_as(names.checked_key), _KEY_TEXT]
MetricKey = Annotated[str, _typed_as(checked_metric_key), _KEY_TEXT]
Day = Annotated[date, _typed_as(parse_day)]
DayOrTime = Annotated[
    datetime | date,
    _typed_as(parse_moment),
    PlainSerializer(lambda moment: moment.isoformat(), return_type=str),
    _ISO_MOMENT,
]
TimeOfDay = Annotated[
    time,
    _typed_as(parse_time),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    _LOCAL_TIME,
]
Days = Annotated[int, _typed_as(parse_days), Field(ge=1)]
Percent = Annotated[
    int,
    _typed_as(parse_percent),
    Field(ge=1, le=100),
    Described({"type": ["integer", "string"], "pattern": r"^\d{1,3} ?%?$", "minimum": 1}),
]
Hours = Annotated[
    str,
    _typed_as(checked_hours),
    Described({"type": "string", "pattern": r"^(none|\d{1,2}:\d{2} ?[-–] ?\d{1,2}:\d{2})$"}),
]
YesOrNo = Annotated[bool, _typed_as(parse_yes), Described({"enum": [True, False, *_YES_OR_NO]})]
AlertPlace = Annotated[Place, _typed_as(_one_of(tuple(Place), Place))]
MetricAim = Annotated[MetricKind, _typed_as(_one_of(tuple(MetricKind), MetricKind))]
Zone = Annotated[str, _typed_as(checked_zone)]
WindowText = Annotated[str, _typed_as(checked_window)]
RhythmText = Annotated[
    str,
    _typed_as(checked_rhythm),
    Described({"type": "string", "pattern": r"^(\d+ ?[mh]|[a-z]+ at \d{1,2}:\d{2})$"}),
]
Query = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_QUERY_LENGTH)
]
Headers = Annotated[dict[str, str], Field(max_length=MOST_HEADERS)]
TicketAddress = Annotated[str, _typed_as(checked_ticket_address)]
Link = Annotated[str, _typed_as(checked_link), Described({"type": "string", "format": "uri"})]
User = Annotated[str, _typed_as(checked_user)]
Channel = Annotated[str, _typed_as(checked_channel)]
Weekday = Annotated[str, _typed_as(_one_of(WEEKDAYS, str)), Described({"enum": list(WEEKDAYS)})]
MilestoneState = Annotated[
    MilestoneStatus, _typed_as(_one_of(tuple(MilestoneStatus), MilestoneStatus))
]
PhaseProgress = Annotated[PhaseState, _typed_as(_one_of(tuple(PhaseState), PhaseState))]

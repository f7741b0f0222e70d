"""What landed in a repository, a merged change or a release, and the milestone that it makes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain import names
from app.domain.errors import KpiError
from app.domain.hooks import Forge, HookForm
from app.domain.scorecards import Scorecard
from app.domain.trailers import Trailer, split_trailers
from app.domain.updates import parse_update
from app.domain.values import Value

MILESTONE, MOVES, WORK_STREAM = "milestone", "moves", "work-stream"
TICKETS = frozenset({"ticket", "tickets", "refs"})
TRAILERS = frozenset({MILESTONE, MOVES, WORK_STREAM, *TICKETS})
"""The keys of the trailers that are read; `Work stream` and `Work-stream` are the same."""

MOST_DETAIL_LENGTH = 600
MOST_NOTE_LENGTH = 300
MOST_TICKETS = 20
MOST_TRAILERS = 40
MOST_MOVE_LENGTH = 400
"""What is longer takes long to read, and no person means it."""
MOST_SHOWN_LENGTH = 80

_HEADING = re.compile(r"#{1,6}\s")
_TICKET = re.compile(
    r"(?<![\w-])(?!(?:UTF|ISO|SHA|RFC|CVE)-)[A-Z][A-Z0-9]{1,9}-[1-9]\d{0,6}(?!\w)", re.ASCII
)
"""Keys of trackers such as PAY-123, and none of what is written like them."""


class LandedKind(StrEnum):
    MERGE = "merge"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Landed:
    """A merged change or a release, whichever git server tells of it.

    `number` is how people call it in its repository, such as `#12`, `!12` or `v1.2`; its `url`
    tells it from all others. `by` is who merged or published it, by the name that they have there.
    `message` is the message of a commit that belongs to it.
    """

    forge: Forge
    kind: LandedKind
    repository: str
    number: str
    title: str
    url: str
    at: datetime
    body: str = ""
    by: str = ""
    labels: tuple[str, ...] = ()
    branch: str = ""
    message: str = ""

    @property
    def reporter(self) -> str:
        """What it is called as the reporter of readings: never like a person."""
        return f"{self.forge.words}: {self.by or self.repository}"

    @property
    def description(self) -> str:
        return split_trailers(self.body, TRAILERS)[0]

    @property
    def trailers(self) -> tuple[Trailer, ...]:
        """Those of the description, and then of the commit's message, each once."""
        _, of_body = split_trailers(self.body, TRAILERS)
        _, _, after_subject = self.message.strip().partition("\n")
        _, of_message = split_trailers(after_subject, TRAILERS)
        return tuple(dict.fromkeys((*of_body, *of_message)))[:MOST_TRAILERS]


class LandingState(StrEnum):
    """How it stands with what landed."""

    OFFERED = "offered"
    LOGGED = "logged"
    DECLINED = "declined"


def reason_to_leave(hook: HookForm, landed: Landed) -> str | None:
    """Why something that landed makes no milestone; None if it does."""
    if not hook.counts(landed.repository):
        return f"the hook isn't for {landed.repository}"
    if any(key == MILESTONE and value for key, value in landed.trailers):
        return None
    if landed.kind is LandedKind.RELEASE:
        return None if hook.releases else "releases don't count for this hook"
    wanted = hook.label.casefold()
    if any(label.casefold() == wanted for label in landed.labels):
        return None
    return f"no label “{hook.label}” and no trailer “Milestone:”"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The milestone that something that landed makes, as far as it can be read.

    `work_streams` and the keys of `moved`, the new values, and of `notes` are keys. `problems` say
    what could not be read, and why.
    """

    title: str
    shipped_on: date
    detail: str = ""
    work_streams: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    moved: Mapping[str, Value] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def proposal_of(landed: Landed, scorecard: Scorecard, today: date) -> Proposal:
    """The milestone that something makes for a scorecard; what can't be read doesn't lose it."""
    problems: list[str] = []
    said = _by_key(landed.trailers)
    titles = [value for value in said.get(MILESTONE, ()) if value]
    problems += [_problem("Milestone", each, "one change makes one.") for each in titles[1:]]
    moved, notes = _moves(said.get(MOVES, ()), scorecard, problems)
    return Proposal(
        title=shortened(titles[0] if titles else _title(landed), names.MOST_TITLE_LENGTH),
        shipped_on=min(landed.at.astimezone(scorecard.zone).date(), today),
        detail=shortened(_first_paragraph(landed.description), MOST_DETAIL_LENGTH),
        work_streams=_work_streams(said.get(WORK_STREAM, ()), scorecard, problems),
        links=(landed.url,),
        tickets=_tickets(landed, said),
        moved=moved,
        notes=notes,
        problems=tuple(problems),
    )


def shortened(text: str, most: int) -> str:
    """Text on as many characters as fit, with a sign where something is left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _by_key(trailers: Iterable[Trailer]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for key, value in trailers:
        said.setdefault(key, []).append(value)
    return said


def _title(landed: Landed) -> str:
    """A release is called by its repository where it has no name but its tag."""
    project = landed.repository.rpartition("/")[2]
    title = " ".join(landed.title.split())
    if landed.kind is LandedKind.RELEASE and title in {"", landed.number}:
        return f"{project} {landed.number}"
    return title or f"{project} {landed.number}"


def _first_paragraph(text: str) -> str:
    """The first paragraph that says something, without the headings above it."""
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line for line in paragraph.splitlines() if not _HEADING.match(line)]
        if said := "\n".join(lines).strip():
            return said
    return ""


def _work_streams(
    typed: Iterable[str], scorecard: Scorecard, problems: list[str]
) -> tuple[str, ...]:
    known = {stream.key: (stream.name,) for stream in scorecard.work_streams}
    streams = []
    for each in typed:
        key = names.found(each, known)
        if key is not None:
            streams.append(key)
            continue
        close = names.suggestions(each, known)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        problems.append(_problem("Work stream", each, f"there is no such work stream.{hint}"))
    return tuple(dict.fromkeys(streams))


def _moves(
    typed: Iterable[str], scorecard: Scorecard, problems: list[str]
) -> tuple[dict[str, Value], dict[str, str]]:
    """The new value of each metric and the note behind it; each line is read as an update is."""
    moved: dict[str, Value] = {}
    notes: dict[str, str] = {}
    for line in typed:
        if len(line) > MOST_MOVE_LENGTH:
            problems.append(_problem("Moves", line, "this is too long."))
            continue
        try:
            update = parse_update(line, scorecard)
        except KpiError as error:
            problems.append(_problem("Moves", line, error.message))
            continue
        if update.value is None:
            problems.append(_problem("Moves", line, "the new value is missing."))
        elif update.metric in moved:
            problems.append(_problem("Moves", line, "the metric has a value already."))
        else:
            moved[update.metric] = update.value
            if update.note:
                notes[update.metric] = shortened(update.note, MOST_NOTE_LENGTH)
    return moved, notes


def _problem(key: str, value: str, why: str) -> str:
    return f"“{key}: {shortened(value, MOST_SHOWN_LENGTH)}”: {why}"


def _tickets(landed: Landed, said: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The keys in the title, in the branch and in trailers, and whatever `Ticket` names."""
    return tuple(dict.fromkeys(_named_tickets(landed, said)))[:MOST_TICKETS]


def _named_tickets(landed: Landed, said: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from _TICKET.findall(landed.title)
    yield from _TICKET.findall(landed.branch.replace("_", " "))
    for key in ("ticket", "tickets"):
        for value in said.get(key, ()):
            yield from (each for each in re.split(r"[\s,;]+", value) if 0 < len(each) <= 100)
    for value in said.get("refs", ()):
        yield from _TICKET.findall(value)

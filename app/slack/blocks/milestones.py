"""The milestone form and the announcement of what shipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain import names
from app.domain.metrics import has_reached
from app.domain.milestones import Effect, Milestone
from app.domain.outcomes import ShippedNews
from app.domain.roadmap import PhaseOutlook, PhaseStatus
from app.domain.scorecards import Scorecard, Snapshot
from app.domain.tickets import ticket_link
from app.slack.blocks import figures, forms, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace, metric_fields
from app.slack.ids import Action, Field, Form, about

# What each part of a post may take of `kit.MOST_POST_LENGTH`.
MOST_DETAIL_LENGTH = 2_600
MOST_EFFECTS_LENGTH = 3_200
MOST_READY_LENGTH = 800
MOST_ASIDES_LENGTH = 1_400
MOST_TICKETS_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What a milestone form is opened with; `moved` are new values as people type them, by key."""

    title: str = ""
    detail: str = ""
    links: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    work_streams: tuple[str, ...] = ()
    shipped_on: date | None = None
    moved: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, milestone: Milestone) -> "Draft":
        return cls(milestone.title, milestone.detail, milestone.links, milestone.tickets)


EMPTY = Draft()


def ship_form(
    snapshot: Snapshot,
    channel: str | None,
    *,
    draft: Draft = EMPTY,
    metrics: Sequence[str] = (),
    initial_metric: str | None = None,
) -> dict[str, Any]:
    """The form to log a shipped milestone; each of `metrics` has a field for its new value."""
    place = FormPlace(snapshot.scorecard.key, channel)
    return forms.modal(
        "Log a milestone",
        Form.SHIP,
        [
            *what_fields(draft, hint=_SHIPS_PLANNED),
            *where_fields(snapshot, draft.work_streams),
            _when(draft.shipped_on or snapshot.today),
            *reference_fields(draft),
            *metric_fields(
                snapshot,
                metrics,
                label="Metrics it moved",
                initial=draft.moved or ({initial_metric: ""} if initial_metric else {}),
                optional=True,
            ),
        ],
        submit="Ship it",
        metadata=place.as_metadata(),
    )


def choose_scorecard_form(scorecards: Mapping[str, str], draft: Draft) -> dict[str, Any]:
    """Asks which scorecard (key → name) a milestone is for; what it is about is kept meanwhile."""
    select = kit.choice(Action.CHOOSE_SCORECARD, scorecards, placeholder="Choose")
    return forms.modal(
        "Log a milestone",
        Form.CHOOSE_SCORECARD,
        [
            forms.field(Field.SCORECARD, "Scorecard", select),
            *what_fields(draft, hint=_SHIPS_PLANNED),
            *reference_fields(draft),
        ],
        submit="Next",
        metadata="",
    )


_SHIPS_PLANNED = "The title of a planned milestone ships that one."


def what_fields(draft: Draft, *, hint: str = "") -> list[Block]:
    return [
        forms.field(
            Field.TITLE,
            "Title",
            forms.text_input(
                Action.INPUT,
                initial=draft.title,
                most=names.MOST_TITLE_LENGTH,
                placeholder="What shipped",
            ),
            hint=hint,
        ),
        forms.field(
            Field.DETAIL,
            "Detail",
            forms.text_input(
                Action.INPUT,
                initial=draft.detail,
                most=names.MOST_TEXT_LENGTH,
                multiline=True,
            ),
            optional=True,
        ),
    ]


def where_fields(snapshot: Snapshot, chosen: Sequence[str] = ()) -> list[Block]:
    """The choice of work streams, preset with those that are `chosen`, and of the phase."""
    blocks = []
    streams = stream_options(snapshot)
    if streams:
        select = kit.choice(Action.CHOOSE_WORK_STREAMS, streams, placeholder="Choose", several=True)
        if chosen:
            select["initial_options"] = [kit.option(key, streams[key]) for key in chosen]
        blocks.append(forms.field(Field.WORK_STREAMS, "Work streams", select, optional=True))
    phases = phase_options(snapshot)
    if phases:
        select = kit.choice(Action.CHOOSE_PHASE, phases, placeholder="Choose")
        blocks.append(
            forms.field(
                Field.PHASE,
                "Phase",
                select,
                optional=True,
                hint="The phase of the roadmap that needs this milestone.",
            )
        )
    return blocks


def _when(initial: date) -> Block:
    return forms.field(Field.SHIPPED_ON, "Shipped on", forms.date_input(Action.INPUT, initial))


def reference_fields(draft: Draft) -> list[Block]:
    return [
        forms.field(
            Field.LINKS,
            "Links",
            forms.text_input(
                Action.INPUT,
                initial="\n".join(draft.links),
                most=kit.MOST_SECTION_LENGTH,
                multiline=True,
            ),
            hint="One address a line.",
            optional=True,
        ),
        forms.field(
            Field.TICKETS,
            "Tickets",
            forms.text_input(
                Action.INPUT,
                initial=", ".join(draft.tickets),
                most=500,
                placeholder="ABC-123, ABC-124",
            ),
            optional=True,
        ),
    ]


def stream_options(snapshot: Snapshot) -> dict[str, str]:
    return {stream.key: stream.name for stream in snapshot.scorecard.work_streams}


def phase_options(snapshot: Snapshot) -> dict[str, str]:
    """Phases that are still ahead."""
    return {
        outlook.phase.key: outlook.phase.name
        for outlook in snapshot.phases
        if outlook.status is not PhaseStatus.DONE
    }


def announcement(news: ShippedNews) -> Message:
    """What the channel reads when a milestone ships: who, what, and before → after."""
    milestone = news.shipped.milestone
    effects = [_effect(moved) for moved in news.shipped.effects]
    ready = [_unblocked(outlook) for outlook in news.unblocked]
    detail = escaped(milestone.detail).splitlines()
    title = _announced_title(milestone)
    subject = about(news.snapshot.scorecard.key, milestone.key)
    blocks = [
        kit.section(title),
        *kit.sections(detail, most=MOST_DETAIL_LENGTH),
        *kit.sections(effects, most=MOST_EFFECTS_LENGTH, rest="metrics: see /kpi"),
        *kit.sections(ready, most=MOST_READY_LENGTH, rest="phases"),
        *kit.contexts(_asides(news), most=MOST_ASIDES_LENGTH),
        kit.actions(
            kit.button("Details", Action.SHOW_MILESTONE, subject),
            kit.button("Edit", Action.EDIT_MILESTONE, subject),
        ),
    ]
    return Message(kit.in_words([title, *effects, *ready, *detail]), tuple(blocks))


def _effect(moved: Effect) -> str:
    """What a metric moved, and whether that brought it to its target or away from it."""
    was, is_now = (has_reached(moved.metric, v) for v in (moved.before, moved.after.value))
    turned = f": it {figures.turn(moved.metric, is_reached=is_now)}" if was is not is_now else ""
    return figures.effect(moved) + (turned if moved.metric.has_target else "")


def _unblocked(outlook: PhaseOutlook) -> str:
    phase = f"{bold(outlook.phase.name)} ({escaped(outlook.phase.window.text)})"
    if outlook.status is PhaseStatus.READY:
        return f"Ready now: {phase}"
    return f"Complete now: all that {phase} needs, which is in progress"


def _announced_title(milestone: Milestone) -> str:
    if milestone.is_shipped:
        return f"{kit.person(milestone.logged_by)} shipped {bold(milestone.title)}"
    return f"{bold(milestone.title)} was announced as shipped and is {milestone.status.words} now"


def _asides(news: ShippedNews) -> list[str]:
    milestone = news.shipped.milestone
    scorecard = news.snapshot.scorecard
    shipped_on = milestone.shipped_on
    lines = [
        f"{escaped(scorecard.name)}: {figures.headline(news.snapshot)}",
        kit.calendar_day(shipped_on) if shipped_on else "",
        escaped(", ".join(scorecard.stream_names(milestone.work_streams))),
        tickets(scorecard, milestone.tickets),
        *(link(address) for address in milestone.links),
    ]
    return [line for line in lines if line]


def tickets(scorecard: Scorecard, keys: Sequence[str]) -> str:
    """The tickets of a milestone in mrkdwn, as links where they have an address and these fit."""
    addresses = {key: ticket_link(scorecard.ticket_address, key) for key in keys}
    linked = ", ".join(link(to, key) if to else escaped(key) for key, to in addresses.items())
    return linked if len(linked) <= MOST_TICKETS_LENGTH else escaped(", ".join(keys))


def link(address: str, label: str = "") -> str:
    """An address as a link, under its own name or another; signs that would end it are encoded."""
    for sign, encoded in {"<": "%3C", ">": "%3E", "|": "%7C"}.items():
        address = address.replace(sign, encoded)
    named = f"|{escaped(label).replace('|', '¦')}" if label else ""
    linked = f"<{address.replace('&', '&amp;')}{named}>"
    return linked if len(linked) <= kit.MOST_SECTION_LENGTH else escaped(label or address)

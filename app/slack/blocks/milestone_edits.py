"""The forms to plan and to edit a milestone, and one milestone as its asker sees it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.outcomes import MilestoneStory, ShippedNews
from app.domain.scorecards import Scorecard, Snapshot
from app.slack.blocks import figures, forms, kit
from app.slack.blocks.associations import moved_around
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestones import (
    Draft,
    link,
    reference_fields,
    stream_options,
    tickets,
    what_fields,
    where_fields,
)
from app.slack.blocks.setup_fields import changed_meanwhile
from app.slack.ids import Action, Field, Form, about

MOST_THEIRS_LENGTH = 2_000
_NAMES = {
    "title": "Title",
    "detail": "Detail",
    "status": "Status",
    "shipped_on": "Shipped on",
    "due_on": "Due on",
    "work_streams": "Work streams",
    "links": "Links",
    "tickets": "Tickets",
}
OPEN = (MilestoneStatus.PLANNED, MilestoneStatus.IN_PROGRESS)


def plan_form(snapshot: Snapshot, channel: str | None, *, title: str = "") -> dict[str, Any]:
    """The form to log a milestone that is planned or in progress."""
    return forms.modal(
        "Plan a milestone",
        Form.PLAN,
        [
            *what_fields(Draft(title)),
            _status(MilestoneStatus.PLANNED, OPEN),
            _day(Field.DUE_ON, "Due on"),
            *where_fields(snapshot),
            *reference_fields(Draft()),
        ],
        submit="Plan it",
        metadata=FormPlace(snapshot.scorecard.key, channel).as_metadata(),
    )


def edit_form(
    snapshot: Snapshot,
    channel: str | None,
    milestone: Milestone,
    seen: Mapping[str, str],
    theirs: Sequence[str] = (),
) -> dict[str, Any]:
    """The form with the milestone as it is; `theirs` are fields that somebody changed meanwhile.

    `seen` are the milestone's marks, by which a later change is noticed.
    """
    place = FormPlace(snapshot.scorecard.key, channel, milestone.key, seen)
    return forms.modal(
        "Edit a milestone",
        Form.EDIT,
        [
            *_changed(snapshot.scorecard, milestone, theirs),
            *what_fields(Draft.of(milestone)),
            _status(milestone.status, MilestoneStatus),
            _day(Field.SHIPPED_ON, "Shipped on", milestone, hint="Counts for what has shipped."),
            _day(Field.DUE_ON, "Due on", milestone),
            *_streams(snapshot, milestone),
            *_whole(reference_fields(Draft.of(milestone)), milestone),
        ],
        submit="Save",
        metadata=place.as_metadata(),
    )


def _status(status: MilestoneStatus, possible: Iterable[MilestoneStatus]) -> Block:
    options = {each.value: each.words.capitalize() for each in possible}
    select = kit.choice(Action.CHOOSE_STATUS, options, placeholder="Choose")
    select["initial_option"] = kit.option(status.value, options[status.value])
    return forms.field(Field.STATUS, "Status", select)


def _day(field: Field, label: str, milestone: Milestone | None = None, *, hint: str = "") -> Block:
    initial = getattr(milestone, field.value) if milestone else None
    return forms.field(
        field, label, forms.date_input(Action.INPUT, initial), hint=hint, optional=True
    )


def _streams(snapshot: Snapshot, milestone: Milestone) -> list[Block]:
    options = stream_options(snapshot)
    if not options:
        return []
    select = kit.choice(Action.CHOOSE_WORK_STREAMS, options, placeholder="Choose", several=True)
    if milestone.work_streams:
        select["initial_options"] = [
            kit.option(key, options[key]) for key in milestone.work_streams
        ]
    return [forms.field(Field.WORK_STREAMS, "Work streams", select, optional=True)]


def _whole(fields: Sequence[Block], milestone: Milestone) -> list[Block]:
    """The fields that hold all there is; what a file gave and no field holds stays as it is."""
    content = {Field.LINKS: "\n".join(milestone.links), Field.TICKETS: ", ".join(milestone.tickets)}
    return [
        block
        for block in fields
        if len(content[Field(block["block_id"])]) <= block["element"]["max_length"]
    ]


def _changed(scorecard: Scorecard, milestone: Milestone, fields: Sequence[str]) -> list[Block]:
    if not fields:
        return []
    present = _shown_fields(scorecard, milestone)
    lines = [f"*{_NAMES[field]}*: {present[field] or 'empty'}" for field in fields]
    return changed_meanwhile(lines, most=MOST_THEIRS_LENGTH)


def _shown_fields(scorecard: Scorecard, milestone: Milestone) -> dict[str, str]:
    """Each field as mrkdwn; empty where it is."""
    return {
        "title": escaped(milestone.title),
        "detail": escaped(kit.shortened(milestone.detail, 1_000)),
        "status": milestone.status.words,
        "shipped_on": kit.calendar_day(milestone.shipped_on) if milestone.shipped_on else "",
        "due_on": kit.calendar_day(milestone.due_on) if milestone.due_on else "",
        "work_streams": escaped(", ".join(scorecard.stream_names(milestone.work_streams))),
        "links": " ".join(link(address) for address in milestone.links),
        "tickets": tickets(scorecard, milestone.tickets),
    }


def milestone_story(story: MilestoneStory) -> Message:
    """One milestone with what its metrics did in the weeks before and after it."""
    lines = [
        f"• {bold(metric.name)}: {told}"
        for metric, tied in story.around
        if (told := moved_around(metric, tied))
    ]
    rest = [f"… and {story.hidden} more metrics"] if story.hidden else []
    return milestone_screen(story.news, moved=[*lines, *rest])


def milestone_screen(
    news: ShippedNews, *, done: str = "", moved: Sequence[str] | None = None
) -> Message:
    """One milestone with what it moved; `done` says first what has just been done to it.

    `moved` are lines that tell more than the readings it caused.
    """
    milestone, scorecard = news.shipped.milestone, news.snapshot.scorecard
    shown = _shown_fields(scorecard, milestone)
    facts = [
        f"{_NAMES[field]}: {shown[field]}"
        for field in ("status", "shipped_on", "due_on", "work_streams", "links", "tickets")
        if shown[field]
    ]
    logged = [f"Logged by {kit.person(milestone.logged_by)}"] if milestone.logged_by else []
    effects = [figures.effect(effect) for effect in news.shipped.effects]
    if moved:
        effects = ["*Metrics around it*", *moved]
    title = f"{done} {bold(milestone.title)}".strip()
    detail = escaped(milestone.detail).splitlines()
    return Message(
        kit.in_words([title, *facts, *logged, *effects, *detail]),
        (
            *kit.sections([title, *detail]),
            *kit.sections(effects),
            *kit.contexts([*facts, *logged]),
            kit.actions(*_next_steps(news)),
        ),
    )


def logged_reply(news: ShippedNews, trouble: str = "") -> Message:
    """What who logged a shipped milestone sees: whether it is announced, and the way back.

    `trouble` says, as mrkdwn, why it could not be announced.
    """
    scorecard = news.snapshot.scorecard
    told = f"Logged: {bold(news.shipped.milestone.title)}."
    if news.delivery is None:
        told += f" It is not announced: {escaped(scorecard.name)} is at home in no channel yet."
    told = kit.shortened(f"{told} {trouble}".strip(), kit.MOST_SECTION_LENGTH)
    return Message(told, (kit.section(told), kit.actions(*_next_steps(news))))


def _next_steps(news: ShippedNews) -> list[Block]:
    milestone, scorecard = news.shipped.milestone, news.snapshot.scorecard.key
    subject = about(scorecard, milestone.key)
    undo = [] if news.change is None else [kit.button("Undo", Action.UNDO, str(news.change))]
    ship = [kit.button("Ship it", Action.SHIP_PLANNED, subject)] if milestone.is_open else []
    return [
        *undo,
        *ship,
        kit.button("Edit", Action.EDIT_MILESTONE, subject),
        *_to_metrics(news),
        kit.button("Milestones", Action.SHOW_MILESTONES, about(scorecard, "0")),
    ]


def _to_metrics(news: ShippedNews) -> list[Block]:
    """The way to what the milestone moved: a button, or a menu where that is several metrics."""
    scorecard = news.snapshot.scorecard.key
    moved = {effect.metric.key: effect.metric.name for effect in news.shipped.effects}
    options = {about(scorecard, key): name for key, name in moved.items()}
    if len(options) <= 1:
        return [kit.button(name, Action.SHOW_METRIC, value) for value, name in options.items()]
    first = dict(islice(options.items(), kit.MOST_OPTIONS))
    return [kit.choice(Action.SHOW_METRIC, first, placeholder="See a metric it moved")]

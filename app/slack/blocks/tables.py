"""Files of a scorecard in Slack: a table of readings in, what it would change, and files out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.domain.imports import Imported, MetricPlan, Plan
from app.domain.scorecards import Scorecard
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup import undoable
from app.slack.ids import Action, Field, Form, read_metadata

TITLE = "Files"
MOST_MEGABYTES = 2
MOST_REFUSED_SHOWN = 10
MOST_PREVIEW_LENGTH = 6_000
MOST_PROBLEM_LENGTH = 500
_FORMAT = (
    "CSV whose first line names the columns, such as `metric,value,at,note`; `at` and `note` may "
    f"be missing. At most {MOST_MEGABYTES} MB: for more there is `kpi import`. What would change "
    "is shown before anything is recorded."
)
_OUT = (
    "*Take out*\nThe readings as a table, or the whole scorecard as a file that can be loaded "
    "again. It comes to you alone, as a direct message."
)


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table was given: its scorecard, the channel whose rights the person has, the
    conversation in which they asked, and the table's id in Slack.

    `skips` says that they have seen which rows are refused and take the others.
    """

    scorecard: str
    channel: str | None
    asked_in: str | None
    file: str
    skips: bool = False

    def as_metadata(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_metadata(cls, metadata: str) -> "TablePlace":
        return read_metadata(cls, metadata)

    @property
    def form(self) -> FormPlace:
        return FormPlace(self.scorecard, self.channel, asked_in=self.asked_in)


def files_form(
    scorecard: Scorecard, place: FormPlace, problems: Sequence[str] = ()
) -> dict[str, Any]:
    """The form that takes a table, and the ways to take files out; above it what was wrong with
    the last table, in mrkdwn."""
    told = [f"• {problem}" for problem in problems]
    title = ["*Nothing was recorded.* Mend it and choose the file again:"] if told else []
    element: Block = {
        "type": "file_input",
        "action_id": Action.INPUT,
        "filetypes": ["csv", "tsv", "txt", "text"],
        "max_files": 1,
    }
    return forms.modal(
        TITLE,
        Form.TABLE,
        [
            *kit.sections([*title, *told], most=MOST_PREVIEW_LENGTH, rest="problems"),
            forms.field(Field.FILE, "Readings from a table", element),
            kit.context(_FORMAT),
            kit.divider(),
            kit.section(_OUT),
            kit.actions(
                kit.button("Readings as CSV", Action.EXPORT_CSV, scorecard.key),
                kit.button("Scorecard as YAML", Action.EXPORT_YAML, scorecard.key),
            ),
        ],
        submit="Look at it",
        metadata=place.as_metadata(),
    )


def doing_view(place: TablePlace, text: str) -> dict[str, Any]:
    """What is being done with the table, until it is."""
    return _without_submit(place, [kit.section(text)])


def plan_form(plan: Plan, ignored: Sequence[str], place: TablePlace) -> dict[str, Any]:
    """What recording the table would change, to be confirmed where there is something new."""
    lines = list(_planned(plan, ignored))
    blocks = kit.sections(lines, most=MOST_PREVIEW_LENGTH, rest="lines")
    if not plan.new:
        return _without_submit(place, [*blocks, kit.section("There is nothing new to record.")])
    return forms.modal(
        TITLE,
        Form.TABLE_PLAN,
        blocks,
        submit="Record the others" if plan.refused else "Record",
        metadata=replace(place, skips=bool(plan.refused)).as_metadata(),
    )


def _without_submit(place: TablePlace, blocks: Sequence[Block]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": Form.SETUP,
        "title": kit.plain_text(TITLE, kit.MOST_TITLE_LENGTH),
        "close": kit.plain_text("Close", kit.MOST_TITLE_LENGTH),
        "private_metadata": place.form.as_metadata(),
        "blocks": list(blocks),
    }


def _planned(plan: Plan, ignored: Sequence[str]) -> Iterator[str]:
    yield f"What the table would change in {bold(plan.scorecard.name)}:"
    yield from (f"• {bold(each.metric.name)}: {_counts(each)}" for each in plan.metrics)
    if ignored:
        named = escaped(kit.shortened(", ".join(ignored), MOST_PROBLEM_LENGTH))
        yield f"Columns that say nothing here: {named}"
    if plan.refused:
        yield f"*Refused: {_rows(len(plan.refused))}*"
    yield from refusals(plan)


def refusals(plan: Plan) -> Iterator[str]:
    """The first refused rows by line, and how many more there are, in mrkdwn."""
    for refusal in plan.refused[:MOST_REFUSED_SHOWN]:
        reason = escaped(kit.shortened(refusal.reason, MOST_PROBLEM_LENGTH))
        yield f"• line {refusal.line}: {reason}"
    if len(plan.refused) > MOST_REFUSED_SHOWN:
        yield f"… and {_rows(len(plan.refused) - MOST_REFUSED_SHOWN)} more"


def _counts(each: MetricPlan) -> str:
    counts = {"new": each.new, "already there": each.already_there, "refused": each.refused}
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    before, after = (
        each.metric.shown(value) if value else "no reading" for value in (each.before, each.after)
    )
    newest = f"{before} → {after}" if before != after else f"stays {before}"
    return escaped(f"{told}; newest value {newest}")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def recorded_view(imported: Imported, place: TablePlace) -> dict[str, Any]:
    """That the table is recorded; the way back stands in the answer beside it."""
    lines = list(_recorded(imported))
    return _without_submit(place, kit.sections(lines, most=MOST_PREVIEW_LENGTH, rest="lines"))


def recorded_reply(imported: Imported) -> Message:
    """What recording a table has changed, with the way back."""
    lines = list(_recorded(imported))
    if imported.change is None:
        return Message(kit.in_words(lines))
    return undoable(lines, imported.change)


def _recorded(imported: Imported) -> Iterator[str]:
    plan, name = imported.plan, bold(imported.plan.scorecard.name)
    if imported.change is None:
        yield f"All of the table is in {name} already: nothing was recorded."
        return
    count = len(plan.new)
    readings = "1 reading" if count == 1 else f"{count:,} readings"
    yield f"Recorded from a table: {readings} in {name}."
    yield from (f"• {bold(each.metric.name)}: {_counts(each)}" for each in plan.metrics)
    if plan.refused:
        yield f"Left out: {_rows(len(plan.refused))}"

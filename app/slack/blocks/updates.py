"""The update form, and the answer to what it recorded."""

from collections.abc import Sequence
from typing import Any

from app.domain import names
from app.domain.outcomes import Recorded
from app.domain.scorecards import Snapshot
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace, metric_fields
from app.slack.blocks.metrics import recorded_change, recorded_reply
from app.slack.ids import Action, Field, Form


def update_form(
    snapshot: Snapshot,
    channel: str | None,
    *,
    metrics: Sequence[str] = (),
    initial_metric: str | None = None,
) -> dict[str, Any]:
    """The form to record readings; each of `metrics` has a field for its new value."""
    note = forms.text_input(Action.INPUT, most=names.MOST_TEXT_LENGTH, multiline=True)
    return forms.modal(
        "Update metrics",
        Form.UPDATE,
        [
            *metric_fields(
                snapshot,
                metrics,
                label="Metrics",
                initial={initial_metric: ""} if initial_metric else {},
            ),
            forms.field(Field.NOTE, "Note", note, optional=True),
            forms.field(
                Field.AT,
                "True at (your own time zone)",
                forms.instant_input(Action.INPUT),
                hint="Leave it empty for now.",
                optional=True,
            ),
        ],
        submit="Record",
        metadata=FormPlace(snapshot.scorecard.key, channel).as_metadata(),
    )


def updated_reply(recorded: Sequence[Recorded]) -> Message:
    """The answer to an update of one or several metrics, with the way back for each."""
    if len(recorded) == 1:
        return recorded_reply(recorded[0])
    changes = [(each, recorded_change(each)) for each in recorded]
    note = [escaped(text) for text in recorded[0].reading.note.splitlines()]
    blocks = [
        kit.section(
            f"{bold(each.state.metric.name)}  {change}",
            accessory=kit.button("Undo", Action.UNDO_ONE, str(each.change)),
        )
        for each, change in changes
    ]
    in_words = [f"{escaped(each.state.metric.name)} recorded: {change}" for each, change in changes]
    return Message(kit.in_words([*in_words, *note]), (*blocks, *kit.sections(note)))

"""What forms about metrics share: where they were opened, and a field for each chosen metric."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from app.domain.scorecards import Snapshot
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block
from app.slack.ids import Action, Field, read_metadata, value_field

MOST_CHOSEN = 40
"""Metrics in one form, so that it and its answer fit Slack's limits."""


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Where a form was opened: its scorecard and the channel, kept in the form itself.

    The channel is the one whose rights the person has; a form that a shortcut opened for a
    scorecard without a home has none. A form that edits a milestone names it by its key, one
    that edits another part by kind and key, with the marks of how it stood. `page` is that of
    the list below a form, None where there is no list. `asked_in` is the conversation in which
    the form was asked for, None for the Home tab and for shortcuts. `landing` is what is offered
    from git, where the form logs that.
    """

    scorecard: str
    channel: str | None
    milestone: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    page: int | None = None
    asked_in: str | None = None
    landing: int | None = None

    def as_metadata(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_metadata(cls, metadata: str) -> "FormPlace":
        return read_metadata(cls, metadata)


def metric_fields(
    snapshot: Snapshot,
    metrics: Sequence[str],
    *,
    label: str,
    initial: Mapping[str, str] | None = None,
    optional: bool = False,
) -> list[Block]:
    """The choice of metrics, and for each of `metrics` its new value.

    It is preset with those of `initial` that there are, and with what is given there for each.

    The same fields keep their ids, so that Slack keeps what was typed when a
    metric is chosen and the form grows.
    """
    options = metric_options(snapshot)
    if not options:
        return []
    select = kit.choice(Action.CHOOSE_METRICS, options, placeholder="Choose", several=True)
    select["max_selected_items"] = MOST_CHOSEN
    known = [(key, value) for key, value in (initial or {}).items() if key in options]
    preset = dict(known[:MOST_CHOSEN])
    if preset:
        select["initial_options"] = [kit.option(key, options[key]) for key in preset]
        metrics = metrics or tuple(preset)
    chooser = forms.field(Field.METRICS, label, select, optional=optional, dispatches=True)
    return [chooser, *(_value_field(snapshot, key, preset.get(key, "")) for key in metrics)]


def _value_field(snapshot: Snapshot, key: str, initial: str) -> Block:
    state = snapshot.state(key)
    metric = state.metric
    now = metric.shown(state.current.value) if state.current else "without a reading"
    return forms.field(
        value_field(key),
        f"{metric.name}: new value",
        forms.text_input(
            Action.INPUT, initial=initial, most=40, placeholder="12, ~12, 5+, 78%, 1.2k"
        ),
        hint=f"Now {now}, target {metric.shown_target}.",
    )


def metric_options(snapshot: Snapshot) -> dict[str, str]:
    return {metric.key: metric.name for metric in snapshot.scorecard.metrics}

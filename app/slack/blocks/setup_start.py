"""The set-up where a channel has no scorecard yet: the ways to begin one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.outcomes import Retired
from app.domain.scorecards import Scorecard
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, bold, escaped
from app.slack.blocks.setup import MOST_GOAL_LENGTH, TITLE, setup_view
from app.slack.blocks.setup_fields import zone_input
from app.slack.blocks.setup_forms import goal_fields, home_field, name_field, schedule_fields
from app.slack.ids import Action, Field, Form, read_metadata

MOST_LISTED = 20
MOST_PREVIEW_LENGTH = 6_000
NOTHING_HERE = (
    "This channel has no scorecard yet. A scorecard has a goal, the metrics that prove it, the "
    "work streams that move them, and a weekly digest that tells how they moved."
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a scorecard is begun, and what from: the key of an example or the id of a file."""

    channel: str | None
    source: str = ""

    def as_metadata(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_metadata(cls, metadata: str) -> "Beginning":
        return read_metadata(cls, metadata)

    @property
    def home(self) -> str | None:
        """The channel as the home that is offered; a direct message can be none."""
        return None if self.channel and self.channel.startswith("D") else self.channel


def start_view(
    channel: str | None, retired: Sequence[Retired], homeless: Mapping[str, str]
) -> dict[str, Any]:
    """The ways to begin a scorecard, those that were retired here, and the names by key of those
    that have no home yet."""
    return setup_view(
        Beginning(channel).as_metadata(),
        [
            kit.section(NOTHING_HERE),
            kit.actions(
                kit.button("Start from scratch", Action.SETUP_NEW, "new", style="primary"),
                kit.button("Start from an example", Action.SETUP_EXAMPLES, "examples"),
                kit.button("From a file", Action.SETUP_FILE, "file"),
            ),
            *_listed("Retired here", [_retired(each) for each in retired]),
            *_listed("Without a home", [_homeless(*each) for each in homeless.items()]),
        ],
    )


def _listed(title: str, rows: Sequence[Block]) -> list[Block]:
    if not rows:
        return []
    rest = len(rows) - MOST_LISTED
    more = [kit.context(f"… and {rest} more")] if rest > 0 else []
    return [kit.divider(), kit.section(f"*{title}*"), *rows[:MOST_LISTED], *more]


def _homeless(key: str, name: str) -> Block:
    return kit.section(bold(name), accessory=kit.button("Edit", Action.SETUP_OPEN, key))


def _retired(retired: Retired) -> Block:
    button = kit.button("Bring back", Action.SETUP_BRING_BACK, str(retired.change))
    return kit.section(f"{bold(retired.name)}, retired {kit.moment(retired.at)}", accessory=button)


def new_form(beginning: Beginning, initial: Scorecard) -> dict[str, Any]:
    """The form that makes a scorecard from scratch; `initial` has its schedule and zone."""
    return forms.modal(
        TITLE,
        Form.SETUP_NEW,
        [*goal_fields(), home_field(beginning.home), *schedule_fields(initial), back()],
        submit="Create",
        metadata=beginning.as_metadata(),
    )


def back() -> Block:
    return kit.actions(kit.button("Back", Action.SETUP_BACK, "back"))


def examples_view(channel: str | None, examples: Sequence[Scorecard]) -> dict[str, Any]:
    """The examples that there are."""
    return setup_view(
        Beginning(channel).as_metadata(),
        [
            kit.section("Choose the one that comes closest. Everything in it can be changed."),
            *(
                kit.section(
                    f"{bold(each.name)}\n{_goal(each)}\n{held(each)}",
                    accessory=kit.button("Choose", f"{Action.SETUP_EXAMPLE}:{each.key}", each.key),
                )
                for each in examples
            ),
            back(),
        ],
    )


def _goal(scorecard: Scorecard) -> str:
    return escaped(kit.shortened(scorecard.goal, MOST_GOAL_LENGTH))


def example_form(beginning: Beginning, example: Scorecard, zone: str) -> dict[str, Any]:
    """What an example holds, and what is to be said of a scorecard that begins with it."""
    return forms.modal(
        TITLE,
        Form.SETUP_EXAMPLE,
        [
            *kit.sections(list(preview(example)), most=MOST_PREVIEW_LENGTH, rest="lines"),
            kit.context("Its figures are made up: put your own in once it is created."),
            name_field(example.name),
            home_field(beginning.home, hint="The digest is posted here."),
            forms.field(
                Field.ZONE, "Time zone", zone_input(zone), hint="Type a city to find yours."
            ),
            back(),
        ],
        submit="Create",
        metadata=beginning.as_metadata(),
    )


def preview(scorecard: Scorecard) -> Iterable[str]:
    """What a scorecard holds, in mrkdwn."""
    yield bold(scorecard.name)
    yield escaped(scorecard.goal)
    yield held(scorecard)
    for metric in scorecard.metrics:
        start, target = metric.shown(metric.baseline.value), metric.shown_target
        streams = ", ".join(scorecard.stream_names(driver.work_stream for driver in metric.drivers))
        moved = f", moved by {streams}" if streams else ""
        yield f"• {bold(metric.name)}: {escaped(f'{start} → target {target}{moved}')}"
    for phase in scorecard.phases:
        yield f"• {bold(phase.name)} ({escaped(phase.window.text)})"


def held(scorecard: Scorecard) -> str:
    """`5 metrics, 4 work streams, 16 milestones, 5 phases`"""
    counts = {
        "metric": len(scorecard.metrics),
        "work stream": len(scorecard.work_streams),
        "milestone": len(scorecard.milestones),
        "phase": len(scorecard.phases),
    }
    some = [f"{count} {what}{'' if count == 1 else 's'}" for what, count in counts.items() if count]
    return ", ".join(some) or "no metrics yet"

"""The set-up from a file: choosing it, what is wrong with it, and what it holds."""

from collections.abc import Sequence
from typing import Any

from app.domain.revisions import Revision
from app.domain.scorecards import Scorecard, Snapshot
from app.slack.blocks import forms, kit
from app.slack.blocks.history import difference
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.setup import TITLE, setup_view, undoable
from app.slack.blocks.setup_forms import home_field
from app.slack.blocks.setup_start import MOST_PREVIEW_LENGTH, Beginning, back, held, preview
from app.slack.ids import Action, Field, Form

MOST_PROBLEM_LENGTH = 500
_FORMAT = (
    "YAML or JSON, as `kpi schema` describes it and as the README shows. What a file doesn't "
    "hold can be added afterwards."
)


def file_form(beginning: Beginning, problems: Sequence[str] = ()) -> dict[str, Any]:
    """The form that takes a file; above it what was wrong with the last one, in mrkdwn."""
    told = [f"• {problem}" for problem in problems]
    title = ["*This can't be used yet.* Mend it and choose the file again:"] if told else []
    element: Block = {
        "type": "file_input",
        "action_id": Action.INPUT,
        "filetypes": ["yaml", "yml", "json"],
        "max_files": 1,
    }
    return forms.modal(
        TITLE,
        Form.SETUP_FILE,
        [
            *kit.sections([*title, *told], most=MOST_PREVIEW_LENGTH, rest="problems"),
            forms.field(Field.FILE, "Scorecard file", element),
            kit.context(_FORMAT),
            back(),
        ],
        submit="Read it",
        metadata=beginning.as_metadata(),
    )


def waiting_view(beginning: Beginning, text: str) -> dict[str, Any]:
    return setup_view(beginning.as_metadata(), [kit.section(text)])


def load_form(
    beginning: Beginning,
    scorecard: Scorecard,
    revisions: Sequence[Revision] | None = None,
    *,
    problem: str = "",
) -> dict[str, Any]:
    """What a file holds, or what it changes in a scorecard that is there; and where that is at
    home.

    `revisions` are None for a scorecard that is new. `problem` says why it could not be loaded.
    """
    lines = list(preview(scorecard)) if revisions is None else _changes(scorecard, revisions)
    return forms.modal(
        TITLE,
        Form.SETUP_LOAD,
        [
            *kit.sections(
                [escaped(kit.shortened(problem, MOST_PROBLEM_LENGTH))] if problem else []
            ),
            *kit.sections(lines, most=MOST_PREVIEW_LENGTH, rest="lines"),
            home_field(scorecard.channel or beginning.home, hint="The digest is posted here."),
            back(),
        ],
        submit="Create" if revisions is None else "Load again",
        metadata=beginning.as_metadata(),
    )


def _changes(scorecard: Scorecard, revisions: Sequence[Revision]) -> list[str]:
    told = (
        f"{bold(scorecard.name)} is there already, under the key `{scorecard.key}`: the file is "
        "loaded again. What people have changed since it was loaded stays."
    )
    return [told, *(_lines(revisions) or ["It changes nothing."])]


def _lines(revisions: Sequence[Revision]) -> list[str]:
    return [difference(revision, revision.subject) for revision in revisions]


def loaded_reply(
    snapshot: Snapshot, revisions: Sequence[Revision] | None, change: int | None
) -> Message:
    """What loading a file has changed, with the way back; `revisions` are None where it has made
    a new scorecard."""
    name = bold(snapshot.scorecard.name)
    if revisions is None:
        return Message(f"Made from its file: {name}, with {held(snapshot.scorecard)}.")
    if change is None or not revisions:
        return Message(f"{name} is as its file says: nothing was changed.")
    return undoable([f"Loaded: {name}.", *_lines(revisions)], change)

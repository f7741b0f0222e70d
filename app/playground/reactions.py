"""What a person experiences after an act: the app's acknowledgement, carried out as Slack does."""

from dataclasses import dataclass
from typing import Any

from app.playground.blockkit import Problem, problems_in_suggestions
from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.events import Events
from app.playground.inputs import fields_of, grouped_options
from app.playground.journal import Entry
from app.playground.messages import Message
from app.playground.responses import post_answer, says_anything
from app.playground.validation import message_problems, view_problems
from app.playground.views import View
from app.playground.workspace import Channel, Workspace


@dataclass(frozen=True)
class Reaction:
    """How the app reacted: its acknowledgement's payload, and the seconds that took.

    `error` is what Slack shows instead: `operation_timeout` when nothing came in time,
    `dispatch_failed` when the app could not be reached or failed.
    """

    ack: Json | None
    latency: float
    error: str | None


@dataclass(frozen=True)
class CommandReaction(Reaction):
    """`message` is what the acknowledgement of a command showed. An answer that Slack can't show
    gives the error `invalid_command_response`."""

    message: Message | None


@dataclass(frozen=True)
class SubmissionReaction(Reaction):
    """`errors` stand below the inputs, by block id. `closed` tells that the modal is gone, `view`
    is what the person looks at now."""

    errors: dict[str, str]
    closed: bool
    view: View | None


@dataclass(frozen=True)
class Suggestions:
    """The options for an external select, each with the label of its group, which is empty for
    those in none; `error` is why there are none, as in a Reaction."""

    options: list[tuple[str, Json]]
    error: str | None


def react(entry: Entry) -> Reaction:
    """The reaction to a click: nothing in its acknowledgement is shown."""
    return Reaction(entry.response, entry.seconds or 0.0, entry.error)


def react_to_command(
    workspace: Workspace, events: Events, entry: Entry, channel: Channel, user_id: str
) -> CommandReaction:
    """Show what the acknowledgement of a command says."""
    content: Json = entry.response or {}
    message = None
    if says_anything(content):
        entry.problems.extend(message_problems(workspace, content, "ack"))
        if entry.problems:
            entry.error = "invalid_command_response"
        else:
            message = post_answer(workspace, events, channel, user_id, content)
    return CommandReaction(entry.response, entry.seconds or 0.0, entry.error, message)


def suggested_options(entry: Entry) -> Suggestions:
    """What the app suggests for an external select; nothing when Slack can't show it."""
    answer: Json = entry.response or {}
    if entry.error is None:
        entry.problems.extend(problems_in_suggestions(answer))
    if entry.problems:
        entry.error = "invalid_response"
        return Suggestions([], entry.error)
    return Suggestions(grouped_options(answer), entry.error)


def react_to_submission(workspace: Workspace, entry: Entry, view: View) -> SubmissionReaction:
    """Do with the modal what the acknowledgement says.

    docs.slack.dev/surfaces/modals: nothing closes the view; `response_action` may be `errors`,
    `update`, `push` or `clear`. One that makes no sense changes nothing, and people are told that
    something went wrong.
    """
    content: Json = entry.response or {}
    errors: dict[str, str] = {}
    if entry.error is None:
        try:
            errors = _change(workspace, view, content)
        except SlackError as refusal:
            entry.error = refusal.code
        except _InvalidAckError as invalid:
            entry.problems.extend(invalid.problems)
            entry.error = "invalid_response"
    return SubmissionReaction(
        entry.response,
        entry.seconds or 0.0,
        entry.error,
        errors,
        closed=not workspace.views.is_open(view),
        view=workspace.views.top(view.user_id),
    )


class _InvalidAckError(Exception):
    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


def _change(workspace: Workspace, view: View, content: Json) -> dict[str, str]:
    views = workspace.views
    match content.get("response_action"):
        case None:
            views.close(view)
        case "errors":
            return _checked_errors(view, content.get("errors"))
        case "update":
            views.update(view, _checked_view(workspace, content))
        case "push":
            views.push(view, _checked_view(workspace, content))
        case "clear":
            views.clear(view)
        case unknown:
            raise _InvalidAckError(Problem("/response_action", f"unknown action: {unknown}"))
    return {}


def _checked_view(workspace: Workspace, content: Json) -> Json:
    view: Any = content.get("view")
    if not isinstance(view, dict) or view.get("type") != "modal":
        raise _InvalidAckError(Problem("/view", "must be a modal"))
    problems = [Problem(f"/view{p.pointer}", p.message) for p in view_problems(workspace, view)]
    if problems:
        raise _InvalidAckError(*problems)
    return view


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise _InvalidAckError(Problem("/errors", "must name at least one input block"))
    inputs = {field.block["block_id"] for field in fields_of(view.blocks) if field.is_input}
    unknown = set(errors) - inputs
    if unknown:
        raise _InvalidAckError(
            *(Problem(f"/errors/{block_id}", "no such input block") for block_id in unknown)
        )
    return errors

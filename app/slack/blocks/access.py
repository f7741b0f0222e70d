"""Who may do what: the form for it, and refusals that say who can help."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.access import Access, is_group
from app.domain.scorecards import Scorecard
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, Message, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup_fields import changed_meanwhile, mentioned
from app.slack.ids import Action, Allowed, Field, Form, groups_field

MOST_NAMED = 3
ACCESS_FIELDS = ("access",)
"""The fields of a scorecard that the form edits."""

ALLOWED = {
    Allowed.STRANGERS: "People of other organisations may record",
    Allowed.WORKFLOWS: "Workflows may record",
}
_HINTS = {
    Field.OWNERS: "They edit the scorecard itself, as the admins of this workspace do.",
    Field.EDITORS: "They record values and log milestones. If none are named, its viewers do.",
    Field.VIEWERS: "They see it. If none are named, everybody does who can read its channel, where "
    "the digest is posted in any case.",
}
"""The roles, by the names of the fields of a scorecard's access."""


def refusal(told: str, who_can_help: Sequence[str]) -> Message:
    """A refusal that mentions those who can help; it is for the one who asked alone."""
    return Message(f"{escaped(told)} Ask {named(who_can_help, last='or')}.")


def named(ids: Sequence[str], *, last: str = "and") -> str:
    """People and user groups as mentions: the first few of them, and how many there are more."""
    mentions = [mentioned(each) for each in ids[:MOST_NAMED]]
    if len(ids) > MOST_NAMED:
        mentions.append(f"{len(ids) - MOST_NAMED} more")
    return f" {last} ".join(part for part in (", ".join(mentions[:-1]), mentions[-1]) if part)


def access_form(
    scorecard: Scorecard,
    channel: str | None,
    seen: Mapping[str, str],
    theirs: Sequence[str] = (),
    *,
    groups: Mapping[str, str],
) -> dict[str, Any]:
    """The form with whom a scorecard names; `groups` are the names of user groups by id.

    `seen` are the marks of what the form edits, by which a later change is noticed, `theirs`
    what was changed meanwhile.
    """
    access = scorecard.access
    return forms.modal(
        "Access",
        Form.ACCESS,
        [
            *changed_meanwhile(_lines(access) if theirs else ()),
            *(block for role in _HINTS for block in _pickers(role, getattr(access, role), groups)),
            _allowed(access),
        ],
        submit="Save",
        metadata=FormPlace(scorecard.key, channel, seen=seen).as_metadata(),
    )


def _lines(access: Access) -> list[str]:
    """Whom a scorecard names now, in mrkdwn."""
    lines = []
    for role in _HINTS:
        ids = getattr(access, role)
        lines.append(f"{role.capitalize()}: {named(ids) if ids else 'nobody is named'}")
    return [*lines, *(ALLOWED[each] for each in _that_are_allowed(access))]


def _pickers(role: Field, ids: Sequence[str], groups: Mapping[str, str]) -> list[Block]:
    """A picker of people and one of user groups, which Slack has no picker of its own for."""
    people = [each for each in ids if not is_group(each)]
    chosen = [kit.option(each, groups.get(each, each)) for each in ids if is_group(each)]
    of_people: Block = {"type": "multi_users_select", "action_id": Action.INPUT}
    of_groups: Block = {
        "type": "multi_external_select",
        "action_id": Action.CHOOSE_GROUPS,
        "min_query_length": 0,
    }
    if people:
        of_people["initial_users"] = people
    if chosen:
        of_groups["initial_options"] = chosen
    return [
        forms.field(role, role.capitalize(), of_people, hint=_HINTS[role], optional=True),
        forms.field(
            groups_field(role), f"{role.capitalize()}: user groups", of_groups, optional=True
        ),
    ]


def _allowed(access: Access) -> Block:
    options = {each: kit.option(each, label) for each, label in ALLOWED.items()}
    element: Block = {
        "type": "checkboxes",
        "action_id": Action.INPUT,
        "options": list(options.values()),
    }
    allowed = [options[each] for each in _that_are_allowed(access)]
    if allowed:
        element["initial_options"] = allowed
    return forms.field(Field.ALLOWED, "Who else", element, optional=True)


def _that_are_allowed(access: Access) -> list[Allowed]:
    given = {Allowed.STRANGERS: access.strangers_edit, Allowed.WORKFLOWS: access.workflows_edit}
    return [each for each, is_allowed in given.items() if is_allowed]

"""What Slack tells the app when somebody does something. Pure.

docs.slack.dev/reference/interaction-payloads
docs.slack.dev/interactivity/implementing-slash-commands
"""

from typing import Any

from app.playground.blocks import Json
from app.playground.inputs import Field
from app.playground.messages import Message
from app.playground.users import User
from app.playground.views import View
from app.playground.workspace import Channel, Workspace

_AT_THE_APP = frozenset({"block_actions", "block_suggestion", "message_action"})
_SHOWN = frozenset({"text", "value", "style", "placeholder", "confirm", "accessibility_label"})
_CHANNEL_NAMES = {"groups": "privategroup", "im": "directmessage"}
"""Slack names no private conversation in payloads."""


def channel_name(channel: Channel) -> str:
    """The channel's name as payloads have it."""
    return _CHANNEL_NAMES.get(channel.kind, channel.name)


def command(workspace: Workspace, user: User, channel: Channel, typed: str) -> Json:
    """A slash command; `typed` is the whole line.

    `team_id` says where the user was (docs.slack.dev/interactivity/implementing-slash-commands):
    for a person of another organisation that is their own workspace.
    """
    name, _, text = typed.partition(" ")
    installation = workspace.installation
    return {
        "token": installation.verification_token,
        "team_id": user.team.id,
        "team_domain": user.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": installation.app_id,
        "is_enterprise_install": "false",
    }


def interaction(workspace: Workspace, kind: str, user: User) -> Json:
    """What every interaction has in common.

    `user.team_id` is the user's own workspace. `team` is the app's in what is done to a message
    (slackapi/java-slack-sdk#1041), and the user's own in shortcuts and in what is done to a modal
    as a whole (slackapi/bolt-js#1614).
    """
    installation = workspace.installation
    team = installation.team if kind in _AT_THE_APP else user.team
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team.id,
        },
        "api_app_id": installation.app_id,
        "token": installation.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def source(workspace: Workspace, surface: Message | View, field: Field) -> Json:
    """Where an interaction came from. An ephemeral message itself is not included.

    Of a block in an attachment that is the attachment
    (docs.slack.dev/reference/interaction-payloads/block_actions-payload).
    """
    if isinstance(surface, View):
        return {
            "container": {"type": "view", "view_id": surface.id},
            "view": workspace.views.payload(surface),
        }
    container: Json = {
        "type": "message",
        "message_ts": surface.ts,
        "channel_id": surface.channel_id,
        "is_ephemeral": surface.is_ephemeral,
    }
    if surface.thread_ts is not None:
        container["thread_ts"] = surface.thread_ts
    attachment = surface.attachment_of(field.block)
    if attachment is not None:
        container |= {
            "type": "message_attachment",
            "attachment_id": attachment["id"],
            "is_app_unfurl": False,
        }
    return {"container": container, **about(workspace, surface)}


def about(workspace: Workspace, message: Message) -> Json:
    """A message and its channel, without a container, as message shortcuts have them
    (docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload)."""
    channel = workspace.channels[message.channel_id]
    found: Json = {"channel": {"id": channel.id, "name": channel_name(channel)}}
    if not message.is_ephemeral:
        found["message"] = workspace.message_payload(message, with_metadata=True)
    return found


def action(field: Field, choice: Json, action_ts: str) -> Json:
    """One entry of `actions`: what was clicked, and `choice`, the state that it brought.

    It repeats what the element shows and what was chosen in it at first (the SDKs' models of
    actions, such as `BlockActionPayload.Action` in slackapi/java-slack-sdk).
    """
    block_id, action_id = field.place
    shown: Json = {
        key: value
        for key, value in field.element.items()
        if key in _SHOWN or key.startswith("initial_")
    }
    return {
        "type": field.element["type"],
        "block_id": block_id,
        "action_id": action_id,
        **shown,
        **choice,
        "action_ts": action_ts,
    }


def as_of_team(payload: Any, team_id: str, named: str) -> Any:
    """A copy in which `team_id` stands wherever the workspace is named by its id."""
    if isinstance(payload, dict):
        return {key: as_of_team(value, team_id, named) for key, value in payload.items()}
    if isinstance(payload, list):
        return [as_of_team(value, team_id, named) for value in payload]
    return team_id if payload == named else payload


def event_callback(
    workspace: Workspace, event: Json, *, team_id: str | None = None, shared: bool = False
) -> Json:
    """The envelope of an event (docs.slack.dev/apis/events-api).

    `team_id` is where it happened, the app's workspace if none is given; `context_team_id` and
    `authorizations` name the app's workspace in any case. `shared` tells that it happened in a
    channel with people of another organisation.
    """
    installation = workspace.installation
    return {
        "type": "event_callback",
        "token": installation.verification_token,
        "team_id": team_id or installation.team_id,
        "context_team_id": installation.team_id,
        "context_enterprise_id": None,
        "api_app_id": installation.app_id,
        "event": event,
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.clock()),
        "event_context": workspace.new_id("4-"),
        "is_ext_shared_channel": shared,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": installation.team_id,
                "user_id": installation.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }

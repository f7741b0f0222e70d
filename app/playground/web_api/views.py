"""views.open, push, update, publish."""

import json
from typing import Any

from app.playground.blocks import Json, elements_of, every_block
from app.playground.errors import SlackError, refuse_problems
from app.playground.pickers import offers
from app.playground.users import User
from app.playground.validation import view_problems
from app.playground.views import View
from app.playground.web_api.call import Call, Method
from app.playground.workspace import Channel, Workspace

VIEW_LIMIT = 250_000
"""Bytes (docs.slack.dev/reference/methods/views.open: view_too_large)."""


def open_view(call: Call) -> Json:
    """Open a modal.

    Errors: invalid_trigger_id, expired_trigger_id, exchanged_trigger_id, duplicate_external_id,
    view_too_large (docs.slack.dev/reference/methods/views.open).
    """
    content = _content(call, "modal")
    trigger = call.workspace.triggers.redeem(call.required("trigger_id"))
    if trigger.channel_id is not None:
        user = call.workspace.users[trigger.user_id]
        channel = call.workspace.channels[trigger.channel_id]
        _choose_current_conversation(call.workspace, content, user, channel)
    return _opened(call, call.workspace.views.open(trigger.user_id, content))


def _choose_current_conversation(
    workspace: Workspace, content: Json, user: User, channel: Channel
) -> None:
    """docs.slack.dev/reference/block-kit/block-elements: `default_to_current_conversation`.

    An `initial_conversation` takes precedence over it, and it over `initial_conversations`.
    """
    for block in every_block(content["blocks"]):
        for element in elements_of(block):
            if not element.get("default_to_current_conversation"):
                continue
            if not offers(workspace, user, element, channel):
                continue
            if element["type"] == "conversations_select":
                element.setdefault("initial_conversation", channel.id)
            else:
                element["initial_conversations"] = [channel.id]


def push(call: Call) -> Json:
    """Open a modal on top of the one in which the trigger arose.

    Errors: invalid_trigger_id, expired_trigger_id, exchanged_trigger_id, duplicate_external_id,
    view_too_large, not_found, push_limit_reached
    (docs.slack.dev/reference/methods/views.push).
    """
    content = _content(call, "modal")
    views = call.workspace.views
    trigger = call.workspace.triggers.redeem(call.required("trigger_id"))
    return _opened(call, views.push(views.find(view_id=trigger.view_id or ""), content))


def update(call: Call) -> Json:
    """Show something else in an open view.

    Errors: not_found, hash_conflict, duplicate_external_id, view_too_large
    (docs.slack.dev/reference/methods/views.update).
    """
    views = call.workspace.views
    external_id = call.optional("external_id")
    view_id = call.required("view_id") if external_id is None else None
    view = views.find(view_id=view_id, external_id=external_id)
    content = _content(call, view.content["type"])
    _refuse_stale(call, view)
    views.update(view, content)
    return _opened(call, view)


def publish(call: Call) -> Json:
    """Set a person's App Home, which the manifest must enable (`features.app_home`).

    A person who isn't there is an invalid argument.

    Errors: not_enabled, hash_conflict, duplicate_external_id, view_too_large
    (docs.slack.dev/reference/methods/views.publish).
    """
    if not call.workspace.installation.manifest.has_home_tab:
        raise SlackError("not_enabled")
    content = _content(call, "home")
    user = call.workspace.users.get(call.required("user_id"))
    if user is None:
        raise SlackError("invalid_arguments", messages=["invalid `user_id`"])
    home = call.workspace.views.home(user.id)
    if home is not None:
        _refuse_stale(call, home)
    return _opened(call, call.workspace.views.publish(user.id, content))


def _content(call: Call, kind: str) -> Json:
    view: Any = call.structure("view")
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_LIMIT:
        raise SlackError("view_too_large")
    if not isinstance(view, dict) or view.get("type") != kind:
        raise SlackError(
            "invalid_arguments", messages=[f'[ERROR] must be a "{kind}" [json-pointer:/view/type]']
        )
    problems = view_problems(call.workspace, view)
    call.problems.extend(problems)
    refuse_problems("invalid_arguments", problems, at="/view")
    return view


def _refuse_stale(call: Call, view: View) -> None:
    known_hash = call.optional("hash")
    if known_hash is not None and known_hash != view.hash:
        raise SlackError("hash_conflict")


def _opened(call: Call, view: View) -> Json:
    return {"view": call.workspace.views.payload(view)}


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}

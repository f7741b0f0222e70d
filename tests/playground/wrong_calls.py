"""A call for every error that a Web API method lists."""

from collections.abc import Callable
from typing import Any

from tests.playground.blocks import Json, home, modal, section
from tests.playground.world import World

Arguments = Callable[[World], Json]
Cases = dict[str, Json | Arguments]
"""The arguments of a call that gives this error, or how they are made."""

LONG = "x" * 3_001
BLOCKS = [section("x" * 2_900)] * 5


def saying(where: Arguments, limit: int) -> Cases:
    """What can be wrong with what a message says."""

    def with_content(**content: Any) -> Arguments:
        return lambda w: {**where(w), **content}

    return {
        "no_text": with_content(),
        "msg_too_long": with_content(text="x" * (limit + 1)),
        "markdown_text_conflict": with_content(text="x", markdown_text="x"),
        "msg_blocks_too_long": with_content(text="x", blocks=BLOCKS),
        "invalid_blocks": with_content(text="x", blocks=[section(LONG)]),
        "invalid_blocks_format": with_content(text="x", blocks={"type": "divider"}),
        "invalid_attachments": with_content(attachments=[{"blocks": [section(LONG)]}]),
        "too_many_attachments": with_content(attachments=[{"text": "x"}] * 101),
    }


def described(where: Arguments) -> Cases:
    """What can be wrong with a message's metadata."""
    wrong = {"event_type": "kpi.digest", "event_payload": {}}
    return {
        "invalid_metadata_format": lambda w: {**where(w), "text": "x", "metadata": "{"},
        "invalid_metadata_schema": lambda w: {**where(w), "text": "x", "metadata": wrong},
    }


def answering(where: Arguments) -> Cases:
    """What can be wrong with the parent of a reply."""
    return {
        "thread_not_found": lambda w: {**where(w), "text": "x", "thread_ts": "1.2"},
        "cannot_reply_to_message": lambda w: {**where(w), "text": "x", "thread_ts": w.psst()},
    }


def posting(**more: Any) -> Cases:
    """Where a message can't go."""
    return {
        "channel_not_found": lambda w: {"channel": w.secret.id, "text": "x", **more},
        "not_in_channel": lambda w: {"channel": w.ops.id, "text": "x", **more},
        "is_archived": lambda w: {"channel": w.old.id, "text": "x", **more},
        "messages_tab_disabled": lambda w: {"channel": w.ana.id, "text": "x", **more},
    }


def in_billing(w: World) -> Json:
    return {"channel": w.billing.id}


def to_ana(w: World) -> Json:
    return {"channel": w.billing.id, "user": w.ana.id}


def own_message(w: World) -> Json:
    return {"channel": w.billing.id, "ts": w.says(w.billing)}


def nothing(_: World) -> Json:
    return {}


def page_of(where: Arguments = nothing) -> Cases:
    return {"invalid_cursor": lambda w: {**where(w), "cursor": "next"}}


def limited(where: Arguments = nothing) -> Cases:
    return {"invalid_limit": lambda w: {**where(w), "limit": 0}, **page_of(where)}


def between(where: Arguments) -> Cases:
    return {
        "invalid_ts_oldest": lambda w: {**where(w), "oldest": "yesterday"},
        "invalid_ts_latest": lambda w: {**where(w), "latest": "today"},
    }


def room(**more: Any) -> Cases:
    """Where people can't come and go."""
    return {
        "channel_not_found": lambda w: {"channel": w.secret.id, **more},
        "method_not_supported_for_channel_type": lambda w: {"channel": w.direct.id, **more},
    }


def open_room(**more: Any) -> Cases:
    return {**room(**more), "is_archived": lambda w: {"channel": w.old.id, **more}}


def triggered() -> Cases:
    return {
        "invalid_trigger_id": {"trigger_id": "1.2.3", "view": modal()},
        "expired_trigger_id": lambda w: {"trigger_id": w.late(), "view": modal()},
        "exchanged_trigger_id": lambda w: {"trigger_id": w.used(), "view": modal()},
    }


def taken(w: World) -> Json:
    w.modal(external_id="taken")
    return modal(external_id="taken")


LARGE = modal(*[section("ü" * 3_000)] * 45)

CASES: dict[str, Cases] = {
    "chat.postMessage": {
        **posting(),
        **saying(in_billing, 40_000),
        **described(in_billing),
        **answering(in_billing),
    },
    "chat.postEphemeral": {
        **posting(user="U404"),
        **saying(to_ana, 40_000),
        **answering(to_ana),
        "user_not_in_channel": lambda w: {
            "channel": w.billing.id,
            "user": w.stranger.id,
            "text": "x",
        },
    },
    "chat.update": {
        **saying(own_message, 4_000),
        **described(own_message),
        "channel_not_found": lambda w: {"channel": w.ana.id, "ts": "1.2", "text": "x"},
        "message_not_found": lambda w: {"channel": w.billing.id, "ts": w.psst(), "text": "x"},
        "cant_update_message": lambda w: {"channel": w.billing.id, "ts": w.hers(), "text": "x"},
        "is_inactive": lambda w: {"channel": w.old.id, "ts": w.says(w.old), "text": "x"},
    },
    "chat.delete": {
        "channel_not_found": lambda w: {"channel": w.billing.name, "ts": "1.2"},
        "message_not_found": lambda w: {"channel": w.billing.id, "ts": "1.2"},
        "cant_delete_message": lambda w: {"channel": w.billing.id, "ts": w.hers()},
    },
    "chat.getPermalink": {
        "channel_not_found": lambda w: {"channel": w.secret.id, "message_ts": "1.2"},
        "message_not_found": lambda w: {"channel": w.billing.id, "message_ts": "1.2"},
    },
    "conversations.info": {"channel_not_found": {"channel": "#billing"}},
    "conversations.list": {"invalid_types": {"types": "im,private"}, **limited()},
    "conversations.history": {
        "channel_not_found": {"channel": "C404"},
        "not_in_channel": lambda w: {"channel": w.ops.id},
        **page_of(in_billing),
        **between(in_billing),
    },
    "conversations.replies": {
        "channel_not_found": {"channel": "C404", "ts": "1.2"},
        "not_in_channel": lambda w: {"channel": w.ops.id, "ts": "1.2"},
        "thread_not_found": lambda w: {"channel": w.billing.id, "ts": "1.2"},
        **page_of(own_message),
        **between(own_message),
    },
    "conversations.members": {
        "channel_not_found": lambda w: {"channel": w.secret.id},
        **limited(in_billing),
    },
    "conversations.open": {
        "users_list_not_supplied": {},
        "user_not_found": {"users": "U404"},
        "user_disabled": lambda w: {"users": w.gone.id},
        "not_enough_users": lambda w: {"users": w.slack.bot_user_id},
        "channel_not_found": {"channel": "D404"},
        "method_not_supported_for_channel_type": lambda w: {"channel": w.billing.id},
    },
    "conversations.create": {
        "invalid_name_required": {"name": ""},
        "invalid_name_maxlength": {"name": "x" * 81},
        "invalid_name_specials": {"name": "Billing team"},
        "invalid_name_punctuation": {"name": "-_-"},
        "name_taken": {"name": "billing"},
    },
    "conversations.join": open_room(),
    "conversations.leave": {**open_room(), "last_member": lambda w: {"channel": w.alone.id}},
    "conversations.invite": {
        **open_room(users="U404"),
        "not_in_channel": lambda w: {"channel": w.ops.id, "users": w.ana.id},
        "no_user": lambda w: {"channel": w.billing.id},
        "user_not_found": lambda w: {"channel": w.billing.id, "users": "U404"},
        "cant_invite_self": lambda w: {"channel": w.billing.id, "users": w.slack.bot_user_id},
        "already_in_channel": lambda w: {"channel": w.billing.id, "users": w.ana.id},
        "cant_invite": lambda w: {"channel": w.billing.id, "users": w.stranger.id},
    },
    "conversations.kick": {
        **room(user="U404"),
        "not_in_channel": lambda w: {"channel": w.alone.id, "user": w.ana.id},
        "user_not_found": lambda w: {"channel": w.billing.id, "user": "U404"},
        "cant_kick_self": lambda w: {"channel": w.billing.id, "user": w.slack.bot_user_id},
    },
    "users.info": {"user_not_found": {"user": "U404"}},
    "users.list": page_of(),
    "users.lookupByEmail": {"users_not_found": {"email": "nobody@example.com"}},
    "users.profile.get": {"user_not_found": {"user": "U404"}},
    "users.conversations": {
        "user_not_found": {"user": "U404"},
        "invalid_types": {"types": "public"},
        **limited(),
    },
    "usergroups.users.list": {"no_such_subteam": {"usergroup": "S404"}},
    "team.info": {"team_not_found": {"team": "T404"}},
    "bots.info": {"bot_not_found": {"bot": "B404"}},
    "files.getUploadURLExternal": {
        "missing_argument": {"filename": "a.txt", "length": 0},
        "alt_txt_too_large": {"filename": "a", "length": 1, "alt_txt": "x" * 1_001},
    },
    "files.completeUploadExternal": {
        "file_not_found": {"files": [{"id": "F404"}]},
        "channel_not_found": lambda w: {"files": w.uploaded(), "channel_id": w.ana.id},
        "not_in_channel": lambda w: {"files": w.uploaded(), "channel_id": w.ops.id},
        "posting_to_channel_denied": lambda w: {"files": w.uploaded(), "channel_id": w.old.id},
        "channels_limit_exceeded": lambda w: {
            "files": w.uploaded(),
            "channels": ",".join([w.billing.id] * 101),
        },
        "invalid_blocks": lambda w: {"files": w.uploaded(), "blocks": [section(LONG)]},
    },
    "files.info": {
        "file_not_found": {"file": "F404"},
        "file_deleted": lambda w: {"file": w.deleted()},
    },
    "files.list": {
        "user_not_found": {"user": "U404"},
        "unknown_type": {"types": "songs"},
    },
    "files.delete": {
        "file_not_found": lambda w: {"file": w.uploaded()[0]["id"]},
        "file_deleted": lambda w: {"file": w.deleted()},
        "cant_delete_file": lambda w: {"file": w.slack.upload(w.ana, "a.txt", b"x").id},
    },
    "functions.completeSuccess": {
        "function_execution_not_found": {"function_execution_id": "Fx404"},
        "execution_not_in_running_state": lambda w: {"function_execution_id": w.step(over=True)},
        "parameter_validation_failed": lambda w: {
            "function_execution_id": w.step(),
            "outputs": {"link": 7},
        },
    },
    "functions.completeError": {
        "function_execution_not_found": {"function_execution_id": "Fx404", "error": "x"},
        "execution_not_in_running_state": lambda w: {
            "function_execution_id": w.step(over=True),
            "error": "x",
        },
    },
    "views.open": {
        **triggered(),
        "duplicate_external_id": lambda w: {"trigger_id": w.trigger(), "view": taken(w)},
        "view_too_large": lambda w: {"trigger_id": w.trigger(), "view": LARGE},
    },
    "views.push": {
        **triggered(),
        "duplicate_external_id": lambda w: {"trigger_id": w.trigger(w.modal()), "view": taken(w)},
        "view_too_large": lambda w: {"trigger_id": w.trigger(w.modal()), "view": LARGE},
        "not_found": lambda w: {"trigger_id": w.trigger(), "view": modal()},
        "push_limit_reached": lambda w: {"trigger_id": w.trigger(w.third()), "view": modal()},
    },
    "views.update": {
        "not_found": {"view_id": "V404", "view": modal()},
        "hash_conflict": lambda w: {"view_id": w.modal().id, "hash": "1.2", "view": modal()},
        "duplicate_external_id": lambda w: {"view_id": w.modal().id, "view": taken(w)},
        "view_too_large": lambda w: {"view_id": w.modal().id, "view": LARGE},
    },
    "views.publish": {
        "not_enabled": lambda w: {"user_id": w.ana.id, "view": home(section("x"))},
        "hash_conflict": lambda w: {
            "user_id": w.homely(),
            "hash": "1.2",
            "view": home(section("x")),
        },
        "duplicate_external_id": lambda w: {
            "user_id": w.ana.id,
            "view": home(section("x")) | {"external_id": taken(w)["external_id"]},
        },
        "view_too_large": lambda w: {"user_id": w.ana.id, "view": home(*LARGE["blocks"])},
    },
}

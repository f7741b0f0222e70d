"""manifest.yml is one that Slack accepts, and asks for what the code uses and no more.

Limits: https://docs.slack.dev/reference/app-manifest
"""

import re

from app.doctor import SCOPES
from app.slack.ids import COMMAND, Shortcut
from tests.project.files import MANIFEST, python_of_the_bot

SCOPES_OF_METHODS = {
    "apps_connections_open": set(),  # takes the app-level token
    "auth_test": set(),
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
"""What each method needs: https://docs.slack.dev/reference/methods"""

_MEMBERS = {"channels:read", "groups:read"}
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "function_executed": set(),
    "group_archive": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": _MEMBERS,
    "member_left_channel": _MEMBERS,
    "subteam_members_changed": {"usergroups:read"},
}
"""What each event needs: https://docs.slack.dev/reference/events"""

FAMILIES = (
    "api|apps|auth|bots|chat|conversations|files|functions|reactions|team|usergroups|users|views"
)


def test_texts_fit_into_slacks_limits() -> None:
    shown = MANIFEST["display_information"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert re.fullmatch(r"[A-Za-z0-9_. -]{1,80}", MANIFEST["features"]["bot_user"]["display_name"])
    for command in MANIFEST["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 1 <= len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000


def test_its_command_is_the_one_that_is_listened_to() -> None:
    assert [each["command"] for each in MANIFEST["features"]["slash_commands"]] == [COMMAND]


def test_its_shortcuts_are_those_that_are_listened_to() -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert [each["callback_id"] for each in shortcuts] == list(Shortcut)
    assert set(re.findall(r"app\.shortcut\(Shortcut\.(\w+)\)", python_of_the_bot())) == set(
        Shortcut.__members__
    )
    for shortcut in shortcuts:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_forms_and_buttons_reach_the_bot_over_a_socket() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["token_rotation_enabled"] is False


def test_every_event_that_is_listened_to_is_subscribed_to() -> None:
    heard = set(re.findall(r"\bapp\.event\(\s*\"([\w.]+)\"", python_of_the_bot()))
    asked = MANIFEST["settings"].get("event_subscriptions", {}).get("bot_events", [])
    assert heard == set(asked) - {"function_executed"}  # heard step by step


def test_its_scopes_are_those_of_the_methods_that_are_called() -> None:
    called = set(re.findall(rf"client\.((?:{FAMILIES})_[A-Za-z_]+)\b", python_of_the_bot()))
    assert called == SCOPES_OF_METHODS.keys()
    heard = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    of_methods = {scope for method in called for scope in SCOPES_OF_METHODS[method]}
    of_events = {scope for event in heard for scope in SCOPES_OF_EVENTS[event]}
    needed = {"commands"} | of_methods | of_events
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed == SCOPES

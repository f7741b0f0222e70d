"""manifest.yml is one that Slack accepts, and asks for what the code uses and no more.

Limits: https://docs.slack.dev/reference/app-manifest
"""

from jsonschema import Draft202012Validator

from app.doctor import SCOPES
from app.slack.inputs.steps import TITLES, Input
from tests.project.files import MANIFEST, methods_called
from tests.project.manifest_schema import MANIFEST_SCHEMA

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
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "functions_completeError": set(),
    "functions_completeSuccess": set(),
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
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


def test_slack_takes_it() -> None:
    problems = Draft202012Validator(MANIFEST_SCHEMA).iter_errors(MANIFEST)
    assert [f"{problem.json_path}: {problem.message}" for problem in problems] == []


def test_forms_and_buttons_reach_the_bot_over_a_socket() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["token_rotation_enabled"] is False


def test_workflow_builder_offers_its_steps() -> None:
    """https://docs.slack.dev/tools/bolt-js/tutorials/custom-steps"""
    assert MANIFEST["settings"]["org_deploy_enabled"] is True
    assert MANIFEST["settings"]["function_runtime"] == "remote"


def test_the_inputs_of_its_steps_are_those_that_are_read() -> None:
    inputs = [step["input_parameters"] for step in MANIFEST["functions"].values()]
    titles = {name: each["title"] for of_step in inputs for name, each in of_step.items()}
    assert titles == TITLES
    assert set(TITLES) == set(Input)


def test_its_scopes_are_those_of_the_methods_that_are_called() -> None:
    called = methods_called()
    assert called == SCOPES_OF_METHODS.keys()
    heard = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert set(heard) == SCOPES_OF_EVENTS.keys()
    of_methods = {scope for method in called for scope in SCOPES_OF_METHODS[method]}
    of_events = {scope for event in heard for scope in SCOPES_OF_EVENTS[event]}
    needed = {"commands"} | of_methods | of_events
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_the_doctor_looks_for_its_scopes() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == SCOPES

"""Manifest files: reading them, and what Slack would refuse in them.

Fields and limits: docs.slack.dev/reference/app-manifest, and the schemas in
slackapi/manifest-schema. Parts that the local Slack has no use for are taken as they are.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from app.playground.blockkit.checks import (
    Check,
    any_object,
    array,
    boolean,
    matching,
    objects,
    repeated,
    shape,
    text,
    word,
)
from app.playground.blockkit.problem import Problem
from app.playground.installation import Manifest


class ManifestError(ValueError):
    """A manifest that can't be read, or that Slack would refuse; a line says where and why."""


def read_manifest(path: Path | str) -> dict[str, Any]:
    """An app manifest from its file, YAML or JSON, for `LocalSlack(manifest)`.

    Raises ManifestError.
    """
    path = Path(path)
    content = _parsed(path)
    problems = [f"{_place(each.pointer)}{each.message}" for each in _MANIFEST(content, "")]
    if not problems:
        problems = _problems_of_functions(content)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ManifestError(f"{path}: {problems[0]}{more}")
    return dict(content)


def _parsed(path: Path) -> Any:
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8 text"
        raise ManifestError(f"{path} can't be read: {reason}") from None
    try:
        return json.loads(written) if path.suffix == ".json" else yaml.safe_load(written)
    except json.JSONDecodeError as broken:
        place = f"line {broken.lineno}, column {broken.colno}"
        raise ManifestError(f"{path} isn't JSON: {broken.msg} at {place}") from None
    except yaml.YAMLError as broken:
        raise ManifestError(f"{path} isn't YAML: {_reason(broken)}") from None


def _reason(broken: yaml.YAMLError) -> str:
    mark = getattr(broken, "problem_mark", None)
    if mark is None:
        return str(broken).splitlines()[0]
    problem = getattr(broken, "problem", None) or "it can't be parsed"
    return f"{problem} at line {mark.line + 1}, column {mark.column + 1}"


def _place(pointer: str) -> str:
    """`/features/shortcuts/0/name` as `features.shortcuts[0].name: `."""
    dotted = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", pointer.replace("/", ".").removeprefix("."))
    return f"{dotted}: " if dotted else ""


def _problems_of_functions(content: Mapping[str, Any]) -> list[str]:
    try:
        Manifest.read(content)
    except ValueError as refusal:
        return str(refusal).split("; ")
    return []


def _anything(value: object, pointer: str) -> Iterator[Problem]:  # noqa: ARG001
    """A part that the local Slack has no use for."""
    return iter(())


def _any_of(*fields: str) -> dict[str, Check]:
    return dict.fromkeys(fields, _anything)


def _flags(*fields: str) -> dict[str, Check]:
    return dict.fromkeys(fields, boolean)


def _distinct(field: str) -> Check:
    """A list in which no two objects have the same in that field."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        places = ((each.get(field), f"{pointer}/{i}/{field}") for i, each in objects(value))
        return repeated(places, "{value} is there already")

    return check


def _both(first: Check, second: Check) -> Check:
    def check(value: object, pointer: str) -> Iterator[Problem]:
        yield from first(value, pointer)
        yield from second(value, pointer)

    return check


def _named(content: Check) -> Check:
    """An object with names of the app's own."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(pointer, "must provide an object")
            return
        for name, each in value.items():
            yield from content(each, f"{pointer}/{name}")

    return check


_URL = matching(r"https?://\S{1,3490}", "an address that begins with https://")
_NAMES = array(text(50), least=0, most=255)
_EVENTS = array(text(50), least=0, most=100)

_COMMAND = shape(
    required={
        "command": matching(r"/\S{1,31}", "a slash and up to 31 characters without spaces"),
        "description": text(2000),
    },
    optional={"url": _URL, "usage_hint": text(1000), "should_escape": boolean},
)
_SHORTCUT = shape(
    required={
        "name": text(24),
        "type": word("message", "global"),
        "callback_id": text(255),
        "description": text(150),
    },
)
_FEATURES = shape(
    optional={
        "app_home": shape(
            optional=_flags(
                "home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"
            )
        ),
        "bot_user": shape(required={"display_name": text(80)}, optional={"always_online": boolean}),
        "shortcuts": _both(array(_SHORTCUT, most=10), _distinct("callback_id")),
        "slash_commands": _both(array(_COMMAND, most=50), _distinct("command")),
        **_any_of("agent_view", "assistant_view", "functions", "rich_previews", "search"),
        **_any_of("unfurl_domains", "workflow_steps"),
    }
)
_SETTINGS = shape(
    optional={
        "event_subscriptions": shape(
            optional={
                "request_url": _URL,
                "bot_events": _EVENTS,
                "user_events": _EVENTS,
                "metadata_subscriptions": _anything,
            }
        ),
        "interactivity": shape(
            required={"is_enabled": boolean},
            optional={"request_url": _URL, "message_menu_options_url": _URL},
        ),
        **_flags("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"),
        **_flags("is_hosted", "is_mcp_enabled"),
        **_any_of("allowed_ip_address_ranges", "function_runtime", "hermes_app_type"),
        **_any_of("incoming_webhooks", "siws_links"),
    }
)
_OAUTH = shape(
    optional={
        "scopes": shape(
            optional=dict.fromkeys(("bot", "bot_optional", "user", "user_optional"), _NAMES)
        ),
        **_any_of("pkce_enabled", "redirect_urls", "token_management_enabled"),
    }
)


def _parameters(value: object, pointer: str) -> Iterator[Problem]:
    """Parameters by their names, or under `properties` from version 2 of the manifest on."""
    if isinstance(value, Mapping) and "properties" in value:
        yield from _PARAMETERS(value["properties"], f"{pointer}/properties")
    else:
        yield from _PARAMETERS(value, pointer)


_PARAMETERS = _named(any_object)
_FUNCTION = shape(
    required={
        "title": text(255),
        "description": text(),
        "input_parameters": _parameters,
        "output_parameters": _parameters,
    }
)
_MANIFEST = shape(
    required={
        "display_information": shape(
            required={"name": text(35)},
            optional={
                "description": text(140),
                "long_description": text(4000, least=175),
                "background_color": matching(
                    "#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?", "a colour such as #1f3a5f"
                ),
            },
        )
    },
    optional={
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
        "functions": _named(_FUNCTION),
        **_any_of("$schema", "_metadata", "app_directory", "compliance", "datastores"),
        **_any_of("external_auth_providers", "mcp_servers", "metadata_events"),
        **_any_of("outgoing_domains", "types", "workflows"),
    },
)

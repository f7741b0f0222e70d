"""What Slack takes as a manifest without a version: the parts that this project uses.

Limits and names: https://docs.slack.dev/reference/app-manifest, and the JSON schemas in
https://github.com/slackapi/manifest-schema. What isn't described here is refused, so that a part
that is added to manifest.yml is looked up first.
"""

from typing import Any

Schema = dict[str, Any]

YES_OR_NO: Schema = {"type": "boolean"}
WORDS: Schema = {"type": "string", "minLength": 1}


def text(most: int, least: int = 1, pattern: str = "") -> Schema:
    limits: Schema = {"type": "string", "minLength": least, "maxLength": most}
    return {**limits, "pattern": pattern} if pattern else limits


def thing(*required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def several(items: Schema, most: int, *, least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def named(items: Schema, most: int) -> Schema:
    """An object with keys of our own."""
    return {"type": "object", "additionalProperties": items, "maxProperties": most}


PARAMETER = thing(
    "type",
    "title",
    "description",
    "is_required",
    type={
        "enum": [
            "string",
            *(f"slack#/types/{each}" for each in ("channel_id", "date", "timestamp")),
        ]
    },
    title=WORDS,
    description=WORDS,
    hint=WORDS,
    is_required=YES_OR_NO,
)
FUNCTION = thing(
    "title",
    "description",
    "input_parameters",
    "output_parameters",
    title=WORDS,
    description=WORDS,
    input_parameters=named(PARAMETER, 50),
    output_parameters=named(PARAMETER, 50),
)
SHORTCUT = thing(
    "name",
    "type",
    "callback_id",
    "description",
    name=text(24),
    type={"enum": ["message", "global"]},
    callback_id=text(255),
    description=text(150),
)
COMMAND = thing(
    "command",
    "description",
    command=text(32, 2, pattern=r"^/[a-z0-9_-]+$"),
    description=text(2000),
    usage_hint=text(1000),
    should_escape=YES_OR_NO,
)
SCOPES = several(text(50), 255)
EVENTS = {**several(text(50), 100), "uniqueItems": True}

MANIFEST_SCHEMA = thing(
    "display_information",
    display_information=thing(
        "name",
        name=text(35),
        description=text(140),
        long_description=text(4000, 175),
        background_color=text(7, 4, pattern=r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
    ),
    features=thing(
        app_home=thing(
            home_tab_enabled=YES_OR_NO,
            messages_tab_enabled=YES_OR_NO,
            messages_tab_read_only_enabled=YES_OR_NO,
        ),
        bot_user=thing(
            "display_name",
            display_name=text(80, pattern=r"^[A-Za-z0-9_. -]+$"),
            always_online=YES_OR_NO,
        ),
        shortcuts=several(SHORTCUT, 10),
        slash_commands=several(COMMAND, 50),
    ),
    oauth_config=thing(scopes=thing(bot={**SCOPES, "uniqueItems": True})),
    functions=named(FUNCTION, 50),
    settings=thing(
        event_subscriptions=thing(bot_events=EVENTS),
        interactivity=thing("is_enabled", is_enabled=YES_OR_NO),
        function_runtime={"const": "remote"},
        org_deploy_enabled=YES_OR_NO,
        socket_mode_enabled=YES_OR_NO,
        token_rotation_enabled=YES_OR_NO,
    ),
)

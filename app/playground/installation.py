"""The app as it is installed in the workspace: its ids, its secrets, what its manifest allows."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.playground.request_urls import RequestUrls
from app.playground.steps import function_problems, parameters_of

TEAM_DOMAIN = "playground"

BOT_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "links.embed:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "team:read",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
)

EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "channel_archive",
        "channel_unarchive",
        "group_archive",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "message.im",
        "subteam_members_changed",
    }
)
"""What an app without a manifest hears; messages in channels need one that asks for them."""


_CHANNELS, _GROUPS = frozenset({"channels:read"}), frozenset({"groups:read"})
EVENT_SCOPES: Mapping[str, frozenset[str]] = {
    "app_mention": frozenset({"app_mentions:read"}),
    "channel_archive": _CHANNELS,
    "channel_created": _CHANNELS,
    "channel_unarchive": _CHANNELS,
    "file_deleted": frozenset({"files:read"}),
    "group_archive": _GROUPS,
    "group_unarchive": _GROUPS,
    "member_joined_channel": _CHANNELS | _GROUPS,
    "member_left_channel": _CHANNELS | _GROUPS,
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "subteam_members_changed": frozenset({"usergroups:read"}),
}
"""Of which scopes an event needs one (the event's page below docs.slack.dev/reference/events)."""


@dataclass(frozen=True)
class Command:
    """A slash command as people find it; `usage_hint` tells what may follow it.

    With `should_escape` people and channels that are typed reach the app as `<@U1|ana>` and
    `<#C1|billing>` (docs.slack.dev/interactivity/implementing-slash-commands).
    """

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A shortcut as people find it; `type` is `global` or `message`."""

    callback_id: str
    type: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class Manifest:
    """What an app may do and hear (docs.slack.dev/reference/app-manifest).

    None for commands, shortcuts or functions stands for all that people try.
    """

    name: str = "Playground"
    bot_name: str = "playground"
    description: str = ""
    commands: Mapping[str, Command] | None = None
    shortcuts: Mapping[str, Shortcut] | None = None
    functions: Mapping[str, Mapping[str, Any]] | None = None
    events: frozenset[str] = EVENTS
    scopes: tuple[str, ...] = BOT_SCOPES
    socket_mode: bool = True
    request_urls: RequestUrls = field(default_factory=RequestUrls)
    has_home_tab: bool = True
    has_messages_tab: bool = True
    takes_messages: bool = True

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> "Manifest":
        """Take an app manifest as the dict that its YAML or JSON file holds.

        Raises KeyError when `display_information.name` is missing, ValueError when Slack would not
        take its functions.
        """
        _refuse_functions(manifest)
        features = manifest.get("features", {})
        app_home = features.get("app_home", {})
        settings = manifest.get("settings", {})
        subscriptions = settings.get("event_subscriptions", {})
        information = manifest["display_information"]
        name = information["name"]
        return cls(
            name=name,
            description=information.get("description", ""),
            bot_name=features.get("bot_user", {}).get("display_name", name),
            commands={c["command"]: _command(c) for c in features.get("slash_commands", [])},
            shortcuts={s["callback_id"]: _shortcut(s) for s in features.get("shortcuts", [])},
            functions=manifest.get("functions", {}),
            events=frozenset(subscriptions.get("bot_events", [])),
            scopes=tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            socket_mode=settings.get("socket_mode_enabled", False),
            request_urls=RequestUrls.read(manifest),
            has_home_tab=app_home.get("home_tab_enabled", False),
            has_messages_tab=app_home.get("messages_tab_enabled", True),
            takes_messages=app_home.get("messages_tab_enabled", True)
            and not app_home.get("messages_tab_read_only_enabled", False),
        )

    def knows_command(self, command: str) -> bool:
        """Whether Slack would send the command to this app."""
        return self.commands is None or command in self.commands

    def knows_shortcut(self, callback_id: str, kind: str) -> bool:
        """Whether the app has the shortcut, of the kind `global` or `message`."""
        if self.shortcuts is None:
            return True
        shortcut = self.shortcuts.get(callback_id)
        return shortcut is not None and shortcut.type == kind

    def shortcuts_of(self, kind: str) -> list[Shortcut]:
        """The shortcuts of one kind, `global` or `message`, in the manifest's order."""
        return [each for each in (self.shortcuts or {}).values() if each.type == kind]

    def function(self, callback_id: str) -> dict[str, Any] | None:
        """A workflow step as the manifest describes it, its parameters as events list them; None
        when it describes none at all.

        Raises LookupError when it describes others.
        """
        if self.functions is None:
            return None
        if callback_id not in self.functions:
            raise LookupError(f"no step {callback_id!r}; there are {sorted(self.functions)}")
        function = self.functions[callback_id]
        return {
            **function,
            "input_parameters": parameters_of(function["input_parameters"]),
            "output_parameters": parameters_of(function["output_parameters"]),
        }

    def hears(self, event: str) -> bool:
        """Whether the app has subscribed to the event, such as `message.im`, and has a scope that
        the event needs. Without one Slack sends nothing."""
        scopes = EVENT_SCOPES.get(event)
        return event in self.events and (scopes is None or not scopes.isdisjoint(self.scopes))


def _command(command: Mapping[str, Any]) -> Command:
    return Command(
        command["command"],
        command.get("description", ""),
        command.get("usage_hint", ""),
        command.get("should_escape", False),
    )


def _shortcut(shortcut: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        shortcut["callback_id"],
        shortcut["type"],
        shortcut.get("name", shortcut["callback_id"]),
        shortcut.get("description", ""),
    )


def _refuse_functions(manifest: Mapping[str, Any]) -> None:
    """Raise ValueError for functions that Slack would not take; all need an app that is ready for
    organisations (docs.slack.dev/tools/bolt-js/tutorials/custom-steps)."""
    functions = manifest.get("functions", {})
    problems = list(function_problems(functions))
    if functions and not manifest.get("settings", {}).get("org_deploy_enabled"):
        problems.append("functions need settings.org_deploy_enabled")
    if problems:
        raise ValueError("; ".join(problems))


@dataclass(frozen=True)
class Team:
    """A workspace, and the name that it has in addresses."""

    id: str
    domain: str


def secret(prefix: str) -> str:
    """A new token of that kind."""
    return f"{prefix}-{secrets.token_hex(12)}"


@dataclass(frozen=True)
class Installation:
    """Ids look like Slack's; tokens and the signing secret are new in every workspace."""

    manifest: Manifest
    app_id: str = "A0PLAYGROUND"
    team_id: str = "T0PLAYGROUND"
    bot_id: str = "B0PLAYGROUND"
    bot_user_id: str = "U0PLAYGROUND"
    bot_token: str = field(default_factory=lambda: secret("xoxb"), repr=False)
    app_token: str = field(default_factory=lambda: secret("xapp-1"), repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)

    @property
    def team(self) -> Team:
        """The workspace in which the app is installed."""
        return Team(self.team_id, TEAM_DOMAIN)

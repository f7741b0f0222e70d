"""Where an app without Socket Mode takes Slack's requests, as its manifest says."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from app.playground.blocks import Json


@dataclass(frozen=True)
class RequestUrls:
    """An address for each kind of request; what has none is never sent.

    `options` is asked for the options of external selects, `commands` has the addresses of slash
    commands, and `command` is that of a command which isn't among them
    (docs.slack.dev/reference/app-manifest).
    """

    events: str = ""
    interactivity: str = ""
    options: str = ""
    command: str = ""
    commands: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> Self:
        """Take the addresses from a manifest."""
        settings = manifest.get("settings", {})
        interactivity = settings.get("interactivity", {})
        commands = manifest.get("features", {}).get("slash_commands", [])
        return cls(
            events=settings.get("event_subscriptions", {}).get("request_url", ""),
            interactivity=interactivity.get("request_url", ""),
            options=interactivity.get("message_menu_options_url", ""),
            commands={each["command"]: each["url"] for each in commands if "url" in each},
        )

    @classmethod
    def at(cls, url: str) -> Self:
        """One address for everything, as Bolt has it."""
        return cls(url, url, url, url)

    def moved_to(self, url: str) -> Self:
        """The same app elsewhere: `url` takes everything if it has a path; otherwise the paths
        stay as they are."""
        moved = urlsplit(url)
        if moved.path.strip("/"):
            return self.at(url)

        def there(address: str) -> str:
            parts = urlsplit(address)._replace(scheme=moved.scheme, netloc=moved.netloc)
            return urlunsplit(parts) if address else ""

        kinds = {each.name: getattr(self, each.name) for each in fields(self)}
        addresses = {name: there(value) for name, value in kinds.items() if name != "commands"}
        commands = {name: there(address) for name, address in self.commands.items()}
        return replace(self, **addresses, commands=commands)

    def of(self, kind: str, payload: Json) -> str:
        """The address for an envelope of that type; empty when there is none."""
        if kind == "slash_commands":
            return self.commands.get(payload["command"], self.command)
        if kind == "events_api":
            return self.events
        return self.options if payload["type"] == "block_suggestion" else self.interactivity

    @property
    def everywhere(self) -> dict[str, str]:
        """Each address by its place in the manifest."""
        found = {
            "settings.event_subscriptions.request_url": self.events,
            "settings.interactivity.request_url": self.interactivity,
            "settings.interactivity.message_menu_options_url": self.options,
            **{f"the url of {name}": address for name, address in self.commands.items()},
        }
        return {place: address for place, address in found.items() if address}


def is_on_this_machine(url: str) -> bool:
    """Whether an http address is one of this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

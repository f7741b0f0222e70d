"""Leads Slack's Python SDK to the address in SLACK_API_URL, in an app that knows nothing of it.

Python imports it at its start, before the app. The SDK's modules are changed as the app loads them:
clients take that address where the app names none, and no proxy, which the SDK would otherwise ask
for this machine, too. The app's environment may have an old Python and no other part of this
project.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def lead(client: Any) -> None:
    """Give a client class another address where none is named."""
    address = os.environ["SLACK_API_URL"]
    client.__init__.__defaults__ = tuple(
        address if default == client.BASE_URL else default
        for default in client.__init__.__defaults__
    )
    client.BASE_URL = address


def forget_proxies(loader: Any) -> None:
    """Let the SDK find no proxy in the environment."""
    loader.load_http_proxy_from_env = lambda *_, **__: None


CHANGES: dict[str, Callable[[Any], None]] = {
    "slack_sdk.proxy_env_variable_loader": forget_proxies,
    "slack_sdk.web.async_base_client": lambda module: lead(module.AsyncBaseClient),
    "slack_sdk.web.base_client": lambda module: lead(module.BaseClient),
    "slack_sdk.web.legacy_base_client": lambda module: lead(module.LegacyBaseClient),
}


class ChangingFinder:
    """Finds those modules where Python would, and changes each once it has been loaded."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Called by Python's import system."""
        change = CHANGES.get(name)
        spec = PathFinder.find_spec(name, path, target) if change else None
        if change is None or spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_change(module: Any) -> None:
            load(module)
            change(module)

        setattr(spec.loader, "exec_module", load_and_change)  # noqa: B010
        return spec


def run_the_one_behind() -> None:
    """Run the `sitecustomize` that Python would have found without this one."""
    folders = [folder for folder in sys.path if Path(folder).resolve() != HERE]
    spec = PathFinder.find_spec("sitecustomize", folders)
    if spec is not None and spec.loader is not None:
        sys.modules["sitecustomize"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["sitecustomize"])


if __name__ == "sitecustomize":
    if "SLACK_API_URL" in os.environ:
        sys.meta_path.insert(0, ChangingFinder)
    run_the_one_behind()

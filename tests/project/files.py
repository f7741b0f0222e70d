"""The project's own files, as tests read them."""

import ast
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import yaml
from slack_sdk.web.async_client import AsyncWebClient

ROOT = Path(__file__).parents[2]

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))

METHODS_OF_BOLT = {
    "complete": "functions_completeSuccess",
    "fail": "functions_completeError",
}
"""What listeners call by the arguments that Bolt gives them."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    """Every file of the repository; of a copy without its history, every file there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        folders = ("app", "tests", "migrations", "docs")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
        paths += ROOT.iterdir()
    return [path for path in paths if path.is_file() and path.suffix not in {".pyc", ".db"}]


def methods_called() -> set[str]:
    """The methods of Slack's Web API that the bot calls, by their names in the SDK."""
    known = {name for name in vars(AsyncWebClient) if not name.startswith("_")}
    paths = [*(ROOT / "app" / "slack").rglob("*.py"), ROOT / "app/main.py", ROOT / "app/doctor.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    taken = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return named & known | {method for name, method in METHODS_OF_BOLT.items() if name in taken}

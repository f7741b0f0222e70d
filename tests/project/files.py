"""The project's own files, as tests read them."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


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


def python_of_the_bot() -> str:
    """All the code that talks to Slack."""
    paths = [*(ROOT / "app" / "slack").rglob("*.py"), ROOT / "app" / "main.py"]
    paths.append(ROOT / "app" / "doctor.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)

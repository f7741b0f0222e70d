"""Bolt for JavaScript, installed for one run into a folder that goes with it."""

import shutil
import subprocess
from pathlib import Path

from tests.bench.subjects import Program

BOLT = "@slack/bolt@5.1.0"
INSTALL_SECONDS = 120.0
APP = Path(__file__).with_name("bare_bolt.js")


class NotThere(Exception):
    """Why the baseline can't be had, in words."""


def bare_bolt_js(folder: Path) -> Program:
    """The no-op of Bolt for JavaScript; raises `NotThere` without node, npm or their registry."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotThere("node and npm aren't installed")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), BOLT]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotThere(f"npm had not installed {BOLT} after {INSTALL_SECONDS:.0f} s") from error
    except subprocess.CalledProcessError as error:
        raise NotThere(f"npm could not install {BOLT}") from error
    return Program((node, str(APP)), {"NODE_PATH": str(folder / "node_modules")})

"""The browser that the tests drive: an installed Chrome or Chromium."""

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

MISSING = (
    "The tests of the page need Chrome or Chromium. "
    "On Debian and Ubuntu, install it with: sudo apt-get install --yes chromium"
)

# Without the flags behind the first, the browser looks for its maker's hosts at every start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed_browser() -> str:
    """The path of a browser on this machine. Raises LookupError with the way to get one."""
    found = (shutil.which(name) for name in NAMES)
    applications = (str(path) for path in APPLICATIONS if path.exists())
    browser = next((path for path in (*found, *applications) if path), None)
    if browser is None:
        raise LookupError(MISSING)
    return browser

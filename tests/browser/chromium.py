"""The browser that the tests drive: an installed Chrome or Chromium.

`python -m tests.browser.chromium` installs Debian's where there is none and it may.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

INSTALL = ("apt-get", "install", "--yes", "chromium")
MISSING = (
    "The tests of the page need Chrome or Chromium. "
    f"On Debian, install it with: sudo {' '.join(INSTALL)}"
)

# Left alone, Chromium asks its maker's hosts at every start. Here no name but this machine's leads
# anywhere, nor does a proxy.
FLAGS = (
    "--disable-gpu",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


async def launched(playwright: Playwright) -> Browser:
    """The browser, without a window. Raises LookupError with the way to get one where it's missing.

    It has its sandbox where it can: root can't, and many containers forbid what it is made of.
    """
    path = installed_browser()
    if os.geteuid() != 0:
        try:
            return await playwright.chromium.launch(
                executable_path=path, args=FLAGS, chromium_sandbox=True
            )
        except Error:
            pass
    return await playwright.chromium.launch(executable_path=path, args=FLAGS)


def installed_browser() -> str:
    """The path of a browser on this machine. Raises LookupError with the way to get one."""
    browser = _found()
    if browser is None:
        raise LookupError(MISSING)
    return browser


def install() -> None:
    """Install Debian's Chromium, as root or by a `sudo` that asks for no password.

    Raises LookupError with the command to type where that can't be, or with what apt-get said.
    """
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    if not shutil.which("apt-get") or (sudo and not _may(sudo)):
        raise LookupError(MISSING)
    sys.stdout.write(f"Installing a browser for the tests: {' '.join((*sudo, *INSTALL))}\n")
    sys.stdout.flush()
    _run(*sudo, "apt-get", "update")
    installed = _run(*sudo, *INSTALL)
    if installed.returncode or not _found():
        raise LookupError(f"{installed.stdout}{MISSING}")


def _found() -> str | None:
    commands = (shutil.which(name) for name in NAMES)
    applications = (str(path) for path in APPLICATIONS if path.exists())
    return next((path for path in (*commands, *applications) if path), None)


def _may(sudo: tuple[str, ...]) -> bool:
    return shutil.which("sudo") is not None and _run(*sudo, "true").returncode == 0


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def main() -> None:
    """Ends with status 1 and the command to type where there is no browser afterwards."""
    try:
        if _found() is None:
            install()
    except LookupError as missing:
        sys.exit(str(missing.args[0]))


if __name__ == "__main__":
    main()

"""How the tests start their browser: an installed Chrome or Chromium."""

import os

from playwright.async_api import Browser, Error, Playwright

from tests.programs import BROWSER

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
    path = BROWSER.installed()
    if os.geteuid() != 0:
        try:
            return await playwright.chromium.launch(
                executable_path=path, args=FLAGS, chromium_sandbox=True
            )
        except Error:
            pass
    return await playwright.chromium.launch(executable_path=path, args=FLAGS)

"""The page: the local Slack in a browser.

`Page(slack)` serves it at `slack.url` for as long as the workspace runs. It shows every person's
view of the workspace, and turns what is clicked and typed into what a `Person` does. The server
renders HTML (`html`, pure) piece by piece (`regions`), sends what changed (`stream`), and takes
what people do (`acts`); the scripts in `static` put pieces in place and send acts, nothing more.
"""

from app.playground.page.controls import Control, Tell
from app.playground.page.site import Page

__all__ = ["Control", "Page", "Tell"]

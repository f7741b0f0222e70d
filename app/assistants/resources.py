"""Scorecards as documents: what a client may attach to a conversation by itself."""

import mcp_types

from app.assistants.asking import Parts, let_in
from app.pages.content import content_of
from app.pages.markdown import markdown
from app.services import reports, scorecards

SCHEME = "scorecard://"
MARKDOWN = "text/markdown"


async def listed(parts: Parts) -> list[mcp_types.Resource]:
    """The scorecards that the token reaches. Raises `BadInput` for a token that was revoked."""
    asking = await let_in(parts)
    found = await scorecards.show_all(asking.store, asking.caller)
    return [
        mcp_types.Resource(
            uri=f"{SCHEME}{each.scorecard.key}",
            name=each.scorecard.key,
            title=each.scorecard.name,
            description="The whole scorecard as a page: its metrics, milestones and roadmap.",
            mime_type=MARKDOWN,
        )
        for each in found
    ]


async def read(parts: Parts, uri: str) -> mcp_types.TextResourceContents:
    """A scorecard as a page. Raises `NotFound`, and `BadInput` as `listed` does."""
    asking = await let_in(parts)
    key = uri.removeprefix(SCHEME)
    report = await reports.gather(asking.store, asking.caller, key)
    page = markdown(content_of(report))
    return mcp_types.TextResourceContents(uri=uri, mime_type=MARKDOWN, text=page)

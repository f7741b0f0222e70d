"""A strict reading of Block Kit's documented rules: which problems would Slack find?

Pure: payloads in, problems out, and no payload makes it raise. Blocks and elements are described in
tables (blocks, elements, objects, richtext, tables, charts) in the language of `checks`.
"""

from app.playground.blockkit.payloads import (
    problems_in_attachments,
    problems_in_message,
    problems_in_suggestions,
    problems_in_view,
)
from app.playground.blockkit.problem import Problem

__all__ = [
    "Problem",
    "problems_in_attachments",
    "problems_in_message",
    "problems_in_suggestions",
    "problems_in_view",
]

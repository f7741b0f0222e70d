"""The Web API: every method by its name.

Each method's docstring names its page and lists the errors that it can give besides
`COMMON_ERRORS`, which all of them can.
"""

from app.playground.web_api import (
    auth,
    chat,
    conversations,
    files,
    functions,
    membership,
    team,
    usergroups,
    users,
    views,
)
from app.playground.web_api.call import COMMON_ERRORS, Call, Method

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **functions.METHODS,
    **membership.METHODS,
    **team.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}

__all__ = ["COMMON_ERRORS", "METHODS", "Call", "Method"]

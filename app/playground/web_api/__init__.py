"""The Web API: every method by its name."""

from app.playground.web_api import (
    auth,
    chat,
    conversations,
    files,
    functions,
    usergroups,
    users,
    views,
)
from app.playground.web_api.call import Call, Method

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **functions.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}

__all__ = ["METHODS", "Call", "Method"]

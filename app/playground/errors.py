"""What Slack answers when a call can't be done."""

from collections.abc import Sequence
from typing import Any

from app.playground.blockkit import Problem


class SlackError(Exception):
    """A Web API call is refused with one of Slack's error codes.

    `messages` end up in `response_metadata.messages`, `details` beside the code.
    """

    def __init__(self, code: str, *, messages: Sequence[str] = (), **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.details = details

    def response(self) -> dict[str, Any]:
        """The JSON body that Slack sends."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.details}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


def refuse_problems(code: str, problems: Sequence[Problem], at: str = "") -> None:
    """Raise `code` with the offending places, or return when there are no problems.

    Slack names a place as `[ERROR] must be ... [json-pointer:/blocks/0/text/text]`; `at` is put
    before the pointers when the payload is itself an argument, as a view is. What is wrong with a
    message stands in `errors`, too (slackapi/bolt-python#1016).
    """
    if problems:
        found = [f"{problem.message} [json-pointer:{at}{problem.pointer}]" for problem in problems]
        details = {} if at else {"errors": found}
        raise SlackError(code, messages=[f"[ERROR] {each}" for each in found], **details)

"""Errors whose messages a user may read: each says what is wrong and how to do it right."""


class KpiError(Exception):
    """Something was asked for that can't be done as asked.

    `field` names the input that the message belongs to, where there is one: a
    modal shows the message there, a file reader finds its line by it.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class BadInput(KpiError):
    """What was given doesn't have the form or the meaning that is needed."""


class NotFound(KpiError):
    """Nothing has that name; `suggestions` are names that come close, best first."""

    def __init__(
        self, message: str, *, suggestions: tuple[str, ...] = (), field: str | None = None
    ) -> None:
        super().__init__(message, field=field)
        self.suggestions = suggestions


class NotAllowed(KpiError):
    """The one who asks has no right to it: a refusal, and in words who can help.

    `who_can_help` are their Slack ids, of people and of user groups, where they are known.
    """

    def __init__(
        self, refusal: str, remedy: str = "", *, who_can_help: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{refusal} {remedy}".rstrip())
        self.refusal = refusal
        self.who_can_help = who_can_help


class AlreadyDone(KpiError):
    """What was asked for has happened before and happens only once."""

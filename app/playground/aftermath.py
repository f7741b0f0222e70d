"""What the app did after an exchange went wrong, as the journal tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from app.playground.journal import Entry, Journal
from app.playground.responses import says_anything

WATCHED_SECONDS = 60.0
"""What happens later is no longer taken for a consequence; a rate limit's pause comes on top."""

_TARGET_ARGUMENTS = (
    *("channel", "channel_id", "ts", "thread_ts", "user", "users", "user_id"),
    *("view_id", "external_id", "trigger_id", "file", "files", "filename", "function_execution_id"),
)
_SHOWING_METHODS = {"chat.postEphemeral", "views.open", "views.push", "views.update"}


@dataclass(frozen=True)
class Aftermath:
    """`tries` are the same method with the same target again, or the next connections; `told` is
    how the person heard of it, and `followed` all else that the app asked of Slack; each oldest
    first."""

    tries: Sequence[Entry]
    told: Entry | None
    followed: Sequence[Entry]


def went_wrong(entry: Entry) -> bool:
    """Whether there is an aftermath to look at: a fault struck, or the app lost its connection."""
    match entry.method, entry.payload:
        case "closed", {"num_connections": others}:
            return bool(others == 0)
        case (("disconnect" | "refused"), _):
            return True
    return entry.fault is not None


def aftermath_of(journal: Journal, entry: Entry) -> Aftermath:
    """What followed an exchange, up to now."""
    if entry.seconds is None:
        return Aftermath((), None, ())
    pause = 0 if entry.fault is None else entry.fault.retry_after
    end = entry.begun + entry.seconds + WATCHED_SECONDS + pause
    later = list(takewhile(lambda each: each.begun <= end, journal.after(entry)))
    tries = [each for each in later if _is_try_of(entry, each)]
    asked = [each for each in later if each.repeats is None and _is_of_the_app(each)]
    answered = _delivery_around(journal, entry)
    told = next((each for each in (*answered, *asked) if _tells_person(each)), None)
    return Aftermath(tries, told, [each for each in asked if each not in tries])


def pause_before(entry: Entry, later: Entry) -> float:
    """The seconds from the end of a call, or the beginning of an envelope, to the beginning of what
    came later; or to the end of an acknowledgement, which began before."""
    end = entry.begun if entry.kind == "delivery" else entry.begun + (entry.seconds or 0.0)
    began = later.begun if later.begun > entry.begun else later.begun + (later.seconds or 0.0)
    return max(began - end, 0.0)


def _is_of_the_app(entry: Entry) -> bool:
    return entry.kind in ("call", "response_url", "upload", "download")


def _is_try_of(entry: Entry, later: Entry) -> bool:
    if entry.kind == "connection":
        return later.method == "hello"
    if later.repeats is not None or (later.kind, later.method) != (entry.kind, entry.method):
        return False
    return _target_of(later) == _target_of(entry)


def _target_of(entry: Entry) -> tuple[str, ...]:
    match entry.kind, entry.payload:
        case "delivery", dict() as payload:
            return (str(payload.get("event_id", entry.number)),)
        case "call", dict() as arguments:
            return tuple(str(arguments.get(name)) for name in _TARGET_ARGUMENTS)
    return (entry.target,)


def _delivery_around(journal: Journal, entry: Entry) -> list[Entry]:
    """The envelope that the app was at when it happened, if it was answered afterwards."""
    end = entry.begun + (entry.seconds or 0.0)
    return [
        each
        for each in journal.deliveries()
        if each.seconds is not None and each.begun < entry.begun
        if each.begun + each.seconds >= end
    ][-1:]


def _tells_person(entry: Entry) -> bool:
    if entry.error is not None or entry.seconds is None:
        return False
    match entry.kind, entry.payload:
        case "delivery", _:
            return bool(entry.response)
        case "response_url", dict() as content:
            return says_anything(content)
        case "call", dict() as arguments:
            to_person = str(arguments.get("channel", "")).startswith(("D", "U"))
            return entry.method in _SHOWING_METHODS or (
                entry.method == "chat.postMessage" and to_person
            )
    return False

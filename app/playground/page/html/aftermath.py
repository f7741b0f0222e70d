"""What the app did about a fault, in sentences. Pure."""

from app.playground.aftermath import Aftermath, pause_before
from app.playground.journal import Entry
from app.playground.page.html.exchanges import duration


def verdict(entry: Entry, aftermath: Aftermath) -> list[str]:
    """Whether it was tried again and how that went, and whether the person was told."""
    if entry.seconds is None:
        return ["Under way."]
    sentences = [_about_tries(entry, aftermath)]
    if aftermath.told is not None and entry.kind != "connection":
        pause = duration(pause_before(entry, aftermath.told))
        how = "acknowledgement" if aftermath.told.kind == "delivery" else aftermath.told.method
        sentences.append(f"Told the person after {pause}, by {how}.")
    return [each for each in sentences if each] or ["Nothing so far."]


def _about_tries(entry: Entry, aftermath: Aftermath) -> str:
    if entry.kind == "connection":
        return _about_connections(entry, aftermath)
    again = "Sent again" if entry.kind == "delivery" else "Tried again"
    finished = [each for each in aftermath.tries if each.seconds is not None]
    worked = next((each for each in finished if each.error is None), None)
    if worked is not None:
        pause = duration(pause_before(entry, worked))
        return f"{again} after {pause}, and it worked{_lighter(entry, worked)}."
    if finished:
        last = duration(pause_before(entry, finished[-1]))
        times = "once" if len(finished) == 1 else f"{len(finished)} times"
        return f"{again} {times}, the last time after {last}, and it failed."
    if aftermath.tries:
        return f"{again}; under way."
    if entry.error is None:
        return ""
    if entry.method in ("slash_commands", "interactive"):
        return f"Slack sends it only once. The person sees {entry.error}."
    return f"Not {again.lower()} so far."


def _about_connections(entry: Entry, aftermath: Aftermath) -> str:
    if not aftermath.tries:
        return "Not connected again so far."
    return f"Connected again after {duration(pause_before(entry, aftermath.tries[0]))}."


def _lighter(entry: Entry, worked: Entry) -> str:
    """Slack refused the blocks, so they were left out."""
    both = isinstance(entry.payload, dict) and isinstance(worked.payload, dict)
    if both and entry.payload.get("blocks") and not worked.payload.get("blocks"):
        return " without blocks"
    return ""

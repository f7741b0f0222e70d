"""What a developer does: send again, let things go wrong."""

import math
from typing import Any, cast

from app.playground.faults import FaultKind
from app.playground.page.acts.act import Act, ActFailed, Handler

MOST = 999


async def repeat(act: Act) -> dict[str, Any]:
    """Do an exchange once more; gives the number of the new one."""
    entry = act.slack.journal.entry(int(str(act.given("entry"))))
    again = await act.slack.repeat(entry)
    return {"entry": again.number}


async def plan_fault(act: Act) -> None:
    """Let something go wrong the next times that a method is called or an envelope sent."""
    method = str(act.given("method", "")).strip()
    if not method:
        raise ActFailed("Say where it shall go wrong: a method, or * for all")
    act.slack.faults.add(
        method,
        cast("FaultKind", act.given("kind")),
        seconds=_number(act, "seconds", 5),
        error=str(act.given("error") or "invalid_blocks"),
        status=int(_number(act, "status", 500, least=400, most=599)),
        retry_after=int(_number(act, "retry_after", 1)),
        times=int(_number(act, "times", 1, least=1)),
    )


async def call_off(act: Act) -> None:
    """Forget a fault that has not happened yet."""
    act.slack.faults.call_off(int(str(act.given("fault"))))


async def connection(act: Act) -> None:
    """Do something to the app's Socket Mode connections."""
    slack = act.slack
    match act.given("what"):
        case "refresh_requested" | "warning" as reason:
            await slack.disconnect(reason)
        case "cut":
            slack.break_connections()
        case "refuse" | "accept" as what:
            slack.refuse_connections(what == "refuse")


def _number(act: Act, name: str, default: int, *, least: int = 0, most: int = MOST) -> float:
    given = act.given(name)
    try:
        number = float(default if given in (None, "") else given)
    except (TypeError, ValueError):
        number = math.nan
    if not least <= number <= most:
        words = name.replace("_", " ").capitalize()
        raise ActFailed(f"{words} must be a number from {least} to {most}")
    return number


ACTS: dict[str, Handler] = {
    "repeat": repeat,
    "plan_fault": plan_fault,
    "call_off": call_off,
    "connection": connection,
}

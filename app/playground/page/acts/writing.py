"""Messages and commands."""

from typing import Any

from app.playground.page.acts.act import Act, ActFailed, Handler


async def write(act: Act) -> dict[str, Any] | None:
    """Send what stands in the composer: a command, or a message, which may be a reply."""
    text = str(act.given("text", "")).strip()
    if text.startswith("/"):
        reaction = await act.person.types(text, act.channel)
        if reaction.error is not None:
            command = text.partition(" ")[0]
            raise ActFailed(f"{command} failed with the error “{reaction.error}”")
        return None
    in_thread = act.screen.thread if act.given("in_thread") else None
    await act.person.says(text, act.channel, in_thread)
    return None


ACTS: dict[str, Handler] = {"write": write}

"""The app's shortcuts, used anywhere or on a message."""

from app.playground.messages import Message
from app.playground.page.acts.act import Act, ActFailed, Handler


async def use_shortcut(act: Act) -> None:
    """Use `shortcut`, named by its callback id, on the message `surface` if one is given."""
    callback_id = str(act.given("shortcut", ""))
    surface = act.surface() if act.given("surface") else None
    message = surface if isinstance(surface, Message) else None
    reaction = await act.person.uses_shortcut(callback_id, message)
    if reaction.error is not None:
        shortcuts = act.slack.installation.manifest.shortcuts or {}
        name = shortcuts[callback_id].name if callback_id in shortcuts else callback_id
        raise ActFailed(f"“{name}” failed with the error “{reaction.error}”")


ACTS: dict[str, Handler] = {"use_shortcut": use_shortcut}

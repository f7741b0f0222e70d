"""Messages and commands."""

from app.playground.installation import Command
from app.playground.page.acts.act import Act, ActFailed, Handler
from app.playground.page.acts.wording import command_text, message_text


async def write(act: Act) -> None:
    """Send what stands in the composer: `text`, as a reply with `in_thread`.

    What begins with a slash is a command, unless a space stands before it.
    """
    typed = str(act.given("text", ""))
    thread = act.screen.thread if act.given("in_thread") else None
    if not typed.strip():
        raise ActFailed("There is nothing to send")
    if not typed.startswith("/"):
        text = message_text(typed.strip(), act.slack.workspace, act.screen.channels())
        await act.person.says(text, act.channel, thread)
    elif thread is not None:
        raise ActFailed("Commands can't be used in threads. To send this, begin with a space.")
    else:
        await _type_command(act, typed.rstrip())


async def _type_command(act: Act, line: str) -> None:
    name = line.split(maxsplit=1)[0]
    command = _known_command(act, name)
    if command.should_escape:
        line = command_text(line, act.slack.workspace, act.screen.channels())
    reaction = await act.person.types(line, act.channel)
    if reaction.error is not None:
        raise ActFailed(f"{name} failed with the error “{reaction.error}”")


def _known_command(act: Act, name: str) -> Command:
    manifest = act.slack.installation.manifest
    if manifest.commands is None:
        return Command(name)
    if name not in manifest.commands:
        there = ", ".join(manifest.commands) or "no commands"
        raise ActFailed(
            f"{name} is not a command here. {manifest.name} has {there}. "
            "To send this as a message, begin with a space."
        )
    return manifest.commands[name]


ACTS: dict[str, Handler] = {"write": write}

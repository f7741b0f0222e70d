"""What is done with the channel that is shown."""

from app.playground.page.acts.act import Act, ActFailed, Handler


async def join(act: Act) -> None:
    """Become a member."""
    await act.person.joins(act.channel)


async def leave(act: Act) -> None:
    """Be a member no more."""
    await act.person.leaves(act.channel)


async def archive(act: Act) -> None:
    """Close it for everybody; it can still be read."""
    await act.person.archives(act.channel)


async def unarchive(act: Act) -> None:
    """Open it again."""
    await act.person.unarchives(act.channel)


async def add_app(act: Act) -> None:
    """Bring the app in."""
    await act.person.invites_bot(act.channel)


async def remove_app(act: Act) -> None:
    """Take the app out."""
    await act.person.removes_bot(act.channel)


async def write_to(act: Act) -> dict[str, str]:
    """Go to the direct message with the app, or with the person whose user id `person` is."""
    user_id = str(act.given("person"))
    if user_id not in {act.slack.bot_user_id, *act.slack.people}:
        raise ActFailed("Nobody to write to")
    other = act.slack.people.get(user_id)
    channel = act.slack.direct_message(act.person, other)
    return {"address": act.screen.place.at(channel.id).address}


ACTS: dict[str, Handler] = {
    "join": join,
    "leave": leave,
    "archive": archive,
    "unarchive": unarchive,
    "add_app": add_app,
    "remove_app": remove_app,
    "write_to": write_to,
}

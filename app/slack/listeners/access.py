"""Who may do what: the form, and who is in a user group."""

from app.slack.bot import Body, Bot


async def group_changed(event: Body, bot: Bot) -> None:
    """Whoever joins or leaves a user group may do something else from now on."""
    bot.membership.forget_group(event["subteam_id"])

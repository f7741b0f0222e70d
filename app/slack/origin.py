"""Where a request comes from: what isn't meant for this bot is taken and let be."""

import logging

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from app.slack.bot import Bot

log = logging.getLogger(__name__)


async def refusal(bot: Bot, context: AsyncBoltContext) -> BoltResponse | None:
    """What to answer at once to a request that isn't from our workspace; None for one that is."""
    if bot.identity.team_id is None:  # Slack has not told us yet, and sends events again
        return BoltResponse(status=503, body="")
    if await _is_ours(bot, context):
        return None
    if bot.once.begins(("requests of", context.team_id)):
        log.warning(
            "requests of the workspace %s are let be: the bot isn't installed there",
            context.team_id,
        )
    return BoltResponse(status=200, body="")


async def _is_ours(bot: Bot, context: AsyncBoltContext) -> bool:
    """Whether a request comes from our workspace, or from a stranger in a channel of ours.

    What a stranger types and their global shortcuts name their own workspace alone. What they
    click, send and write names ours too, by the view's `app_installed_team_id` or the event's
    `authorizations`, which Bolt's `team_id` prefers: https://github.com/slackapi/bolt-js/issues/1614
    """
    team, organisation, user = context.team_id, context.enterprise_id, context.user_id
    if bot.identity.is_installed_in(team, organisation):
        return True
    if team is None or user is None:
        return False
    return await bot.membership.is_stranger_of_ours(user, team)

"""Who the bot is in Slack, and who belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse


@dataclass
class Identity:
    """The bot's user and bot id, and where it is installed, known once Slack has answered.

    `enterprise_id` is that of the organisation to which the workspace belongs, if to any;
    `is_of_organisation` tells that the bot is installed in all of its workspaces.
    """

    user_id: str | None = None
    bot_id: str | None = None
    team_id: str | None = None
    enterprise_id: str | None = None
    is_of_organisation: bool = False

    def take(self, answer: AsyncSlackResponse) -> None:
        """Take what `auth.test` answers (docs.slack.dev/reference/methods/auth.test)."""
        self.user_id, self.bot_id = answer["user_id"], answer.get("bot_id")
        self.team_id, self.enterprise_id = answer["team_id"], answer.get("enterprise_id")
        self.is_of_organisation = bool(answer.get("is_enterprise_install"))

    def is_installed_in(self, team_id: str | None, enterprise_id: str | None) -> bool:
        """Whether the bot is installed in a workspace, by itself or with its organisation."""
        if self.is_of_organisation and enterprise_id is not None:
            return enterprise_id == self.enterprise_id
        return team_id is not None and team_id == self.team_id

    def employs(self, user: Mapping[str, Any]) -> bool:
        """Whether a user object is of somebody in our workspace or organisation.

        In an organisation of several workspaces a person's `team_id` may be another of them
        (docs.slack.dev/reference/objects/user-object).
        """
        organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
        return self.is_installed_in(user.get("team_id"), None) or (
            organisation is not None and organisation == self.enterprise_id
        )

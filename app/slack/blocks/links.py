"""The progress page: who sees it, the links to it that are open, and buttons for a new one."""

from collections.abc import Sequence
from typing import Any

from app.domain.links import LINKS_OFF, Link, LinkAddresses
from app.domain.scorecards import Scorecard
from app.slack.blocks import kit
from app.slack.blocks.kit import Block, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestones import link as linked
from app.slack.blocks.setup_fields import confirmed
from app.slack.ids import Action, Form

TITLE = "Progress page"
FOR_GOOD = "0"
_SPANS = {"30": "for 30 days", "90": "for 90 days", FOR_GOOD: "for good"}
"""For how many days a new link can be open, by what its button carries."""


def links_view(
    scorecard: Scorecard,
    links: Sequence[Link],
    addresses: LinkAddresses | None,
    place: FormPlace,
    told: str = "",
) -> dict[str, Any]:
    """The open links to a scorecard's page; `told` is what was just done, in mrkdwn."""
    if addresses is None:
        blocks = [kit.section(f"The progress page is {LINKS_OFF}.")]
    else:
        blocks = [
            kit.section(_explanation(scorecard)),
            *(_entry(link, addresses) for link in links),
            kit.divider(),
            kit.actions(*(_button(days, span) for days, span in _SPANS.items())),
        ]
    return {
        "type": "modal",
        "callback_id": Form.LINKS,
        "title": kit.plain_text(TITLE, kit.MOST_TITLE_LENGTH),
        "close": kit.plain_text("Back", kit.MOST_TITLE_LENGTH),
        "private_metadata": place.as_metadata(),
        "blocks": [*([kit.section(told), kit.divider()] if told else []), *blocks],
    }


def _explanation(scorecard: Scorecard) -> str:
    home = scorecard.channel
    others = f", also those who can't read {kit.channel(home)}" if home else ""
    return (
        f"*Everybody who has a link sees the page of {escaped(scorecard.name)}*{others}, without "
        "signing in to Slack: the goal, every metric with its readings over time, milestones and "
        "roadmap, as they are when it is opened. Revoke a link that went to the wrong people."
    )


def _button(days: str, span: str) -> Block:
    return kit.button(f"Make a link {span}", f"{Action.NEW_LINK}:{days}", days)


def _entry(link: Link, addresses: LinkAddresses) -> Block:
    ends = f"open until {kit.moment(link.ends_at)}" if link.ends_at else "open for good"
    opened = link.last_opened_at
    used = f"last opened {kit.moment(opened)}" if opened else "never opened"
    lines = [
        linked(addresses.of(link.id)),
        f"Made by {kit.person(link.made_by)} {kit.moment(link.made_at)}, {ends}, {used}",
    ]
    button = confirmed(
        kit.button("Revoke", Action.REVOKE_LINK, link.id),
        "Revoke this link?",
        "Nobody opens the page with it any more, and it can't be brought back. Other links stay.",
        "Revoke",
    )
    return kit.section("\n".join(lines), accessory=button)

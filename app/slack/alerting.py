"""Whether alerts are to be told: to whom they go may see the scorecard, and it isn't quiet."""

from app.domain.alerts import is_direct
from app.domain.outcomes import AlertNews
from app.domain.scorecards import Snapshot
from app.services.callers import Actor, Right, may
from app.slack.membership import Membership
from app.slack.publish import SlackFailure
from app.slack.reminding import NotYet


async def may_hear(membership: Membership, news: AlertNews) -> bool:
    """Whether the person to whom alerts go can be written to and may see the scorecard.

    Raises `SlackFailure` where Slack doesn't answer. A channel hears all.
    """
    return not is_direct(news.address) or await may_see(membership, news.address, news.snapshot)


async def may_see(membership: Membership, person: str, snapshot: Snapshot) -> bool:
    """Whether a person can be written to and may see the scorecard; raises as `may_hear` does."""
    scorecard = snapshot.scorecard
    if await membership.zone_of(person, scorecard.zone) is None:
        return False
    actor = await membership.proven(Actor(person), Right.SEE, [scorecard])
    if actor.unanswered:
        raise SlackFailure("no_answer", actor.unanswered)
    return may(actor, Right.SEE, scorecard)


def refuse_quiet(news: AlertNews) -> None:
    """Raises `NotYet` in quiet hours: they may have begun or been changed since it was owed."""
    scorecard, now = news.snapshot.scorecard, news.snapshot.as_of
    ends = scorecard.alerts.end_of_quiet(now, scorecard.zone)
    if ends > now:
        raise NotYet(ends)

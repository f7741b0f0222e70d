"""Whether a reminder is to be sent: by day where its person is, to who may update and wants it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.reminders import Reminder, next_chance
from app.services import reminders
from app.services.callers import Actor, Right, may
from app.slack.membership import Membership
from app.slack.publish import SlackFailure
from app.store.engine import Store

LONGEST_WAIT = timedelta(hours=6)
"""A digest may be moved meanwhile, and its person too."""


@dataclass(eq=False)
class NotYet(Exception):
    """It is too early; `until` is when to look again."""

    until: datetime

    def __str__(self) -> str:
        return f"It is too early until {self.until:%Y-%m-%d %H:%M} UTC."


async def is_welcome(store: Store, membership: Membership, reminder: Reminder) -> bool:
    """Whether a reminder is to be sent now or, where it isn't, no longer.

    Raises `NotYet` before the time of its person, `SlackFailure` where Slack doesn't answer.
    """
    now = reminder.as_of
    zone = await membership.zone_of(reminder.person, reminder.scorecard.zone)
    chance = next_chance(reminder.slot, zone, now) if zone else None
    if chance is None:
        return False
    if chance > now:
        raise NotYet(min(chance, now + LONGEST_WAIT))
    wanted = (await reminders.preferences(store, reminder.person, now)).want_one
    return wanted and await _may_update(membership, reminder)


async def _may_update(membership: Membership, reminder: Reminder) -> bool:
    scorecard = reminder.scorecard
    actor = await membership.proven(Actor(reminder.person), Right.RECORD, [scorecard])
    if actor.unanswered:
        raise SlackFailure("no_answer", actor.unanswered)
    return may(actor, Right.RECORD, scorecard)

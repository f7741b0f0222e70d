"""Delivering what is owed: claim, look for an earlier attempt, post, record."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import random

from slack_sdk.web.async_client import AsyncWebClient

from app.domain.alerts import Place, is_direct
from app.domain.digests import Digest
from app.domain.errors import NotFound
from app.domain.metrics import days_words
from app.services import (
    alert_news,
    deliveries,
    digests,
    landings,
    milestones,
    reminders,
    scorecards,
    sources,
    troubles,
)
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import LEASE, Delivery, Kind, State
from app.slack.alerting import may_hear, may_see, refuse_quiet
from app.slack.blocks.alerts import alert_message
from app.slack.blocks.digest_details import digest_details
from app.slack.blocks.digests import digest_post
from app.slack.blocks.goals import goal_post
from app.slack.blocks.kit import Block, Message
from app.slack.blocks.landings import offer_message
from app.slack.blocks.milestones import announcement
from app.slack.blocks.reminders import reminder_message
from app.slack.blocks.sources import failing_source
from app.slack.blocks.troubles import trouble_notice
from app.slack.membership import Membership
from app.slack.pictures import Pictures
from app.slack.publish import SlackFailure, Unsure, call, find_delivery, post, update
from app.slack.reminding import NotYet, is_welcome
from app.store.engine import Store

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
UNANSWERED_PAUSE = timedelta(seconds=30)
"""Slack may still carry out what it has not answered: not before it is looked for."""
LONGEST_PAUSE = timedelta(minutes=10)
DEADLINE = timedelta(days=2)
MOST_SECONDS = 0.75 * LEASE.total_seconds()
"""For one attempt, so that nobody else makes one at the same time."""
CLOCKS_DIFFER = timedelta(hours=1)
"""By how much this machine's clock may be ahead of Slack's, whose messages are looked through."""
FEW_ATTEMPTS = 10
"""So many are made at least, also of what was owed long ago and is sent again."""
UNDER_WAY = frozenset({State.WAITING, State.CLAIMED, State.UNSURE})


class LeaseOver(Exception):
    """Another process may have taken the delivery over, so that this one must not post it."""


class Outbox:
    """Delivers for one process, one message at a time."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        clock: Callable[[], datetime],
        worker: str,
        membership: Membership,
        *,
        pictures: Pictures,
    ) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._worker = worker
        self._membership = membership
        self._pictures = pictures
        self._busy = asyncio.Lock()

    async def deliver_due(self) -> None:
        """Deliver everything that is due now. Failures are recorded, logged, and not raised."""
        async with self._busy:
            # One at a time: a lease is for one attempt, and would run out while others are made.
            while due := await deliveries.claim_due(
                self._store, self._worker, self._clock(), most=1
            ):
                await self._deliver(due[0])

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            async with asyncio.timeout(MOST_SECONDS):
                ts = await self._carried_out(delivery)
        except LeaseOver:
            log.warning("delivery %s (%s) took longer than its lease", delivery.id, delivery.kind)
            return
        except TimeoutError:
            await self._give_back(delivery, SlackFailure("no_answer", "Slack takes too long."))
            return
        except NotYet as early:
            await deliveries.postponed(self._store, delivery, self._worker, str(early), early.until)
            return
        except SlackFailure as failure:
            await self._give_back(delivery, failure)
            return
        except Exception:
            log.exception("delivery %s (%s) failed", delivery.id, delivery.kind)
            unmade = SlackFailure("internal", "The bot could not make this message.")
            await self._give_back(delivery, unmade)
            return
        await deliveries.delivered(self._store, delivery, self._worker, ts, self._clock())

    async def _carried_out(self, delivery: Delivery) -> str | None:
        if delivery.kind is Kind.ANNOUNCEMENT_EDIT:
            return await self._update(delivery)
        if delivery.kind is Kind.OFFER_EDIT:
            return await self._update_offer(delivery)
        if delivery.kind is Kind.REMINDER:
            return await self._remind(delivery)
        if delivery.kind is Kind.TROUBLE:
            return await self._tell_of_trouble(delivery)
        if delivery.kind is Kind.SOURCE:
            return await self._tell_of_source(delivery)
        if delivery.kind is Kind.DIGEST_DETAILS:
            return await self._detail(delivery)
        if delivery.kind in {Kind.ALERT, Kind.DIRECT_ALERT}:
            return await self._alert(delivery)
        return await self._posted_before(delivery) or await self._post(delivery)

    async def _update(self, delivery: Delivery) -> str | None:
        """Bring an announcement up to date, once it stands in Slack."""
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        news, state, ts = await milestones.edited_announcement(
            self._store, caller, delivery.scorecard_id, int(delivery.subject)
        )
        if state in UNDER_WAY:
            raise _not_yet("It has not been announced yet.")
        if ts is not None:
            await update(self._client, delivery.channel, ts, announcement(news))
        return ts

    async def _update_offer(self, delivery: Delivery) -> str | None:
        """Say in an offer what came of it, once it stands in Slack."""
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        offer, state, ts = await landings.posted_offer(self._store, caller, int(delivery.subject))
        if state in UNDER_WAY:
            raise _not_yet("It has not been offered yet.")
        if ts is not None:
            await update(self._client, delivery.channel, ts, offer_message(offer))
        return ts

    async def _detail(self, delivery: Delivery) -> str | None:
        """Put the details of a digest into its thread, once it stands in Slack.

        Each of their messages has a mark of its own. Gives the first one's `ts`; None without any.
        """
        state, thread = await digests.digest_post_of(
            self._store, delivery.scorecard_id, delivery.subject
        )
        if state in UNDER_WAY:
            raise _not_yet("Its digest has not been posted yet.")
        if state is State.FAILED:
            raise SlackFailure("no_digest", "Its digest could not be posted.", is_final=True)
        if thread is None:
            return None  # a person has seen the digest, and the bot knows not where
        digest = await digests.claimed_digest(self._store, delivery.scorecard_id, delivery.subject)
        posted = [
            await self._reply(delivery, f"{delivery.mark}-{number}", thread, message)
            for number, message in enumerate(digest_details(digest), start=1)
        ]
        return posted[0] if posted else None

    async def _reply(self, delivery: Delivery, mark: str, thread: str, message: Message) -> str:
        """Put one message into a thread, unless an earlier attempt has."""
        if delivery.was_tried:
            found = await find_delivery(
                self._client, delivery.channel, mark, float(thread), thread=thread
            )
            if found is not None:
                return found
        return await self._send(delivery, mark, message, thread=thread)

    async def _remind(self, delivery: Delivery) -> str | None:
        """Tell an owner directly what will be stale, unless there is no need any more."""
        reminder = await reminders.owed_reminder(
            self._store, delivery.scorecard_id, delivery.subject, self._clock()
        )
        if reminder is None or not await is_welcome(self._store, self._membership, reminder):
            return None
        return await self._post_directly(delivery, reminder_message(reminder))

    async def _alert(self, delivery: Delivery) -> str | None:
        """Tell of metrics where they are to be told of, unless there is no need any more."""
        address = delivery.subject.partition(" ")[0]
        thread = None
        if address == Place.THREAD:
            thread = await alert_news.digest_before(self._store, delivery)
        if is_direct(address):
            delivery = await self._opened(delivery)
        if posted := await self._posted_before(delivery, thread=thread):
            return posted
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        news = await alert_news.owed_alerts(self._store, caller, delivery)
        if news is None or not await may_hear(self._membership, news):
            return None
        refuse_quiet(news)
        message = alert_message(news)
        return await self._send(delivery, delivery.mark, message, thread=thread)

    async def _tell_of_trouble(self, delivery: Delivery) -> str | None:
        """Tell an owner directly that a message was given up, unless that is settled by now."""
        noticed = await troubles.noticed(self._store, delivery)
        return await self._post_directly(delivery, trouble_notice(*noticed)) if noticed else None

    async def _tell_of_source(self, delivery: Delivery) -> str | None:
        """Tell a person directly that a metric's source fails, if it still does and they may see
        the metric."""
        news = await sources.owed_failure(self._store, delivery, self._clock())
        if news is None or not await may_see(self._membership, news.person, news.snapshot):
            return None
        return await self._post_directly(delivery, failing_source(news))

    async def _post_directly(self, delivery: Delivery, message: Message) -> str:
        """Post to the person whose id is the delivery's channel."""
        direct = await self._opened(delivery)
        if posted := await self._posted_before(direct):
            return posted
        return await self._send(direct, direct.mark, message)

    async def _opened(self, delivery: Delivery) -> Delivery:
        """The delivery in the direct message of the person whose id is its channel."""
        opened = await call(self._client.conversations_open, users=delivery.channel)
        return replace(delivery, channel=opened["channel"]["id"])

    async def _posted_before(self, delivery: Delivery, *, thread: str | None = None) -> str | None:
        """An attempt whose answer was lost may have reached Slack all the same."""
        if not delivery.was_tried:
            return None
        since = (delivery.created_at - CLOCKS_DIFFER).timestamp()
        return await find_delivery(
            self._client, delivery.channel, delivery.mark, since, thread=thread
        )

    async def _post(self, delivery: Delivery) -> str | None:
        message = await self._message(delivery)
        if message is None:
            return None
        return await self._send(delivery, delivery.mark, message)

    async def _send(
        self, delivery: Delivery, mark: str, message: Message, *, thread: str | None = None
    ) -> str:
        """Post, unless this process was asleep for so long that another may have."""
        if delivery.leased_until is not None and self._clock() >= delivery.leased_until:
            raise LeaseOver
        return await post(self._client, delivery.channel, message, delivery=mark, thread=thread)

    async def _message(self, delivery: Delivery) -> Message | None:
        """What is to be said now; None if there is no need any more."""
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        if delivery.kind is Kind.DIGEST:
            digest = await digests.claimed_digest(
                self._store, delivery.scorecard_id, delivery.subject
            )
            return digest_post(digest, await self._picture(digest))
        if delivery.kind is Kind.ANNOUNCEMENT:
            try:
                news = await milestones.announced(
                    self._store, caller, delivery.scorecard_id, delivery.subject
                )
            except NotFound:
                return None  # its logging was undone
            return announcement(news)
        if delivery.kind is Kind.OFFER:
            offer = await landings.offer(self._store, caller, int(delivery.subject))
            return offer_message(offer)
        story = await scorecards.goal_story(self._store, caller, delivery.scorecard_id)
        return goal_post(story) if story.snapshot.goal_reached else None

    async def _picture(self, digest: Digest) -> Block | None:
        """All trajectories as they were at the digest's end, for a week with something to show."""
        if not digest.shows_metrics:
            return None
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        key = digest.snapshot.scorecard.key
        return await self._pictures.of_scorecard(caller, key, at=digest.period.until)

    async def _give_back(self, delivery: Delivery, failure: SlackFailure) -> None:
        now = self._clock()
        log.warning(
            "delivery %s (%s) to %s: %s", delivery.id, delivery.kind, delivery.channel, failure
        )
        # Who is to be told of a trouble is told once it is over, such as that of a lost token.
        rests = failure.is_final and delivery.kind is not Kind.TROUBLE
        if rests or _is_too_old(delivery, now):
            await self._give_up(delivery, failure, now)
            return
        again_at = now + _pause(delivery, failure)
        await deliveries.postponed(self._store, delivery, self._worker, failure.remedy, again_at)

    async def _give_up(self, delivery: Delivery, failure: SlackFailure, now: datetime) -> None:
        """Let a message rest until a person does something about it, and tell them."""
        reason = failure.remedy
        if not failure.is_final:
            reason = f"Tried for {days_words(DEADLINE.days)}. {failure.remedy}"
        is_unsure = isinstance(failure, Unsure)
        people = await troubles.people_to_tell(self._store, delivery, reason, is_unsure=is_unsure)
        await deliveries.failed(
            self._store, delivery, self._worker, reason, now, is_unsure=is_unsure, tell=people
        )


def _is_too_old(delivery: Delivery, now: datetime) -> bool:
    """Whether it has been tried for long enough. A reminder ends by itself, with its digest."""
    if delivery.kind is Kind.REMINDER or delivery.attempts < FEW_ATTEMPTS:
        return False
    return now - delivery.created_at > DEADLINE


def _pause(delivery: Delivery, failure: SlackFailure) -> timedelta:
    """Until the next attempt: as long as Slack asks for, or longer each time.

    A little by chance, so that what failed together is not tried again all at once.
    """
    if failure.retry_after is not None:
        return timedelta(seconds=failure.retry_after + random())  # noqa: S311
    first = UNANSWERED_PAUSE if failure.code == "no_answer" else FIRST_PAUSE
    pause: timedelta = min(first * 2 ** min(delivery.attempts - 1, 10), LONGEST_PAUSE)
    return pause * (0.9 + 0.2 * random())  # noqa: S311


def _not_yet(reason: str) -> SlackFailure:
    """The failure of what has to wait for another message."""
    return SlackFailure("not_yet", reason, retry_after=LEASE.total_seconds())

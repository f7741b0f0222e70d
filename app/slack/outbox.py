"""Delivering what is owed: claim, look for an earlier attempt, post, record."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from app.domain.digests import Digest
from app.domain.metrics import days_words
from app.services import deliveries, digests, milestones, reminders, scorecards
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import LEASE, Delivery, Kind, State
from app.slack.blocks.digest_details import digest_details
from app.slack.blocks.digests import digest_post
from app.slack.blocks.goals import goal_post
from app.slack.blocks.kit import Block, Message
from app.slack.blocks.milestones import announcement
from app.slack.blocks.reminders import reminder_message
from app.slack.membership import Membership
from app.slack.pictures import Pictures
from app.slack.publish import SlackFailure, call, find_delivery, post, update
from app.slack.reminding import NotYet, is_welcome
from app.store.engine import Store

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
DEADLINE = timedelta(days=2)
UNDER_WAY = frozenset({State.WAITING, State.CLAIMED})


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
            ts = await self._carried_out(delivery)
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
        if delivery.kind is Kind.REMINDER:
            return await self._remind(delivery)
        if delivery.kind is Kind.DIGEST_DETAILS:
            return await self._detail(delivery)
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

    async def _detail(self, delivery: Delivery) -> str | None:
        """Put the details of a digest into its thread, once it stands in Slack.

        Each of their messages has a mark of its own. Gives the first one's `ts`; None without any.
        """
        state, thread = await digests.digest_post_of(
            self._store, delivery.scorecard_id, delivery.subject
        )
        if state in UNDER_WAY:
            raise _not_yet("Its digest has not been posted yet.")
        if thread is None:
            raise SlackFailure("no_digest", "Its digest could not be posted.", is_final=True)
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
        return await post(self._client, delivery.channel, message, delivery=mark, thread=thread)

    async def _remind(self, delivery: Delivery) -> str | None:
        """Tell an owner directly what will be stale, unless there is no need any more."""
        reminder = await reminders.owed_reminder(
            self._store, delivery.scorecard_id, delivery.subject, self._clock()
        )
        if reminder is None or not await is_welcome(self._store, self._membership, reminder):
            return None
        opened = await call(self._client.conversations_open, users=reminder.person)
        direct = replace(delivery, channel=opened["channel"]["id"])
        if posted := await self._posted_before(direct):
            return posted
        message = reminder_message(reminder)
        return await post(self._client, direct.channel, message, delivery=direct.mark)

    async def _posted_before(self, delivery: Delivery) -> str | None:
        """An attempt whose answer was lost may have reached Slack all the same."""
        if not delivery.was_tried:
            return None
        since = (delivery.created_at - timedelta(minutes=5)).timestamp()
        return await find_delivery(self._client, delivery.channel, delivery.mark, since)

    async def _post(self, delivery: Delivery) -> str:
        message = await self._message(delivery)
        return await post(self._client, delivery.channel, message, delivery=delivery.mark)

    async def _message(self, delivery: Delivery) -> Message:
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        if delivery.kind is Kind.DIGEST:
            digest = await digests.claimed_digest(
                self._store, delivery.scorecard_id, delivery.subject
            )
            return digest_post(digest, await self._picture(digest))
        if delivery.kind is Kind.ANNOUNCEMENT:
            news = await milestones.announced(
                self._store, caller, delivery.scorecard_id, delivery.subject
            )
            return announcement(news)
        return goal_post(await scorecards.goal_story(self._store, caller, delivery.scorecard_id))

    async def _picture(self, digest: Digest) -> Block | None:
        """All trajectories as they were at the digest's end, for a week with something to show."""
        if not digest.shows_metrics:
            return None
        caller = Caller(OPERATOR, Surface.SCHEDULE, self._clock())
        key = digest.snapshot.scorecard.key
        return await self._pictures.of_scorecard(caller, key, at=digest.period.until)

    async def _give_back(self, delivery: Delivery, failure: SlackFailure) -> None:
        now = self._clock()
        # A reminder is owed days ahead, and ends with its digest.
        ends_by_itself = delivery.kind is Kind.REMINDER
        too_old = not ends_by_itself and now - delivery.created_at > DEADLINE
        log.warning(
            "delivery %s (%s) to %s: %s", delivery.id, delivery.kind, delivery.channel, failure
        )
        if failure.is_final or too_old:
            reason = failure.remedy
            if too_old and not failure.is_final:
                reason = f"Tried for {days_words(DEADLINE.days)}. {failure.remedy}"
            await deliveries.failed(self._store, delivery, self._worker, reason)
            return
        pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 10), LONGEST_PAUSE)
        if failure.retry_after is not None:
            pause = timedelta(seconds=failure.retry_after)
        await deliveries.postponed(self._store, delivery, self._worker, failure.remedy, now + pause)


def _not_yet(reason: str) -> SlackFailure:
    """The failure of what has to wait for another message."""
    return SlackFailure("not_yet", reason, retry_after=LEASE.total_seconds())

"""Messages that were given up: who hears of them, how they are shown, sent again or settled."""

from collections.abc import Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.access import is_group
from app.domain.errors import AlreadyDone, NotFound
from app.domain.outcomes import Stuck
from app.domain.scorecards import Scorecard
from app.services.callers import Caller, Guarded, Right, demand
from app.services.changes import Action, write_change
from app.services.deliveries import Delivery, Kind, State
from app.store.engine import Store
from app.store.queries import Listed, listed_scorecards, load_scorecard
from app.store.tables import ChangeRow, DeliveryRow, ScorecardRow
from app.store.writes import held, needed_id

MOST_SHOWN = 5
_STUCK = (State.FAILED.value, State.UNSURE.value)
_OF_DIGESTS = (Kind.DIGEST.value, Kind.DIGEST_DETAILS.value)
_FOR_CHANNELS = (
    *_OF_DIGESTS,
    Kind.ANNOUNCEMENT.value,
    Kind.ANNOUNCEMENT_EDIT.value,
    Kind.GOAL.value,
    Kind.ALERT.value,
    Kind.OFFER.value,
    Kind.OFFER_EDIT.value,
)
"""What goes to a person alone is of no use later."""
_EDITS = (Kind.ANNOUNCEMENT_EDIT.value, Kind.OFFER_EDIT.value)
"""They change a message where it stands."""
_OF_WHO_SETS_UP = (
    Action.SCORECARD_MADE,
    Action.SCORECARD_LOADED,
    Action.SCORECARD_EDITED,
    Action.PART_ADDED,
    Action.PART_EDITED,
)


async def people_to_tell(
    store: Store, delivery: Delivery, error: str, *, is_unsure: bool
) -> Sequence[str]:
    """Who hears that a message is given up: the owners, or whoever set the scorecard up last.

    Nobody does where they have heard of the same trouble and it isn't mended yet, unless they
    have to decide about this very message.
    """
    if delivery.kind.value not in _FOR_CHANNELS:
        return ()
    async with store.reading() as session:
        if not is_unsure and await _is_known(session, delivery, error):
            return ()
        row = await session.get_one(ScorecardRow, delivery.scorecard_id)
        people = [owner for owner in row.access.owners if not is_group(owner)]
        return people or await _last_to_set_up(session, delivery.scorecard_id)


async def _is_known(session: AsyncSession, delivery: Delivery, error: str) -> bool:
    """Whether another message rests for the same reason, or the one that this belongs to."""
    query = select(DeliveryRow).where(
        DeliveryRow.scorecard_id == delivery.scorecard_id,
        col(DeliveryRow.state).in_(_STUCK),
        DeliveryRow.id != delivery.id,
        col(DeliveryRow.kind).in_(_FOR_CHANNELS),
    )
    others = (await session.exec(query)).all()
    digest = delivery.subject if delivery.kind is Kind.DIGEST_DETAILS else None
    return any(
        row.error == error or (row.kind == Kind.DIGEST.value and row.subject == digest)
        for row in others
    )


async def _last_to_set_up(session: AsyncSession, scorecard_id: int) -> list[str]:
    """The person who last changed what the scorecard is; a person's id begins with U or W."""
    query = (
        select(ChangeRow.actor)
        .where(
            ChangeRow.scorecard_id == scorecard_id,
            col(ChangeRow.action).in_([action.value for action in _OF_WHO_SETS_UP]),
            col(ChangeRow.actor).startswith("U") | col(ChangeRow.actor).startswith("W"),
        )
        .order_by(col(ChangeRow.id).desc())
        .limit(1)
    )
    return list((await session.exec(query)).all())


async def stuck_of(
    session: AsyncSession, scorecard_id: int, scorecard: Scorecard
) -> tuple[Stuck, ...]:
    """The messages to the channel that rest until a person does something, the newest first.

    Of digests that is the last one, and its details only where it stands in Slack.
    """
    last_digest = select(func.max(DeliveryRow.subject)).where(
        DeliveryRow.scorecard_id == scorecard_id, DeliveryRow.kind == Kind.DIGEST.value
    )
    query = (
        select(DeliveryRow)
        .where(
            DeliveryRow.scorecard_id == scorecard_id,
            col(DeliveryRow.state).in_(_STUCK),
            col(DeliveryRow.kind).in_(_FOR_CHANNELS),
            col(DeliveryRow.kind).not_in(_OF_DIGESTS)
            | (col(DeliveryRow.subject) == last_digest.scalar_subquery()),
        )
        .order_by(col(DeliveryRow.id).desc())
    )
    rows = (await session.exec(query)).all()
    digests = {row.subject for row in rows if row.kind == Kind.DIGEST.value}
    return tuple(
        _stuck(row, scorecard)
        for row in rows
        if row.kind != Kind.DIGEST_DETAILS.value or row.subject not in digests
    )[:MOST_SHOWN]


def _stuck(row: DeliveryRow, scorecard: Scorecard) -> Stuck:
    is_unsure = row.state == State.UNSURE.value
    return Stuck(needed_id(row.id), _what(row, scorecard), row.channel, row.error or "", is_unsure)


def _what(row: DeliveryRow, scorecard: Scorecard) -> str:
    """What a message is, in words that begin a sentence."""
    kind = Kind(row.kind)
    milestone = scorecard.milestones_by_key.get(row.subject)
    if kind is Kind.ANNOUNCEMENT and milestone is not None:
        return f"The announcement of “{milestone.title}”"
    return _CALLED.get(kind, "An announcement").format(subject=row.subject)


_CALLED = {
    Kind.DIGEST: "The digest of week {subject}",
    Kind.DIGEST_DETAILS: "The thread of the digest of week {subject}",
    Kind.GOAL: "The post that the goal is reached",
    Kind.ALERT: "An alert",
    Kind.ANNOUNCEMENT_EDIT: "An update of an announcement",
    Kind.OFFER: "The offer of a milestone from git",
    Kind.OFFER_EDIT: "An update of such an offer",
}


async def noticed(store: Store, notice: Delivery) -> tuple[str, Stuck] | None:
    """The scorecard's name and what its owner is told of; None if that is settled by now."""
    async with store.reading() as session:
        row = await session.get_one(DeliveryRow, int(notice.subject.partition(" ")[0]))
        if row.state not in _STUCK:
            return None
        scorecard = await load_scorecard(
            session, await session.get_one(ScorecardRow, row.scorecard_id)
        )
        return scorecard.name, _stuck(row, scorecard)


async def all_stuck(store: Store) -> list[tuple[str, Stuck]]:
    """What rests of every scorecard, by its key: for whoever holds the machine."""
    found = []
    async with store.reading() as session:
        for listed in await listed_scorecards(session):
            row = await session.get_one(ScorecardRow, listed.id)
            scorecard = await load_scorecard(session, row)
            found += [(row.key, each) for each in await stuck_of(session, listed.id, scorecard)]
    return found


async def guarded(store: Store, delivery_id: int) -> Guarded | None:
    """What decides on the rights to a message's scorecard: for `may`, not to be shown."""
    async with store.reading() as session:
        delivery = await session.get(DeliveryRow, delivery_id)
        if delivery is None:
            return None
        row = await session.get_one(ScorecardRow, delivery.scorecard_id)
        return Listed.of(row)


async def send_again(store: Store, caller: Caller, delivery_id: int) -> None:
    """Owe a message again that was given up, to where the scorecard is at home now.

    Where it was unsure whether it stands in Slack, the caller has seen that it doesn't. Raises
    `NotFound`, `AlreadyDone` if it doesn't rest any more, `NotAllowed`.
    """
    async with store.transaction() as session:
        row, scorecard = await _resting(session, caller, delivery_id)
        together = [row, *await _thread_of(session, row)]
        for each in together:
            if each.kind not in _EDITS:
                each.channel = scorecard.channel or each.channel
            each.attempts = 0 if each.state == State.UNSURE.value else min(each.attempts, 1)
            each.sqlmodel_update(
                {"state": State.WAITING.value, "next_attempt_at": caller.now, "error": None}
            )
            session.add(each)
        await _record(session, caller, row, Action.MESSAGE_SENT_AGAIN)


async def settle(store: Store, caller: Caller, delivery_id: int) -> None:
    """Take a message for delivered that a person has seen in Slack; raises as `send_again` does."""
    async with store.transaction() as session:
        row, _ = await _resting(session, caller, delivery_id)
        row.sqlmodel_update(
            {"state": State.DELIVERED.value, "delivered_at": caller.now, "error": None}
        )
        session.add(row)
        await _record(session, caller, row, Action.MESSAGE_SEEN)


async def _record(session: AsyncSession, caller: Caller, row: DeliveryRow, action: Action) -> None:
    """Who decided about a message stays in the history."""
    await write_change(session, row.scorecard_id, caller, action, f"{row.kind} {row.subject}")


async def _resting(
    session: AsyncSession, caller: Caller, delivery_id: int
) -> tuple[DeliveryRow, ScorecardRow]:
    """A message that rests, held with its scorecard, if the caller may decide about it."""
    row = await session.get(DeliveryRow, delivery_id)
    if row is None or row.kind not in _FOR_CHANNELS:
        raise NotFound("There is no such message.")
    scorecard = await held(session, row.scorecard_id)
    demand(caller, Right.EDIT, scorecard)
    await session.refresh(row)
    if row.state not in _STUCK:
        raise AlreadyDone(_as_it_stands(row))
    return row, scorecard


def _as_it_stands(row: DeliveryRow) -> str:
    if row.state == State.DELIVERED.value:
        return "Nothing is left to do: it stands in the channel."
    return "It is on its way already."


async def _thread_of(session: AsyncSession, digest: DeliveryRow) -> Sequence[DeliveryRow]:
    """What was given up of a digest's thread because there was none."""
    if digest.kind != Kind.DIGEST.value:
        return ()
    query = select(DeliveryRow).where(
        DeliveryRow.scorecard_id == digest.scorecard_id,
        DeliveryRow.kind == Kind.DIGEST_DETAILS.value,
        DeliveryRow.subject == digest.subject,
        DeliveryRow.state == State.FAILED.value,
    )
    return (await session.exec(query)).all()

"""What git servers tell of: offered in the channel or logged at once, once for each change."""

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.errors import AlreadyDone, KpiError, NotFound
from app.domain.hooks import Hook, HookMode, Outcome
from app.domain.landings import (
    Landed,
    LandingState,
    Proposal,
    proposal_of,
    reason_to_leave,
    shortened,
)
from app.domain.milestones import Milestone
from app.domain.outcomes import Offer, ShippedNews
from app.domain.scorecards import Scorecard, Snapshot, take_snapshot
from app.services import hooks
from app.services.callers import Actor, Caller, Guarded, Right, Role, Surface, demand, may
from app.services.deliveries import Kind, State, enqueue, row_of
from app.services.milestones import ShipForm, open_milestone, ship, shipped_before
from app.store.engine import Store
from app.store.queries import Listed
from app.store.tables import LandingRow, ScorecardRow
from app.store.writes import held, needed_id

MOST_TOLD_LENGTH = 500
_LANDED: TypeAdapter[Landed] = TypeAdapter(Landed)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a delivery, also in one line of words."""

    outcome: Outcome
    words: str


async def take(store: Store, hook: Hook, landed: Landed, now: datetime) -> Taken:
    """Make of something that landed what its hook is for, and remember it for the hook's owners.

    A change makes one milestone of a scorecard, whatever tells of it, how often, and in however
    many processes at the same time; git servers send a delivery again under the same id when
    somebody wants it tried anew, so that it is the change itself by which it is known.
    """
    try:
        async with store.transaction() as session:
            taken = await _taken(session, store, hook, landed, now)
    except KpiError as error:
        taken = Taken(Outcome.REFUSED, error.message)
    about = f"{landed.repository} {landed.number}"
    note = hooks.note_trouble if taken.outcome is Outcome.REFUSED else hooks.note_told
    await note(store, hook.id, shortened(f"{about}: {taken.words}", MOST_TOLD_LENGTH), now)
    return taken


async def _taken(
    session: AsyncSession, store: Store, hook: Hook, landed: Landed, now: datetime
) -> Taken:
    if reason := reason_to_leave(hook.form, landed):
        return Taken(Outcome.LEFT, f"left: {reason}")
    caller = Caller(
        Actor(landed.reporter, Role.HOOK, reach=frozenset({hook.scorecard}), writes=True),
        Surface.HOOK,
        now,
    )
    row = await _row_of(session, hook.scorecard)
    known = await _known(session, needed_id(row.id), landed.url)
    if known is not None:
        return Taken(Outcome.SEEN, f"seen before, and {_STANDINGS[LandingState(known.state)]}")
    snapshot = await _snapshot(session, store, row, now)
    proposal = _proposal(landed, snapshot)
    landing = LandingRow(
        scorecard_id=needed_id(row.id),
        hook_id=hook.id,
        url=landed.url,
        landed=_LANDED.dump_python(landed, mode="json"),
        state=LandingState.OFFERED.value,
        at=now,
    )
    if hook.form.mode is HookMode.LOG and not proposal.problems:
        news = await ship(store.joining(session), caller, form_of(proposal), key=row.key)
        _decide(landing, caller, LandingState.LOGGED, news)
        session.add(landing)
        return Taken(Outcome.LOGGED, f"logged as “{news.shipped.milestone.title}”")
    # What would be logged at once is offered too where a person has to look at it first.
    await _owe_offer(session, row, landing, now)
    why = " ".join(("", *proposal.problems))
    return Taken(Outcome.OFFERED, f"offered in the channel as “{proposal.title}”.{why}")


async def _owe_offer(
    session: AsyncSession, row: ScorecardRow, landing: LandingRow, now: datetime
) -> None:
    if row.channel is None:
        raise NotFound(
            "The scorecard has no home channel to offer the milestone in. Choose one: /kpi setup, "
            "Digest. Then let it be sent again."
        )
    session.add(landing)
    await session.flush()
    subject = str(needed_id(landing.id))
    await enqueue(session, landing.scorecard_id, Kind.OFFER, subject, channel=row.channel, now=now)


async def offer(store: Store, caller: Caller, landing_id: int) -> Offer:
    """What is or was offered, for who may see the scorecard; raises `NotFound`."""
    async with store.reading() as session:
        landing = await session.get(LandingRow, landing_id)
        row = await session.get(ScorecardRow, landing.scorecard_id) if landing else None
        if landing is None or row is None or not may(caller.actor, Right.SEE, row):
            raise NotFound("This is not offered any more.")
        return await _offer(session, store, landing, row, caller.now)


async def log(
    store: Store, caller: Caller, landing_id: int, form: ShipForm | None = None
) -> ShippedNews:
    """Log what is offered, as it stands or as a person has it in the form.

    Raises `AlreadyDone` for what somebody has decided already, `NotAllowed`, and as `ship` does.
    """
    async with store.transaction() as session:
        landing, row = await _undecided(session, caller, landing_id)
        proposal = (await _offer(session, store, landing, row, caller.now)).proposal
        form = replace(form, notes=proposal.notes) if form else form_of(proposal)
        news = await ship(store.joining(session), caller, form, key=row.key)
        await _end(session, caller, landing, LandingState.LOGGED, news)
        return news


async def decline(store: Store, caller: Caller, landing_id: int) -> None:
    """Say that what is offered is no milestone; raises as `log` does."""
    async with store.transaction() as session:
        landing, _ = await _undecided(session, caller, landing_id)
        await _end(session, caller, landing, LandingState.DECLINED)


async def guarded(store: Store, landing_id: int) -> Guarded | None:
    """What decides on the rights to the scorecard of an offer: for `may`, not to be shown."""
    async with store.reading() as session:
        landing = await session.get(LandingRow, landing_id)
        if landing is None:
            return None
        return Listed.of(await session.get_one(ScorecardRow, landing.scorecard_id))


async def posted_offer(
    store: Store, caller: Caller, landing_id: int
) -> tuple[Offer, State, str | None]:
    """An offer as it is to be shown now, how its post stands, and the post's `ts`."""
    shown = await offer(store, caller, landing_id)
    async with store.reading() as session:
        landing = await session.get_one(LandingRow, landing_id)
        row = await row_of(session, landing.scorecard_id, Kind.OFFER, str(landing_id))
    return shown, State(row.state) if row else State.FAILED, row.message_ts if row else None


def form_of(proposal: Proposal) -> ShipForm:
    """What the form to log a milestone would hold, were it sent as it is proposed."""
    return ShipForm(
        proposal.title,
        proposal.shipped_on,
        detail=proposal.detail,
        work_streams=proposal.work_streams,
        links=proposal.links,
        tickets=proposal.tickets,
        moved=proposal.moved,
        notes=proposal.notes,
    )


async def _row_of(session: AsyncSession, key: str) -> ScorecardRow:
    """The row of a hook's scorecard, held; a scorecard keeps its key."""
    query = select(ScorecardRow.id).where(ScorecardRow.key == key)
    return await held(session, needed_id((await session.exec(query)).one()))


async def _known(session: AsyncSession, scorecard_id: int, url: str) -> LandingRow | None:
    query = select(LandingRow).where(LandingRow.scorecard_id == scorecard_id, LandingRow.url == url)
    return (await session.exec(query)).first()


async def _snapshot(
    session: AsyncSession, store: Store, row: ScorecardRow, now: datetime
) -> Snapshot:
    scorecard, readings = await store.memory.recall(session, row, now)
    return take_snapshot(scorecard, readings, now)


def _proposal(landed: Landed, snapshot: Snapshot) -> Proposal:
    """What is proposed, with the one problem that only the scorecard knows of."""
    scorecard = snapshot.scorecard
    proposal = proposal_of(landed, scorecard, snapshot.today)
    taken = shipped_before(scorecard, proposal.title)
    if taken is None or open_milestone(scorecard, proposal.title) is not None:
        return proposal
    problem = f"“{taken.title}” has already shipped: give this one another title."
    return replace(proposal, problems=(*proposal.problems, problem))


async def _offer(
    session: AsyncSession, store: Store, landing: LandingRow, row: ScorecardRow, now: datetime
) -> Offer:
    landed = _LANDED.validate_python(landing.landed)
    snapshot = await _snapshot(session, store, row, now)
    proposal = _proposal(landed, snapshot)
    planned = open_milestone(snapshot.scorecard, proposal.title)
    return Offer(
        needed_id(landing.id),
        snapshot,
        landed,
        proposal,
        planned,
        None if planned else _similar(snapshot.scorecard, proposal.title),
        LandingState(landing.state),
        landing.decided_by,
        snapshot.scorecard.milestones_by_key.get(landing.milestone or ""),
    )


def _similar(scorecard: Scorecard, title: str) -> Milestone | None:
    """The open milestone whose title comes closest, if one comes close."""
    titles = {each.key: (each.title,) for each in scorecard.milestones if each.is_open}
    close = names.suggestions(title, titles, most=1)
    return scorecard.milestones_by_key[close[0]] if close else None


async def _undecided(
    session: AsyncSession, caller: Caller, landing_id: int
) -> tuple[LandingRow, ScorecardRow]:
    """What is offered, held with its scorecard, for who may log it: who is first decides."""
    landing = await session.get(LandingRow, landing_id)
    row = await held(session, landing.scorecard_id) if landing else None
    if landing is None or row is None:
        raise NotFound("This is not offered any more.")
    demand(caller, Right.SHIP, row)
    await session.refresh(landing)
    refuse_decided(LandingState(landing.state))
    return landing, row


def refuse_decided(state: LandingState) -> None:
    """Raises `AlreadyDone` for what somebody has decided already."""
    if state is not LandingState.OFFERED:
        raise AlreadyDone(f"Somebody was faster: it is {_STANDINGS[state]}.")


async def _end(
    session: AsyncSession,
    caller: Caller,
    landing: LandingRow,
    state: LandingState,
    news: ShippedNews | None = None,
) -> None:
    """Write what was decided, and owe the offer the words that say so."""
    _decide(landing, caller, state, news)
    session.add(landing)
    subject = str(needed_id(landing.id))
    posted = await row_of(session, landing.scorecard_id, Kind.OFFER, subject)
    if posted is not None:
        await enqueue(
            session,
            landing.scorecard_id,
            Kind.OFFER_EDIT,
            subject,
            channel=posted.channel,
            now=caller.now,
        )


def _decide(
    landing: LandingRow, caller: Caller, state: LandingState, news: ShippedNews | None
) -> None:
    landing.state, landing.decided_by, landing.decided_at = state.value, caller.actor.id, caller.now
    landing.milestone = news.shipped.milestone.key if news else None


_STANDINGS = {
    LandingState.OFFERED: "offered in the channel",
    LandingState.LOGGED: "logged",
    LandingState.DECLINED: "no milestone, as somebody said",
}

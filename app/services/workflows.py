"""Which scorecard the step of a workflow is about."""

from app.domain.scorecards import Snapshot
from app.services.callers import Caller, Right, demand
from app.services.scorecards import NoneHere
from app.store.engine import Store


async def scorecard_at_home(store: Store, caller: Caller, right: Right) -> Snapshot:
    """The scorecard of the channel that the workflow names, and no other, as it stands now.

    Raises `NoneHere` if none is at home there, `NotAllowed` unless its owners let workflows.
    """
    async with store.reading() as session:
        channel = caller.actor.channel
        listed = await store.listing.read(session)
        row = next(
            (each for each in listed if channel is not None and each.channel == channel), None
        )
        if row is None:
            raise NoneHere(
                "No scorecard is at home there. Choose the channel in which /kpi shows it.",
                field="channel",
            )
        demand(caller, right, row)
        return await store.memory.snapshot(session, row, caller.now)

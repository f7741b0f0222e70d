"""What programs report, from what they send to what the use cases take and give back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from app.domain.errors import AlreadyDone, BadInput
from app.domain.milestones import MilestoneStatus
from app.domain.outcomes import Recorded, ShippedNews
from app.domain.scorecards import Snapshot
from app.domain.values import Value, parse_value
from app.programs.schemas import (
    LoggedOut,
    MetricOut,
    MilestoneOut,
    NewMilestone,
    NewReading,
    ReadingOut,
    RecordedOut,
    ShippedMilestone,
    ShippingFacts,
)
from app.services import milestone_edits, milestones, readings, scorecards
from app.services.callers import Caller
from app.services.milestone_edits import MilestoneForm
from app.services.milestones import ShipForm
from app.store.engine import Store


async def record(
    store: Store, caller: Caller, snapshot: Snapshot, metric: str, sent: NewReading
) -> Recorded:
    """Record a reading of a metric, by its key; raises at the fields `value`, `at` and `note`."""
    unit = snapshot.scorecard.metrics_by_key[metric].unit
    return await readings.record(
        store,
        caller,
        metric,
        _value(sent.value, unit, "value"),
        note=sent.note,
        at=sent.at.astimezone(UTC) if sent.at else None,
        key=snapshot.scorecard.key,
    )


def recorded_out(recorded: Recorded) -> RecordedOut:
    metric = recorded.state.metric
    return RecordedOut(
        reading=ReadingOut.of(recorded.reading, metric),
        before=ReadingOut.of(recorded.before, metric) if recorded.before else None,
        metric=MetricOut.of(recorded.state),
    )


async def log(store: Store, caller: Caller, key: str, sent: NewMilestone) -> ShippedNews:
    """Log a milestone that is planned, in progress, or has shipped, in the scorecard of a key.

    Raises at the field that is wrong; of what it moved that is `moved/rollbacks`.
    """
    if sent.status != "shipped":
        return await milestone_edits.plan(store, caller, _plan_form(sent), key=key)
    _refuse(sent.due_on is not None, "What has shipped is due no more.", "due_on")
    snapshot = await scorecards.show(store, caller, key)
    form = replace(
        _ship_form(snapshot, sent.title, sent, sent.moved),
        work_streams=tuple(dict.fromkeys(sent.work_streams)),
        phase=sent.phase,
    )
    return await milestones.ship(store, caller, form, key=key)


async def ship(
    store: Store, caller: Caller, key: str, milestone: str, sent: ShippedMilestone
) -> ShippedNews:
    """Ship a milestone that is planned or in progress, by its key; raises as `log` does.

    One that is neither raises `AlreadyDone`.
    """
    snapshot = await scorecards.show(store, caller, key)
    known = milestones.known_milestone(snapshot.scorecard, milestone)
    if not known.is_open:
        raise AlreadyDone(f"“{known.title}” is {known.status.words} already.")
    form = _ship_form(snapshot, known.title, sent, sent.moved)
    return await milestones.ship(store, caller, form, key=key)


def logged_out(news: ShippedNews) -> LoggedOut:
    return LoggedOut(
        milestone=MilestoneOut.told(news),
        unblocked=[outlook.phase.key for outlook in news.unblocked],
    )


def _plan_form(sent: NewMilestone) -> MilestoneForm:
    only_shipped = "Only of a milestone that has shipped: say so in status."
    _refuse(sent.shipped_on is not None, only_shipped, "shipped_on")
    _refuse(bool(sent.moved), only_shipped, "moved")
    return MilestoneForm(
        title=sent.title,
        status=MilestoneStatus(sent.status),
        detail=sent.detail,
        work_streams=tuple(dict.fromkeys(sent.work_streams)),
        due_on=sent.due_on,
        phase=sent.phase,
        links=tuple(sent.links),
        tickets=tuple(sent.tickets),
    )


def _ship_form(
    snapshot: Snapshot, title: str, sent: ShippingFacts, moved: Mapping[str, str]
) -> ShipForm:
    return ShipForm(
        title=title,
        shipped_on=sent.shipped_on or snapshot.today,
        detail=sent.detail,
        links=tuple(sent.links),
        tickets=tuple(sent.tickets),
        moved=_moved(snapshot, moved),
    )


def _moved(snapshot: Snapshot, sent: Mapping[str, str]) -> dict[str, Value]:
    scorecard = snapshot.scorecard
    milestones.refuse_unknown_keys(scorecard, (), moved=sent)
    return {
        key: _value(typed, scorecard.metrics_by_key[key].unit, f"moved/{key}")
        for key, typed in sent.items()
    }


def _value(typed: str, unit: str, field: str) -> Value:
    """A value as typed; raises `BadInput` with the form that works, at its field."""
    try:
        return parse_value(typed, unit)
    except BadInput as error:
        raise BadInput(error.message, field=field) from error


def _refuse(is_wrong: bool, told: str, field: str) -> None:
    if is_wrong:
        raise BadInput(told, field=field)

"""The tools that write. What they write can be undone in Slack like anything else."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.assistants import texts
from app.assistants.asking import Asking, key_meant, scorecard_meant
from app.assistants.inputs import MilestoneToLog, ReadingToRecord
from app.assistants.tools import Told, Tool
from app.domain.errors import BadInput
from app.domain.scorecards import Scorecard
from app.programs import reporting
from app.programs.schemas import LoggedOut, MilestoneFacts, NewMilestone, RecordedOut


async def record_reading(asking: Asking, sent: ReadingToRecord) -> Told:
    """Record a reading of a metric: a value, and when it was true. The reading names the token
    as the one who reported it, and people can undo it in Slack."""
    snapshot = await scorecard_meant(asking, sent.scorecard)
    metric = snapshot.scorecard.metric(sent.metric)
    recorded = await reporting.record(asking.store, asking.caller, snapshot, metric.key, sent)
    return Told.of(texts.recorded_text(recorded), reporting.recorded_out(recorded))


async def log_milestone(asking: Asking, sent: MilestoneToLog) -> Told:
    """Log a milestone that is planned, in progress, or has shipped with the values it moved, all
    of it or nothing. What has shipped is announced in the scorecard's channel; a planned
    milestone of its title is the one that ships. People can undo it in Slack."""
    scorecard = (await scorecard_meant(asking, sent.scorecard)).scorecard
    milestone = _by_keys(scorecard, sent)
    news = await reporting.log(asking.store, asking.caller, scorecard.key, milestone)
    return Told.of(texts.logged_text(news), reporting.logged_out(news))


def _by_keys(scorecard: Scorecard, sent: MilestoneToLog) -> NewMilestone:
    """The milestone with the keys of all that it names; raises `NotFound` with suggestions."""
    streams = {stream.key: (stream.name,) for stream in scorecard.work_streams}
    phases = {phase.key: (phase.name,) for phase in scorecard.phases}
    facts = sent.model_dump(mode="json", include=set(MilestoneFacts.model_fields))
    return NewMilestone.model_validate(
        {
            **facts,
            "work_streams": [
                key_meant("work stream", typed, streams, "work_streams")
                for typed in sent.work_streams
            ],
            "phase": sent.phase and key_meant("phase", sent.phase, phases, "phase"),
            "moved": dict(_moved(scorecard, sent.moved)),
        }
    )


def _moved(scorecard: Scorecard, moved: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The value for each metric's key; raises `BadInput` for two of one metric."""
    said: dict[str, str] = {}
    for typed, value in moved.items():
        metric = scorecard.metric(typed)
        if metric.key in said:
            raise BadInput(
                f"“{said[metric.key]}” and “{typed}” are the same metric. Give it one value.",
                field="moved",
            )
        said[metric.key] = typed
        yield metric.key, value


WRITING: tuple[Tool[Any], ...] = (
    Tool("Record a reading", ReadingToRecord, RecordedOut, record_reading, writes=True),
    Tool(
        "Log a milestone", MilestoneToLog, LoggedOut, log_milestone, writes=True, reaches_out=True
    ),
)

"""A scorecard as a file that loads back to the same scorecard, and to the same file again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from app.domain.alerts import AlertKind, AlertRules
from app.domain.metrics import FRESH_DAYS, Metric, MetricKind, Reading
from app.domain.milestones import Milestone
from app.domain.roadmap import NeedKind, Phase
from app.domain.scorecards import DigestSchedule, Scorecard
from app.domain.sources import Source, SourceKind
from app.domain.statuses import Thresholds
from app.domain.values import Value
from app.files.fields import NO_HOURS, WEEKDAYS
from app.files.moments import instant_text, value_text
from app.files.tree import NO_TEXT

_HEAD = """\
# {name}, as it can be loaded again: kpi load FILE
# Left out: who may do what, the record of changes, what was posted, reminders, who logged
# milestones and who recorded readings when; what was retired or taken back, and readings that
# a later one of the same instant has corrected.
"""
_WITHOUT_READINGS = "# Left out as asked for: the readings.\n"

Fields = dict[str, Any]


class _OneLine(dict[str, Any]):
    """Fields that are written as `{value: ~12, at: 2026-03-16}`."""


class _Dumper(yaml.SafeDumper):
    """Writes every text plainly that the reader takes for the text it is."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # how PyYAML has it

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Dumper.add_representer(
    _OneLine,
    lambda dumper, fields: dumper.represent_mapping(
        "tag:yaml.org,2002:map", fields, flow_style=True
    ),
)
_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def scorecard_yaml(scorecard: Scorecard, readings: Mapping[str, Sequence[Reading]] | None) -> str:
    """The file of a scorecard, with the readings of its metrics by key, oldest first.

    None leaves them out, which the file says.
    """
    head = _HEAD.format(name=" ".join(scorecard.name.split()))
    if readings is None:
        head += _WITHOUT_READINGS
    fields = _scorecard(scorecard, readings or {})
    text: str = yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return head + text


def _scorecard(scorecard: Scorecard, readings: Mapping[str, Sequence[Reading]]) -> Fields:
    digest, thresholds = scorecard.digest, scorecard.thresholds
    return _said(
        key=scorecard.key,
        name=scorecard.name,
        goal=scorecard.goal,
        possibilities=[_shown(each) for each in scorecard.possibilities],
        zone=scorecard.zone.key,
        channel=scorecard.channel,
        digest=_digest(digest),
        thresholds=_thresholds(thresholds),
        alerts=_alerts(scorecard.alerts),
        ticket_address=scorecard.ticket_address,
        work_streams=[_said(key=each.key, name=each.name) for each in scorecard.work_streams],
        metrics=[
            _metric(each, readings.get(each.key, ()), scorecard.zone) for each in scorecard.metrics
        ],
        milestones=[_milestone(each) for each in scorecard.milestones],
        phases=[_phase(each) for each in scorecard.phases],
    )


def _digest(schedule: DigestSchedule) -> Fields:
    at: time = schedule.at
    return _OneLine(day=WEEKDAYS[schedule.weekday], time=f"{at:%H:%M}")


def _thresholds(thresholds: Thresholds) -> Fields:
    return _OneLine(
        on_track_from=str(thresholds.on_track_from), at_risk_from=str(thresholds.at_risk_from)
    )


def _alerts(rules: AlertRules) -> Fields:
    return _said(
        **{kind.value: rules.place(kind).value for kind in AlertKind},
        person=rules.person,
        quiet_hours=str(rules.quiet_hours) if rules.quiet_hours else NO_HOURS,
        quiet_weekends="yes" if rules.quiet_weekends else "no",
    )


def _metric(metric: Metric, readings: Iterable[Reading], zone: ZoneInfo) -> Fields:
    baseline = metric.baseline
    reach = metric.kind is MetricKind.REACH
    newest = {reading.at: reading for reading in readings}
    return _said(
        key=metric.key,
        name=metric.name,
        unit=metric.unit,
        baseline=_said(
            value=value_text(baseline.value), label=baseline.label, on=baseline.on.isoformat()
        ),
        kind=None if reach else metric.kind.value,
        target=None if metric.target is None else value_text(Value(metric.target)),
        target_on=metric.target_on.isoformat() if metric.target_on else None,
        owner=metric.owner,
        fresh_days=None if metric.fresh_days == FRESH_DAYS else str(metric.fresh_days),
        drivers=[
            _said(work_stream=driver.work_stream, focus=driver.focus) for driver in metric.drivers
        ],
        source=_source(metric.source) if metric.source else None,
        readings=[_reading(each, zone) for each in newest.values()],
    )


def _source(source: Source) -> Fields:
    question = source.question
    is_sql, is_json = (question.kind is each for each in (SourceKind.SQL, SourceKind.JSON))
    asked = _said(
        **{"database" if is_sql else "address": question.place},
        **{"path" if is_json else "query": question.query},
        headers=_said(**question.headers),
    )
    times = None if question.times == 1 else value_text(Value(question.times))
    return _said(**{question.kind.value: asked}, times=times, every=str(source.every))


def _reading(reading: Reading, zone: ZoneInfo) -> Fields:
    return _OneLine(
        _said(
            value=value_text(reading.value),
            at=instant_text(reading.at, zone),
            note=reading.note,
            milestone=reading.milestone,
        )
    )


def _milestone(milestone: Milestone) -> Fields:
    return _said(
        key=milestone.key,
        title=milestone.title,
        detail=milestone.detail,
        work_streams=list(milestone.work_streams),
        status=milestone.status.value,
        shipped_on=milestone.shipped_on.isoformat() if milestone.shipped_on else None,
        due_on=milestone.due_on.isoformat() if milestone.due_on else None,
        links=[_shown(each) for each in milestone.links],
        tickets=[_shown(each) for each in milestone.tickets],
    )


def _phase(phase: Phase) -> Fields:
    return _said(
        key=phase.key,
        name=phase.name,
        window=phase.window.text,
        description=phase.description,
        status=phase.state.value,
        done_on=phase.done_on.isoformat() if phase.done_on else None,
        needs=_said(
            phases=[need.key for need in phase.needs if need.kind is NeedKind.PHASE],
            milestones=[need.key for need in phase.needs if need.kind is NeedKind.MILESTONE],
        ),
    )


def _said(**fields: Any) -> Fields:
    """The fields that say something; what is left out is read as nothing, or as usual."""
    return {
        name: _shown(said) if isinstance(said, str) else said
        for name, said in fields.items()
        if said not in (None, "", [], {})
    }


def _shown(text: str) -> str:
    """A text without signs that no file may have, which can't be seen either."""
    return NO_TEXT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))

"""The message of alerts: what metrics did, why it matters, what shipped on their lines of late."""

from collections.abc import Iterator, Sequence

from app.domain.alerts import AlertKind, is_direct
from app.domain.associations import AROUND
from app.domain.metrics import days_old, days_words
from app.domain.outcomes import AlertedMetric, AlertNews, Mute
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import Action, about

MOST_METRICS = 6
"""Metrics in one message, so that it fits Slack's limits."""
MOST_MILESTONES = 3
MOST_TITLE_LENGTH = 60
REST = "metrics: see the scorecard"


def alert_message(news: AlertNews) -> Message:
    """Each metric with what is told of it, its figures, and buttons to see, update and mute it."""
    scorecard = news.snapshot.scorecard
    shown, rest = news.metrics[:MOST_METRICS], len(news.metrics) - MOST_METRICS
    lead = [_lead(news)] if len(news.metrics) > 1 or is_direct(news.address) else []
    more = [f"… and {rest} more {REST}"] if rest > 0 else []
    blocks = [block for each in shown for block in _blocks(each, scorecard.key)]
    lines = [line for each in news.metrics for line in (*_lines(each), *_asides(each))]
    return Message(
        kit.in_words([*lead, *lines]),
        (*map(kit.section, lead), *blocks, *map(kit.context, more)),
    )


def _lead(news: AlertNews) -> str:
    count = len(news.metrics)
    what = "a metric" if count == 1 else f"{count} metrics"
    return f"{bold(news.snapshot.scorecard.name)}: news of {what}"


def _blocks(alerted: AlertedMetric, scorecard: str) -> Iterator[Block]:
    metric = alerted.history.state.metric
    yield kit.section("\n".join(_lines(alerted)))
    yield kit.context(*_asides(alerted))
    yield _buttons(about(scorecard, metric.key), is_muted=False)


def _lines(alerted: AlertedMetric) -> list[str]:
    """What is told, the value before and now, and the status with its reason."""
    state = alerted.history.state
    metric = state.metric
    what = "; it ".join(_told(alerted, kind) for kind in alerted.kinds)
    lines = [f"{bold(metric.name)} {what}."]
    if state.current is not None and alerted.kinds != (AlertKind.STALE,):
        lines.append(figures.before_and_after(metric, alerted.before, state.current.value))
    return [*lines, f"{figures.status(state)}: {escaped(state.verdict.reason)}"]


def _told(alerted: AlertedMetric, kind: AlertKind) -> str:
    state = alerted.history.state
    match kind:
        case AlertKind.REACHED | AlertKind.FELL_BACK:
            return _turned(alerted, is_reached=kind is AlertKind.REACHED)
        case AlertKind.UNUSUAL:
            history = alerted.history
            moved = figures.judged_movement(state, history.snapshot.since, history.prospect)
            return f"has moved more than it usually does: {moved}"
        case AlertKind.STALE:
            return f"is stale: its last reading, {figures.current(state)}, is {_age(alerted)} old"


def _turned(alerted: AlertedMetric, *, is_reached: bool) -> str:
    metric = alerted.history.state.metric
    if alerted.before_counts:
        return figures.turn(metric, is_reached=is_reached)
    place = "target" if metric.way is not None else "limit"
    where = f"at its {place}" if is_reached else f"not at its {place}"
    return f"is {where} after all, {escaped(metric.shown_target)}: a reading was taken back"


def _age(alerted: AlertedMetric) -> str:
    current = alerted.history.state.current
    return days_words(days_old(current, alerted.history.snapshot.as_of)) if current else ""


def _asides(alerted: AlertedMetric) -> list[str]:
    """When it was, and what shipped on the metric's line in the weeks before."""
    history = alerted.history
    since = (history.snapshot.as_of - AROUND).date()
    shipped = [
        each.milestone
        for each in history.milestones
        if each.milestone.shipped_on is not None and each.milestone.shipped_on >= since
    ]
    named = [
        f"{bold(kit.shortened(each.title, MOST_TITLE_LENGTH))}"
        f" ({kit.calendar_day(each.shipped_on)})"
        for each in shipped[:MOST_MILESTONES]
        if each.shipped_on is not None
    ]
    more = len(shipped) - len(named)
    rest = f" and {more} more" if more else ""
    milestones = [f"Associated with it, as shipped on its line: {', '.join(named)}{rest}"]
    return [kit.moment(alerted.raised_at), *(milestones if named else [])]


# --- muting -----------------------------------------------------------------------


def _buttons(subject: str, *, is_muted: bool) -> Block:
    mute = (
        kit.button("Unmute", Action.UNMUTE_METRIC, subject)
        if is_muted
        else kit.button("Mute for a week", Action.MUTE_METRIC, subject)
    )
    buttons = kit.actions(
        kit.button("See the metric", Action.SHOW_METRIC, subject),
        kit.button("Update", Action.UPDATE, subject),
        mute,
    )
    return {**buttons, "block_id": _buttons_of(subject)}


def _buttons_of(subject: str) -> str:
    return f"alert:{subject}"


def with_mute(blocks: Sequence[Block], text: str, subject: str, mute: Mute) -> Message:
    """The alerts, as Slack gives them back, with who has muted a metric or let it be told again."""
    told = _mute_in_words(mute)
    note = f"muted:{subject}"
    changed: list[Block] = []
    for block in blocks:
        if block["block_id"] == _buttons_of(subject):
            changed += [
                _buttons(subject, is_muted=mute.until is not None),
                {**kit.context(told), "block_id": note},
            ]
        elif block["block_id"] != note:
            changed.append(block)
    # No line of the alerts is empty: what stands behind one is the alerts themselves.
    alerts = text.rpartition("\n\n")[-1]
    return Message(f"{told}\n\n{alerts}", tuple(changed))


def _mute_in_words(mute: Mute) -> str:
    name, who = bold(mute.metric.name), kit.person(mute.by)
    if mute.until is None:
        return f"Alerts of {name} are sent again, by {who}."
    return f"Alerts of {name} are muted until {kit.moment(mute.until)}, by {who}."

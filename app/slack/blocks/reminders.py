"""The reminder to an owner, and what they chose about reminders."""

from collections.abc import Sequence

from app.domain.metrics import days_old, days_words
from app.domain.reminders import Ageing, Preferences, Reminder
from app.slack.blocks import kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.pages import paged, wording
from app.slack.ids import Action, about

REST = "metrics: see the scorecard"
CHOICE_BLOCK = "reminder_choice"
CHOSEN_BLOCK = "reminder_chosen"
MOST_WORDS = kit.MOST_TEXT_LENGTH - 500
"""The five hundred are for what is chosen later."""

_SNOOZE = kit.button("Snooze for a week", f"{Action.SET_REMINDERS}:snooze", "snooze")
_TURN_OFF = kit.button("Turn off reminders", f"{Action.SET_REMINDERS}:off", "off")
_TURN_ON = kit.button("Turn on reminders", f"{Action.SET_REMINDERS}:on", "on")


def reminder_message(reminder: Reminder) -> Message:
    """What will be stale, each metric with the form that updates it, and a way to be left alone."""
    key = reminder.scorecard.key
    lead = _lead(reminder)
    rows = [_row(each, reminder) for each in reminder.metrics]
    shown = paged(rows, 0).entries
    rest = len(rows) - len(shown)
    more = [kit.context(f"… and {rest} more {REST}")] if rest else []
    show = kit.button("See the scorecard", Action.SHOW_PAGE, about(key, "0"))
    return Message(
        kit.in_words([lead, *map(wording, rows)], REST, most=MOST_WORDS),
        (kit.section(lead, accessory=show), *shown, *more, _choice(Preferences())),
    )


def _lead(reminder: Reminder) -> str:
    count = len(reminder.metrics)
    what = "A metric of yours" if count == 1 else f"{count} metrics of yours"
    name, when = bold(reminder.scorecard.name), kit.moment(reminder.slot)
    return f"{what} will be stale in the next digest of {name}, which goes out {when}:"


def _row(ageing: Ageing, reminder: Reminder) -> Block:
    metric, current = ageing.metric, ageing.current
    if current is None:
        stand = "no reading yet"
    else:
        age = days_words(days_old(current, reminder.as_of))
        counts = f"it counts for {days_words(metric.fresh_days)}"
        stand = f"{escaped(metric.shown(current.value))}, {age} old; {counts}"
    subject = about(reminder.scorecard.key, metric.key)
    update = kit.button("Update", Action.UPDATE, subject)
    return kit.section(f"{bold(metric.name)}   {stand}", accessory=update)


def chosen(blocks: Sequence[Block], text: str, preferences: Preferences) -> Message:
    """The reminder, as Slack gives it back, with what was chosen and what may be chosen now."""
    kept = [each for each in blocks if each["block_id"] not in {CHOICE_BLOCK, CHOSEN_BLOCK}]
    told = _words(preferences)
    # No line of a reminder is empty: what stands behind one is the reminder itself.
    reminder = text.rpartition("\n\n")[-1]
    return Message(
        f"{told}\n\n{reminder}",
        (*kept, {**kit.context(told), "block_id": CHOSEN_BLOCK}, _choice(preferences)),
    )


def _words(preferences: Preferences) -> str:
    if not preferences.are_on:
        return "Reminders are off. The Home tab of the bot turns them on again."
    if preferences.snoozed_until is not None:
        return f"Reminders are snoozed until {kit.moment(preferences.snoozed_until)}."
    return "Reminders are on."


def _choice(preferences: Preferences) -> Block:
    """The buttons for what isn't chosen."""
    snoozed = preferences.snoozed_until is not None
    if not preferences.are_on:
        buttons = [_TURN_ON]
    else:
        buttons = [_TURN_ON if snoozed else _SNOOZE, _TURN_OFF]
    return {**kit.actions(*buttons), "block_id": CHOICE_BLOCK}


def reminders_at_home(preferences: Preferences) -> Block:
    """How the reminders of somebody who owns metrics stand, in their Home tab."""
    if not preferences.are_on:
        stand = "off"
    elif preferences.snoozed_until is not None:
        stand = f"snoozed until {kit.moment(preferences.snoozed_until)}"
    else:
        stand = "on, a day before a digest in which one of these would be stale"
    button = _TURN_OFF if preferences.want_one else _TURN_ON
    return kit.section(f"Reminders: {stand}", accessory=button)

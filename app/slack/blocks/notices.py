"""Short answers: help, and what went wrong."""

from collections.abc import Mapping

from app.slack.blocks import kit
from app.slack.blocks.kit import Message, escaped

MOST_SUGGESTIONS = 20
MOST_NOTICE_LENGTH = kit.MOST_TEXT_LENGTH // 5
"""Each character escaped takes five at most, as in `&amp;`."""

COMMANDS = {
    "/kpi": "the scorecard: every metric against its target",
    "/kpi METRIC": "one metric: chart, drivers, milestones and last readings",
    "/kpi update METRIC VALUE [NOTE]": "record a new value, such as `12`, `~12`, `5+` or `78%`",
    "/kpi update [METRIC]": "the form to record one or several values, for now or for earlier",
    "/kpi ship [TITLE]": "log a milestone that shipped, with the metrics it moved",
    "/kpi plan [TITLE]": "log a milestone that is planned or in progress, with its due date",
    "/kpi milestones [FILTERS]": "what shipped and what is to come; filters are words such as "
    "`shipped`, `late`, `me`, `this month`, a work stream or a metric",
    "/kpi history [FILTERS]": "who changed what and when, with Undo; filters are words such as "
    "`me`, `this week` or a metric",
    "/kpi roadmap": "the phases in order: where each stands and what blocks it",
    "/kpi digest preview": "see this week's digest before it is posted",
    "/kpi digest now": "post this week's digest",
    "/kpi digest schedule": "choose when and in which channel the digest is posted",
    "/kpi setup": "set up the channel's scorecard: goal, metrics, digest, alerts, rights, tokens",
    "/kpi help": "this list",
}
SHORTCUTS = (
    "Shortcuts: “Log a milestone” from anywhere, “Log as milestone” in the menu of a message."
)


def help_screen() -> Message:
    lines = [f"`{command}`  {meaning}" for command, meaning in COMMANDS.items()]
    in_words = [f"{command}: {meaning}" for command, meaning in COMMANDS.items()]
    return Message(
        "\n".join([*in_words, SHORTCUTS]),
        (kit.header("What /kpi can do"), *kit.sections(lines), kit.context(SHORTCUTS)),
    )


def notice(text: str) -> Message:
    """A sentence from us, shown literally."""
    return Message(escaped(kit.shortened(text, MOST_NOTICE_LENGTH)))


def suggestions(text: str, action: str, choices: Mapping[str, str]) -> Message:
    """A sentence from us with buttons (value → label) for what may have been meant."""
    first = list(choices.items())[:MOST_SUGGESTIONS]
    buttons = [
        kit.button(label, f"{action}:{number}", value)
        for number, (value, label) in enumerate(first)
    ]
    told = notice(text).text
    more = len(choices) - len(first)
    rest = [kit.context(f"… and {more} more: type more of the name.")] if more else []
    return Message(told, (kit.section(told), kit.actions(*buttons), *rest))


def remedy(text: str) -> Message:
    """A sentence of our own that may mention a channel."""
    return Message(kit.shortened(text, kit.MOST_SECTION_LENGTH))

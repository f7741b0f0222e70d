"""What people wrote in Slack, as plain words. Pure: nothing is looked up."""

import re

from app.domain import names

_CONTROL = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain_words(text: str) -> str:
    """A message's text without Slack's own signs for links, mentions and channels.

    A person or channel that comes without its name is told as one of its kind.
    https://docs.slack.dev/messaging/formatting-message-text
    """
    words = _CONTROL.sub(lambda found: _named(found[1], found[2] or ""), text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def title_and_detail(text: str) -> tuple[str, str]:
    """A message as a milestone's title, its first line, and the detail, which is the rest.

    A first line too long for a title stands whole in the detail.
    """
    first, _, rest = text.strip().partition("\n")
    first, rest = first.strip(), rest.strip()
    if len(first) <= names.MOST_TITLE_LENGTH:
        return first, rest
    whole_words = first[: names.MOST_TITLE_LENGTH].rpartition(" ")[0]
    title = whole_words or first[: names.MOST_TITLE_LENGTH - 1]
    return f"{title.rstrip()}…", f"{first}\n{rest}".strip()


def _named(target: str, label: str) -> str:
    kind, name = target[:1], label.lstrip("@#")
    if kind == "@":
        return f"@{name or 'someone'}"
    if kind == "#":
        return f"#{name or 'channel'}"
    if kind == "!":
        return _special(target[1:], label)
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label not in target else address


def _special(target: str, label: str) -> str:
    """`!here`, `!subteam^S1|@team`, `!date^1^{date}|17 Mar`."""
    if label:
        return label
    return f"@{target.partition('^')[0]}"

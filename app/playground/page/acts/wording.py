"""What is typed, as Slack's client sends it. Pure.

docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are escaped; people, user groups
and channels are named by their ids.
"""

import re
from collections.abc import Mapping, Sequence

from app.playground.workspace import Channel, Workspace

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_EVERYBODY = ("channel", "everyone", "here")


def escaped(text: str) -> str:
    """The text so that it shows as it was typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message_text(typed: str, workspace: Workspace, channels: Sequence[Channel]) -> str:
    """A message: `@Ana Beck` becomes `<@U1>`, `#billing` becomes `<#C1>`, save in code. `channels`
    are those that the writer sees."""
    return _with_mentions(typed, _mentions(workspace, channels))


def command_text(typed: str, workspace: Workspace, channels: Sequence[Channel]) -> str:
    """A command of an app that asks for ids: `<@U1|ana>` and `<#C1|billing>`."""
    people = {
        f"@{name}": f"<@{user.id}|{user.name}>"
        for user in workspace.users.values()
        for name in (user.name, user.real_name)
    }
    places = {f"#{each.name}": f"<#{each.id}|{each.name}>" for each in channels if each.name}
    return _with_mentions(typed, {**people, **places})


def _mentions(workspace: Workspace, channels: Sequence[Channel]) -> dict[str, str]:
    return {
        **{f"@{word}": f"<!{word}>" for word in _EVERYBODY},
        **{f"@{g.handle}": f"<!subteam^{g.id}>" for g in workspace.user_groups.values()},
        **{f"@{user.name}": f"<@{user.id}>" for user in workspace.users.values()},
        **{f"@{user.real_name}": f"<@{user.id}>" for user in workspace.users.values()},
        **{f"#{each.name}": f"<#{each.id}>" for each in channels if each.name},
    }


def _with_mentions(typed: str, mentions: Mapping[str, str]) -> str:
    """The longest name counts; none does within a word or in code."""
    names = {escaped(name): mention for name, mention in mentions.items()}
    by_length = sorted(names, key=len, reverse=True)
    mention = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, by_length))})(?![\w-])")
    parts = _CODE.split(escaped(typed))
    parts[::2] = [mention.sub(lambda found: names[found[0]], part) for part in parts[::2]]
    return "".join(parts)

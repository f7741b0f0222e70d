"""usergroups.list, usergroups.users.list."""

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.web_api.call import Call, Method


def list_groups(call: Call) -> Json:
    """The workspace's user groups, without disabled ones unless `include_disabled`.

    `include_users` and `include_count` add the members and their number.

    Errors: none of its own (docs.slack.dev/reference/methods/usergroups.list).
    """
    return {
        "usergroups": [
            group.payload(
                with_users=call.flag("include_users"), with_count=call.flag("include_count")
            )
            for group in call.workspace.user_groups.values()
            if call.flag("include_disabled") or not group.disabled
        ]
    }


def list_users(call: Call) -> Json:
    """The ids of a user group's members; a disabled group's only with `include_disabled`.

    Errors: no_such_subteam (docs.slack.dev/reference/methods/usergroups.users.list).
    """
    group = call.workspace.user_groups.get(call.required("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


METHODS = {
    "usergroups.list": Method(list_groups, scope="usergroups:read"),
    "usergroups.users.list": Method(list_users, scope="usergroups:read"),
}

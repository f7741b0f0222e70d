"""A local Slack: what the bot talks to when no workspace is at hand.

`LocalSlack` is the workspace, as strict as Slack's documentation. It makes people
(`add_person`: members, admins, owners, guests, strangers of another organisation), bots of other
apps (`add_bot`), channels, user groups and files (`upload`), runs workflow steps (`run_step`), and
sends the app any event (`send_event`) or envelope (`deliver`), also as if from another workspace.

A `Person` types commands, says and mentions, clicks, searches, fills in, attaches files, submits
and closes modals, uses shortcuts, opens the home tab, joins, leaves, invites, archives, and sees
what people see. An `OtherBot` posts and mentions. What they can't do in Slack raises LookupError or
PermissionError.

What went over the wire is in `journal`, with all that was wrong with it in `journal.problems`;
`faults` lets things go wrong on demand.

`read_manifest` gives it an app's manifest from its file, and `AppProcess` runs an app in it.
"""

from app.playground.app_process import AppProcess
from app.playground.deliveries import NotDeliveredError
from app.playground.files import File
from app.playground.journal import Entry, Journal
from app.playground.local_slack import LocalSlack
from app.playground.manifests import ManifestError, read_manifest
from app.playground.messages import Message
from app.playground.people import OtherBot, Person
from app.playground.reactions import CommandReaction, Reaction, SubmissionReaction
from app.playground.user_groups import UserGroup
from app.playground.users import Standing
from app.playground.views import View
from app.playground.workspace import Channel

__all__ = [
    "AppProcess",
    "Channel",
    "CommandReaction",
    "Entry",
    "File",
    "Journal",
    "LocalSlack",
    "ManifestError",
    "Message",
    "NotDeliveredError",
    "OtherBot",
    "Person",
    "Reaction",
    "Standing",
    "SubmissionReaction",
    "UserGroup",
    "View",
    "read_manifest",
]

"""A local Slack: what the bot talks to when no workspace is at hand."""

from app.playground.deliveries import NotDeliveredError
from app.playground.files import File
from app.playground.journal import Entry, Journal
from app.playground.local_slack import LocalSlack
from app.playground.messages import Message
from app.playground.people import OtherBot, Person
from app.playground.reactions import CommandReaction, Reaction, SubmissionReaction
from app.playground.user_groups import UserGroup
from app.playground.views import View
from app.playground.workspace import Channel

__all__ = [
    "Channel",
    "CommandReaction",
    "Entry",
    "File",
    "Journal",
    "LocalSlack",
    "Message",
    "NotDeliveredError",
    "OtherBot",
    "Person",
    "Reaction",
    "SubmissionReaction",
    "UserGroup",
    "View",
]

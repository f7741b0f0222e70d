"""People and bots as they are shown: a drawn face, a name, what they may do."""

import zlib

import htpy as h

from app.playground.installation import Team
from app.playground.users import User

_COLOURS = 8


def avatar(user: User) -> h.Element:
    """The initials on a colour that stays the same; a bot's corners are less round."""
    colour = zlib.crc32(user.id.encode()) % _COLOURS + 1
    kind = ".is-bot" if user.bot else ""
    return h.span(f".avatar.avatar-{colour}{kind}", aria_hidden="true")[_initials(user.real_name)]


def badge(user: User, home: Team) -> h.Node:
    """What is said beside the name of a bot, and of somebody of another organisation."""
    if user.bot is not None:
        return h.span(".badge")["App"]
    if user.team != home:
        return h.span(".badge")["External"]
    return None


def role(user: User, home: Team) -> str:
    """What somebody is in the workspace."""
    standing = user.standing
    if user.bot is not None:
        return "App"
    if user.team != home:
        return "Of another organisation"
    if standing.is_ultra_restricted:
        return "Guest in one channel"
    if standing.is_restricted:
        return "Guest"
    if standing.is_owner:
        return "Owner"
    return "Admin" if standing.is_admin else "Member"


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper() if words else "?"

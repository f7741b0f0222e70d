"""People and bots of the workspace, as tests and demonstrations drive them.

Each class adds to the one before: `Viewer` sees messages, modals and the home tab; `Writer` says,
mentions, joins and leaves; `Manager` invites, removes, archives and changes user groups; `Person`
acts on what the app shows. `OtherBot` is a writer of another app.
"""

from app.playground.people.acting import Person
from app.playground.people.bots import OtherBot
from app.playground.people.seeing import Surroundings
from app.playground.people.writing import Writer

__all__ = ["OtherBot", "Person", "Surroundings", "Writer"]

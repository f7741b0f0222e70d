"""People of the workspace, as tests and demonstrations drive them."""

from app.playground.people.acting import Person
from app.playground.people.bots import OtherBot
from app.playground.people.seeing import Surroundings
from app.playground.people.writing import Writer

__all__ = ["OtherBot", "Person", "Surroundings", "Writer"]

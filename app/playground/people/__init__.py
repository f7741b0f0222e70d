"""People of the workspace, as tests and demonstrations drive them."""

from app.playground.people.acting import Person
from app.playground.people.seeing import Surroundings

__all__ = ["Person", "Surroundings"]

"""Callers, and scorecards loaded as people load them: from a file."""

from datetime import datetime
from pathlib import Path

from app.files import ScorecardFile, read_scorecard_file
from app.services.callers import Actor, Caller, Role, Surface
from tests.builders import NOW

BILLING_FILE = Path(__file__).parents[2] / "app" / "demo" / "billing.yaml"
HOME = "C0BILLING"


def a_caller(
    user: str = "U0ANA",
    *,
    channel: str | None = HOME,
    now: datetime = NOW,
    surface: Surface = Surface.COMMAND,
) -> Caller:
    """A person who asks in the home channel of the scorecard."""
    return Caller(Actor(user, Role.PERSON, channel), surface, now)


def the_operator(*, now: datetime = NOW, surface: Surface = Surface.TERMINAL) -> Caller:
    return Caller(Actor("operator", Role.OPERATOR), surface, now)


def a_file(text: str) -> ScorecardFile:
    return read_scorecard_file(text, "scorecard.yaml")


def the_billing_text() -> str:
    return BILLING_FILE.read_text(encoding="utf-8")


def the_billing_file() -> ScorecardFile:
    """The real scorecard."""
    return a_file(the_billing_text())

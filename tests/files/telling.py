"""How the tests of scorecard files hear what a person is told."""

import pytest

from app.files import FileErrors, FileProblem, read_scorecard_file

HEAD = "name: Billing\ngoal: Pay first.\n"


def problems(text: str) -> tuple[FileProblem, ...]:
    with pytest.raises(FileErrors) as caught:
        read_scorecard_file(text, "card.yaml")
    return caught.value.problems


def told(text: str) -> list[str]:
    """The lines of the message for what follows a sound head of two lines."""
    with pytest.raises(FileErrors) as caught:
        read_scorecard_file(HEAD + text, "card.yaml")
    return caught.value.message.splitlines()

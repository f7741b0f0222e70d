"""What the validator finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One rule that a payload breaks.

    `pointer` is a JSON pointer into the payload ("/blocks/0/text/text", "" for all of it),
    `message` says what is wrong, in Slack's words where they are known ("must be less than 151
    characters").
    """

    pointer: str
    message: str

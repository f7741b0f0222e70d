"""What Slack or the database doesn't do, told to the one at the terminal."""

from sqlalchemy.exc import SQLAlchemyError

from app.doctor import first_line, without_markup
from app.slack.publish import SlackFailure


def in_a_line(error: Exception) -> str | None:
    """What failed and what to do; None where it is nobody's failure but the program's."""
    match error:
        case SlackFailure():
            return f"Slack: {without_markup(error.remedy)}"
        case SQLAlchemyError():
            return f"The database can't be used: {first_line(error)}"
        case _:
            return None

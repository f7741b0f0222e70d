"""A question is looked at before it is asked: what is wrong with it is told where it is typed."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from app.domain.errors import BadInput
from app.domain.sources import MOST_HEADERS, MOST_QUERY_LENGTH, Question, SourceKind
from app.sources.addresses import Target, target_of
from app.sources.places import Places

MOST_HEADER_CHARACTERS = 4_000

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # a token of RFC 9110
_HEADER_VALUE = re.compile(r"[\t -~]*")
_OURS = re.compile(
    r"accept|accept-encoding|connection|content-.+|expect|host|keep-alive|proxy-.+|range|te|trailer"
    r"|transfer-encoding|upgrade|user-agent",
    re.IGNORECASE,
)
"""What a request can't be sent with twice, or what would turn it into another one."""
_TELLS_SECRET = re.compile(
    r"auth(?!or(?!i))|cookie|token|secret|password|api-?_?key", re.IGNORECASE
)


def check(question: Question, places: Places) -> None:
    """Raises `BadInput`, with the field that is to be mended, for what could never be asked."""
    if not question.times.is_finite() or not question.times:
        raise BadInput("Multiply by a number other than 0.", field="times")
    _check_query(question)
    if question.kind is SourceKind.SQL:
        database_url(question, places)
    else:
        target(question, places)
        headers(question.headers, places.secrets)


def _check_query(question: Question) -> None:
    query = question.query
    if not query.strip():
        raise BadInput("There is no query.", field="query")
    if len(query) > MOST_QUERY_LENGTH:
        raise BadInput(
            f"A query has at most {MOST_QUERY_LENGTH:,} characters; let a view hold a longer one.",
            field="query",
        )
    if "\0" in query or not _can_be_sent(query):
        raise BadInput("The query holds a sign that can't be sent.", field="query")
    if question.kind is SourceKind.JSON:
        _check_path(query)


def _can_be_sent(text: str) -> bool:
    """Whether it is text at all: half of a surrogate pair isn't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_path(path: str) -> None:
    import jmespath  # noqa: PLC0415 - only those who feed a metric need it
    from jmespath.exceptions import IncompleteExpressionError, ParseError  # noqa: PLC0415

    try:
        jmespath.compile(path)
    except IncompleteExpressionError:
        raise _no_path("it ends too early") from None
    except ParseError as error:
        raise _no_path(f"it goes wrong at “{path[error.lex_position :][:20]}”") from None
    except (RecursionError, ValueError):
        raise _no_path("it is nested too deep, or a part of it has no meaning") from None


def _no_path(reason: str) -> BadInput:
    return BadInput(
        f"This isn't JMESPath: {reason}. A path is written like data.total or items[0].count.",
        field="query",
    )


def database_url(question: Question, places: Places) -> str:
    """The address of the database that is named; raises `BadInput` with the names there are."""
    url = places.databases.get(question.place.strip().lower())
    if url is not None:
        return url
    if not places.databases:
        raise BadInput(
            "No database can be asked here yet: the operator names one by setting "
            "KPI_SOURCE_DATABASE_<NAME>.",
            field="place",
        )
    raise BadInput(
        f"There is no database of this name; there is: {', '.join(sorted(places.databases))}.",
        field="place",
    )


def target(question: Question, places: Places) -> Target:
    """The address that is asked; raises `BadInput` where it isn't allowed."""
    found = target_of(question.place.strip())
    names = [name for name, _ in parse_qsl(found.path.partition("?")[2], keep_blank_values=True)]
    if secret := next(filter(_TELLS_SECRET.search, names), None):
        raise BadInput(
            f"“{secret}” in an address would be kept and shown with it: send it in a header, with "
            "${NAME} for the secret.",
            field="place",
        )
    places.allowed.check(found)
    return found


def headers(given: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    """The headers with secrets for their names; raises `BadInput` for what couldn't be sent."""
    if len(given) > MOST_HEADERS:
        raise _refused(f"Send at most {MOST_HEADERS} headers.")
    return {name: _header(name, value, secrets) for name, value in given.items()}


def secrets_in(given: Mapping[str, str]) -> set[str]:
    """The names of the secrets that headers refer to."""
    return {name.upper() for value in given.values() for name in _REFERENCE.findall(value)}


def _header(name: str, value: str, secrets: Mapping[str, str]) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise _refused("The name of a header has letters, digits and hyphens.")
    if _OURS.fullmatch(name):
        raise _refused(f"The header {name} is the bot's own.")
    if _TELLS_SECRET.search(name) and not _REFERENCE.search(value):
        raise _refused(
            f"{name} holds a secret, which is never kept here: the operator sets it as "
            "KPI_SOURCE_SECRET_<NAME>, and the header has ${NAME}."
        )
    sent = _REFERENCE.sub(lambda match: _secret(match[1], secrets), value)
    if not _HEADER_VALUE.fullmatch(sent) or len(sent) > MOST_HEADER_CHARACTERS:
        raise _refused(
            f"The header {name} can't be sent: it has one line of ASCII, and at most "
            f"{MOST_HEADER_CHARACTERS:,} characters, with its secrets."
        )
    return sent.strip()


def _secret(name: str, secrets: Mapping[str, str]) -> str:
    if (value := secrets.get(name.upper())) is not None:
        return value
    there = f"there is: {', '.join(sorted(secrets))}" if secrets else "there is none yet"
    raise _refused(
        f"There is no secret of the name in ${{…}}; {there}. The operator sets "
        "KPI_SOURCE_SECRET_<NAME>."
    )


def _refused(message: str) -> BadInput:
    return BadInput(message, field="headers")

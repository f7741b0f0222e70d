"""docs/sources.md names the limits that hold."""

from app.domain.sources import MOST_HEADERS, MOST_QUERY_LENGTH
from app.domain.values import MOST_DECIMAL_PLACES, MOST_WHOLE_DIGITS
from app.sources import child, databases, fetching, places
from tests.project.files import text_of

PAGE = " ".join(text_of("docs/sources.md").split())


def test_the_page_names_the_limits_that_hold() -> None:
    for told in (
        f"| whole time for one question | {places.DEADLINE_SECONDS:g} s |",
        f"| time for a connection | {fetching.CONNECT_SECONDS} s |",
        f"| a body, unpacked | {fetching.MOST_BYTES // 1_000_000} MB |",
        f"| a query or path | {MOST_QUERY_LENGTH:,} characters |",
        f"| headers | {MOST_HEADERS} |",
        f"| memory of a question | {child.MOST_MEMORY // 2**20} MB |",
        f"| questions at a time | {places.AT_ONCE} |",
        f"At most {fetching.MOST_REDIRECTS} redirects",
        f"ends it after {places.DEADLINE_SECONDS * child.SHARE_OF_SERVER:g} seconds",
        f"after {databases.LOCK_SECONDS} seconds of waiting",
        f"{MOST_WHOLE_DIGITS} digits before the point; it is rounded to {MOST_DECIMAL_PLACES}",
    ):
        assert told in PAGE

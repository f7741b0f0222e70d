"""What people wrote in Slack, read as plain words."""

import pytest

from app.domain import names
from app.slack.mrkdwn import plain_words, title_and_detail


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Retries &lt; 3 &amp; gone", "Retries < 3 & gone"),
        ("see <https://example.com/1?a=1&amp;b=2>", "see https://example.com/1?a=1&b=2"),
        ("see <https://example.com/1|the plan>", "see the plan (https://example.com/1)"),
        ("see <http://example.com|example.com>", "see http://example.com"),
        ("<mailto:ana@example.com|ana@example.com> knows", "ana@example.com knows"),
        ("thanks <@U0BOB>", "thanks @someone"),
        ("thanks <@U0BOB|bob>", "thanks @bob"),
        ("in <#C1|billing> and <#C2>", "in #billing and #channel"),
        ("<!here> and <!subteam^S1|@payments>", "@here and @payments"),
        ("<!date^1773745200^{date}|17 Mar 2026>", "17 Mar 2026"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_signs_of_slack_become_words(written: str, words: str) -> None:
    assert plain_words(written) == words


def test_the_first_line_is_the_title_and_the_rest_the_detail() -> None:
    assert title_and_detail("\n Bundles pay first \n\nNo more\nretries ") == (
        "Bundles pay first",
        "No more\nretries",
    )
    assert title_and_detail("") == ("", "")


def test_a_first_line_too_long_for_a_title_stands_whole_in_the_detail() -> None:
    for line in ("word " * 60, "x" * 300):
        title, detail = title_and_detail(f"{line}\nmore")
        assert len(title) <= names.MOST_TITLE_LENGTH
        assert title.endswith("…")
        assert detail == f"{line.strip()}\nmore"

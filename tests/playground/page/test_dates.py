"""Every token of a date, by a reader's clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.playground.page.html.dates import full, in_words

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 16, 10, 0, tzinfo=BERLIN)
LONG_AGO = datetime(2014, 2, 18, 6, 39, 42, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{date_num}", "2014-02-18"),
        ("{date_slash}", "18/02/2014"),
        ("{date}", "February 18th, 2014"),
        ("{date_short}", "Feb 18, 2014"),
        ("{date_long}", "Tuesday, February 18th, 2014"),
        ("{date_long_full}", "February 18, 2014"),
        ("{date_pretty}", "February 18th, 2014"),
        ("{date_short_pretty}", "Feb 18, 2014"),
        ("{date_long_pretty}", "Tuesday, February 18th, 2014"),
        ("{day_divider_pretty}", "Tuesday, February 18th, 2014"),
        ("{time}", "06:39"),
        ("{time_secs}", "06:39:42"),
        ("{ago}", "12 years ago"),
        ("Posted {date_num} at {time}", "Posted 2014-02-18 at 06:39"),
        ("{nothing} {date_num}", "{nothing} 2014-02-18"),
    ],
)
def test_every_token(pattern: str, said: str) -> None:
    assert in_words(pattern, LONG_AGO, NOW) == said


@pytest.mark.parametrize(
    ("instant", "pattern", "said"),
    [
        (
            datetime(2026, 3, 16, 23, 59, tzinfo=BERLIN),
            "{date_short_pretty} at {time}",
            "Today at 23:59",
        ),
        (datetime(2026, 3, 15, 0, 0, tzinfo=BERLIN), "{date_pretty}", "Yesterday"),
        (datetime(2026, 3, 17, 0, 0, tzinfo=BERLIN), "due {date_long_pretty}", "due tomorrow"),
        (datetime(2026, 3, 18, 0, 0, tzinfo=BERLIN), "{date_short_pretty}", "Mar 18"),
        (
            datetime(2026, 3, 18, 0, 0, tzinfo=BERLIN),
            "{day_divider_pretty}",
            "Wednesday, March 18th",
        ),
        (
            datetime(2026, 12, 1, 0, 0, tzinfo=BERLIN),
            "{day_divider_pretty}",
            "Tuesday, December 1st",
        ),
        (datetime(2025, 12, 2, 0, 0, tzinfo=BERLIN), "{date}", "December 2nd"),
        (datetime(2025, 9, 3, 0, 0, tzinfo=BERLIN), "{date}", "September 3rd, 2025"),
        (datetime(2026, 12, 11, 0, 0, tzinfo=BERLIN), "{date_short}", "Dec 11, 2026"),
        (datetime(2026, 4, 22, 0, 0, tzinfo=BERLIN), "{date}", "April 22nd"),
    ],
)
def test_days_that_are_near_need_fewer_words(instant: datetime, pattern: str, said: str) -> None:
    assert in_words(pattern, instant, NOW) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-59), "59 minutes ago"),
        (timedelta(hours=-4), "4 hours ago"),
        (timedelta(days=-2), "2 days ago"),
        (timedelta(days=-45), "1 month ago"),
        (timedelta(hours=3), "in 3 hours"),
    ],
)
def test_how_long_ago(away: timedelta, said: str) -> None:
    assert in_words("seen {ago}", NOW + away, NOW) == f"seen {said}"


def test_the_night_on_which_the_clock_changes() -> None:
    before = datetime.fromtimestamp(1_774_745_999, BERLIN)
    after = datetime.fromtimestamp(1_774_746_000, BERLIN)
    assert [in_words("{time_secs}", each, NOW) for each in (before, after)] == [
        "01:59:59",
        "03:00:00",
    ]


def test_all_of_an_instant() -> None:
    assert full(NOW) == "Monday, March 16th, 2026 at 10:00"

"""What a workflow gives to a step: read as what people type, and every error names its input."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.stage import BILLING
from app.domain.errors import KpiError
from app.domain.scorecards import Snapshot, take_snapshot
from app.files import read_scorecard_path
from app.slack.inputs.steps import named_by_input, read_milestone, read_reading

NOW = datetime(2026, 3, 19, 23, 30, tzinfo=UTC)
TODAY = date(2026, 3, 20)
"""In Berlin, where it is past midnight."""


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """The real scorecard in Berlin, without its readings."""
    scorecard, _ = read_scorecard_path(BILLING).to_domain()
    return take_snapshot(replace(scorecard, zone=ZoneInfo("Europe/Berlin")), {}, NOW)


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(KpiError) as refused:
        read()
    return named_by_input(refused.value).message


@pytest.mark.parametrize(
    ("typed", "key", "value"),
    [
        (("rollbacks", "~9"), "rollbacks", "~9"),
        ((" Rollbacks / DAY ", "9"), "rollbacks", "9"),
        (("Bad debt", "2 per day"), "bad-debt", "2"),
        (("invoice coverage", "80%"), "invoice-coverage", "80"),
        (("dunning", "5+"), "dunning-paths", "5+"),
        (("rollbacks", "\u200b~1.2k\u200b"), "rollbacks", "~1,200"),
    ],
)
def test_metrics_and_values_are_read_as_people_type_them(
    snapshot: Snapshot, typed: tuple[str, str], key: str, value: str
) -> None:
    form = read_reading({"metric": typed[0], "value": typed[1], "note": " why "}, snapshot)
    assert {key: str(value) for key, value in form.values.items()} == {key: value}
    assert (form.note, form.at) == ("why", None)


@pytest.mark.parametrize("given", [1_773_846_000, "1773846000"])
def test_a_timestamp_is_when_it_was_true(snapshot: Snapshot, given: object) -> None:
    form = read_reading({"metric": "rollbacks", "value": "9", "at": given}, snapshot)
    assert form.at == datetime(2026, 3, 18, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"metric": "rolbacks"}, "Metric: There is no metric “rolbacks” in Billing Platform."),
        ({"metric": "rolbacks"}, "Did you mean rollbacks?"),
        ({"metric": ""}, "Metric: There is no metric “”"),
        ({"value": "nine"}, "New value: “nine” isn't a value. Type a number such as 12"),
        ({"value": "9%"}, "New value: “%” doesn't fit: this metric"),
        ({"value": "9 after the fix"}, "New value: “9 after the fix” isn't a value."),
        ({"at": int((NOW + timedelta(seconds=1)).timestamp())}, "True at: This is still to come."),
        ({"at": 10**15}, "True at: This isn't a time. Leave it empty for now."),
        ({"at": "noon"}, "True at: This isn't a time."),
    ],
)
def test_a_reading_that_cannot_be_read(
    snapshot: Snapshot, inputs: dict[str, Any], told: str
) -> None:
    given = {"metric": "rollbacks", "value": "9"} | inputs
    assert told in refusal(lambda: read_reading(given, snapshot))


def test_all_that_cannot_be_read_is_named_at_once(snapshot: Snapshot) -> None:
    given = {"metric": "rollbacks", "value": "nine", "at": "noon"}
    said = refusal(lambda: read_reading(given, snapshot))
    assert said.startswith("New value: “nine”")
    assert "\nTrue at: This isn't a time." in said


def test_a_title_alone_ships_today(snapshot: Snapshot) -> None:
    form = read_milestone({"title": " Bundles\n first "}, snapshot, "Fx0RUN")
    assert (form.title, form.shipped_on, form.submission) == ("Bundles first", TODAY, "Fx0RUN")
    assert (form.detail, form.work_streams, form.links, form.tickets) == ("", (), (), ())
    assert form.moved == {}


def test_all_of_a_milestone_is_read(snapshot: Snapshot) -> None:
    inputs = {
        "title": "Bundles",
        "detail": "All of them.",
        "shipped_on": "2026-03-18",
        "work_streams": "pde, One Code Path;\nPDE",
        "links": "https://example.com/1\nhttps://example.com/2",
        "tickets": "ABC-1, ABC-2 ABC-1",
        "moved": "- Rollbacks / day: ~9\n\n bad debt 2 / day ",
    }
    form = read_milestone(inputs, snapshot, "Fx0RUN")
    assert form.shipped_on == date(2026, 3, 18)
    assert form.work_streams == ("pde", "one-code-path")
    assert form.links == ("https://example.com/1", "https://example.com/2")
    assert form.tickets == ("ABC-1", "ABC-2")
    assert {key: str(value) for key, value in (form.moved or {}).items()} == {
        "rollbacks": "~9",
        "bad-debt": "2",
    }


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"title": "  "}, "Title: The title is missing."),
        ({"title": "x" * 151}, "Title: The title has 151 characters; at most 150"),
        ({"shipped_on": "yesterday"}, "Shipped on: “yesterday” isn't a day. Write it as 2026-"),
        ({"shipped_on": "2026-03-21"}, "Shipped on: 2026-03-21 is still to come."),
        ({"work_streams": "pde, sales"}, "Work streams: There is no work stream “sales”"),
        ({"work_streams": "sales"}, "There are PDE, Recompute engine, Domain events, One Code"),
        ({"links": "example.com"}, "Links: “example.com” isn't an address. Write https://"),
        ({"moved": "rolbacks 9"}, "Metrics it moved: There is no metric “rolbacks”"),
        ({"moved": "rollbacks"}, "Metrics it moved: “rollbacks” has no value. Write one"),
        ({"moved": "rollbacks nine"}, "Metrics it moved: “nine” isn't a value."),
        ({"moved": "rollbacks 9 at last"}, "Metrics it moved: “at last” stands behind"),
        ({"moved": "rollbacks 9\nrollbacks 8"}, "gives a metric a second value. Write one metric"),
    ],
)
def test_a_milestone_that_cannot_be_read(
    snapshot: Snapshot, inputs: dict[str, Any], told: str
) -> None:
    given = {"title": "Bundles"} | inputs
    assert told in refusal(lambda: read_milestone(given, snapshot, "Fx0RUN"))

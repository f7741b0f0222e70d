"""`kpi record`: readings by hand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Kpi

BERLIN = """
key: tiny
name: Tiny
goal: Less of it
zone: Europe/Berlin
metrics:
  - key: errors
    name: Errors
    unit: / day
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
"""


@pytest.fixture
def berlin(kpi: Kpi, tmp_path: Path, sqlite_url: str) -> None:
    """A scorecard in Berlin's time, with one metric."""
    (tmp_path / "tiny.yaml").write_text(BERLIN)
    assert kpi("load", "tiny.yaml").status == 0


def _readings(kpi: Kpi, metric: str) -> list[tuple[str, str, str]]:
    readings = kpi("show", metric, "--json").data["readings"]
    return [(each["value"], each["qualifier"], each["at"]) for each in readings]


@pytest.mark.parametrize(
    ("typed", "value", "qualifier"),
    [
        ("12", "12", "exact"),
        ("~12", "12", "about"),
        ("5+", "5", "at_least"),
        ("1,234", "1234", "exact"),
        ("1.2k", "1200", "exact"),
        ("3 / day", "3", "exact"),
        ("-3", "-3", "exact"),
        ("−0.5", "-0.5", "exact"),
        ("0.10", "0.10", "exact"),
    ],
)
@pytest.mark.usefixtures("berlin")
def test_values_as_people_type_them(kpi: Kpi, typed: str, value: str, qualifier: str) -> None:
    recorded = kpi("record", "errors", typed)
    assert (recorded.status, recorded.err) == (0, "")
    assert recorded.out.startswith("Errors: ")
    assert _readings(kpi, "errors") == [(value, qualifier, "2026-03-16T12:00:00+00:00")]


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-03-14", "2026-03-13T23:00:00+00:00"),
        ("2026-03-14T09:30", "2026-03-14T08:30:00+00:00"),
        ("2026-03-14T09:30+05:30", "2026-03-14T04:00:00+00:00"),
        ("2026-03-14T09:30:00Z", "2026-03-14T09:30:00+00:00"),
        ("2025-07-01 10:00", "2025-07-01T08:00:00+00:00"),
    ],
)
@pytest.mark.usefixtures("berlin")
def test_a_time_without_a_zone_is_in_the_scorecards_own(kpi: Kpi, given: str, at: str) -> None:
    assert kpi("record", "errors", "4", "--at", given).status == 0
    [(_, _, recorded_at)] = _readings(kpi, "errors")
    assert datetime.fromisoformat(recorded_at).astimezone(UTC).isoformat() == at


@pytest.mark.usefixtures("billing")
def test_an_older_reading_joins_the_history_and_says_so(kpi: Kpi) -> None:
    recorded = kpi("record", "rollbacks", "90", "--at", "2026-02-01")
    assert recorded.out == "Rollbacks / day: 90 recorded (a later reading is current).\n"
    assert [value for value, *_ in _readings(kpi, "rollbacks")] == ["12", "90"]
    assert kpi("show", "rollbacks", "--json").data["current"]["value"] == "12"


@pytest.mark.usefixtures("billing")
def test_of_two_readings_of_one_instant_the_later_to_arrive_is_current(kpi: Kpi) -> None:
    for value in ("8", "~7"):
        recorded = kpi("record", "rollbacks", value, "--at", "2026-03-16T10:00")
        assert recorded.out.endswith("recorded.\n")
    current = kpi("show", "rollbacks", "--json").data["current"]
    assert (current["value"], current["qualifier"]) == ("7", "about")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rolbacks", "5"), ("no metric “rolbacks”", "Did you mean rollbacks?")),
        (("rollbacks", "lots"), ("“lots” isn't a value", "~12 (about)")),
        (("rollbacks", ""), ("no value",)),
        (("rollbacks", "5%"), ("“%” doesn't fit", "per day")),
        (("rollbacks", "NaN"), ("isn't a value",)),
        (("rollbacks", "1" * 16), ("at most 15 digits",)),
        (("rollbacks", "5", "--at", "2026-02-30"), ("“2026-02-30” isn't a time", "2026-03-16")),
        (("rollbacks", "5", "--at", "soon"), ("“soon” isn't a time",)),
        (("rollbacks", "5", "--at", "0001-01-01T00:00+14:00"), ("year 1 lies outside",)),
        (("rollbacks", "5", "--at", "2026-03-16T12:01"), ("a time to come",)),
        (("rollbacks", "5", "--note", "n" * 2001), ("at most 2000",)),
        (("rollbacks", "5", "--scorecard", "biling"), ("Did you mean billing?",)),
        (("rollbacks", "5", "--nte", "x"), ("--nte", "kpi record --help")),
        (("rollbacks",), ("Missing argument 'value'", "kpi record --help")),
    ],
)
@pytest.mark.usefixtures("billing")
def test_what_is_refused_names_the_remedy_and_changes_nothing(
    kpi: Kpi, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    kpi("record", *arguments).refused(*words)
    assert [value for value, *_ in _readings(kpi, "rollbacks")] == ["12"]

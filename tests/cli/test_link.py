"""`kpi link`: links to the progress page from the command line."""

import pytest

from tests.cli.conftest import Kpi

pytestmark = pytest.mark.usefixtures("billing")


@pytest.fixture(autouse=True)
def _turned_on(monkeypatch: pytest.MonkeyPatch, kpi: Kpi) -> None:
    monkeypatch.setenv("KPI_PUBLIC_URL", "https://kpi.example.com/")
    monkeypatch.setenv("KPI_LINK_KEY", "s3cr3t" * 6)


def test_a_link_is_made_listed_and_revoked(kpi: Kpi) -> None:
    assert kpi("link", "list").out == "There is no link yet. Make one: kpi link create\n"
    made = kpi("link", "create", "--days", "30")
    assert (made.status, made.err) == (0, "")
    address = made.out.strip()
    assert address.startswith("https://kpi.example.com/progress/")
    link = address.rpartition("/")[2].partition(".")[0]
    [listed] = kpi("link", "list", "--scorecard", "billing").out.splitlines()
    assert listed == (
        f"{link}  open until 2026-04-15 12:00 UTC, made 2026-03-16 12:00 UTC by operator, "
        f"never opened, {address}"
    )
    assert kpi("link", "revoke", link).out == f"{link} is revoked.\n"
    [listed] = kpi("link", "list").out.splitlines()
    assert "revoked 2026-03-16 12:00 UTC by operator" in listed
    assert address not in listed
    assert "s3cr3t" not in listed


def test_without_the_settings_it_says_how_to_turn_it_on(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KPI_LINK_KEY")
    kpi("link", "create").refused("The progress page is off", "KPI_PUBLIC_URL", "KPI_LINK_KEY")
    assert kpi("link", "list").status == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create", "--days", "0"), ("1 to 3,650 days",)),
        (("create", "--scorecard", "bill"), ("no scorecard “bill”",)),
        (("revoke", "8f3a1c5e9b2d7046"), ("There is no link “8f3a1c5e9b2d7046”",)),
        (("revoke",), ("Missing argument",)),
    ],
)
def test_what_cannot_be_done_is_told(
    kpi: Kpi, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    kpi("link", *arguments).refused(*told)

"""`kpi token`: made, listed and revoked at a terminal."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Kpi

SECRET = re.compile(r"kpi_[\w-]{43}")


def test_a_token_is_made_and_its_secret_alone_is_printed(kpi: Kpi, billing: Path) -> None:
    made = kpi("token", "create", "CI")
    assert made.status == 0
    secret = made.out.strip()
    assert SECRET.fullmatch(secret)
    assert made.err == "Token 1 “CI” reads and writes. It is shown this once:\n"
    assert secret.encode() not in billing.read_bytes()
    with closing(sqlite3.connect(billing)) as database:
        assert secret not in str(database.execute("SELECT * FROM tokens").fetchall())


def test_tokens_are_listed_without_their_secrets(kpi: Kpi, billing: Path) -> None:
    assert kpi("token", "list").out.startswith("There is no token. Make one: kpi token create")
    kpi("token", "create", "CI", "--scorecard", "billing", "--read-only")
    shown = kpi("token", "list").out
    for words in ("1", "CI", "read", "billing", "operator", "never"):
        assert words in shown
    [token] = kpi("token", "list", "--json").data["tokens"]
    assert (token["id"], token["writes"], token["scorecards"]) == (1, False, ["billing"])
    assert not SECRET.search(shown)


def test_a_token_is_revoked_once(kpi: Kpi, billing: Path) -> None:
    kpi("token", "create", "CI")
    assert kpi("token", "revoke", "1").out == "Token 1 “CI” is revoked.\n"
    assert kpi("token", "list", "--json").data == {"tokens": []}
    kpi("token", "revoke", "1").refused("“CI” was revoked before")
    kpi("token", "revoke", "7").refused("There is no token 7.")
    kpi("token", "revoke", "9" * 30).refused("There is no token 9999")


def test_a_token_that_can_not_be_made_says_why(kpi: Kpi, billing: Path) -> None:
    kpi("token", "create", " ").refused("The name is missing.")
    kpi("token", "create", "n" * 81).refused("at most 80")
    kpi("token", "create", "CI", "--scorecard", "biling").refused("Did you mean billing?")
    assert kpi("token", "list", "--json").data == {"tokens": []}

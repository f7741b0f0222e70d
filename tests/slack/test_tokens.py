"""Tokens of the HTTP API, from the menu of /kpi setup."""

from collections.abc import Mapping

import httpx
import pytest

from app.domain.access import Token
from app.playground import Person, View
from app.playground.blockkit import problems_in_view
from app.services import tokens
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.tokens import secret_view, token_form, tokens_view
from tests.builders import NOW
from tests.slack.access import KEY, let
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import OPERATING, Stage, read

SECRET = "kpi_" + "x" * 43
TINY = """
key: tiny
name: Tiny
goal: One thing gets done
"""


@pytest.fixture
async def bob(stage: Stage) -> Person:
    """Somebody else in #billing, where Ana owns the scorecard."""
    bob = stage.slack.add_person("bob", real_name="Bob")
    stage.billing.members.append(bob.id)
    await let(stage, owners=(stage.ana.id,))
    return bob


async def opens_list(stage: Stage, person: Person) -> View:
    await person.types("/kpi setup", stage.billing)
    await stage.rests()
    await person.clicks(await person.sees_view("Tokens"), "setup_tokens")
    return await person.sees_view("With a token a program")


async def opens_form(stage: Stage, person: Person) -> View:
    listed = await opens_list(stage, person)
    await person.clicks(listed, "new_token")
    return await person.sees_view("What it may do")


async def makes(stage: Stage, person: Person, name: str, **fields: object) -> View:
    """Make a token; gives the view with its secret."""
    form = await opens_form(stage, person)
    person.fills(form, {"name": name, **fields})
    sent = await person.submits(form)
    assert sent.view is not None, sent
    await stage.rests()
    return sent.view


def secret_in(view: View) -> str:
    return read(view).split("```")[1]


async def records(stage: Stage, secret: str, value: str) -> httpx.Response:
    """What a program that has the secret is answered for a reading."""
    address = f"http://127.0.0.1:{stage.running.port}/api/v1/scorecards/{KEY}"
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as program:
        return await program.post(f"{address}/metrics/rollbacks/readings", json={"value": value})


async def test_a_token_is_made_its_secret_shown_once_and_what_it_reports_names_it(
    stage: Stage, bob: Person
) -> None:
    view = await makes(stage, stage.ana, "CI <!channel>")
    secret = secret_in(view)
    assert (await records(stage, secret, "~9")).status_code == 201
    shown = await stage.types("/kpi rollbacks")
    assert "~9" in read(shown)
    assert "by token “CI <!channel>” (1)" in read(shown)
    assert "<!channel>" not in str(shown.blocks)
    history = read(await stage.types("/kpi history"))
    assert "token “CI <!channel>” (1) · API · reading recorded" in history
    assert f"<@{stage.ana.id}> · form · token made" in history
    listed = await opens_list(stage, stage.ana)
    assert "It reads and writes Billing Platform." in read(listed)
    assert f"Made by <@{stage.ana.id}>" in read(listed)
    assert "never used" not in read(listed)
    said = [read(each) for each in (*stage.posts(), *stage.whispers())]
    assert not any(secret in text for text in [*said, read(listed), history])
    assert secret.encode() not in stage.database.read_bytes()


async def test_the_list_and_the_menu_below_show_what_was_made(stage: Stage, bob: Person) -> None:
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    menu = await stage.ana.sees_view("Tokens")
    assert "None yet. A program needs one to read or report." in read(menu)
    await stage.ana.clicks(menu, "setup_tokens")
    listed = await stage.ana.sees_view("There is none yet.")
    await stage.ana.clicks(listed, "new_token")
    form = await stage.ana.sees_view("What it may do")
    stage.ana.fills(form, {"name": "Dashboard", "may": "read"})
    await stage.ana.submits(form)
    await stage.rests()
    assert "*Dashboard* is made." in read(listed)
    assert "It reads Billing Platform." in read(listed)
    assert "*Tokens*\nDashboard" in read(menu)


async def test_a_token_that_reads_may_not_write(stage: Stage, bob: Person) -> None:
    secret = secret_in(await makes(stage, stage.ana, "Dashboard", may="read"))
    assert (await records(stage, secret, "~9")).status_code == 403


async def test_a_revoked_token_gets_in_no_more(stage: Stage, bob: Person) -> None:
    secret = secret_in(await makes(stage, stage.ana, "CI"))
    listed = await opens_list(stage, stage.ana)
    await stage.ana.clicks(listed, "revoke_token")
    await stage.rests()
    assert "*CI* is revoked." in read(listed)
    assert "There is none yet." in read(listed)
    assert (await records(stage, secret, "~9")).status_code == 401
    assert "token revoked" in read(await stage.types("/kpi history"))


async def test_whoever_is_no_owner_makes_none(stage: Stage, bob: Person) -> None:
    form = await opens_form(stage, stage.ana)
    await let(stage, owners=(bob.id,))
    stage.ana.fills(form, {"name": "CI"})
    sent = await stage.ana.submits(form)
    assert list(sent.errors) == ["name"]
    assert "can't edit this scorecard" in sent.errors["name"]
    assert await tokens.all_of(stage.running.bot.store, OPERATING) == []


@pytest.mark.parametrize(
    ("fields", "at"), [({"name": "  "}, "name"), ({"scorecards": None}, "scorecards")]
)
async def test_what_is_missing_is_told_at_its_field(
    stage: Stage, bob: Person, fields: Mapping[str, object], at: str
) -> None:
    form = await opens_form(stage, stage.ana)
    stage.ana.fills(form, {"name": "CI", **fields})
    sent = await stage.ana.submits(form)
    assert list(sent.errors) == [at]


async def test_only_scorecards_that_one_may_edit_are_offered_and_named(
    stage: Stage, bob: Person
) -> None:
    secret_plans = stage.slack.add_channel("plans", members=[bob], private=True)
    await stage.load(TINY, secret_plans)
    form = await opens_form(stage, stage.ana)
    offered = await stage.ana.searches(form, "choose_reach", "")
    assert [each["value"] for each in offered] == [KEY]
    both = tokens.TokenForm("Both", (KEY, "tiny"), True)
    await tokens.make(stage.running.bot.store, OPERATING, both)
    listed = read(await opens_list(stage, stage.ana))
    assert "It reads and writes Billing Platform and 1 more." in listed
    assert "Tiny" not in listed


@pytest.mark.parametrize("name", [HOSTILE, "n" * 80])
def test_slack_takes_the_views_however_many_tokens_and_whatever_their_names(name: str) -> None:
    some = [
        Token(number, name, (KEY, "other"), writes=True, made_by="U0ANA", made_at=NOW)
        for number in range(tokens.MOST_TOKENS)
    ]
    place = FormPlace(KEY, "C0BILLING")
    views = [
        tokens_view(some, {KEY: name, "other": name}, place, "told"),
        token_form(place, name),
        secret_view(some[0], SECRET),
    ]
    for view in views:
        assert problems_in_view(view) == []

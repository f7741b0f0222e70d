"""The form for who may do what, from the menu of /kpi setup."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.access import Access
from app.playground import Person, View
from app.playground.blockkit import problems_in_view
from app.slack.blocks.access import access_form, named
from app.slack.blocks.kit import Block
from tests.builders import a_scorecard
from tests.slack.access import KEY, let, told
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import Stage, read
from tests.slack.test_home import home_of


@pytest.fixture
async def bob(stage: Stage) -> Person:
    """Somebody else in #billing, where Ana owns the scorecard."""
    bob = stage.slack.add_person("bob", real_name="Bob")
    stage.billing.members.append(bob.id)
    await let(stage, owners=(stage.ana.id,))
    return bob


async def opens_access(stage: Stage, person: Person) -> View:
    """Open the form by the button in the menu."""
    await person.types("/kpi setup", stage.billing)
    await stage.rests()
    await person.clicks(await person.sees_view("Access"), "setup_access")
    return await person.sees_view("Owners: user groups")


async def present(stage: Stage) -> Access:
    """Whom the scorecard names."""
    async with stage.running.bot.store.reading() as session:
        listed = await stage.running.bot.store.listing.read(session)
        return next(each.access for each in listed if each.key == KEY)


async def test_an_owner_names_people_and_groups_reads_what_changed_and_undoes_it(
    stage: Stage, bob: Person
) -> None:
    group = stage.slack.add_user_group("billing-team", "Billing team", members=[stage.ana])
    form = await opens_access(stage, stage.ana)
    (offered,) = await stage.ana.searches(form, "choose_groups", "team", block_id="viewers_groups")
    assert offered["text"]["text"] == "@billing-team (Billing team)"
    stage.ana.fills(
        form,
        {"editors": [bob], "viewers_groups": [group.id], "allowed": ["workflows_edit"]},
    )
    assert (await stage.ana.submits(form)).closed
    answer = await stage.sees_answer("Saved:")
    assert f"editors: everybody → <@{bob.id}>" in read(answer)
    assert f"viewers: everybody → <!subteam^{group.id}>" in read(answer)
    assert "workflows may record: no → yes" in read(answer)
    assert await present(stage) == Access(
        (stage.ana.id,), (bob.id,), (group.id,), workflows_edit=True
    )
    await stage.ana.clicks(answer, "undo")
    await stage.sees_answer("Undone in")
    assert await present(stage) == Access((stage.ana.id,))


async def test_the_form_shows_whom_the_scorecard_names(stage: Stage, bob: Person) -> None:
    group = stage.slack.add_user_group("billing-team", "Billing team")
    access = Access((stage.ana.id, group.id), (bob.id,), (), strangers_edit=True)
    await let(stage, owners=access.owners, editors=access.editors, strangers_edit=True)
    form = await opens_access(stage, stage.ana)
    assert "@billing-team (Billing team)" in str(form.blocks)
    assert (await stage.ana.submits(form)).closed
    assert "nothing was changed" in read(await stage.sees_answer("as it was"))
    assert await present(stage) == access


async def test_while_slack_does_not_name_the_groups_they_stay_as_they_are(
    stage: Stage, bob: Person
) -> None:
    await let(stage, owners=(stage.ana.id, "S0GROUP"))
    stage.slack.faults.add("usergroups.list", "status", times=2)
    form = await opens_access(stage, stage.ana)
    assert await stage.ana.searches(form, "choose_groups", "", block_id="owners_groups") == []
    assert (await stage.ana.submits(form)).closed
    await stage.sees_answer("nothing was changed")


async def test_an_owner_is_always_left(stage: Stage, bob: Person) -> None:
    form = await opens_access(stage, stage.ana)
    stage.ana.fills(form, {"owners": None})
    sent = await stage.ana.submits(form)
    assert sent.errors == {"owners": "Name at least one owner, a person or a user group."}
    stage.ana.fills(form, {"owners": [bob]})
    assert (await stage.ana.submits(form)).closed
    await stage.sees_answer("Saved:")
    assert "can't edit this scorecard" in await told(stage, stage.ana, "/kpi setup")


async def test_one_that_the_operator_loaded_needs_no_owner_and_is_its_admins(
    stage: Stage,
) -> None:
    adam = stage.slack.add_person("adam", admin=True)
    stage.billing.members.append(adam.id)
    form = await opens_access(stage, adam)
    adam.fills(form, {"allowed": ["strangers_edit"]})
    assert (await adam.submits(form)).closed
    await adam.sees_message(stage.billing, "bots may record: no → yes")


async def test_who_saves_later_is_shown_what_changed_and_keeps_what_they_chose(
    stage: Stage, bob: Person
) -> None:
    form = await opens_access(stage, stage.ana)
    stage.ana.fills(form, {"editors": [stage.ana]})
    await let(stage, owners=(stage.ana.id,), viewers=(bob.id, stage.ana.id))
    sent = await stage.ana.submits(form)
    assert sent.view is not None
    assert f"Viewers: <@{bob.id}> and <@{stage.ana.id}>" in read(sent.view)
    assert (await stage.ana.submits(sent.view)).closed
    await stage.sees_answer("Saved:")
    assert await present(stage) == Access((stage.ana.id,), (stage.ana.id,), ())


async def test_whoever_is_no_owner_does_not_get_it(stage: Stage, bob: Person) -> None:
    form = await opens_access(stage, stage.ana)
    menu = await told(stage, bob, "/kpi setup")
    assert f"You can't edit this scorecard. Ask <@{stage.ana.id}>." in menu
    await let(stage, owners=(bob.id,))
    sent = await stage.ana.submits(form)
    assert sent.errors == {"owners": "You can't edit this scorecard. Ask one of its owners."}


async def test_over_http_it_is_saved_too(open_stage: Opening) -> None:
    async with open_stage(transport="http") as stage:
        await let(stage, owners=(stage.ana.id,))
        form = await opens_access(stage, stage.ana)
        stage.ana.fills(form, {"viewers": [stage.ana]})
        assert (await stage.ana.submits(form)).closed
        await stage.sees_answer("viewers: everybody")


@pytest.mark.parametrize("count", [0, 1, 40])
@pytest.mark.parametrize("theirs", [(), ("access",)])
def test_every_form_is_one_that_slack_takes(count: int, theirs: Any) -> None:
    people = tuple(f"U{number:010}" for number in range(count))
    groups = {f"S{number:010}": f"{HOSTILE * 20}{number}" for number in range(count)}
    everybody = (*people, *groups)
    access = Access(everybody, everybody, everybody, bool(count), bool(count))
    scorecard = replace(a_scorecard(), access=access)
    form = access_form(scorecard, "C0HOME", {"access": "mark"}, theirs, groups=groups)
    assert problems_in_view(form) == []
    fields = {block["block_id"]: block for block in form["blocks"] if "block_id" in block}
    assert _initial(fields["owners"], "users") == list(people)
    assert len(_initial(fields["owners_groups"], "options")) == count


def _initial(block: Block, what: str) -> list[Any]:
    found: list[Any] = block["element"].get(f"initial_{what}", [])
    return found


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["U0A1"], "<@U0A1>"),
        (["U0A1", "S0G1"], "<@U0A1> and <!subteam^S0G1>"),
        (["U0A1", "U0A2", "U0A3"], "<@U0A1>, <@U0A2> and <@U0A3>"),
        (["U0A1", "U0A2", "U0A3", "U0A4", "U0A5"], "<@U0A1>, <@U0A2>, <@U0A3> and 2 more"),
    ],
)
def test_names_are_listed_as_people_say_them(ids: list[str], said: str) -> None:
    assert named(ids) == said


async def test_home_tabs_show_at_once_what_their_people_may_still_see(
    stage: Stage, bob: Person
) -> None:
    home = await home_of(stage, bob)
    assert "Billing Platform" in read(home)
    form = await opens_access(stage, stage.ana)
    stage.ana.fills(form, {"viewers": [stage.ana]})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert "Billing Platform" not in read(home)

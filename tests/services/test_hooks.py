"""Hooks: who makes, edits and revokes them, and what is on record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import AlreadyDone, BadInput, KpiError, NotAllowed, NotFound
from app.domain.hooks import Forge, HookForm, HookMode
from app.services import hooks, setup
from app.services.editing import edit_scorecard, retire
from app.services.lists import history
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import a_caller, an_admin, billing_on_sqlite, changes, the_operator

FORM = HookForm(Forge.GITHUB)


async def test_a_hook_is_called_until_it_is_revoked(billing: Store) -> None:
    made = await hooks.make(billing, an_admin(), FORM)
    assert (made.scorecard, made.form, made.made_by, made.made_at) == (
        "billing",
        FORM,
        "U0ADMIN",
        NOW,
    )
    assert await hooks.called(billing, "github", made.id) == made
    assert await hooks.called(billing, "gitlab", made.id) is None
    assert (await setup.show(billing, an_admin())).hooks == [made]
    assert (await hooks.revoke(billing, an_admin("U0BOB"), made.id)).id == made.id
    assert await hooks.called(billing, "github", made.id) is None
    assert await hooks.of_scorecard(billing, an_admin()) == []
    with pytest.raises(AlreadyDone):
        await hooks.revoke(billing, an_admin(), made.id)
    with pytest.raises(AlreadyDone):
        await hooks.edit(billing, an_admin(), made.id, FORM)


async def test_a_hook_of_a_retired_scorecard_is_not_called(billing: Store) -> None:
    made = await hooks.make(billing, an_admin(), FORM)
    await retire(billing, an_admin())
    assert await hooks.called(billing, "github", made.id) is None
    assert await hooks.all_of(billing, the_operator()) == []


async def test_what_a_hook_takes_can_be_changed_and_is_on_record(billing: Store) -> None:
    made = await hooks.make(billing, an_admin(), FORM)
    wanted = HookForm(Forge.GITLAB, ("acme/*", "acme/*"), " shipped ", True, HookMode.LOG)
    edited = await hooks.edit(billing, an_admin(), made.id, wanted)
    assert edited.form == HookForm(Forge.GITHUB, ("acme/*",), "shipped", True, HookMode.LOG)
    await hooks.edit(billing, an_admin(), made.id, edited.form)
    await hooks.revoke(billing, the_operator(), made.id)
    written = (await changes(billing))[-3:]
    assert [each.action for each in written] == ["hook made", "hook edited", "hook revoked"]
    assert {each.subject for each in written} == {f"GitHub hook {made.id}"}
    assert written[1].before == {
        "repositories": "all",
        "label": "milestone",
        "releases": "no",
        "milestones are": "offered",
    }
    shown = (await history(billing, an_admin())).changes[:3]
    assert [change.can_undo for change in shown] == [False, False, False]


async def test_what_went_wrong_and_what_came_of_deliveries_is_kept(billing: Store) -> None:
    made = await hooks.make(billing, an_admin(), FORM)
    assert not made.is_troubled
    for minute in range(2):
        at = NOW + timedelta(minutes=minute)
        await hooks.note_trouble(billing, made.id, "The secret is wrong.", at)
    [hook] = await hooks.of_scorecard(billing, an_admin())
    assert (hook.troubles, hook.trouble) == (2, "The secret is wrong.")
    assert hook.is_troubled
    await hooks.note_told(billing, made.id, "left: a ping", NOW + timedelta(minutes=2))
    [hook] = await hooks.of_scorecard(billing, an_admin())
    assert (hook.told, hook.troubles, hook.is_troubled) == ("left: a ping", 2, False)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(FORM, label=" "), "label"),
        (replace(FORM, label="x" * 81), "label"),
        (replace(FORM, repositories=("billing",)), "repositories"),
        (replace(FORM, repositories=("https://github.com/acme/billing",)), "repositories"),
        (replace(FORM, repositories=tuple(f"acme/{each}" for each in range(21))), "repositories"),
    ],
)
@billing_on_sqlite
async def test_what_a_field_cannot_hold_is_refused_there(
    billing: Store, form: HookForm, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await hooks.make(billing, an_admin(), form)
    assert refused.value.field == field
    assert await hooks.of_scorecard(billing, an_admin()) == []


@billing_on_sqlite
async def test_without_a_home_nothing_can_be_offered(billing: Store) -> None:
    await edit_scorecard(billing, an_admin(), {"channel": None})
    with pytest.raises(BadInput, match="no home channel") as refused:
        await hooks.make(billing, the_operator(), FORM)
    assert refused.value.field == "mode"
    await hooks.make(billing, the_operator(), replace(FORM, mode=HookMode.LOG))


@billing_on_sqlite
async def test_there_are_at_most_twenty(billing: Store) -> None:
    for _ in range(hooks.MOST_HOOKS):
        await hooks.make(billing, an_admin(), FORM)
    with pytest.raises(BadInput, match="20 hooks already"):
        await hooks.make(billing, an_admin(), FORM)


@billing_on_sqlite
async def test_who_may_not_edit_a_scorecard_has_nothing_to_do_with_its_hooks(
    billing: Store,
) -> None:
    made = await hooks.make(billing, an_admin(), FORM)
    member, outsider = a_caller("U0MEMBER"), a_caller("U0OUT", channel="C0OTHER")
    for caller, refusal in ((member, NotAllowed), (outsider, KpiError)):
        with pytest.raises(refusal):
            await hooks.make(billing, caller, FORM)
        with pytest.raises(refusal):
            await hooks.of_scorecard(billing, caller)
        with pytest.raises(refusal):
            await hooks.edit(billing, caller, made.id, FORM)
        with pytest.raises(refusal):
            await hooks.revoke(billing, caller, made.id)
        assert await hooks.all_of(billing, caller) == []
    with pytest.raises(NotFound):
        await hooks.revoke(billing, an_admin(), "f" * 16)
    assert await hooks.called(billing, "github", made.id) == made

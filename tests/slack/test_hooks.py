"""Hooks of git servers, from the menu of /kpi setup."""

from collections.abc import AsyncIterator, Mapping

import pytest

from app.domain.hooks import Forge, Hook, HookForm, HookMode
from app.playground import Person, View
from app.playground.blockkit import problems_in_view
from app.services import hooks
from app.slack.blocks.hooks import hook_form, hook_view, hooks_view
from app.slack.blocks.metric_fields import FormPlace
from tests.builders import NOW
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.git import ADDRESSES, SETTINGS, delivers
from tests.slack.scorecards import HOSTILE
from tests.slack.stage import OPERATING, Stage, read


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    async with open_stage(settings=SETTINGS) as stage:
        await let(stage, owners=(stage.ana.id,))
        yield stage


async def opens_list(stage: Stage, person: Person) -> View:
    await person.types("/kpi setup", stage.billing)
    await stage.rests()
    await person.clicks(await person.sees_view("Progress page"), "setup_hooks")
    return await person.sees_view("A git server calls a hook")


async def opens_form(stage: Stage) -> View:
    await stage.ana.clicks(await opens_list(stage, stage.ana), "new_hook")
    return await stage.ana.sees_view("Git server")


async def makes(stage: Stage, **fields: object) -> View:
    """Make a hook; gives the view with its secret."""
    form = await opens_form(stage)
    stage.ana.fills(form, fields)
    sent = await stage.ana.submits(form)
    assert sent.view is not None, sent
    await stage.rests()
    return sent.view


async def the_hook(stage: Stage) -> Hook:
    [hook] = await hooks.all_of(stage.running.bot.store, OPERATING)
    return hook


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        ("github", ("*Payload URL*", "*application/json*", "*Pull requests* and *Releases*.")),
        ("gitlab", ("*Secret token*", "*Merge request events* and *Releases events*.")),
    ],
)
async def test_a_hook_is_made_and_shows_how_to_set_the_server_up(
    stage: Stage, forge: str, says: tuple[str, ...]
) -> None:
    view = await makes(
        stage, forge=forge, repositories="acme/billing\nacme/ledger", taken=["releases"], mode="log"
    )
    hook = await the_hook(stage)
    assert hook.form == HookForm(
        Forge(forge), ("acme/billing", "acme/ledger"), "milestone", True, HookMode.LOG
    )
    assert hook.made_by == stage.ana.id
    shown = read(view)
    assert f"https://kpi.example.com/hooks/{forge}/{hook.id}" in shown
    assert ADDRESSES.secret(hook.id) in shown
    for words in says:
        assert words in shown
    assert ADDRESSES.secret(hook.id).encode() not in stage.database.read_bytes()
    assert f"<@{stage.ana.id}> · form · hook made" in read(await stage.types("/kpi history"))


async def test_the_list_and_the_menu_show_what_came_of_deliveries(stage: Stage) -> None:
    await makes(stage)
    hook = await the_hook(stage)
    listed = await opens_list(stage, stage.ana)
    assert "It was never called." in read(listed)
    await delivers(stage, hook)
    told = read(await opens_list(stage, stage.ana))
    assert "All repositories: the label *milestone*" in told
    assert "acme/billing #412: offered in the channel as “Reversal logic deleted”." in told
    stage.clock.passes(minutes=1)
    await delivers(stage, hook, html_url="nowhere")
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    menu = read(await stage.ana.sees_view("Progress page"))
    assert "1 hook. The payload can't be read: pull_request.html_url is missing" in menu
    told = read(await opens_list(stage, stage.ana))
    assert "Refused so far: 1, last" in told
    assert "The payload can't be read" in told


async def test_its_secret_is_shown_again_to_who_may_edit(stage: Stage) -> None:
    await makes(stage)
    hook = await the_hook(stage)
    await stage.ana.clicks(await opens_list(stage, stage.ana), "show_hook")
    shown = await stage.ana.sees_view("Payload URL")
    assert ADDRESSES.secret(hook.id) in read(shown)


async def test_a_hook_is_edited_and_its_server_stays(stage: Stage) -> None:
    await makes(stage, forge="gitlab")
    listed = await opens_list(stage, stage.ana)
    await stage.ana.clicks(listed, "edit_hook")
    form = await stage.ana.sees_view("Repositories")
    assert "Git server" not in read(form)
    stage.ana.fills(form, {"label": "shipped", "mode": "log"})
    assert (await stage.ana.submits(form)).errors == {}
    await stage.rests()
    hook = await the_hook(stage)
    assert hook.form == HookForm(Forge.GITLAB, (), "shipped", False, HookMode.LOG)
    assert f"*GitLab hook {hook.id}* is saved." in read(listed)
    assert "the label *shipped*" in read(listed)


async def test_a_revoked_hook_is_called_no_more(stage: Stage) -> None:
    await makes(stage)
    hook = await the_hook(stage)
    listed = await opens_list(stage, stage.ana)
    await stage.ana.clicks(listed, "revoke_hook")
    await stage.rests()
    assert f"*GitHub hook {hook.id}* is revoked." in read(listed)
    assert "There is no hook yet." in read(listed)
    assert (await delivers(stage, hook)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"label": "  "}, "label"),
        ({"repositories": "https://github.com/acme/billing"}, "repositories"),
    ],
)
async def test_what_a_field_cannot_hold_is_told_there(
    stage: Stage, fields: Mapping[str, object], at: str
) -> None:
    form = await opens_form(stage)
    stage.ana.fills(form, fields)
    assert list((await stage.ana.submits(form)).errors) == [at]
    stage.ana.fills(form, {"label": "milestone", "repositories": "acme/*"})
    assert (await stage.ana.submits(form)).errors == {}
    assert (await the_hook(stage)).form.repositories == ("acme/*",)


async def test_who_is_an_owner_no_more_makes_none(stage: Stage) -> None:
    form = await opens_form(stage)
    await let(stage, owners=("U0BOB",))
    sent = await stage.ana.submits(form)
    assert "can't edit this scorecard" in str(sent.errors)
    assert await hooks.all_of(stage.running.bot.store, OPERATING) == []


async def test_without_the_settings_it_says_how_to_turn_it_on(open_stage: Opening) -> None:
    async with open_stage() as stage:
        await let(stage, owners=(stage.ana.id,))
        await stage.ana.types("/kpi setup", stage.billing)
        await stage.rests()
        await stage.ana.clicks(await stage.ana.sees_view("Progress page"), "setup_hooks")
        view = read(await stage.ana.sees_view("Milestones from git are off"))
        assert "KPI_PUBLIC_URL" in view
        assert "KPI_LINK_KEY" in view


def test_the_longest_lists_and_forms_fit() -> None:
    repositories = tuple(f"{'r' * 130}/{each:06}" for each in range(hooks.MOST_REPOSITORIES))
    form = HookForm(Forge.GITHUB, repositories, (HOSTILE * 9)[:80], True)
    hook = Hook("0" * 16, "billing", form, "U0ANA", NOW, HOSTILE * 9, NOW, 10_000, HOSTILE * 9, NOW)
    place = FormPlace("billing", "C0BILLING")
    views = [
        hooks_view([hook] * hooks.MOST_HOOKS, ADDRESSES, place, "*GitHub hook* is saved."),
        hook_form(place),
        hook_form(place, hook),
        hook_view(hook, ADDRESSES, place),
    ]
    for view in views:
        assert problems_in_view(view) == []
    assert "<!channel>" not in str(views[0])

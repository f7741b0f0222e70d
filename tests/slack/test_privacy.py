"""A scorecard that somebody may not see is nowhere for them, however they ask."""

import pytest

from app.playground import Channel, Message, Person
from app.slack.ids import Shortcut
from tests.slack.access import let, told
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_home import home_of
from tests.slack.test_scorecard_command import SMALL

NAMES = ("Billing Platform", "Rollbacks", "billing/", "secret", "Errors")
"""What gives one of the two scorecards of these tests away."""

COMMANDS = (
    "/kpi",
    "/kpi rollbacks",
    "/kpi errors",
    "/kpi update rollbacks 9",
    "/kpi update",
    "/kpi ship Bundles",
    "/kpi plan Bundles",
    "/kpi milestones",
    "/kpi history",
    "/kpi roadmap",
    "/kpi digest preview",
    "/kpi digest now",
    "/kpi digest schedule",
    "/kpi setup",
)


def given_away(shown: object) -> list[str]:
    """The names that stand in what a person is shown, unseen values of buttons included."""
    return [name for name in NAMES if name in str(shown)]


async def everything_shown_to(stage: Stage, person: Person, channel: Channel) -> str:
    """What a person gets who tries every way there is, from one channel."""
    shown = []
    for line in COMMANDS:
        typed = await person.types(line, channel)
        await stage.rests()
        view = stage.slack.workspace.views.top(person.id)
        if view is not None:
            shown.append(f"{line}: {view.content}")
            await person.closes(view)
        shown.append(f"{line}: {typed.message and typed.message.blocks}")
    shown += [
        f"{message.text} {message.blocks}"
        for message in person.sees(channel)
        if message.visible_to == person.id
    ]
    shown.append(str((await home_of(stage, person)).blocks))
    await person.uses_shortcut(Shortcut.LOG_MILESTONE)
    await stage.rests()
    view = await person.sees_view()
    shown.append(f"shortcut: {view.content}")
    await person.closes(view)
    return "\n".join(shown)


@pytest.fixture
async def bob(stage: Stage) -> Person:
    """A member of the workspace who is in #billing, in #random and in no private channel."""
    bob = stage.slack.add_person("bob", real_name="Bob")
    stage.billing.members.append(bob.id)
    return bob


@pytest.fixture
async def random(stage: Stage, bob: Person) -> Channel:
    return stage.slack.add_channel("random", members=[stage.ana, bob])


@pytest.fixture
async def hidden(stage: Stage, bob: Person) -> None:
    """The scorecard of #billing is Ana's alone, another that of a private channel."""
    secret = stage.slack.add_channel("secret", members=[stage.ana], private=True)
    await stage.load(SMALL.format(key="secret"), secret)
    await let(stage, owners=(stage.ana.id,), viewers=(stage.ana.id,))


@pytest.mark.parametrize("where", ["billing", "random", "direct"])
async def test_by_no_way_is_it_shown_to_who_may_not_see_it(
    stage: Stage, bob: Person, random: Channel, hidden: None, where: str
) -> None:
    channel = {
        "billing": stage.billing,
        "random": random,
        "direct": stage.slack.direct_message(bob),
    }[where]
    shown = await everything_shown_to(stage, bob, channel)
    assert given_away(shown) == []
    shown = await everything_shown_to(stage, stage.ana, stage.billing)
    assert {"Billing Platform", "Rollbacks", "secret"} <= set(given_away(shown))


async def test_a_screen_that_was_shared_opens_nothing_for_them(
    stage: Stage, bob: Person, hidden: None
) -> None:
    await stage.ana.clicks(await stage.types("/kpi"), "share_page")
    shared = await bob.sees_message(stage.billing, "Rollbacks")
    await stage.ana.clicks(await stage.types("/kpi rollbacks"), "share_metric")
    metric = await bob.sees_message(stage.billing, "Last readings")
    clicks = 0
    for message in (shared, metric):
        for action in _buttons(message):
            await bob.clicks(message, action)
            await stage.rests()
            clicks += 1
    theirs = [read(each) for each in stage.whispers() if each.visible_to == bob.id]
    assert len(theirs) == clicks > 8
    assert all("There is no such scorecard that you may see." in each for each in theirs)
    assert stage.slack.workspace.views.top(bob.id) is None


def _buttons(message: Message) -> list[str]:
    return [
        element["action_id"]
        for block in message.blocks
        for element in block.get("elements", [])
        if element.get("type") == "button"
    ]


async def test_it_can_be_set_up_by_nobody_else_in_its_channel(
    stage: Stage, bob: Person, hidden: None
) -> None:
    refused = "You can't set up a scorecard in this channel. Ask an admin of this workspace."
    assert await told(stage, bob, "/kpi setup") == refused


async def test_undo_is_for_who_may_change_it_wherever_the_button_stands(
    stage: Stage, bob: Person
) -> None:
    """A button's message may be seen by others: Slack says who clicks."""
    await told(stage, stage.ana, "/kpi update rollbacks 9")
    clicked = stage.whispers()[-1]
    await let(stage, owners=(stage.ana.id,), viewers=(stage.ana.id,))
    clicked.visible_to = None
    await bob.clicks(clicked, "undo")
    await stage.rests()
    assert "You can't record readings in this scorecard from here." in read(stage.whispers()[-1])
    assert "9" in await told(stage, stage.ana, "/kpi rollbacks")


async def test_a_mention_shows_it_where_it_is_at_home_and_only_to_who_may_see_it(
    stage: Stage, bob: Person, random: Channel, hidden: None
) -> None:
    for channel in (stage.billing, random):
        for typed in ("", "rollbacks", "history", "milestones", "roadmap"):
            question = await bob.mentions_bot(typed, channel)
            await stage.rests()
            (answer,) = bob.thread(question)[1:]
            assert given_away(answer.blocks) == given_away(answer.text) == [], typed
    question = await stage.ana.mentions_bot("rollbacks", stage.billing)
    await stage.rests()
    assert "Rollbacks" in read(stage.ana.thread(question)[1])


async def test_a_search_finds_nothing_in_a_form_whose_person_may_no_longer_see_it(
    stage: Stage, bob: Person
) -> None:
    large = "\n".join(
        f"  - {{key: m{n}, name: Metric {n}, baseline: {{value: 1, label: Q1, on: 2026-01-01}}, "
        "target: 0}"
        for n in range(101)
    )
    team = stage.slack.add_channel("team", members=[stage.ana, bob])
    await stage.load(f"key: large\nname: Large\ngoal: All\nmetrics:\n{large}\n", team)
    await bob.types("/kpi update", team)
    form = await bob.sees_view("Metrics")
    assert await bob.searches(form, "choose_metrics", "100") != []
    await let(stage, key="large", owners=(stage.ana.id,), viewers=(stage.ana.id,))
    assert await bob.searches(form, "choose_metrics", "100") == []


async def test_a_guest_sees_and_records_what_their_channels_have(stage: Stage) -> None:
    guest = stage.slack.add_person("gus", guest=True)
    await stage.ana.invites(guest, stage.billing)
    await stage.load(SMALL.format(key="secret"))
    assert "~12 → 9" in await told(stage, guest, "/kpi update rollbacks 9")
    team = stage.slack.add_channel("team", members=[stage.ana])
    await stage.load(SMALL.format(key="team"), team)
    assert "team scorecard" not in read(await home_of(stage, guest))


class TestStrangers:
    """People of other organisations see what their channel shows, and change nothing."""

    @pytest.fixture
    async def eve(self, stage: Stage) -> Person:
        eve = stage.slack.add_person("eve", stranger=True)
        await stage.ana.invites(eve, stage.billing)
        return eve

    async def test_they_see_the_scorecard_of_the_shared_channel_and_no_other(
        self, stage: Stage, eve: Person
    ) -> None:
        await stage.load(SMALL.format(key="secret"))
        public = stage.slack.add_channel("public", members=[stage.ana])
        await stage.load(SMALL.format(key="secret-too"), public)
        home = read(await home_of(stage, eve))
        assert "Billing Platform" in home
        assert "secret" not in home

    @pytest.mark.parametrize("transport", ["socket", "http"])
    async def test_they_change_nothing_unless_an_owner_lets_them(
        self, open_stage: Opening, transport: str
    ) -> None:
        async with open_stage(transport=transport) as stage:
            eve = stage.slack.add_person("eve", stranger=True)
            await stage.ana.invites(eve, stage.billing)
            await let(stage, owners=(stage.ana.id,))
            for line in ("update rollbacks 9", "ship X", "plan X", "digest now", "setup"):
                refused = await told(stage, eve, f"/kpi {line}")
                assert "People of other organisations and bots can't" in refused, line
                assert f"Ask <@{stage.ana.id}>." in refused, line
            assert stage.posts() == []
            await let(stage, owners=(stage.ana.id,), strangers_edit=True)
            assert "~12 → 9" in await told(stage, eve, "/kpi update rollbacks 9")
            assert "can't edit" in await told(stage, eve, "/kpi setup")

    async def test_their_shortcut_finds_nothing_to_log_in(self, stage: Stage, eve: Person) -> None:
        await eve.uses_shortcut(Shortcut.LOG_MILESTONE)
        assert "There is no scorecard" in read(await eve.sees_view("scorecard"))


async def test_other_bots_are_not_answered(stage: Stage) -> None:
    deploys = stage.slack.add_bot("deploys")
    stage.billing.members.append(deploys.id)
    await let(stage, strangers_edit=True)
    await deploys.mentions_bot("update rollbacks 9", stage.billing)
    await stage.rests()
    assert stage.posts()[1:] == []
    assert "~12" in await told(stage, stage.ana, "/kpi rollbacks")

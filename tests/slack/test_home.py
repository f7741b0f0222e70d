"""The Home tab, and who may see which scorecard there and elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.reminders import Preferences
from app.playground import Channel, Person, View
from app.playground.blockkit import problems_in_view
from app.slack.blocks import kit
from app.slack.blocks.home import home_view
from app.slack.blocks.offers import offer
from app.slack.ids import Shortcut
from tests.builders import NOW
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard, a_snapshot
from tests.slack.stage import Stage, read
from tests.slack.test_scorecard_command import SMALL

OWNED = """
key: {key}
name: {key} scorecard
goal: One thing gets done
metrics:
  - key: errors
    name: Errors
    owner: {owner}
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
  - key: outages
    name: Outages
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
"""


async def home_of(stage: Stage, person: Person) -> View:
    await person.opens_home()
    await stage.rests()
    home = stage.slack.home_of(person)
    assert home is not None
    return home


async def offered_to(stage: Stage, person: Person, channel: Channel) -> str:
    """What a person who types /kpi where no scorecard is at home is offered."""
    await person.types("/kpi", channel)
    await stage.rests()
    return read(person.sees(channel)[-1])


@pytest.fixture
async def secret(stage: Stage) -> Channel:
    """A private channel with a scorecard, in which Ana is."""
    channel = stage.slack.add_channel("secret", members=[stage.ana], private=True)
    await stage.load(SMALL.format(key="secret"), channel)
    return channel


async def test_shows_how_each_scorecard_stands_what_shipped_and_the_next_digest(
    stage: Stage,
) -> None:
    seen = read(await home_of(stage, stage.ana))
    assert f"*Billing Platform* in <#{stage.billing.id}>" in seen
    assert "0 of 5 at target · ~81% of the way" in seen
    assert "Next digests" in seen
    assert "Mon" in seen or "<!date^" in seen
    assert "Your metrics" not in seen


async def test_a_button_leads_to_the_details_and_on(stage: Stage) -> None:
    home = await home_of(stage, stage.ana)
    await stage.ana.clicks(home, "show_page")
    modal = await stage.ana.sees_view("Dunning code paths")
    rows = [block for block in modal.blocks if "accessory" in block]
    await stage.ana.clicks(modal, "show_metric", block_id=rows[0]["block_id"])
    modal = await stage.ana.sees_view("remaining off-session flows")
    assert "Share in the channel" not in read(modal)
    await stage.ana.clicks(modal, "show_page")
    await stage.ana.sees_view("Dunning code paths")


async def test_from_the_details_a_milestone_is_logged_and_home_shows_it(stage: Stage) -> None:
    home = await home_of(stage, stage.ana)
    for title in ("Bundles", "Carts"):
        await stage.ana.clicks(home, "show_page")
        modal = await stage.ana.sees_view("Dunning code paths")
        await stage.ana.clicks(modal, "ship")
        form = await stage.ana.sees_view("Title")
        stage.ana.fills(form, {"title": title})
        assert (await stage.ana.submits(form)).errors == {}
        await stage.ana.closes(modal)
        await stage.rests()
    assert "*Bundles*" in read(home)
    assert "*Carts*" in read(home)
    assert len(stage.posts()) == 2


async def test_lists_her_metrics_and_updates_them(stage: Stage) -> None:
    await stage.load(OWNED.format(key="owned", owner=stage.ana.id))
    home = await home_of(stage, stage.ana)
    assert "Your metrics" in read(home)
    assert "*Errors*   no reading" in read(home)
    assert "Outages" not in read(home)
    await stage.ana.clicks(home, "update")
    form = await stage.ana.sees_view("Errors")
    stage.ana.fills(form, {"value:errors": "4"})
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_home("*Errors*   4")


async def test_her_own_changes_show_once_she_has_opened_it(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks 9")
    await stage.rests()
    assert stage.slack.home_of(stage.ana) is None
    await home_of(stage, stage.ana)
    published = len(stage.slack.journal.calls("views.publish"))
    await stage.types("/kpi")
    await stage.rests()
    assert len(stage.slack.journal.calls("views.publish")) == published
    await stage.types("/kpi update dunning 1")
    await stage.ana.sees_home("1 of 5 at target")


async def test_a_private_channels_scorecard_is_for_its_members_alone(
    stage: Stage, secret: Channel
) -> None:
    bob = stage.slack.add_person("bob")
    assert "secret scorecard" in read(await home_of(stage, stage.ana))
    assert "secret" not in read(await home_of(stage, bob))
    elsewhere = stage.slack.add_channel("random", members=[stage.ana, bob])
    for channel in (elsewhere, stage.slack.direct_message(bob)):
        assert "secret" not in await offered_to(stage, bob, channel)
        assert "Billing Platform" in await offered_to(stage, bob, channel)
    assert "secret scorecard" in await offered_to(stage, stage.ana, elsewhere)


async def test_who_joins_sees_it_and_who_leaves_no_longer(stage: Stage, secret: Channel) -> None:
    bob = stage.slack.add_person("bob")
    home = await home_of(stage, bob)
    await stage.ana.invites(bob, secret)
    await stage.rests()
    assert "secret scorecard" in read(home)
    await bob.leaves(secret)
    await stage.rests()
    assert "secret" not in read(home)
    assert "secret" not in await offered_to(stage, bob, stage.slack.direct_message(bob))


async def test_a_button_doesnt_outlive_the_right_to_it(stage: Stage, secret: Channel) -> None:
    bob = stage.slack.add_person("bob")
    await stage.ana.invites(bob, secret)
    direct = stage.slack.direct_message(bob)
    await bob.types("/kpi", direct)
    await stage.rests()
    offered = bob.sees(direct)[-1]
    row = next(block for block in offered.blocks if "secret" in str(block.get("accessory")))
    await bob.leaves(secret)
    await stage.rests()
    await bob.clicks(offered, "show_page", block_id=row["block_id"])
    await stage.rests()
    assert "There is no such scorecard that you may see." in read(bob.sees(direct)[-1])
    assert "Errors" not in read(bob.sees(direct)[-1])


async def test_a_scorecard_shown_elsewhere_cant_be_shared_there(
    stage: Stage, secret: Channel
) -> None:
    elsewhere = stage.slack.add_channel("random", members=[stage.ana])
    await stage.ana.types("/kpi", elsewhere)
    await stage.rests()
    offered = stage.whispers(elsewhere)[-1]
    row = next(block for block in offered.blocks if "secret" in str(block.get("accessory")))
    await stage.ana.clicks(offered, "show_page", block_id=row["block_id"])
    await stage.rests()
    assert "*Errors*" in read(offered)
    assert "Share in the channel" not in str(offered.blocks)


async def test_a_guest_sees_only_what_their_channels_have(stage: Stage) -> None:
    guest = stage.slack.add_person("gus", guest=True)
    home = await home_of(stage, guest)
    assert "There is no scorecard that you may see." in read(home)
    assert "`/kpi setup`" in read(home)
    await stage.ana.invites(guest, stage.billing)
    await stage.rests()
    assert "Billing Platform" in read(home)


async def test_what_cant_be_found_out_counts_as_no(stage: Stage, secret: Channel) -> None:
    stage.slack.faults.add("conversations.members", "status", times=1)
    assert "secret" not in read(await home_of(stage, stage.ana))
    assert "secret scorecard" in read(await home_of(stage, stage.ana))
    await stage.ana.removes_bot(secret)
    assert "secret" not in read(await home_of(stage, stage.ana))


async def test_slack_is_asked_once_a_minute_and_for_every_page(
    stage: Stage, secret: Channel
) -> None:
    for number in range(450):
        secret.members.insert(0, f"U{number:010}")
    for _ in range(3):
        assert "secret scorecard" in read(await home_of(stage, stage.ana))
    assert len(stage.slack.journal.calls("conversations.members")) == 3
    stage.clock.passes(seconds=61)
    await home_of(stage, stage.ana)
    assert len(stage.slack.journal.calls("conversations.members")) == 6


async def test_its_channels_own_scorecard_is_shown_without_asking_slack(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    await stage.ana.clicks(shown, "show_metric")
    await stage.rests()
    assert stage.slack.journal.calls("conversations.info") == []


async def test_a_failure_is_told_in_the_home_tab(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.slack.listeners.home.home_view", lambda *_: 1 / 0)
    assert "Something went wrong here" in read(await home_of(stage, stage.ana))


async def test_over_http_it_is_published_too(open_stage: Opening) -> None:
    async with open_stage(transport="http") as stage:
        assert "Billing Platform" in read(await home_of(stage, stage.ana))


async def test_who_is_not_in_its_channel_updates_what_is_theirs_and_reads_the_answer_directly(
    stage: Stage,
) -> None:
    bob = stage.slack.add_person("bob")
    team = stage.slack.add_channel("team", members=[stage.ana])
    await stage.load(OWNED.format(key="owned", owner=bob.id), team)
    home = await home_of(stage, bob)
    await bob.clicks(home, "update")
    form = await bob.sees_view("Errors")
    bob.fills(form, {"value:errors": "4"})
    assert (await bob.submits(form)).closed
    await bob.sees_home("*Errors*   4")
    assert "4" in read(await bob.sees_message(stage.slack.direct_message(bob), "Errors"))


async def test_the_shortcut_finds_the_scorecards_of_her_channels(
    stage: Stage, secret: Channel
) -> None:
    await stage.ana.uses_shortcut(Shortcut.LOG_MILESTONE)
    question = await stage.ana.sees_view("Scorecard")
    stage.ana.fills(question, {"scorecard": "secret", "title": "Bundles"})
    sent = await stage.ana.submits(question)
    assert sent.view is not None
    assert (await stage.ana.submits(sent.view)).closed
    assert "*Bundles*" in read(await stage.ana.sees_message(secret, "shipped"))
    bob = stage.slack.add_person("bob")
    await bob.uses_shortcut(Shortcut.LOG_MILESTONE)
    await stage.rests()
    assert "secret" not in (await bob.sees_view("Title")).wording


async def test_pages_lead_to_every_scorecard(empty_stage: Stage) -> None:
    stage = empty_stage
    for number in range(45):
        await stage.load(SMALL.format(key=f"number-{number:02}"))
    home = await home_of(stage, stage.ana)
    seen = read(home)
    for _ in range(2):
        await stage.ana.clicks(home, "home_page:next")
        await stage.rests()
        seen += read(home)
    assert [number for number in range(45) if f"*number-{number:02} scorecard*" not in seen] == []
    assert "25 more" in await offered_to(stage, stage.ana, stage.billing)


@pytest.mark.parametrize("text", [PLAIN, HOSTILE])
@pytest.mark.parametrize("count", SIZES)
def test_every_home_is_one_that_slack_takes(count: int, text: str) -> None:
    snapshot = a_snapshot(a_large_scorecard(min(count, 40), text))
    milestones = tuple(
        replace(milestone, logged_by="U0ANA") for milestone in snapshot.scorecard.milestones
    )
    large = replace(snapshot, scorecard=replace(snapshot.scorecard, milestones=milestones))
    for page in (0, 1, 1_000):
        tomorrow = NOW + timedelta(days=1)
        view = home_view([large] * count, "U0ANA", tomorrow, Preferences(), page)
        assert problems_in_view(view) == []
        assert len(view["blocks"]) <= kit.MOST_VIEW_BLOCKS
    offered = offer([large] * count)
    assert len(offered.text) <= kit.MOST_TEXT_LENGTH

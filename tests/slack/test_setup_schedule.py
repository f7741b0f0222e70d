"""When and where the digest goes out: /kpi digest schedule, with a test post before it is saved."""

from collections.abc import AsyncIterator

import pytest

from app.playground import Channel, View
from app.playground.users import Standing
from app.slack.zones import known_zones, matching_zones
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_setup_menu import opens, opens_menu


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, and Ana, who is an admin of the workspace."""
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def a_channel(stage: Stage, name: str, *, private: bool = False, bot: bool = True) -> Channel:
    channel = stage.slack.add_channel(name, private=private, members=[stage.ana])
    if bot and stage.slack.bot_user_id not in channel.members:
        await stage.ana.invites_bot(channel)
    if not bot and stage.slack.bot_user_id in channel.members:
        await stage.ana.removes_bot(channel)
    return channel


async def opens_schedule(stage: Stage) -> View:
    form = await stage.opens_form("/kpi digest schedule")
    await stage.rests()
    return form


async def chooses_zone(stage: Stage, form: View, typed: str, zone: str) -> None:
    await stage.ana.searches(form, "choose_zone", typed)
    stage.ana.fills(form, {"zone": zone})


async def test_a_schedule_is_saved_and_its_next_digest_told(stage: Stage) -> None:
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"day": "4", "time": "16:30"})
    await chooses_zone(stage, form, "berl", "Europe/Berlin")
    assert (await stage.ana.submits(form)).closed
    told = await stage.sees_answer("Saved: *Billing Platform*")
    for words in ("digest: Monday 09:00 → Friday 16:30", "zone: UTC → Europe/Berlin"):
        assert words in read(told)
    assert "The next one goes out <!date^1774020600^" in told.wording, "Friday 15:30 UTC"
    assert stage.posts() == [], "the channel is the same: nothing needs a test"
    await stage.run_due(hours=24, minutes=31)
    assert len(stage.posts()) == 1
    await stage.ana.clicks(told, "undo")
    await stage.sees_answer("Undone in *Billing Platform*")
    assert "Monday 09:00 (UTC)" in read(await opens_menu(stage))


async def test_slots_of_a_new_schedule_that_are_over_are_not_owed(stage: Stage) -> None:
    await stage.run_due()
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"day": "2", "time": "09:00"})
    assert (await stage.ana.submits(form)).closed
    await stage.run_due(hours=1)
    assert stage.posts() == []


async def test_the_menu_below_shows_the_new_schedule(stage: Stage) -> None:
    menu = await opens_menu(stage)
    form = await opens(stage, menu, "setup_schedule")
    stage.ana.fills(form, {"day": "4"})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert "Friday 09:00 (UTC)" in read(menu)


@pytest.mark.parametrize("private", [False, True])
async def test_another_channel_gets_a_test_post_first(stage: Stage, private: bool) -> None:
    money = await a_channel(stage, "money", private=private)
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"channel": money})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    (post,) = stage.posts(money)
    assert "Test: the weekly digest of *Billing Platform* can be posted here." in read(post)
    assert "on Mondays at 09:00 (UTC)" in read(post)
    assert "Rollbacks" in read(await stage.types("/kpi", money))


@pytest.mark.parametrize(("wish", "posts"), [("always", 1), ("if_new", 0), ("never", 0)])
async def test_who_saves_decides_on_the_test_post(stage: Stage, wish: str, posts: int) -> None:
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"test_post": wish})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert len(stage.posts()) == posts


async def test_what_keeps_the_bot_out_is_told_at_the_channel_and_nothing_is_saved(
    stage: Stage,
) -> None:
    outside = await a_channel(stage, "outside", bot=False)
    hidden = await a_channel(stage, "hidden", private=True, bot=False)
    archived = await a_channel(stage, "archived")
    await stage.ana.archives(archived)
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"day": "4"})
    for channel, told in (
        (outside, "The bot isn't in this channel. Invite it there: /invite @KPI"),
        (hidden, "can't see this channel. If it is private, invite the bot there: /invite @KPI"),
        (archived, "This channel is archived. Unarchive it or choose another"),
    ):
        stage.ana.fills(form, {"channel": channel})
        sent = await stage.ana.submits(form)
        assert set(sent.errors) == {"channel"}
        assert told in sent.errors["channel"]
        assert stage.posts(channel) == []
    menu = read(await opens_menu(stage))
    assert "Monday 09:00" in menu


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("restricted_action", "Posting in this channel is restricted. Ask a workspace admin."),
        ("restricted_action_read_only_channel", "Posting in this channel is restricted."),
        ("missing_scope", "The Slack app lacks the scope"),
    ],
)
async def test_what_slack_refuses_is_told_at_the_channel(
    stage: Stage, error: str, told: str
) -> None:
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"test_post": "always"})
    stage.slack.faults.add("chat.postMessage", "refuse", error=error)
    assert told in (await stage.ana.submits(form)).errors["channel"]
    assert (await stage.ana.submits(form)).closed, "what was typed stays"


async def test_a_slow_slack_is_told_in_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.slack.listeners.setup_forms.TEST_POST_SECONDS", 0.1)
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"test_post": "always", "day": "4"})
    stage.slack.faults.add("chat.postMessage", "delay", seconds=0.5)
    errors = (await stage.ana.submits(form)).errors
    assert "nothing was saved. Try again" in errors["channel"]
    assert "Monday 09:00" in read(await opens_menu(stage))


async def test_the_home_of_another_scorecard_is_refused_before_anything_is_posted(
    stage: Stage,
) -> None:
    money = await a_channel(stage, "money")
    await stage.load("key: money\nname: Money\ngoal: More\n", money)
    form = await opens_schedule(stage)
    stage.ana.fills(form, {"channel": money})
    errors = (await stage.ana.submits(form)).errors
    assert "This channel is the home of another scorecard already" in errors["channel"]
    assert stage.posts(money) == []


async def test_the_later_of_two_sees_the_schedule_that_was_saved_meanwhile(stage: Stage) -> None:
    his, hers = await opens_schedule(stage), None
    await stage.ana.types("/kpi digest schedule", stage.billing)
    await stage.rests()
    hers = await stage.ana.sees_view()
    assert hers is not his
    stage.ana.fills(hers, {"time": "10:00"})
    assert (await stage.ana.submits(hers)).closed
    stage.ana.fills(his, {"time": "11:00", "test_post": "always"})
    sent = await stage.ana.submits(his)
    assert not sent.closed
    assert "*Digest*: Monday 10:00" in read(his)
    assert stage.posts() == []
    assert (await stage.ana.submits(his)).closed
    await stage.rests()
    assert "Monday 11:00" in read(await opens_menu(stage))


def test_zones_are_found_by_their_cities() -> None:
    zones = known_zones()
    assert matching_zones("new y", zones)[0] == "America/New_York"
    assert matching_zones("EUROPE/ber", zones)[0] == "Europe/Berlin"
    assert matching_zones("york new", zones) == []
    assert "Etc/GMT+1" not in zones
    assert "UTC" in matching_zones("utc", zones)

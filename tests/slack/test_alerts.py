"""Alerts in Slack: what people read, where, and what they can do about them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.access import Access
from app.domain.alerts import AlertRules, Place, QuietHours
from app.playground import Channel, Message, View
from app.services import editing
from app.services.callers import OPERATOR, Caller, Surface
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read, readable

TEAM = """
key: team
name: Team scorecard
goal: Things that used to fail do not
zone: Europe/London
digest: {{day: monday, time: '09:00'}}
work_streams:
  - name: Reliability
metrics:
  - key: errors
    name: Errors
    owner: {owner}
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
    drivers: [{{work_stream: reliability}}]
    readings: [{{value: ~4, at: 2026-03-15}}]
  - key: outages
    name: Outages
    baseline: {{value: 1, label: Q1, on: 2026-01-01}}
    kind: stay_below
    target: 2
    readings: [{{value: 1, at: 2026-03-15}}]
  - key: incidents
    name: Incidents
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
    readings: [{{value: 7, at: 2026-03-15}}]
milestones:
  - {{title: Retries, status: shipped, shipped_on: 2026-03-12, work_streams: [reliability]}}
"""
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def team(stage: Stage) -> Channel:
    """A channel with a scorecard of its own; Ana is in it."""
    channel = stage.slack.add_channel("team", members=[stage.ana])
    await stage.load(TEAM.format(owner=stage.ana.id), channel)
    await let(stage, owners=(stage.ana.id,))
    return channel


async def let(stage: Stage, **access: object) -> None:
    wanted = {"access": Access(**access)}  # type: ignore[arg-type]
    await editing.edit_scorecard(stage.running.bot.store, operator(stage), wanted, key="team")


def operator(stage: Stage) -> Caller:
    return Caller(OPERATOR, Surface.TERMINAL, stage.clock.now)


async def chooses(stage: Stage, **rules: object) -> None:
    """Where alerts go, at any time of the day unless hours are named."""
    wanted = {"quiet_hours": None, "quiet_weekends": False, **rules}
    fields = {"alerts": AlertRules(**wanted)}  # type: ignore[arg-type]
    await editing.edit_scorecard(stage.running.bot.store, operator(stage), fields, key="team")


async def alerts(stage: Stage, channel: Channel) -> list[Message]:
    """What the channel is told a minute later."""
    await stage.run_due(minutes=1)
    return stage.posts(channel)


# --- what people read -------------------------------------------------------------


async def test_the_channel_reads_what_was_reached_with_its_figures_and_what_shipped(
    stage: Stage, team: Channel
) -> None:
    await stage.types("/kpi update errors ~0", team)
    assert stage.posts(team) == []
    [alert] = await alerts(stage, team)
    said = read(alert)
    assert "*Errors* has reached its target of 0." in said
    assert "~4 → ~0, ~−4" in said
    assert "✓ at target: ~0 against a target of 0" in said
    assert "Associated with it, as shipped on its line: *Retries* (Thu 12 Mar 2026)" in said
    for words in ("has reached its target of 0", "~4 → ~0", "Retries"):
        assert words in readable(alert.text)


async def test_a_broken_limit_says_so(stage: Stage, team: Channel) -> None:
    await stage.types("/kpi update outages 5", team)
    [alert] = await alerts(stage, team)
    assert "*Outages* has broken its limit, at most 2." in read(alert)
    assert "1 → 5, +4" in read(alert)


async def test_several_come_as_one_and_name_the_scorecard(stage: Stage, team: Channel) -> None:
    await stage.types("/kpi update errors 0", team)
    await stage.types("/kpi update outages 5", team)
    [alert] = await alerts(stage, team)
    assert "*Team scorecard*: news of 2 metrics" in read(alert)
    assert "*Errors* has reached" in read(alert)
    assert "*Outages* has broken" in read(alert)


async def test_an_undo_at_once_is_never_told_and_a_later_one_is_told_as_such(
    stage: Stage, team: Channel
) -> None:
    answer = await stage.types("/kpi update errors 0", team)
    await stage.ana.clicks(answer, "undo")
    await stage.rests()
    assert await alerts(stage, team) == []
    answer = await stage.types("/kpi update errors 0", team)
    assert len(await alerts(stage, team)) == 1
    await stage.ana.clicks(answer, "undo")
    await stage.rests()
    *_, taken_back = await alerts(stage, team)
    assert "*Errors* is not at its target after all, 0: a reading was taken back." in read(
        taken_back
    )


async def test_a_milestone_that_reaches_it_says_so_itself(stage: Stage, team: Channel) -> None:
    form = await stage.opens_form("/kpi ship Backoff", team)
    await stage.ana.dispatches(form, "metrics", ["errors"])
    await stage.rests()
    stage.ana.fills(form, {"value:errors": "0"})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    [announcement] = await alerts(stage, team)
    assert "~4 → 0, ~−4: it has reached its target of 0" in read(announcement)


async def test_when_that_reaches_the_goal_its_post_is_the_one_that_says_so(
    stage: Stage, team: Channel
) -> None:
    for metric in ("errors", "incidents"):
        await stage.types(f"/kpi update {metric} 0", team)
    [post] = await alerts(stage, team)
    assert "the goal is reached" in read(post)


# --- where ------------------------------------------------------------------------


async def test_in_a_thread_it_stands_below_the_last_digest(stage: Stage, team: Channel) -> None:
    await chooses(stage, reached=Place.THREAD, fell_back=Place.THREAD)
    await stage.types("/kpi digest now", team)
    await stage.rests()
    [digest] = stage.posts(team)
    stage.clock.passes(minutes=5)
    await stage.types("/kpi update errors 0", team)
    assert await alerts(stage, team) == [digest]
    assert "has reached its target" in read(stage.replies(digest)[-1])


async def test_without_a_digest_the_thread_is_the_channel(stage: Stage, team: Channel) -> None:
    await chooses(stage, reached=Place.THREAD)
    await stage.types("/kpi update errors 0", team)
    assert len(await alerts(stage, team)) == 1


async def test_an_owner_and_a_person_are_told_directly(stage: Stage, team: Channel) -> None:
    bob = stage.slack.add_person("bob")
    await chooses(stage, reached=Place.OWNER, fell_back=Place.PERSON, person=bob.id)
    await stage.types("/kpi update errors 0", team)
    await stage.types("/kpi update outages 5", team)
    assert await alerts(stage, team) == []
    [hers] = stage.posts(stage.slack.direct_message(stage.ana))
    [his] = stage.posts(stage.slack.direct_message(bob))
    assert "*Team scorecard*: news of a metric" in read(hers)
    assert "*Errors* has reached" in read(hers)
    assert "*Outages* has broken" in read(his)


async def test_who_may_not_see_the_scorecard_hears_nothing(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    private = stage.slack.add_channel("secret", members=[stage.ana], private=True)
    await stage.load(TEAM.format(owner=bob.id), private)
    await chooses(stage, reached=Place.OWNER, fell_back=Place.PERSON, person=bob.id)
    await stage.types("/kpi update errors 0", private)
    await stage.types("/kpi update outages 5", private)
    await alerts(stage, private)
    assert stage.posts(stage.slack.direct_message(bob)) == []


# --- when -------------------------------------------------------------------------


async def test_at_night_it_waits_for_the_morning_by_the_scorecards_clock(
    stage: Stage, team: Channel
) -> None:
    stage.clock.now = datetime(2026, 3, 30, 19, 30, tzinfo=UTC)  # 20:30 in London, in summer
    await stage.types("/kpi update errors 0", team)
    await stage.types("/kpi update outages 5", team)
    for _ in range(11):
        assert _of_alerts(await alerts(stage, team)) == []
        stage.clock.passes(minutes=59)
    stage.clock.now = datetime(2026, 3, 31, 6, 59, tzinfo=UTC)
    [alert] = _of_alerts(await alerts(stage, team))
    assert "news of 2 metrics" in read(alert)


def _of_alerts(posts: list[Message]) -> list[Message]:
    return [post for post in posts if "See the metric" in read(post)]


async def test_quiet_hours_that_are_chosen_meanwhile_hold_it_up(
    stage: Stage, team: Channel
) -> None:
    await chooses(stage)
    await stage.types("/kpi update errors 0", team)
    now = stage.clock.now
    hours = QuietHours((now - MINUTE).time(), (now + 10 * MINUTE).time())
    await chooses(stage, quiet_hours=hours)
    assert await alerts(stage, team) == []
    await stage.run_due(minutes=10)
    assert len(stage.posts(team)) == 1


async def test_a_lost_answer_and_two_processes_tell_it_once(stage: Stage, team: Channel) -> None:
    await chooses(stage)
    await stage.types("/kpi update errors 0", team)
    stage.slack.faults.add("chat.postMessage", "drop_response")
    for _ in range(6):
        await stage.run_due(minutes=1)
    assert len(stage.posts(team)) == 1


async def test_what_went_stale_is_told_to_its_owner_where_they_chose_it(
    stage: Stage, team: Channel
) -> None:
    await chooses(stage, stale=Place.OWNER)
    await stage.run_due(days=11)
    await stage.run_due(minutes=1)
    direct = stage.posts(stage.slack.direct_message(stage.ana))
    [alert] = _of_alerts(direct)
    assert "*Errors* is stale: its last reading, ~4, is 16 days old." in read(alert)


# --- what they can do -------------------------------------------------------------


async def test_it_shows_the_metric_and_opens_the_update_form(stage: Stage, team: Channel) -> None:
    await stage.types("/kpi update errors 0", team)
    [alert] = await alerts(stage, team)
    await stage.ana.clicks(alert, "update")
    form: View = await stage.ana.sees_view("Errors: new value")
    assert "Now 0" in read(form)
    await stage.ana.clicks(alert, "show_metric")
    assert "Last readings" in read(await stage.sees_answer("Last readings", team))


async def test_a_metric_is_muted_and_unmuted_from_the_message_for_all_to_read(
    stage: Stage, team: Channel
) -> None:
    await stage.types("/kpi update errors 0", team)
    [alert] = await alerts(stage, team)
    await stage.ana.clicks(alert, "mute_metric")
    await stage.rests()
    [alert] = stage.posts(team)
    assert "Alerts of *Errors* are muted until" in read(alert)
    assert f"by <@{stage.ana.id}>" in read(alert)
    stage.clock.passes(days=4)
    await stage.types("/kpi update errors 3", team)
    assert len(_of_alerts(await alerts(stage, team))) == 1
    await stage.ana.clicks(alert, "unmute_metric")
    await stage.rests()
    [alert] = _of_alerts(stage.posts(team))
    assert f"Alerts of *Errors* are sent again, by <@{stage.ana.id}>." in read(alert)
    assert "muted until" not in read(alert)
    await stage.types("/kpi update errors 0", team)
    history = await stage.types("/kpi history", team)
    assert "alerts muted" in read(history)


async def test_a_mute_is_undone_from_the_history(stage: Stage, team: Channel) -> None:
    await stage.types("/kpi update errors 0", team)
    [alert] = await alerts(stage, team)
    await stage.ana.clicks(alert, "mute_metric")
    await stage.rests()
    history = await stage.types("/kpi history errors", team)
    assert "alerts: sent → muted until " in read(history)
    [muted] = [block for block in history.blocks if "alerts muted" in str(block)]
    await stage.ana.clicks(history, "undo", block_id=muted["block_id"])
    answer = await stage.sees_answer("Undone in *Team scorecard*:", team)
    assert "alerts: muted until " in read(answer)


async def test_who_may_not_record_may_not_mute(stage: Stage, team: Channel) -> None:
    bob = stage.slack.add_person("bob")
    team.members.append(bob.id)
    await let(stage, owners=(stage.ana.id,), editors=(stage.ana.id,))
    await stage.types("/kpi update errors 0", team)
    [alert] = await alerts(stage, team)
    await bob.clicks(alert, "mute_metric")
    await stage.rests()
    assert "You can't record readings in this scorecard." in " ".join(
        read(each) for each in bob.sees(team) if each.visible_to == bob.id
    )


# --- the form ---------------------------------------------------------------------


async def opens_alerts(stage: Stage, team: Channel) -> View:
    await stage.ana.types("/kpi setup", team)
    await stage.rests()
    menu = await stage.ana.sees_view("Alerts")
    await stage.ana.clicks(menu, "setup_alerts")
    return await stage.ana.sees_view("Quiet until")


async def test_an_owner_chooses_where_alerts_go_reads_what_changed_and_undoes_it(
    stage: Stage, team: Channel
) -> None:
    form = await opens_alerts(stage, team)
    stage.ana.fills(
        form,
        {"alert:reached": "thread", "alert:stale": "owner", "quiet": [], "quiet_from": "21:30"},
    )
    assert (await stage.ana.submits(form)).closed
    answer = await stage.sees_answer("Saved:", team)
    said = read(answer)
    assert "the home channel → the thread of the last digest" in said
    assert "alert: gone stale: nowhere → the metric's owner, directly" in said
    assert "quiet hours: 20:00–08:00 → nothing" in said
    assert "quiet at weekends: yes → no" in said
    await stage.ana.clicks(answer, "undo")
    await stage.rests()
    form = await opens_alerts(stage, team)
    [reached] = [block for block in form.blocks if block.get("block_id") == "alert:reached"]
    assert reached["element"]["initial_option"]["value"] == "channel"


async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(
    stage: Stage, team: Channel
) -> None:
    form = await opens_alerts(stage, team)
    stage.ana.fills(form, {"alert:reached": "person"})
    answer = await stage.ana.submits(form)
    assert answer.errors == {"person": "Name the person to whom these alerts go."}
    stage.ana.fills(form, {"alert:reached": "channel", "quiet_until": "20:00"})
    answer = await stage.ana.submits(form)
    assert answer.errors is not None
    assert "choose another end" in answer.errors["quiet_until"]


async def test_only_owners_open_the_form(stage: Stage, team: Channel) -> None:
    bob = stage.slack.add_person("bob")
    team.members.append(bob.id)
    await bob.types("/kpi setup", team)
    await stage.rests()
    assert "You can't edit this scorecard." in " ".join(read(each) for each in bob.sees(team))


async def test_a_file_says_where_alerts_go(open_stage: Opening) -> None:
    async with open_stage() as stage:
        channel = stage.slack.add_channel("team", members=[stage.ana])
        text = TEAM.format(owner=stage.ana.id)
        await stage.load(text + "alerts: {reached: nowhere, quiet_hours: none}\n", channel)
        await stage.types("/kpi update errors 0", channel)
        await stage.types("/kpi update outages 5", channel)
        [alert] = await alerts(stage, channel)
        assert "Outages" in read(alert)
        assert "Errors" not in read(alert)

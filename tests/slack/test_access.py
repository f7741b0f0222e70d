"""Who may do what: in the channel, elsewhere, and what Slack is asked for it."""

import asyncio
from typing import Any

import pytest

from app.playground import Message, Person
from app.slack.ids import Shortcut
from tests.slack.access import let, told
from tests.slack.conftest import Opening
from tests.slack.stage import MANIFEST, Stage, read
from tests.slack.test_scorecard_command import SMALL


def asked(stage: Stage, *methods: str) -> int:
    """How often Slack was asked."""
    return sum(len(stage.slack.journal.calls(method)) for method in methods)


@pytest.fixture
def bob(stage: Stage) -> Person:
    """Somebody else in #billing."""
    bob = stage.slack.add_person("bob", real_name="Bob")
    stage.billing.members.append(bob.id)
    return bob


class TestChanges:
    """Recording and logging, by whom the scorecard names."""

    async def test_whoever_is_in_the_channel_may_record(self, stage: Stage, bob: Person) -> None:
        assert "~12 → 9" in await told(stage, bob, "/kpi update rollbacks 9")

    async def test_where_editors_are_named_nobody_else_may(self, stage: Stage, bob: Person) -> None:
        await let(stage, owners=(stage.ana.id,), editors=("U0CARA",))
        for line in ("/kpi update rollbacks 9", "/kpi update", "/kpi ship X", "/kpi plan X"):
            refused = await told(stage, bob, line)
            assert f"scorecard. Ask <@{stage.ana.id}>." in refused, line
        assert "~12" in await told(stage, bob, "/kpi")
        assert "~12 → 9" in await told(stage, stage.ana, "/kpi update rollbacks 9")

    async def test_who_can_help_is_named_and_counted(self, stage: Stage, bob: Person) -> None:
        await let(stage, owners=("U0A1", "S0G1", "U0A2", "U0A3", "U0A4"), editors=("U0A1",))
        refused = await told(stage, bob, "/kpi digest now")
        assert "Ask <@U0A1>, <!subteam^S0G1>, <@U0A2> or 2 more." in refused

    async def test_a_form_opened_before_is_refused_in_words(
        self, stage: Stage, bob: Person
    ) -> None:
        await bob.types("/kpi ship Bundles", stage.billing)
        form = await bob.sees_view("Title")
        await let(stage, owners=(stage.ana.id,), editors=(stage.ana.id,))
        sent = await bob.submits(form)
        assert sent.errors == {
            "title": "You can't log milestones in this scorecard. Ask one of its owners."
        }

    async def test_one_chosen_for_a_shortcut_is_refused_in_words(
        self, stage: Stage, bob: Person
    ) -> None:
        await stage.load(SMALL.format(key="small"), stage.slack.add_channel("small", members=[bob]))
        await bob.uses_shortcut(Shortcut.LOG_MILESTONE)
        question = await bob.sees_view("Scorecard")
        bob.fills(question, {"scorecard": "billing", "title": "Bundles"})
        await let(stage, owners=(stage.ana.id,), editors=(stage.ana.id,))
        sent = await bob.submits(question)
        assert sent.errors == {
            "title": "You can't log milestones in this scorecard. Ask one of its owners."
        }

    async def test_an_editor_undoes_what_others_changed_and_nobody_else(
        self, stage: Stage, bob: Person
    ) -> None:
        await told(stage, stage.ana, "/kpi update rollbacks 9")
        await let(stage, owners=(stage.ana.id,), editors=("U0CARA",))
        assert "undo" not in str(await self._history_of(stage, bob))
        await let(stage, owners=(stage.ana.id,), editors=(bob.id,))
        history = await self._history_of(stage, bob)
        await bob.clicks(history, "undo")
        await stage.rests()
        assert "~12" in await told(stage, bob, "/kpi rollbacks")

    async def _history_of(self, stage: Stage, person: Person) -> Message:
        shown = (await person.types("/kpi history rollbacks", stage.billing)).message
        assert shown is not None
        return shown

    async def test_an_admin_of_the_workspace_may_everything(self, stage: Stage) -> None:
        adam = stage.slack.add_person("adam", admin=True)
        stage.billing.members.append(adam.id)
        await let(stage, owners=("U0CARA",), editors=("U0CARA",), viewers=("U0CARA",))
        assert "~12 → 9" in await told(stage, adam, "/kpi update rollbacks 9")

    async def test_an_admin_of_another_organisation_may_not(self, stage: Stage) -> None:
        eve = stage.slack.add_person("eve", stranger=True, admin=True)
        await stage.ana.invites(eve, stage.billing)
        assert "People of other organisations" in await told(stage, eve, "/kpi update rollbacks 9")
        await let(stage, strangers_edit=True)
        assert "~12 → 9" in await told(stage, eve, "/kpi update rollbacks 9")


class TestUserGroups:
    """A scorecard that is narrowed to a user group follows the group."""

    async def test_who_is_in_it_sees_it(self, stage: Stage, bob: Person) -> None:
        group = stage.slack.add_user_group("billing-team", members=[bob])
        await let(stage, viewers=(group.id,))
        assert "Rollbacks" in await told(stage, bob, "/kpi")
        assert "Rollbacks" not in await told(stage, stage.ana, "/kpi")

    async def test_members_are_asked_for_once_a_minute(self, stage: Stage, bob: Person) -> None:
        group = stage.slack.add_user_group("billing-team", members=[bob])
        await let(stage, viewers=(group.id,))
        for _ in range(3):
            assert "Rollbacks" in await told(stage, bob, "/kpi")
        assert asked(stage, "usergroups.users.list") == 1
        group.members.clear()
        stage.clock.passes(seconds=61)
        assert "Rollbacks" not in await told(stage, bob, "/kpi")

    async def test_who_leaves_it_is_noticed_at_once(self, stage: Stage, bob: Person) -> None:
        group = stage.slack.add_user_group("billing-team", members=[bob])
        await let(stage, viewers=(group.id,))
        assert "Rollbacks" in await told(stage, bob, "/kpi")
        await stage.ana.changes_members(group, [stage.ana])
        await stage.rests()
        assert "Rollbacks" not in await told(stage, bob, "/kpi")
        assert "Rollbacks" in await told(stage, stage.ana, "/kpi")

    async def test_their_metric_has_its_chart(self, stage: Stage, bob: Person) -> None:
        group = stage.slack.add_user_group("billing-team", members=[bob])
        await let(stage, viewers=(group.id,))
        assert "so far:" in await told(stage, bob, "/kpi rollbacks")

    async def test_an_owner_by_a_group_undoes_edits(self, stage: Stage, bob: Person) -> None:
        group = stage.slack.add_user_group("billing-team", members=[bob])
        await let(stage, owners=(group.id,))
        await let(stage, owners=(group.id,), strangers_edit=True)
        history = (await bob.types("/kpi history", stage.billing)).message
        assert history is not None
        assert str(history.blocks).count("'undo'") == 2
        await bob.clicks(history, "undo")
        await bob.sees_message(stage.billing, "may record: yes → no")
        assert "'undo'" not in str((await stage.types("/kpi history")).blocks)

    async def test_a_group_that_is_gone_has_no_members(self, stage: Stage, bob: Person) -> None:
        await let(stage, viewers=("S0GONE",))
        assert "This channel has no scorecard." in await told(stage, bob, "/kpi")

    async def test_a_missing_scope_is_told(self, open_stage: Opening) -> None:
        scopes = [s for s in MANIFEST["oauth_config"]["scopes"]["bot"] if s != "usergroups:read"]
        manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}
        async with open_stage(manifest=manifest) as stage:
            await let(stage, viewers=("S0GROUP",))
            assert "lacks the scope usergroups:read" in await told(stage, stage.ana, "/kpi")


class TestAskingSlack:
    """Slack is asked only where its answer decides."""

    async def test_reading_in_the_own_channel_asks_nothing(self, stage: Stage) -> None:
        await let(stage, owners=(stage.ana.id,), editors=(stage.ana.id,))
        for line in ("/kpi", "/kpi rollbacks", "/kpi milestones", "/kpi roadmap"):
            await told(stage, stage.ana, line)
        await let(stage, owners=(stage.ana.id,), viewers=(stage.ana.id,))
        await told(stage, stage.ana, "/kpi")
        asks = ("users.info", "conversations.info", "conversations.members")
        assert asked(stage, *asks, "usergroups.users.list") == 0

    async def test_changes_ask_once_a_minute_who_somebody_is(self, stage: Stage) -> None:
        for value in (9, 8, 7):
            await told(stage, stage.ana, f"/kpi update rollbacks {value}")
        assert asked(stage, "users.info") == 1
        stage.clock.passes(seconds=61)
        await told(stage, stage.ana, "/kpi update rollbacks 6")
        assert asked(stage, "users.info") == 2

    @pytest.mark.parametrize("kind", ["status", "ratelimited"])
    async def test_a_change_is_refused_while_slack_does_not_answer(
        self, stage: Stage, kind: Any
    ) -> None:
        stage.slack.faults.add("users.info", kind, times=1)
        refused = await told(stage, stage.ana, "/kpi update rollbacks 9")
        assert "Slack did not say what you may do here, so nothing was changed." in refused
        assert "Try again in a moment." in refused
        assert "~12 → 9" in await told(stage, stage.ana, "/kpi update rollbacks 9")

    async def test_slack_that_takes_long_is_not_waited_for(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.slack.bot.ANSWER_SECONDS", 0.0)
        refused = await told(stage, stage.ana, "/kpi update rollbacks 9")
        assert "Slack takes long to answer. Try again in a moment." in refused
        await stage.slack.settled()
        monkeypatch.undo()
        assert "~12 → 9" in await told(stage, stage.ana, "/kpi update rollbacks 9")
        assert asked(stage, "users.info") == 1

    async def test_an_undo_asks_about_its_own_scorecard_alone(self, stage: Stage) -> None:
        for number in range(3):
            channel = stage.slack.add_channel(f"team-{number}", members=[stage.ana])
            await stage.load(SMALL.format(key=f"small-{number}"), channel)
        await stage.ana.clicks(await stage.types("/kpi update rollbacks 9"), "undo")
        await stage.sees_answer("Taken back")
        assert asked(stage, "conversations.info", "conversations.members") == 0

    async def test_many_changes_at_once_ask_once(self, stage: Stage) -> None:
        typed = [stage.types(f"/kpi update rollbacks {value}") for value in range(8)]
        assert all("recorded" in read(answer) for answer in await asyncio.gather(*typed))
        assert asked(stage, "users.info") == 1

    async def test_where_nothing_is_at_home_it_is_told_that_slack_did_not_answer(
        self, stage: Stage, bob: Person
    ) -> None:
        random = stage.slack.add_channel("random", members=[bob])
        stage.slack.faults.add("conversations.info", "status", times=1)
        await bob.types("/kpi", random)
        await stage.rests()
        assert "Try again in a moment." in read(stage.whispers(random)[-1])
        await bob.types("/kpi", random)
        await stage.rests()
        assert "Billing Platform" in read(stage.whispers(random)[-1])

    async def test_a_narrowed_scorecard_says_that_slack_did_not_answer(
        self, stage: Stage, bob: Person
    ) -> None:
        group = stage.slack.add_user_group("billing-team", members=[bob])
        await let(stage, viewers=(group.id,))
        stage.slack.faults.add("usergroups.users.list", "status", times=2)
        assert "Slack did not say which scorecards you may see." in await told(stage, bob, "/kpi")

"""A workspace with something of everything, for calls that go wrong."""

from dataclasses import dataclass
from typing import Any

from app.playground import Channel, File, LocalSlack, Person, View
from app.playground.installation import BOT_SCOPES
from app.playground.steps import Step
from tests.playground.blocks import Json, home, modal, section
from tests.playground.conftest import Clock

FUNCTIONS = {
    "log": {
        "title": "Log",
        "description": "Log a milestone",
        "input_parameters": {},
        "output_parameters": {"link": {"type": "string", "is_required": True}},
    }
}


def manifest(tabs: bool) -> Json:
    """An app that may do much, but posts only where it is; `tabs` gives it home and messages."""
    return {
        "display_information": {"name": "KPI"},
        "features": {
            "app_home": {"home_tab_enabled": tabs, "messages_tab_enabled": tabs},
            "bot_user": {"display_name": "kpi"},
        },
        "oauth_config": {"scopes": {"bot": [s for s in BOT_SCOPES if s != "chat:write.public"]}},
        "settings": {"org_deploy_enabled": True, "function_runtime": "remote"},
        "functions": FUNCTIONS,
    }


@dataclass
class World:
    """What the calls are about."""

    slack: LocalSlack
    clock: Clock
    ana: Person
    gone: Person
    stranger: Person
    billing: Channel
    ops: Channel
    secret: Channel
    old: Channel
    alone: Channel
    direct: Channel

    def says(self, channel: Channel, **where: Any) -> str:
        """The timestamp of a message of the bot."""
        workspace = self.slack.workspace
        return workspace.post(channel, workspace.bot.id, {"text": "x"}, **where).ts

    def hers(self) -> str:
        """The timestamp of a message of Ana."""
        return self.slack.workspace.post(self.billing, self.ana.id, {"text": "x"}).ts

    def psst(self) -> str:
        """The timestamp of an ephemeral message."""
        return self.says(self.billing, visible_to=self.ana.id)

    def trigger(self, view: View | None = None) -> str:
        """A trigger id that is good."""
        view_id = None if view is None else view.id
        return self.slack.workspace.triggers.issue(self.ana.id, None, view_id)

    def used(self) -> str:
        """A trigger id that was used before."""
        trigger = self.trigger()
        self.slack.workspace.triggers.redeem(trigger)
        return trigger

    def late(self) -> str:
        """A trigger id that is too old."""
        trigger = self.trigger()
        self.clock.passes(3.1)
        return trigger

    def modal(self, **more: Any) -> View:
        """A modal that Ana looks at."""
        return self.slack.workspace.views.open(self.ana.id, modal(**more))

    def third(self) -> View:
        """The topmost of three modals."""
        views = self.slack.workspace.views
        return views.push(views.push(self.modal(), modal()), modal())

    def homely(self) -> str:
        """The id of somebody who has a home."""
        self.slack.workspace.views.publish(self.ana.id, home(section("x")))
        return self.ana.id

    def file(self) -> File:
        """A file of the bot that is complete."""
        return self.slack.workspace.upload(self.slack.workspace.bot, "a.txt", b"x")

    def uploaded(self) -> list[Json]:
        """A file of the bot that can be completed."""
        file = self.file()
        file.is_complete = False
        return [{"id": file.id}]

    def deleted(self) -> str:
        """The id of a file that is no more."""
        file = self.file()
        self.slack.workspace.remove_file(file)
        return file.id

    def step(self, *, over: bool = False) -> str:
        """The id of a step that runs, or ran."""
        step = Step("Fx1", "log", {}, "xwfp-1", outputs={} if over else None)
        self.slack.workspace.steps[step.id] = step
        return step.id

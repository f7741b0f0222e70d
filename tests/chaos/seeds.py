"""Real payloads to start from: what the local Slack sends when people use all there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.playground import View
from app.playground.envelopes import EnvelopeType
from app.playground.waiting import until
from app.slack.ids import Step
from tests.slack.access import let
from tests.slack.stage import HOME, Stage

Json = dict[str, Any]


@dataclass(frozen=True, repr=False)  # strategies would spend long on showing payloads
class Seed:
    """A payload that Slack has sent to the bot, and how it was wrapped."""

    kind: EnvelopeType
    payload: Json

    @property
    def name(self) -> str:
        """What it is in Slack's words: `slash_commands`, `block_actions`, `app_mention`."""
        event = self.payload.get("event")
        return str(event["type"] if event else self.payload.get("type", self.kind))


async def gathered(stage: Stage) -> Sequence[Seed]:
    """One payload of each thing that can be done, done by Ana."""
    await _reads(stage)
    await let(stage, owners=(stage.ana.id,), workflows_edit=True)
    await _writes(stage)
    await _sets_up(stage)
    await _happens(stage)
    await stage.rests()
    found: dict[tuple[str, ...], Seed] = {}
    for entry in stage.slack.journal.deliveries():
        seed = Seed(entry.method, entry.original)  # type: ignore[arg-type]
        found.setdefault(_sort(seed), seed)
    return list(found.values())


def _sort(seed: Seed) -> tuple[str, ...]:
    """What makes two payloads alike enough: one of them will do."""
    payload = seed.payload
    actions = [each["action_id"].partition(":")[0] for each in payload.get("actions", [])]
    view = payload.get("view", {})
    function = payload.get("event", {}).get("function", {}).get("callback_id", "")
    text = payload.get("text", "").split(maxsplit=1)[:1]
    return (seed.name, *actions, view.get("callback_id", ""), function, *text)


async def _reads(stage: Stage) -> None:
    for line in ("/kpi", "/kpi rollbacks", "/kpi roadmap", "/kpi milestones", "/kpi history"):
        await _clicks_all(stage, line)
    await stage.types("/kpi digest")
    await stage.types("/kpi help")


async def _clicks_all(stage: Stage, line: str) -> None:
    """Click each kind of button of an answer; many a click replaces it."""
    answer = await stage.types(line)
    for action in dict.fromkeys(each["action_id"] for each in _elements(answer.blocks)):
        await stage.ana.clicks(await stage.types(line), action)
        await _closes_all(stage)


async def _closes_all(stage: Stage) -> None:
    await stage.rests()
    while view := stage.slack.workspace.views.top(stage.ana.id):
        await stage.ana.closes(view)


def _elements(blocks: Sequence[Json]) -> Sequence[Json]:
    found = []
    for block in blocks:
        found += [each for each in block.get("elements", []) if each.get("type") == "button"]
        if (block.get("accessory") or {}).get("type") == "button":
            found.append(block["accessory"])
    return found


async def _writes(stage: Stage) -> None:
    ana = stage.ana
    told = await stage.types("/kpi update rollbacks 9 after the fix")
    await ana.clicks(told, "undo")
    form = await stage.opens_form("/kpi ship Bundles")
    await ana.dispatches(form, "metrics", ["rollbacks"])
    form = await ana.sees_view("new value")
    ana.fills(form, {"value:rollbacks": "8", "detail": "in *batches*"})
    await ana.submits(form)
    form = await stage.opens_form("/kpi update dunning")
    await _fills_values(stage, form, "2")
    form = await stage.opens_form("/kpi plan Reversal")
    await ana.submits(form)
    await stage.rests()
    milestone = await stage.types("/kpi milestones planned")
    await ana.clicks(milestone, "show_milestone")
    await stage.rests()
    screen = await ana.sees_message(stage.billing, "Edit")
    await ana.clicks(screen, "edit_milestone")
    form = await ana.sees_view("Status")
    await ana.submits(form)
    await stage.rests()


async def _fills_values(stage: Stage, form: View, value: str) -> None:
    fields = [each["block_id"] for each in form.blocks if each["block_id"].startswith("value:")]
    stage.ana.fills(form, dict.fromkeys(fields, value))
    await stage.ana.submits(form)
    await stage.rests()


async def _sets_up(stage: Stage) -> None:
    for action, forms in (("setup_edit", "Goal"), ("setup_schedule", "Day"), ("setup_access", "")):
        menu = await stage.opens_form("/kpi setup")
        await stage.ana.clicks(menu, action)
        await _submits_next(stage, menu, forms)
    for action in ("setup_metrics", "setup_streams", "setup_phases"):
        menu = await stage.opens_form("/kpi setup")
        await stage.ana.clicks(menu, action)
        listed = await _above(stage, menu)
        await stage.ana.clicks(listed, "open_part_form")
        await _submits_next(stage, listed, "")


async def _submits_next(stage: Stage, view: View, containing: str) -> None:
    form = await _above(stage, view, containing)
    await stage.ana.submits(form)
    await _closes_all(stage)


async def _above(stage: Stage, view: View, containing: str = "") -> View:
    """The view that is opened above another."""

    def top() -> View | None:
        found = stage.slack.workspace.views.top(stage.ana.id)
        return found if found is not view and found and containing in found.wording else None

    return await until(top, 3.0, "nothing was opened")


async def _happens(stage: Stage) -> None:
    ana, bob = stage.ana, stage.slack.add_person("bob")
    await ana.mentions_bot("rollbacks", stage.billing)
    await ana.opens_home()
    await ana.uses_shortcut("log_milestone")
    await stage.rests()
    [*_, said] = stage.posts()
    await ana.uses_shortcut("log_message_as_milestone", said)
    await ana.invites(bob, stage.billing)
    await stage.slack.run_step(Step.RECORD, {"channel": HOME, "metric": "rollbacks", "value": "7"})
    await stage.slack.run_step(Step.SHIP, {"channel": HOME, "title": "By a workflow"})
    await stage.rests()

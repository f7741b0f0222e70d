"""Buttons and forms that another version of the bot has shown: people are told, and go on."""

import json
from dataclasses import replace
from typing import Any

from app.domain.edits import PartKind
from app.services.editing import retire_part
from app.slack.ids import OutOfDate
from tests.slack.stage import OPERATING, Stage, read

OUT_OF_DATE = OutOfDate().message


async def sent(stage: Stage, form: str, **view: Any) -> Any:
    """What sending a form is answered with that differs from ours as told."""
    opened = await stage.opens_form(form)
    await stage.ana.submits(opened)
    await stage.rests()
    payload = stage.slack.journal.deliveries("interactive")[-1].payload
    answer = await stage.slack.deliver("interactive", payload | {"view": payload["view"] | view})
    assert answer.error is None
    return answer.response


async def test_a_button_that_is_known_no_more_or_carries_something_else(stage: Stage) -> None:
    changes: tuple[dict[str, str], ...] = (
        {"action_id": "of_another_version"},
        {"action_id": "undo", "value": "the last one"},
        {"action_id": "show_page", "value": "billing/next"},
        {"action_id": "set_reminders", "value": "for ever"},
    )
    for change in changes:
        shown = await stage.types("/kpi")
        await stage.ana.clicks(shown, "show_metric")
        await stage.rests()
        payload = stage.slack.journal.deliveries("interactive")[-1].original
        action = payload["actions"][0] | change
        answer = await stage.slack.deliver("interactive", payload | {"actions": [action]})
        assert answer.error is None, change
        await stage.rests()
        assert OUT_OF_DATE in read(stage.whispers()[-1]), change


async def test_a_form_that_is_known_no_more_or_carries_something_else(stage: Stage) -> None:
    later = json.dumps({"scorecard": "billing", "channel": None, "of_another_version": 1})
    for view in ({"callback_id": "of_another_version"}, {"private_metadata": later}):
        answer = await sent(stage, "/kpi plan Bundles", **view)
        assert answer == {"response_action": "errors", "errors": {"title": OUT_OF_DATE}}, view


async def test_a_form_without_fields_tells_in_the_form_itself(stage: Stage) -> None:
    empty = {"callback_id": "of_another_version", "state": {"values": {}}}
    answer = await sent(stage, "/kpi plan Bundles", **empty)
    assert answer["response_action"] == "update"
    assert OUT_OF_DATE in json.dumps(answer["view"])


async def test_what_is_wrong_in_a_field_that_the_form_lacks_is_told_at_the_first(
    stage: Stage,
) -> None:
    form = await stage.opens_form("/kpi ship Bundles")
    await stage.ana.submits(form)
    await stage.rests()
    payload = stage.slack.journal.deliveries("interactive")[-1].payload
    values = {k: v for k, v in payload["view"]["state"]["values"].items() if k != "shipped_on"}
    view = payload["view"] | {"id": "V0OTHER", "state": {"values": values}}
    answer = await stage.slack.deliver("interactive", payload | {"view": view})
    assert answer.response["errors"] == {"title": "Choose the day on which it shipped."}


async def test_values_of_metrics_that_are_there_no_more_are_refused(stage: Stage) -> None:
    form = await stage.opens_form("/kpi update rollbacks")
    stage.ana.fills(form, {"value:rollbacks": "9"})
    caller = replace(OPERATING, now=stage.clock.now)
    await retire_part(stage.running.bot.store, caller, PartKind.METRIC, "rollbacks", key="billing")
    errors = (await stage.ana.submits(form)).errors
    assert errors == {"metrics": "These metrics are in the scorecard no more."}

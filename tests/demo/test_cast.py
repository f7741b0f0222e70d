"""The cast: what the billing scorecard answers to each of them."""

import pytest

from app.demo.stage import Stage

UPDATED = {
    "ana": "~12 → ~9",
    "ben": "~12 → ~9",
    "gus": "You can't record readings in this scorecard",
    "sam": "People of other organisations and bots can't record readings in this scorecard",
}


@pytest.mark.parametrize("name", UPDATED)
async def test_everybody_in_billing_sees_it_and_two_of_four_record_in_it(
    stage: Stage, name: str
) -> None:
    person = stage.cast.named(name)
    shown = await person.types("/kpi", stage.channel)
    assert shown.message is not None
    assert "0 of 5 at target" in shown.message.wording
    answer = await person.types("/kpi update rollbacks ~9", stage.channel)
    assert answer.message is not None
    assert UPDATED[name] in answer.message.wording


async def test_only_the_owner_sets_it_up(stage: Stage) -> None:
    await stage.ana.types("/kpi setup", stage.channel)
    assert "Billing Platform" in (await stage.ana.sees_view("Metrics")).wording
    for person in (stage.cast.ben, stage.cast.gus, stage.cast.sam):
        await person.types("/kpi setup", stage.channel)
        await person.sees_message(stage.channel, f"Ask <@{stage.ana.id}>")


async def test_guest_and_stranger_see_the_shared_channel_alone(stage: Stage) -> None:
    assert stage.slack.workspace.is_shared(stage.channel)
    for person in (stage.cast.gus, stage.cast.sam):
        assert person.sees(stage.channel) == []
        for name in ("onboarding", "general"):
            with pytest.raises(PermissionError):
                person.sees(stage.slack.workspace.channel(name))

"""A milestone logged from anywhere in Slack, and from a message."""

from app.playground import View
from app.slack.ids import Shortcut
from tests.slack.stage import Stage, read
from tests.slack.test_scorecard_command import SMALL
from tests.slack.test_ship_form import initials


async def uses_shortcut(stage: Stage, *about: object) -> View:
    """Ana uses a shortcut and looks at the view once the bot has put everything into it."""
    shortcut = Shortcut.LOG_MESSAGE if about else Shortcut.LOG_MILESTONE
    reaction = await stage.ana.uses_shortcut(shortcut, *about)  # type: ignore[arg-type]
    assert reaction.error is None
    await stage.rests()
    return await stage.ana.sees_view()


async def test_a_message_becomes_a_milestone_with_its_words_and_its_address(stage: Stage) -> None:
    text = "Bundles &lt; 3 pay first\nsee <https://example.com/1|the plan>"
    message = await stage.ana.says(text, stage.billing)
    form = await uses_shortcut(stage, message)
    assert initials(form)["title"] == "Bundles < 3 pay first"
    assert initials(form)["detail"] == "see the plan (https://example.com/1)"
    address = initials(form)["links"]
    assert message.ts.replace(".", "") in address
    assert (await stage.ana.submits(form)).closed
    post = await stage.ana.sees_message(stage.billing, "shipped")
    assert "*Bundles < 3 pay first*" in read(post)
    assert address in read(post)


async def test_a_message_that_the_bot_cannot_see_brings_its_words_alone(
    empty_stage: Stage,
) -> None:
    stage = empty_stage
    await stage.load(SMALL.format(key="tiny"))
    bob = stage.slack.add_person("bob")
    direct = stage.slack.direct_message(stage.ana, bob)
    message = await bob.says("x" * 2_500, direct)
    form = await uses_shortcut(stage, message)
    assert initials(form)["title"].startswith("xxx")
    assert initials(form)["links"] == ""
    assert initials(form)["detail"].endswith("…")


async def test_from_anywhere_the_only_scorecard_is_meant(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(SMALL.format(key="tiny"))
    form = await uses_shortcut(stage)
    stage.ana.fills(form, {"title": "Bundles"})
    assert (await stage.ana.submits(form)).closed
    direct = stage.slack.direct_message(stage.ana)
    assert "Logged: *Bundles*. It is not announced" in read(await stage.ana.sees_message(direct))


async def test_from_anywhere_the_scorecard_of_a_channel_is_meant(stage: Stage) -> None:
    form = await uses_shortcut(stage)
    stage.ana.fills(form, {"title": "Bundles"})
    assert (await stage.ana.submits(form)).closed
    await stage.ana.sees_message(stage.billing, "shipped *Bundles*")


async def test_a_private_channels_scorecard_is_for_its_members_alone(empty_stage: Stage) -> None:
    stage = empty_stage
    secret = stage.slack.add_channel("secret", members=[stage.ana], private=True)
    await stage.load(SMALL.format(key="tiny"), secret)
    bob = stage.slack.add_person("bob")
    await bob.uses_shortcut(Shortcut.LOG_MILESTONE)
    await stage.rests()
    assert "no scorecard that you can log" in (await bob.sees_view()).wording
    form = await uses_shortcut(stage)
    assert "Metrics it moved" in form.wording


async def test_of_several_scorecards_one_is_chosen_and_what_was_typed_stays(
    empty_stage: Stage,
) -> None:
    stage = empty_stage
    for key in ("one", "two"):
        await stage.load(SMALL.format(key=key))
    message = await stage.ana.says("Bundles pay first\nAll of them", stage.billing)
    question = await uses_shortcut(stage, message)
    assert question.blocks[0]["block_id"] == "scorecard"
    assert "scorecard" in (await stage.ana.submits(question)).errors
    stage.ana.fills(question, {"scorecard": "two", "title": "Bundles"})
    sent = await stage.ana.submits(question)
    assert sent.view is not None
    assert "Metrics it moved" in sent.view.wording
    assert initials(sent.view)["title"] == "Bundles"
    assert initials(sent.view)["detail"] == "All of them"
    assert (await stage.ana.submits(sent.view)).closed


async def test_more_scorecards_than_slack_shows_at_once_are_searched(empty_stage: Stage) -> None:
    stage = empty_stage
    for number in range(101):
        await stage.load(SMALL.format(key=f"card-{number}").replace("name: ", f"name: {number} "))
    question = await uses_shortcut(stage)
    found = await stage.ana.searches(question, "choose_scorecard", "100")
    assert [option["value"] for option in found] == ["card-100"]
    stage.ana.fills(question, {"scorecard": "card-100", "title": "Bundles"})
    sent = await stage.ana.submits(question)
    assert sent.view is not None
    assert "Ship it" in str(sent.view.content["submit"])


async def test_without_any_scorecard_the_form_says_what_to_do(empty_stage: Stage) -> None:
    told = await uses_shortcut(empty_stage)
    assert "/kpi setup to make one" in told.wording


async def test_a_form_that_slack_does_not_open_is_explained(stage: Stage) -> None:
    stage.slack.faults.add("views.open", "status")
    await stage.ana.uses_shortcut(Shortcut.LOG_MILESTONE)
    await stage.rests()
    direct = stage.slack.direct_message(stage.ana)
    assert "Slack has a problem of its own" in read(await stage.ana.sees_message(direct))

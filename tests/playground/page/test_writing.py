"""What is typed on the page, and how it is sent."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp

from app.playground import Channel, LocalSlack, Person
from app.playground.page.acts.wording import command_text, message_text
from tests.playground.page.conftest import Browser

MANIFEST = {
    "display_information": {"name": "Scores"},
    "features": {
        "bot_user": {"display_name": "scores"},
        "slash_commands": [
            {"command": "/score", "description": "See it", "usage_hint": "[name]"},
            {"command": "/team", "description": "Ask a team", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "New score", "type": "global", "callback_id": "new", "description": "Begin"},
            {"name": "Score this", "type": "message", "callback_id": "this", "description": "It"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
}


async def test_what_was_typed_shows_as_it_was_typed(
    browser: Browser, ana: Person, billing: Channel
) -> None:
    place = {"person": ana.id, "channel": billing.id}
    answer = await browser.act("write", {"text": " <b> & <!channel>  "}, **place)

    assert answer == {"ok": True}
    assert ana.sees(billing)[-1].text == "&lt;b&gt; &amp; &lt;!channel&gt;"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@Ana Beck and @ana", "<@{ana}> and <@{ana}>"),
        ("in #billing, now", "in <#{billing}>, now"),
        ("@crew @here", "<!subteam^{crew}> <!here>"),
        ("ana@anabeck.example #billings @anabel", "ana@anabeck.example #billings @anabel"),
        ("`@ana` and ```\n#billing```", "`@ana` and ```\n#billing```"),
        ("(@ana)", "(<@{ana}>)"),
    ],
)
async def test_who_is_named_is_named_by_id(
    slack: LocalSlack, ana: Person, billing: Channel, typed: str, sent: str
) -> None:
    crew = slack.add_user_group("crew", members=[ana])
    expected = sent.format(ana=ana.id, billing=billing.id, crew=crew.id)
    assert message_text(typed, slack.workspace, [billing]) == expected


async def test_commands_that_ask_for_ids_get_them_with_names(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    sent = command_text("/team @Ana Beck #billing <x>", slack.workspace, [billing])
    assert sent == f"/team <@{ana.id}|ana> <#{billing.id}|billing> &lt;x&gt;"


async def test_a_reply_goes_to_the_open_thread(
    browser: Browser, ana: Person, billing: Channel
) -> None:
    top = await ana.says("Top", billing)
    place = {"person": ana.id, "channel": billing.id, "thread": top.ts}
    await browser.act("write", {"text": "In it", "in_thread": True}, **place)
    await browser.act("write", {"text": "Beside it"}, **place)

    assert [message.text for message in ana.thread(top)] == ["Top", "In it"]
    assert [message.text for message in ana.sees(billing)] == ["Top", "Beside it"]

    refused = await browser.act("write", {"text": "/kpi", "in_thread": True}, **place)
    assert "can't be used in threads" in refused["problem"]


async def test_a_failed_command_says_what_slack_says(
    browser: Browser, ana: Person, billing: Channel
) -> None:
    place = {"person": ana.id, "channel": billing.id}
    answer = await browser.act("write", {"text": "/kpi rollbacks"}, **place)

    assert answer == {"ok": False, "problem": "/kpi failed with the error “dispatch_failed”"}


async def test_the_app_gets_the_command(
    browser: Browser, app: AsyncApp, ana: Person, billing: Channel
) -> None:
    heard: dict[str, Any] = {}

    @app.command("/kpi")
    async def kpi(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.update(body)
        await ack("Done")

    answer = await browser.act(
        "write", {"text": "/kpi update @ana "}, person=ana.id, channel=billing.id
    )

    assert answer == {"ok": True}
    assert heard["text"] == "update @ana"
    assert ana.sees(billing)[-1].text == "Done"


async def test_a_channel_that_the_writer_does_not_see_stays_as_typed(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    slack.add_channel("secrets", private=True)
    await browser.act("write", {"text": "#secrets"}, person=ana.id, channel=billing.id)
    assert ana.sees(billing)[-1].text == "#secrets"


@pytest.mark.parametrize("nothing", ["", "  \n "])
async def test_nothing_is_not_sent(
    browser: Browser, ana: Person, billing: Channel, nothing: str
) -> None:
    answer = await browser.act("write", {"text": nothing}, person=ana.id, channel=billing.id)
    assert answer["problem"] == "There is nothing to send"
    assert ana.sees(billing) == []


class TestWithAManifest:
    @pytest.fixture
    async def slack(self) -> AsyncIterator[LocalSlack]:
        async with LocalSlack(MANIFEST) as slack:
            yield slack

    async def test_an_unknown_command_names_those_there_are(
        self, browser: Browser, ana: Person, billing: Channel
    ) -> None:
        place = {"person": ana.id, "channel": billing.id}
        answer = await browser.act("write", {"text": "/skore x"}, **place)
        assert answer["problem"].startswith(
            "/skore is not a command here. Scores has /score, /team."
        )

        await browser.act("write", {"text": " /skore x"}, **place)
        assert ana.sees(billing)[-1].text == "/skore x"

    async def test_commands_people_and_channels_are_suggested(
        self, browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        slack.add_user_group("crew", "The crew")
        slack.add_channel("secrets", private=True)
        known = (await browser.shows(person=ana.id, channel=billing.id))["known"]

        for words in ("score", "See it", "[name]", "Ana Beck", "The crew", "billing"):
            assert words in known
        assert "secrets" not in known

    async def test_shortcuts_stand_in_the_menus(self, browser: Browser, ana: Person) -> None:
        async with browser.session.get(browser.url) as response:
            document = await response.text()
        assert "New score" in document
        assert "Score this" in document

    async def test_a_shortcut_that_fails_is_named(
        self, browser: Browser, ana: Person, billing: Channel
    ) -> None:
        message = await ana.says("Hello", billing)
        surface = f"{billing.id}:{message.ts}"
        place = {"person": ana.id, "channel": billing.id}
        for content in ({"shortcut": "new"}, {"shortcut": "this", "surface": surface}):
            answer = await browser.act("use_shortcut", content, **place)
            assert answer["problem"].endswith("failed with the error “dispatch_failed”")
            assert "core" in answer["problem"]

"""The side bar, the head of a channel, and what can be done there."""

import re

from app.playground import Channel, LocalSlack, Person
from app.playground.page import Page
from app.playground.page.regions import bar, channels, composer, head
from tests.playground.page.conftest import Browser
from tests.playground.page.screens import screen_of


def acts_in(html: str) -> list[str]:
    return re.findall(r'data-act="(\w+)"', html)


def offered(slack: LocalSlack, person: Person, channel: Channel) -> list[str]:
    """What the channel's menu offers, and what stands in place of the composer."""
    screen = screen_of(slack, person, channel)
    pieces = [*head.pieces(screen), *composer.pieces(screen)]
    acts = acts_in("".join(piece.html for piece in pieces))
    return [act for act in acts if act != "write_to"]


async def test_only_what_is_possible_is_offered(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben")

    assert offered(slack, ana, billing) == ["remove_app", "leave", "archive"]
    assert offered(slack, ben, billing) == ["join", "join"]
    await ana.removes_bot(billing)
    assert "add_app" in offered(slack, ana, billing)
    await ana.archives(billing)
    assert offered(slack, ana, billing) == ["unarchive"]
    assert offered(slack, ben, billing) == []
    assert offered(slack, ana, slack.direct_message(ana)) == []


async def test_everything_that_is_offered_works(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben")
    here = {"channel": billing.id}
    bot = slack.bot_user_id

    assert await browser.act("join", {}, person=ben.id, **here) == {"ok": True}
    assert ben.id in billing.members
    await browser.act("leave", {}, person=ben.id, **here)
    assert ben.id not in billing.members
    await browser.act("remove_app", {}, person=ana.id, **here)
    assert bot not in billing.members
    await browser.act("add_app", {}, person=ana.id, **here)
    assert bot in billing.members
    await browser.act("archive", {}, person=ana.id, **here)
    assert billing.is_archived
    await browser.act("unarchive", {}, person=ana.id, **here)
    assert not billing.is_archived


async def test_members_can_be_written_to(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben")
    for user_id, other in ((ben.id, ben), (slack.bot_user_id, None)):
        answer = await browser.act(
            "write_to", {"person": user_id}, person=ana.id, channel=billing.id
        )
        direct = slack.direct_message(ana, other)
        assert answer == {"ok": True, "address": f"/?person={ana.id}&channel={direct.id}"}

    nobody = await browser.act("write_to", {"person": "U0"}, person=ana.id, channel=billing.id)
    assert nobody["problem"] == "Nobody to write to"


async def test_what_is_not_possible_says_why(
    browser: Browser, slack: LocalSlack, billing: Channel, ana: Person
) -> None:
    ben = slack.add_person("ben")
    answer = await browser.act("archive", {}, person=ben.id, channel=billing.id)
    assert answer == {"ok": False, "problem": "ben isn't in billing"}


async def test_where_one_cannot_write_it_says_so(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben")
    there = composer.pieces(screen_of(slack, ben, billing))[0].html
    assert "are not in it" in there
    assert "<textarea" not in there

    await ana.archives(billing)
    assert "is archived" in composer.pieces(screen_of(slack, ana, billing))[0].html


async def test_the_side_bar_marks_conversations(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    sam = slack.add_person("sam", stranger=True)
    slack.add_channel("abroad", members=[ana, sam])
    slack.add_channel("old", members=[ana], archived=True)
    slack.add_channel("hidden", members=[ana], private=True)

    html = "".join(piece.html for piece in channels.pieces(screen_of(slack, ana, billing)))
    links = {re.sub(r"<[^>]+>", "|", link) for link in re.findall(r"<a.*?</a>", html)}

    def words_of(name: str) -> str:
        return next(link for link in links if name in link)

    assert "Shared" in words_of("abroad")
    assert "Archived" in words_of("old")
    assert "private channel" in words_of("hidden")
    assert "App" in words_of(slack.workspace.bot.real_name)


async def test_people_are_listed_with_what_they_may_do(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    slack.add_person("olga", owner=True)
    slack.add_person("max", admin=True)
    slack.add_person("gus", guest=True)
    slack.add_person("una", single_channel_guest=True)
    slack.add_person("sam", stranger=True)

    people = bar.you(screen_of(slack, ana, billing))[-1].html

    roles = re.findall(r'menu-detail">([^<]+)', people)
    assert roles == [
        "Member",
        "Owner",
        "Admin",
        "Guest",
        "Guest in one channel",
        "Of another organisation",
    ]


async def test_the_bar_tells_whether_the_app_is_there(
    slack: LocalSlack, ana: Person, billing: Channel, http_app: object
) -> None:
    def connection(of: LocalSlack, person: Person, channel: Channel) -> str:
        return bar.pieces(screen_of(of, person, channel))[-1].html

    assert "App reached by HTTP" in connection(slack, ana, billing)
    async with LocalSlack() as lonely:
        bea = lonely.add_person("bea")
        Page(lonely)
        assert "App not connected" in connection(lonely, bea, lonely.add_channel("c"))


async def test_the_bar_tells_of_a_connection(
    slack: LocalSlack, ana: Person, billing: Channel, socket_app: object
) -> None:
    assert "App connected" in bar.pieces(screen_of(slack, ana, billing))[-1].html

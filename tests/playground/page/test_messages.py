"""Messages on the page: who wrote what, when, for whom."""

import re

from app.playground import Channel, LocalSlack, Person
from app.playground.page.pieces import Piece
from app.playground.page.place import Place
from app.playground.page.regions import messages
from tests.playground.conftest import Clock
from tests.playground.page.conftest import Browser
from tests.playground.page.screens import screen_of


def shown(slack: LocalSlack, person: Person, channel: Channel, **place: str) -> list[Piece]:
    return messages.pieces(screen_of(slack, person, channel, **place))


async def test_an_empty_conversation_says_so(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    [piece] = shown(slack, ana, billing)
    assert "Nothing has been written here yet." in piece.html
    await ana.says("Hello", billing)
    assert not any("Nothing has been written" in each.html for each in shown(slack, ana, billing))


async def test_authors_are_named_once_in_a_row(
    slack: LocalSlack, clock: Clock, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben", real_name="Ben Cole")
    billing.members.append(ben.id)
    for author, pause in ((ana, 0), (ana, 60), (ben, 60), (ana, 60), (ana, 600)):
        clock.passes(pause)
        await author.says("Hello", billing)

    heads = ["message-author" in piece.html for piece in shown(slack, ana, billing)[1:]]

    assert heads == [True, False, True, True, True]


async def test_days_stand_above_their_messages(
    slack: LocalSlack, clock: Clock, ana: Person, billing: Channel
) -> None:
    for pause in (0, 3 * 86_400, 86_400, 0):
        clock.passes(pause)
        await ana.says("Hello", billing)

    html = "".join(piece.html for piece in shown(slack, ana, billing))

    assert re.findall(r'class="day"[^>]*><span>([^<]+)', html) == [
        "Monday 16 March",
        "Yesterday",
        "Today",
    ]


async def test_times_are_the_reader_s(
    slack: LocalSlack, clock: Clock, ana: Person, billing: Channel
) -> None:
    kim = slack.add_person("kim", tz="America/New_York")
    await ana.says("Hello", billing)

    assert "10:00" in shown(slack, ana, billing)[-1].html
    assert "05:00" in shown(slack, kim, billing)[-1].html
    assert "Monday 16 March 2026 at 05:00:00" in shown(slack, kim, billing)[-1].html


async def test_what_is_special_about_a_message_is_said(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    bot = slack.workspace.bot
    slack.workspace.post(billing, bot.id, {"text": "For all"})
    slack.workspace.post(billing, bot.id, {"text": "For you"}, visible_to=ana.id)
    ephemeral = shown(slack, ana, billing)[-1].html
    assert "Only visible to you" in ephemeral
    assert 'class="badge">App' in ephemeral
    assert "Reply in thread" not in ephemeral

    edited = await ana.says("Hello", billing)
    edited.edited_ts = slack.workspace.new_ts()
    assert "(edited)" in shown(slack, ana, billing)[-1].html

    sam = slack.add_person("sam", stranger=True)
    billing.members.append(sam.id)
    await sam.says("Hello", billing)
    assert 'class="badge">External' in shown(slack, ana, billing)[-1].html


async def test_replies_are_counted_below_their_message(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    top = await ana.says("Top", billing)
    await ana.says("One", billing, top)
    assert "1 reply" in shown(slack, ana, billing)[-1].html
    await ana.says("Two", billing, top)
    assert "2 replies" in shown(slack, ana, billing)[-1].html

    thread = messages.thread(screen_of(slack, ana, billing, thread=top.ts))

    assert [piece.id for piece in thread[1:]] == [f"t-{m.ts}" for m in ana.thread(top)]
    assert "replies" not in thread[1].html


async def test_a_reply_that_goes_to_the_channel_too_says_so(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    top = await ana.says("Top", billing)
    bot = slack.bot_user_id
    slack.workspace.post(billing, bot, {"text": "Both"}, thread_ts=top.ts, broadcast=True)

    piece = shown(slack, ana, billing)[-1]

    assert "Replied to a thread" in piece.html
    assert f"thread={top.ts}" in piece.html


async def test_earlier_messages_are_shown_on_demand(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    for number in range(101):
        slack.workspace.post(billing, ana.id, {"text": f"Number {number}"})

    latest = shown(slack, ana, billing)
    assert "Show earlier messages" in latest[0].html
    assert not any("Number 0<" in piece.html for piece in latest)

    link = re.search(r'href="/\?([^"]+)"', latest[0].html)
    assert link is not None
    place = dict(part.split("=") for part in link[1].replace("&amp;", "&").split("&"))
    assert Place.read(place).channel == billing.id
    everything = shown(slack, ana, billing, most=place["most"])
    assert any("Number 0<" in piece.html for piece in everything)
    assert "Show earlier messages" not in everything[0].html


async def test_a_message_that_did_not_change_is_not_rendered_again(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    await ana.says("One", billing)
    before = shown(slack, ana, billing)[-1]
    await ana.says("Two", billing)
    assert shown(slack, ana, billing)[-2] is before

    slack.add_person("zoe", real_name="Zoe")
    after = shown(slack, ana, billing)[-2]
    assert after is not before
    assert after.version == before.version


async def test_what_people_wrote_stays_text(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    mal = slack.add_person("mal", real_name='<img src=x onerror="alert(1)">')
    billing.members.append(mal.id)
    await mal.says("&lt;script&gt;alert(1)&lt;/script&gt;<b>", billing)
    slack.workspace.post(billing, mal.id, {"text": "<script>alert(2)</script>"})

    html = "".join((await browser.shows(person=ana.id, channel=billing.id)).values())

    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html


async def test_the_name_of_a_private_channel_is_for_those_in_it(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben", real_name="Ben Cole")
    billing.members.append(ben.id)
    secret = slack.add_channel("acquisition", members=[ben], private=True)
    await ben.says(f"See <#{secret.id}>", billing)

    assert "#acquisition" in shown(slack, ben, billing)[-1].html
    assert "acquisition" not in shown(slack, ana, billing)[-1].html
    assert "private channel" in shown(slack, ana, billing)[-1].html

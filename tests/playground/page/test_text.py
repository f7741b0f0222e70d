"""Text as people read it on the page."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import htpy as h
import pytest

from app.playground.page.html.text import render_inline, render_mrkdwn, render_text, words_of
from tests.playground.blocks import Json, plain
from tests.playground.page.documents import Element
from tests.playground.page.reading import ANA


def read(text: str) -> Element:
    return Element.of(render_mrkdwn(text, ANA))


def mrkdwn(text: str, **more: object) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("*a* _b_ ~c~ `d`", "<b>a</b> <i>b</i> <s>c</s> <code>d</code>"),
        ("*a _b_*", "<b>a </b><b><i>b</i></b>"),
        ("`*a*`", "<code>*a*</code>"),
        ("R&amp;D &lt;b&gt; <i>", "R&amp;D &lt;b&gt; i"),
        ("\u200b~12 → \u200b~9", "~12 → ~9"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_styles(typed: str, html: str) -> None:
    assert str(h.p[render_inline(mrkdwn(typed), ANA)]) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("typed", "said", "is_hers"),
    [
        ("<@U1>", "@Ana Beck", True),
        ("<@U2>", "@Ben Cole", False),
        ("<@U9|Grace>", "@Grace", False),
        ("<@U9>", "@U9", False),
        ("<#C1>", "#billing", False),
        ("<#C9>", "private channel", False),
        ("<#C9|elsewhere>", "#elsewhere", False),
        ("<!subteam^S1|@old>", "@leads", False),
        ("<!here>", "@here", True),
    ],
)
def test_mentions_are_names(typed: str, said: str, is_hers: bool) -> None:
    (mention,) = read(typed).of_class("mention")
    assert mention.text == said
    assert ("is-me" in (mention["class"] or "")) is is_hers


def test_a_mentioned_channel_can_be_found() -> None:
    (mention,) = read("in <#C1>").of_class("mention")
    assert mention["data-channel"] == "C1"


@pytest.mark.parametrize(
    ("typed", "address", "label"),
    [
        ("<https://x.test/a?b=1&amp;c=2|ticket>", "https://x.test/a?b=1&c=2", "ticket"),
        ("<mailto:ana@x.test>", "mailto:ana@x.test", "ana@x.test"),
        ("see https://x.test/a_b_c.", "https://x.test/a_b_c", "https://x.test/a_b_c"),
        ("(http://x.test)", "http://x.test", "http://x.test"),
    ],
)
def test_links_open_beside_the_page_and_tell_nothing_of_it(
    typed: str, address: str, label: str
) -> None:
    link = read(typed).one("a")
    assert (link["href"], link.text) == (address, label)
    assert (link["target"], link["rel"]) == ("_blank", "noreferrer noopener")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//x.test", "/acts"],
)
def test_what_opens_no_other_page_is_words(address: str) -> None:
    page = read(f"<{address}|here>")
    assert list(page.all("a")) == []
    assert page.text == f"here ({address})"


def test_an_address_in_a_verbatim_text_is_words() -> None:
    text = mrkdwn("https://x.test and <https://y.test>", verbatim=True)
    page = Element.of(render_text(text, ANA))
    assert [each["href"] for each in page.all("a")] == ["https://y.test"]
    assert page.text == "https://x.test and https://y.test"


def test_emoji_are_signs_that_say_their_name() -> None:
    (emoji,) = read("a :ship: 12:30:45 :nope:").of_class("emoji")
    assert (emoji.text, emoji["aria-label"], emoji["title"]) == ("🚢", "ship", ":ship:")
    assert read(":wave::skin-tone-3: :nope:tada:").text == "👋🏼 :nope🎉"


def test_plain_text_is_as_typed_save_its_emoji() -> None:
    page = Element.of(render_inline(plain("*a* <@U1> :ship: &amp;"), ANA))
    assert page.text == "*a* <@U1> 🚢 &"
    without = {**plain(":ship:"), "emoji": False}
    assert Element.of(render_inline(without, ANA)).text == words_of(without) == ":ship:"


def test_words_alone_for_labels() -> None:
    assert words_of(mrkdwn("*Log* :ship: <https://x.test|there>")) == "Log 🚢 there"


def test_passages() -> None:
    page = read("one\n\ntwo\n&gt; a\n> b\n• c\n  ◦ d\n2. e\n```\nif x &lt; 1:\n  *go*\n```\nend")
    (frame,) = page.of_class("formatted")
    tags = [each.tag for each in frame.content if isinstance(each, Element)]
    assert tags == ["p", "p", "p", "blockquote", "ul", "pre", "p"]
    outer, inner = page.all("ul")
    assert [each.text for each in outer.content if isinstance(each, Element)] == ["• c◦ d", "2. e"]
    assert inner.text == "◦ d"
    assert page.one("blockquote").text == "a\nb"
    assert page.one("pre").text == "if x < 1:\n  *go*"


def test_all_behind_three_signs_is_quoted() -> None:
    assert read("before\n>>> all\nthe *rest*").one("blockquote").text == "all\nthe rest"


def test_a_date_is_by_the_readers_clock() -> None:
    typed = "<!date^1773619200^{date_long} at {time}|16 March>"
    for zone, said in (
        ("Europe/Berlin", "Monday, March 16th at 01:00"),
        ("America/New_York", "Sunday, March 15th at 20:00"),
        ("Pacific/Auckland", "Monday, March 16th at 13:00"),
    ):
        reader = replace(ANA, now=ANA.now.astimezone(ZoneInfo(zone)))
        page = Element.of(render_mrkdwn(typed, reader))
        assert page.text == said
        instant = page.one("time")["datetime"]
        assert instant is not None
        assert datetime.fromisoformat(instant).timestamp() == 1_773_619_200


def test_a_date_may_be_a_link() -> None:
    page = read("<!date^1773619200^{date_num}^https://x.test/a^b|fallback>")
    assert page.one("a")["href"] == "https://x.test/a^b"
    assert page.one("a").text == "2026-03-16"


@pytest.mark.parametrize("seconds", ["soon", "999999999999"])
def test_a_date_that_is_none_is_its_fallback(seconds: str) -> None:
    assert read(f"<!date^{seconds}^{{date}}|on Monday>").text == "on Monday"


def test_however_deep_an_item_claims_to_stand_it_can_be_read() -> None:
    page = read("\n".join(f"{' ' * depth}• item" for depth in range(300)))
    assert len(list(page.all("li"))) == 300
    assert len(list(page.all("ul"))) == 9

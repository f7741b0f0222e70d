"""Whatever Block Kit's rules let through is well-formed HTML, in which words stay words."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from app.playground.blockkit import problems_in_message, problems_in_view
from app.playground.blocks import words_in
from app.playground.page.html.attachments import render_attachments
from app.playground.page.html.blocks import render_blocks
from app.playground.page.html.reader import Surface
from app.playground.page.html.text import render_mrkdwn
from app.playground.terminal import plain_text, render_message
from tests.playground.blocks import Json
from tests.playground.page.documents import Element
from tests.playground.page.reading import ANA, shown
from tests.playground.test_blockkit_any_payload import valid_blocks

TAGS = """
a b blockquote br button caption circle code details div fieldset figcaption figure g h3
h4 h5 h6 hr i img input label legend li line mark ol option p path polygon polyline pre
rect s select span summary svg table tbody td text textarea th thead time title tr tspan u
ul
"""
SIGNS = "abZ09 <>&\"'/=*_~`:|#@!^[]()\n\u200bü中🚢"
texts = st.text(SIGNS, min_size=1, max_size=30)
short = st.text(SIGNS, min_size=1, max_size=20)
plain = texts.map(lambda text: {"type": "plain_text", "text": text})
any_text = plain | texts.map(lambda text: {"type": "mrkdwn", "text": text})
addresses = st.text(SIGNS.replace(" ", "").replace("\n", ""), min_size=1, max_size=30)
pictures = addresses.map(lambda rest: f"https://x.test/{rest}")
urls = texts | texts.map(lambda rest: f"https://x.test/{rest}")
images = st.fixed_dictionaries(
    {"type": st.just("image"), "alt_text": texts},
).flatmap(
    lambda image: (
        pictures.map(lambda url: {**image, "image_url": url})
        | texts.map(lambda id_: {**image, "slack_file": {"id": id_}})
        | urls.map(lambda url: {**image, "slack_file": {"url": url}})
    )
)
styles = st.dictionaries(
    st.sampled_from(["bold", "italic", "strike", "code", "underline", "highlight", "unlink"]),
    st.booleans(),
)


def part(kind: str, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"type": st.just(kind), **fields}, optional={"style": styles})


parts = st.lists(
    st.one_of(
        part("text", text=texts),
        part("link", url=urls, text=texts),
        part("emoji", name=texts, unicode=st.sampled_from(["1f6a2", "xyz", "110000"])),
        part("user", user_id=texts),
        part("channel", channel_id=texts),
        part("usergroup", usergroup_id=texts),
        part("team", team_id=texts),
        part("broadcast", range=st.just("here")),
        part("color", value=texts | st.just("#abc")),
        part("date", timestamp=st.integers(), format=texts | st.just("{ago}")),
    ),
    max_size=4,
)
sections = parts.map(lambda some: {"type": "rich_text_section", "elements": some})
rich_texts = st.lists(
    st.one_of(
        sections,
        parts.map(lambda some: {"type": "rich_text_quote", "elements": some}),
        parts.map(lambda some: {"type": "rich_text_preformatted", "elements": some}),
        st.builds(
            lambda items, style, indent, offset: {
                "type": "rich_text_list",
                "elements": items,
                "style": style,
                "indent": indent,
                "offset": offset,
            },
            st.lists(sections, min_size=1, max_size=3),
            st.sampled_from(["bullet", "ordered"]),
            st.integers(0, 8),
            st.integers(0, 50),
        ),
    ),
    min_size=1,
    max_size=4,
).map(lambda some: {"type": "rich_text", "elements": some})

values = st.integers(-(10**400), 10**400) | st.floats(allow_nan=False, allow_infinity=False)
cells = st.one_of(
    texts.map(lambda text: {"type": "raw_text", "text": text}),
    st.builds(
        lambda text, value: {"type": "raw_number", "text": text, "value": value}, texts, values
    ),
)


def tables(least: int) -> st.SearchStrategy[list[list[Json]]]:
    return st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.lists(cells, min_size=columns, max_size=columns), min_size=least, max_size=4
        )
    )


@st.composite
def plots(draw: st.DrawFn) -> Json:
    categories = draw(st.lists(short, min_size=1, max_size=5, unique=True))
    names = draw(st.lists(short, min_size=1, max_size=3, unique=True))
    points = [
        {"name": name, "data": [{"label": each, "value": draw(values)} for each in categories]}
        for name in names
    ]
    axes = {"categories": categories, "x_label": draw(short), "y_label": draw(short)}
    kind = draw(st.sampled_from(["line", "bar", "area"]))
    return {"type": kind, "series": points, "axis_config": axes}


pies = st.lists(
    st.builds(
        lambda label, value: {"label": label, "value": value},
        short,
        st.floats(1e-300, 1e300) | st.integers(1, 10**400),
    ),
    min_size=1,
    max_size=6,
).map(lambda segments: {"type": "pie", "segments": segments})
cards = st.builds(
    lambda title, body, image: {"type": "card", "title": title, "body": body, "icon": image},
    any_text,
    any_text,
    images,
)
details = sections.map(lambda section: {"type": "rich_text", "elements": [section]})
tasks = st.builds(
    lambda id_, title, status, said, source: {
        "type": "task_card",
        "task_id": id_,
        "title": title,
        "status": status,
        "details": said,
        "sources": [{"type": "url", "url": source, "text": title}],
    },
    short,
    texts,
    st.sampled_from(["pending", "in_progress", "complete", "error"]),
    details,
    pictures | addresses.map(lambda rest: f"javascript:{rest}"),
)
shown_blocks = st.one_of(
    plain.map(lambda text: {"type": "header", "text": text}),
    st.builds(
        lambda text, image: {"type": "section", "text": text, "accessory": image}, any_text, images
    ),
    st.lists(any_text | images, min_size=1, max_size=4).map(
        lambda some: {"type": "context", "elements": some}
    ),
    st.builds(lambda image, title: {**image, "title": title}, images, plain),
    rich_texts,
    texts.map(lambda text: {"type": "markdown", "text": text}),
    tables(1).map(lambda rows: {"type": "table", "rows": rows}),
    st.builds(
        lambda rows, caption: {"type": "data_table", "rows": rows, "caption": caption},
        tables(2),
        texts,
    ),
    st.builds(
        lambda title, chart: {"type": "data_visualization", "title": title, "chart": chart},
        short,
        plots() | pies,
    ),
    cards,
    st.lists(cards, min_size=1, max_size=3).map(
        lambda some: {"type": "carousel", "elements": some}
    ),
    st.builds(
        lambda title, alt, url: {
            "type": "video",
            "title": title,
            "alt_text": alt,
            "thumbnail_url": url,
            "video_url": "https://x.test/v",
        },
        plain,
        texts,
        pictures,
    ),
    tasks,
    st.builds(
        lambda title, some: {"type": "plan", "title": title, "tasks": some},
        texts,
        st.lists(tasks, max_size=2),
    ),
    st.builds(
        lambda title, subtitle, child, folds: {
            "type": "container",
            "title": title,
            "subtitle": subtitle,
            "child_blocks": [child],
            "is_collapsible": folds,
        },
        plain,
        any_text,
        details,
        st.booleans(),
    ),
    texts.map(lambda text: {"type": "file", "external_id": text, "source": "remote"}),
)
alerts = any_text.map(lambda text: {"type": "alert", "text": text})

LINK_SCHEMES = ("https://", "http://", "mailto:", "/files/")


def letters(text: str) -> str:
    """What no rule of formatting takes away."""
    return "".join(re.findall(r"[abZ09ü中]", text))


def require_harmless(page: Element) -> None:
    for element in page.all():
        assert element.tag in TAGS.split()
        assert not {name for name in element.attributes if name.startswith(("on", "style"))}
        address = element["href"]
        assert address is None or address.lower().startswith(LINK_SCHEMES)
        source = element["src"]
        assert source is None or source.startswith(("/files/", "data:image/"))


@settings(deadline=None, max_examples=50)
@given(block=shown_blocks)
def test_any_block_can_be_read(block: Json) -> None:
    assert problems_in_message({"blocks": [block]}) == []
    page = shown(block)
    require_harmless(page)
    if block["type"] != "markdown":
        spoken = letters(page.spoken)
        for words in words_in(block):
            assert letters(words) in spoken


@settings(deadline=None, max_examples=50)
@given(block=alerts)
def test_any_alert_can_be_read(block: Json) -> None:
    title = {"type": "plain_text", "text": "x"}
    assert problems_in_view({"type": "modal", "title": title, "blocks": [block]}) == []
    page = shown(block)
    require_harmless(page)
    assert letters(block["text"]["text"]) in letters(page.spoken)


@settings(deadline=None, max_examples=50)
@given(blocks=st.lists(valid_blocks, min_size=1, max_size=4))
def test_blocks_with_elements_are_harmless(blocks: list[Json]) -> None:
    require_harmless(shown(*blocks))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "value"]), inner)
    ),
)
attached = st.dictionaries(
    st.sampled_from(
        ["color", "pretext", "text", "title", "title_link", "fields", "image_url", "ts"]
    ),
    anything,
)


@settings(deadline=None, max_examples=50)
@given(attachments=st.lists(attached, max_size=3))
def test_any_attachment_is_harmless(attachments: list[Json]) -> None:
    rendered = render_attachments(attachments, ANA, Surface("C1:1.0"), render_blocks)
    require_harmless(Element.of(rendered))


# Without the sign that gives a link a label: the terminal tells its address as well.
@settings(deadline=None, max_examples=50)
@given(text=st.text(SIGNS.replace("|", ""), max_size=80))
def test_terminal_and_page_say_the_same(text: str) -> None:
    page = Element.of(render_mrkdwn(text, ANA))
    require_harmless(page)
    message = {"text": text}
    told = plain_text(render_message(message, sender="", channel="", names=ANA.names), width=500)
    assert letters(page.text) == letters(told)

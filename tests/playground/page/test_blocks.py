"""Every type of block, as people read it on the page."""

import pytest

from app.playground.files import File
from app.playground.messages import Message
from app.playground.page.html.blocks import render_content
from app.playground.page.html.files import render_files
from app.playground.page.html.reader import Surface
from tests.playground.blocks import Json, actions, button, plain, section
from tests.playground.page.documents import Element
from tests.playground.page.reading import ANA, shown

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def image(**where: object) -> Json:
    return {"type": "image", "alt_text": "From 196 to ~12", **where}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def of(kind: str, *parts: Json, **more: object) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(parts), **more}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def number(value: float, text: str) -> Json:
    return {"type": "raw_number", "value": value, "text": text}


def card(title: str, **more: object) -> Json:
    return {"type": "card", "title": plain(title), **more}


def test_a_header_is_a_heading() -> None:
    page = shown({"type": "header", "text": plain("Week 12 :ship:")})
    (heading,) = page.of_class("heading")
    assert (heading["role"], heading["aria-level"], heading.text) == ("heading", "3", "Week 12 🚢")


def test_a_section_has_its_text_its_fields_and_what_stands_beside_it() -> None:
    fields = [{"type": "mrkdwn", "text": f"*{each}*"} for each in ("From", "To")]
    page = shown(section("*Rollbacks*", fields=fields, accessory=button("update", "Update")))
    assert page.text == "RollbacksFromToUpdate"
    (frame,) = page.of_class("fields")
    assert [each.text for each in frame.all("b")] == ["From", "To"]
    assert page.one("button").text == "Update"


def test_a_context_holds_pictures_and_words() -> None:
    page = shown({"type": "context", "elements": [image(image_url=PIXEL), plain("by Ben")]})
    assert page.one("img")["alt"] == "From 196 to ~12"
    assert page.text == "by Ben"


def test_actions_stand_in_a_row() -> None:
    page = shown(actions(button("log", "Log"), button("undo", "Undo")))
    assert [each.text for each in page.all("button")] == ["Log", "Undo"]


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ({"slack_file": {"id": "F012"}}, "/files/F012"),
        ({"slack_file": {"url": "http://127.0.0.1:9/files-pri/T1-F012/a.png"}}, "/files/F012"),
        ({"slack_file": {"url": "https://w.slack.com/files/U1/F012/a.png"}}, "/files/F012"),
        ({"image_url": "http://127.0.0.1:8123/files/F012"}, "/files/F012"),
        ({"image_url": PIXEL}, PIXEL),
    ],
)
def test_an_image_is_shown_with_its_alternative_text(where: Json, address: str) -> None:
    page = shown(image(title=plain("Trend"), **where))
    assert page.one("figcaption").text == "Trend"
    assert (page.one("img")["src"], page.one("img")["alt"]) == (address, "From 196 to ~12")


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.example.com/trend.png",
        "http://127.0.0.1:9.evil.test/files/F1",
        "http://evil.test/files/F012",
        "data:text/html,<b>",
    ],
)
def test_an_image_from_outside_is_told_and_not_loaded(address: str) -> None:
    page = shown(
        image(image_url=address), {"type": "context", "elements": [image(image_url=address)]}
    )
    assert list(page.all("img")) == []
    assert page.text.count("From 196 to ~12") == 2
    assert "loads nothing from outside" in page.text
    assert address in page.text


def test_rich_text_in_all_its_parts() -> None:
    page = shown(
        rich(
            of(
                "section",
                words("a", bold=True, strike=True),
                words("b", code=True, underline=True),
                words("c", client_highlight=True),
                {"type": "user", "user_id": "U1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "team", "team_id": "T1"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "wave", "skin_tone": 2},
                {"type": "emoji", "name": "our_own", "unicode": "1f6a2"},
                {"type": "emoji", "name": "unknown"},
                {"type": "color", "value": "#2eb67d"},
                {"type": "link", "url": "https://x.test", "text": "there"},
                {"type": "link", "url": "https://y.test", "style": {"unlink": True}},
                {"type": "date", "timestamp": 1_773_619_200, "format": "{date_num}"},
            )
        )
    )
    assert page.text == (
        "abc@Ana Beck@leads#billing@T1@here👋🏻🚢:unknown:#2eb67dtherehttps://y.test2026-03-16"
    )
    assert page.one("b").text == page.one("s").text == "a"
    assert page.one("code").text == page.one("u").text == "b"
    assert page.one("mark").text == "c"
    assert page.one("rect")["fill"] == "#2eb67d"
    assert page.one("a").text == "there"


def test_lists_in_lists_are_numbered_as_in_slack() -> None:
    def ordered(*items: str, **more: object) -> Json:
        sections = [of("section", words(each)) for each in items]
        return of("list", *sections, style="ordered", **more)

    page = shown(
        rich(
            ordered("one", "two"),
            ordered("in", indent=1),
            ordered("inmost", "again", indent=2),
            ordered("three", offset=2),
        )
    )
    outer, inner, inmost = page.all("ul")
    assert [each.text for each in inmost.content if isinstance(each, Element)] == [
        "i. inmost",
        "ii. again",
    ]
    assert inner.text.startswith("a. in")
    assert [each.text[:4] for each in outer.content if isinstance(each, Element)] == [
        "1. o",
        "2. t",
        "3. t",
    ]


def test_quotes_and_code_of_rich_text() -> None:
    page = shown(rich(of("quote", words("said")), of("preformatted", words("x < 1\n  y"))))
    assert page.one("blockquote").text == "said"
    assert page.one("pre").text == "x < 1\n  y"


def test_standard_markdown_without_html_or_pictures() -> None:
    text = (
        "# Week\n\n**b** *i* ~~s~~ `c` [l](https://x.test) [j](javascript:x) "
        "![pic](https://y.test/p.png) <b>no</b> :ship:\n\n"
        "3. three\n\n| A | B |\n|---|--:|\n| 1 | 2 |"
    )
    page = shown({"type": "markdown", "text": text})
    assert page.one("h3").text == "Week"
    assert (page.one("b").text, page.one("i").text, page.one("s").text) == ("b", "i", "s")
    assert [each["href"] for each in page.all("a")] == ["https://x.test", "https://y.test/p.png"]
    assert list(page.all("img")) == []
    assert "<b>no</b>" in page.text
    assert page.one("ol")["start"] == "3"
    assert [(each["scope"], each.text) for each in page.all("th")] == [("col", "A"), ("col", "B")]
    assert [each["class"] for each in page.all("td")] == ["is-wrapped", "is-wrapped align-right"]


def test_a_table_follows_its_column_settings() -> None:
    settings = [{"is_wrapped": True}, None, {"align": "center"}]
    rows = [[raw("Metric"), raw("Now"), raw("To")], [raw("Debt"), number(3, "~3"), raw("0")]]
    page = shown({"type": "table", "rows": rows, "column_settings": settings})
    assert [(each["scope"], each.text) for each in page.all("th")] == [
        ("col", "Metric"),
        ("col", "Now"),
        ("col", "To"),
    ]
    assert [(each["class"], each.text) for each in page.all("td")] == [
        ("is-wrapped", "Debt"),
        ("align-right", "~3"),
        ("align-center", "0"),
    ]


def test_rows_of_a_table_may_differ_in_length() -> None:
    page = shown({"type": "table", "rows": [[raw("A")], [raw("1"), raw("2")]]})
    assert page.text == "A12"


def test_a_data_table_has_a_caption_and_names_its_rows() -> None:
    rows = [[raw("By"), raw("Reading")], [rich(of("section", words("Ben"))), raw("~12")]]
    block = {"type": "data_table", "caption": "Readings", "rows": rows}
    page = shown({**block, "row_header_column_index": 1})
    assert page.one("caption").text == "Readings"
    (named,) = (each for each in page.all("th") if each["scope"] == "row")
    assert named.text == "~12"
    (frame,) = page.of_class("table-frame")
    assert (frame["tabindex"], frame["aria-label"]) == ("0", "Readings")


@pytest.mark.parametrize(
    ("level", "said"),
    [({}, "Beware"), ({"level": "error"}, "Error: Beware"), ({"level": "success"}, "Done: Beware")],
)
def test_an_alert_says_its_level_in_words(level: Json, said: str) -> None:
    assert shown({"type": "alert", "text": plain("Beware"), **level}).text == said


def test_cards_alone_and_in_a_row() -> None:
    one = card(
        "PDE",
        hero_image=image(image_url=PIXEL),
        subtitle=plain("Q2"),
        body=plain("Needs 2c"),
        subtext=plain("blocked"),
        actions=[button("open", "Open")],
    )
    page = shown(one, {"type": "carousel", "elements": [card("First"), card("Second")]})
    assert [each.text for each in page.of_class("card")] == [
        "PDEQ2Needs 2cblockedOpen",
        "First",
        "Second",
    ]
    assert [each.text for each in page.one("ul").all("li")] == ["First", "Second"]


def test_buttons_of_a_row_of_cards_belong_to_their_card() -> None:
    row = [card(name, block_id=name, actions=[button("open", "Open")]) for name in ("a", "b")]
    page = shown({"type": "carousel", "elements": row})
    assert [each["data-block"] for each in page.all("button")] == ["a", "b"]


def test_a_container_holds_other_blocks_and_may_be_folded() -> None:
    container = {
        "type": "container",
        "title": plain("Bulk update"),
        "subtitle": plain("2 records"),
        "child_blocks": [section("DCW-1024"), {"type": "divider"}],
    }
    assert shown(container).text == "Bulk update 2 recordsDCW-1024"
    folded = shown(container | {"is_collapsible": True, "default_collapsed": True})
    assert "open" not in folded.one("details").attributes
    assert folded.one("summary").text == "Bulk update 2 records"
    assert "open" in shown(container | {"is_collapsible": True}).one("details").attributes


def test_a_plan_lists_its_tasks_with_their_status_in_words() -> None:
    task = {
        "type": "task_card",
        "task_id": "1",
        "title": "Read the scorecard",
        "status": "complete",
        "output": rich(of("section", words("Five metrics"))),
        "sources": [{"type": "url", "url": "https://x.test/s", "text": "Scorecard"}],
    }
    plan = {"type": "plan", "title": "Digest", "tasks": [task, task | {"status": "pending"}]}
    page = shown(plan)
    assert [each.text for each in page.of_class("task")] == [
        "Read the scorecard DoneFive metricsScorecard",
        "Read the scorecard WaitingFive metricsScorecard",
    ]
    assert {each["href"] for each in page.all("a")} == {"https://x.test/s"}


def test_a_video_is_told_and_linked() -> None:
    page = shown(
        {
            "type": "video",
            "title": plain("How to"),
            "title_url": "https://x.test/watch",
            "alt_text": "Somebody types",
            "thumbnail_url": "https://x.test/t.png",
            "video_url": "https://x.test/v",
            "author_name": "Ana",
            "description": plain("Two minutes"),
        }
    )
    assert {each["href"] for each in page.all("a")} == {"https://x.test/watch", "https://x.test/v"}
    assert not list(page.all("img", "video", "iframe"))
    for said in ("How to", "Somebody types", "Ana", "Two minutes"):
        assert said in page.text


def test_a_remote_file_is_named() -> None:
    assert "ABC" in shown({"type": "file", "external_id": "ABC", "source": "remote"}).text


def test_files_of_a_message() -> None:
    picture = File("F1", "trend.png", 2_048, "U1", "T1", 0, title="Trend", alt_text="196 to ~12")
    readings = File("F2", "readings.csv", 1_450_000, "U1", "T1", 0)
    page = Element.of(render_files([picture, readings]))
    assert (page.one("img")["src"], page.one("img")["alt"]) == ("/files/F1", "196 to ~12")
    assert page.one("figcaption").text == "Trend"
    (card,) = page.of_class("file-card")
    assert (card["href"], card["download"]) == ("/files/F2", "readings.csv")
    assert card.text == "readings.csvCSV, 1.4 MBDownload"


def content(**fields: object) -> Element:
    message = Message("1.0", "C1", "U2", **fields)  # type: ignore[arg-type]
    return Element.of(render_content(message, ANA, Surface("C1:1.0")))


def test_blocks_take_the_place_of_the_text() -> None:
    assert content(text="*aloud*").text == "aloud"
    assert content(text="aloud", blocks=[{"block_id": "b", **section("by eye")}]).text == "by eye"


def test_an_attachment_stands_beside_a_bar_in_its_colour() -> None:
    page = content(
        text="Look",
        attachments=[
            {
                "color": "danger",
                "pretext": "Before",
                "author_name": "CI",
                "title": "Build",
                "title_link": "https://x.test",
                "text": "*red*",
                "fields": [{"title": "Branch", "value": "main", "short": True}],
                "image_url": "https://x.test/a.png",
                "footer": "by CI",
                "ts": 1_773_619_200,
            }
        ],
    )
    assert page.one("rect")["fill"] == "#e01e5a"
    assert page.text.startswith("LookBeforeCIBuildredBranchmain")
    assert page.text.endswith("by CI | Today at 01:00")
    assert not list(page.all("img"))


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        ({"fallback": "In short"}, "In short"),
        ({"blocks": [{"block_id": "b", **section("*Whole*")}], "text": "In short"}, "Whole"),
        ({"blocks": [], "fallback": "In short"}, "In short"),
        ({"text": 7, "fields": "none", "color": [], "ts": "soon"}, ""),
    ],
)
def test_an_attachment_of_any_form(attachment: Json, said: str) -> None:
    assert content(attachments=[attachment]).text == said

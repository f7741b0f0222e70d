"""Messages and views as a person reads them in a terminal."""

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.playground.terminal import plain_text, render_message, render_view
from tests.playground.printed import (
    METRICS,
    Payload,
    asking,
    button,
    coloured,
    formatted,
    number,
    option,
    plain,
    raw,
    rich_section,
    shown,
)


def test_a_message_names_its_sender_its_channel_and_its_time() -> None:
    message = {"text": "Rollbacks are at *~12*"}
    page = render_message(message, sender="KPI", channel="#billing", when="09:00")
    assert plain_text(page) == "KPI  #billing  09:00\n  Rollbacks are at ~12\n"


def test_an_ephemeral_message_says_who_sees_it() -> None:
    page = render_message({"text": "Saved"}, sender="KPI", channel="#billing", ephemeral=True)
    assert plain_text(page) == "KPI  #billing\n  Only visible to you\n  Saved\n"


def test_blocks_take_the_place_of_the_text() -> None:
    assert shown("read aloud", {"type": "section", "text": plain("read by eye")}) == "read by eye"


def test_a_digest_reads_like_a_page() -> None:
    page = shown(
        "",
        {"type": "header", "text": plain("Billing rework")},
        {
            "type": "section",
            "text": formatted("*Rollbacks / day* ~12 of 0"),
            "accessory": button("Update"),
        },
        {
            "type": "section",
            "fields": [
                formatted(f"*{name}*\n{value}") for name, value in (("From", 196), ("To", 0))
            ],
        },
        {"type": "context", "elements": [formatted("by <@U1>"), plain("fresh for 7 days")]},
        {"type": "divider"},
        {"type": "actions", "elements": [button("Log a milestone"), button("Trend", url="x")]},
        width=42,
    )
    assert page == dedent(
        """\
        Billing rework
        ━━━━━━━━━━━━━━

        Rollbacks / day ~12 of 0      [ Update ]

        From                To
        196                 0
        by Ada  fresh for 7 days
        ────────────────────────────────────────
        [ Log a milestone ]  [ Trend ↗ ]"""
    ).replace("by Ada", "by @Ada")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("*bold* _italic_ ~struck~ `code`", "bold italic struck code"),
        ("~12 → ~9, 5+ and 2 * 3 * 4", "~12 → ~9, 5+ and 2 * 3 * 4"),
        ("snake_case_name and *half", "snake_case_name and *half"),
        ("R&amp;D &lt;b&gt; &amp;lt;", "R&D <b> &lt;"),
        ("`*as typed* :tada:`", "*as typed* :tada:"),
        ("<https://x.test/a?b=1&amp;c=2|ticket>", "ticket (https://x.test/a?b=1&c=2)"),
        ("<https://x.test>", "https://x.test"),
        ("<mailto:ada@x.test|ada@x.test>", "ada@x.test"),
        ("<@U1> in <#C1> and <#C9|ops>", "@Ada in #billing and #ops"),
        ("<@U9> <@U9|Grace>", "@U9 @Grace"),
        ("<!here> <!subteam^S1|@leads>", "@here @leads"),
        ("due <!date^1773619200^{date}|16 March 2026>", "due 16 March 2026"),
        ("due <!date^1773619200^{date}>", "due 2026-03-16 00:00 UTC"),
        (":ship: :large_green_circle: :nope: 12:30:45", "🚢 🟢 :nope: 12:30:45"),
    ],
)
def test_mrkdwn_is_read(typed: str, read: str) -> None:
    assert shown(typed) == read


def test_emoji_that_are_not_wished_stay_as_typed() -> None:
    title = {"type": "header", "text": plain(":ship: sails") | {"emoji": False}}
    assert shown("", title).startswith(":ship: sails")


def test_emphasis_reaches_the_terminal() -> None:
    page = coloured(render_message({"text": "*a* _b_ ~c~"}, sender="KPI", channel="#billing"))
    assert all(f"\x1b[{code}m" in page for code in (1, 3, 9))


def test_further_lines_of_quotes_and_list_items_line_up() -> None:
    typed = "&gt; they said so\n• a first item\n2. a second item\n>>> all\nthe rest"
    assert shown(typed, width=14) == dedent(
        """\
        ▎ they said
        ▎ so
        • a first
          item
        2. a second
           item
        ▎ all
        ▎ the rest"""
    )


def test_a_code_block_keeps_its_lines() -> None:
    assert shown("run\n```\nif a &lt; b:\n  *go*\n```\nnow") == "run\n  if a < b:\n    *go*\nnow"


def test_buttons_break_between_each_other() -> None:
    row = {"type": "actions", "elements": [button("Log a milestone"), button("Update a metric")]}
    assert shown("", row, width=30) == "[ Log a milestone ]\n[ Update a metric ]"


def test_menus_show_what_is_chosen_or_else_their_placeholder() -> None:
    menu = {"type": "static_select", "options": METRICS, "placeholder": plain("Pick a metric")}
    more = {"type": "overflow", "options": [option("Edit", "e"), option("Undo", "u")]}
    row = [menu, menu | {"initial_option": METRICS[1]}, more]
    assert (
        shown("", {"type": "actions", "elements": row})
        == "[ Pick a metric ▾ ]  [ Bad debt ▾ ]  [ ⋯ Edit · Undo ]"
    )


def test_a_picture_is_its_alternative_text() -> None:
    block = {"type": "image", "image_url": "x", "alt_text": "196 to ~12", "title": plain("Trend")}
    assert shown("", block) == "Trend\n[picture: 196 to ~12]"


def test_files_are_named() -> None:
    files = [
        {"id": "F1", "title": "trend.png", "alt_txt": "196 to ~12", "mimetype": "image/png"},
        {"id": "F2", "title": "readings.csv", "mimetype": "text/csv"},
    ]
    assert shown("Digest", files=files) == "Digest\n[picture: 196 to ~12]\n[file: readings.csv]"


def test_rich_text_is_read() -> None:
    block = {
        "type": "rich_text",
        "elements": [
            rich_section(
                {"type": "text", "text": "Ask ", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "wave"},
            ),
            {
                "type": "rich_text_list",
                "style": "ordered",
                "offset": 1,
                "elements": [rich_section({"type": "text", "text": "second"})],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [
                    rich_section({"type": "link", "url": "https://x.test", "text": "PDE"})
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "broadcast", "range": "here"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
        ],
    }
    assert shown("", block).splitlines() == [
        "Ask @Ada👋",
        "2. second",
        "  ◦ PDE (https://x.test)",
        "▎ @here",
        "  x = 1",
    ]


def test_a_table_has_its_numbers_on_the_right() -> None:
    rows = [
        [raw("Metric"), raw("Current")],
        [raw("Rollbacks 中文 🚢"), number(12, "~12")],
        [
            {"type": "rich_text", "elements": [rich_section(raw("") | {"type": "text"})]},
            number(3, "~3"),
        ],
    ]
    page = shown("", {"type": "data_table", "caption": "Scorecard", "rows": rows}).splitlines()
    assert page[:2] == ["Scorecard", "Metric              Current"]
    assert page[3] == "Rollbacks 中文 🚢       ~12"
    assert {cell_len(line) for line in page[1:]} == {27}


def test_a_table_follows_its_column_settings() -> None:
    rows = [[raw("Metric"), raw("Current")], [raw("Debt"), raw("3")]]
    block = {"type": "table", "rows": rows, "column_settings": [{"align": "right"}, None]}
    assert shown("", block).splitlines()[2] == "  Debt   3"


def test_a_chart_is_drawn_in_proportion() -> None:
    points = [("W1", 200), ("W2", 100), ("W3", 0), ("W4", -50)]
    line = {"name": "seen", "data": [{"label": label, "value": value} for label, value in points]}
    drawn = {
        "type": "line",
        "series": [line],
        "axis_config": {"categories": [label for label, _ in points], "x_label": "week"},
    }
    page = shown("", {"type": "data_visualization", "title": "Rollbacks", "chart": drawn})
    assert page.splitlines()[:2] == ["Rollbacks", "week"]
    bars = page.splitlines()[2:]
    assert [bar.count("█") for bar in bars] == [48, 24, 0, 0]
    assert bars[3].count("░") == 12
    assert [bar.split()[-1] for bar in bars] == ["200", "100", "0", "-50"]


def test_a_chart_of_several_series_names_them() -> None:
    def line(name: str, value: float) -> Payload:
        return {"name": name, "data": [{"label": "W1", "value": value}]}

    drawn = {
        "type": "bar",
        "series": [line("seen", 1.5), line("planned", 3)],
        "axis_config": {"categories": ["W1"]},
    }
    page = shown("", {"type": "data_visualization", "title": "Pace", "chart": drawn}).splitlines()
    assert page[1].split() == ["seen", "planned"]
    assert [word for word in page[2].split() if "█" not in word] == ["W1", "1.5", "3"]


def test_a_pie_is_drawn_by_segment() -> None:
    drawn = {"type": "pie", "segments": [{"label": "PDE", "value": 3}]}
    page = shown("", {"type": "data_visualization", "title": "Drivers", "chart": drawn})
    assert page.split() == ["Drivers", "PDE", "█" * 48, "3"]


def test_standard_markdown_is_read() -> None:
    block = {"type": "markdown", "text": "**Rollbacks** fell [twice](https://x.test)"}
    assert shown("", block) == "Rollbacks fell twice (https://x.test)"


@pytest.mark.parametrize("kind", ["message", "view"])
def test_brackets_are_words_and_not_markup(kind: str) -> None:
    words = "[red]x[/red] [link=https://evil.test]y[/link] [/]"
    view = {"type": "modal", "title": plain(words[:24]), "blocks": [section_of(words)]}
    page = plain_text(
        render_view(view)
        if kind == "view"
        else render_message({"text": words}, sender=words, channel=words, when=words)
    )
    assert words in page


# Letters and signs of mrkdwn, and what a terminal would act on: escape, bell, a new title, the C1
# form of an escape sequence, a bidi override, a joiner, a lone surrogate.
hostile = st.text(
    "ab 中🚢*_~`<>|@#!^&;[]/:\n\r\t\x00\x07\x08\x1b\x7f\x9b\u202e\u2066\u200d\u2028\ufe0f\ud800",
    max_size=60,
)
SEQUENCES_FOR_COLOUR = re.compile(r"\x1b\[[\d;]*m")


@given(words=hostile)
def test_nothing_that_a_terminal_acts_on_gets_through(words: str) -> None:
    message = {"blocks": [section_of(words), {"type": "markdown", "text": words}]}
    view = {
        "type": "modal",
        "title": plain(words),
        "submit": plain(words),
        "blocks": [
            {"type": "rich_text", "elements": [rich_section({"type": "text", "text": words})]},
            {"type": "table", "rows": [[raw(words)]]},
            asking({"type": "plain_text_input", "placeholder": plain(words)}),
        ],
    }
    for page in (
        render_message(message, sender=words, channel=words, when=words, names={"ab": words}),
        render_message({"text": words}, sender="KPI", channel="#billing", ephemeral=True),
        render_view(view, values={"asked": words}, errors={"asked": words}),
    ):
        left = SEQUENCES_FOR_COLOUR.sub("", coloured(page)).replace("\n", "")
        assert left.isprintable()
        assert not set(left) & set("\ud800\ufe0f")


def section_of(words: str) -> Payload:
    return {"type": "section", "text": formatted(words), "accessory": button(words)}


def test_a_zero_width_space_keeps_a_sign_from_opening_a_style() -> None:
    shown = plain_text(
        render_message(
            {"text": "\u200b~12 → \u200b~9 (\u200b~−3)"}, sender="KPI", channel="#billing"
        )
    )
    assert "~12 → ~9 (~−3)" in shown


def test_containers_and_plans_show_what_is_inside() -> None:
    container = {
        "type": "container",
        "title": {"type": "plain_text", "text": "Bulk update"},
        "subtitle": {"type": "plain_text", "text": "2 records"},
        "child_blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "DCW-1024"}}],
    }
    said = {"type": "rich_text_section", "elements": [{"type": "text", "text": "Five metrics"}]}
    task = {
        "type": "task_card",
        "task_id": "1",
        "title": "Read the scorecard",
        "status": "in_progress",
        "output": {"type": "rich_text", "elements": [said]},
        "sources": [{"type": "url", "url": "https://x.test", "text": "Scorecard"}],
    }
    page = shown("", container, {"type": "plan", "title": "Digest", "tasks": [task]})
    assert [line.strip() for line in page.splitlines()] == [
        "Bulk update",
        "2 records",
        "DCW-1024",
        "",
        "Digest",
        "[in progress] Read the scorecard",
        "Five metrics",
        "Scorecard https://x.test",
    ]

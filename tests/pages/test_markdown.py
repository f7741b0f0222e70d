"""The progress page as Markdown: the real scorecard word for word, and what people wrote in it."""

from html.parser import HTMLParser
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.pages.content import content_of
from app.pages.markdown import escaped, markdown
from tests.pages.reports import a_report_that_says, the_real_report

GOLDEN = Path(__file__).with_name("golden")
GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Read(HTMLParser):
    """What is to be read of HTML, and by which tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.tags.add(tag)


async def test_the_real_scorecard(sqlite_url: str) -> None:
    written = markdown(content_of(await the_real_report(sqlite_url)))
    assert written == (GOLDEN / "billing.md").read_text(encoding="utf-8")


async def test_the_real_scorecard_with_what_moved(sqlite_url: str) -> None:
    written = markdown(content_of(await the_real_report(sqlite_url, with_ship_dates=True)))
    assert written == (GOLDEN / "billing-moved.md").read_text(encoding="utf-8")


@given(st.text(min_size=1, max_size=60).filter(str.strip))
@example("1. one")
@example("- ~~x~~ ~12 `code` <b>*bold*</b> [a](javascript:x) | cell")
@example("=== # > + &lt; \\* www.example.com https://example.com")
def test_what_people_wrote_is_read_as_they_wrote_it(text: str) -> None:
    shown = Read(GFM.render(escaped(text)))
    words = " ".join(text.replace("\x00", "\ufffd").split())
    assert " ".join(shown.text.split()) == words
    assert shown.tags <= {"p"}


@given(st.text(alphabet="ab<>&|~*_`[]()!#-+=.:/\\ \n1", min_size=1, max_size=40))
def test_no_text_changes_the_page(text: str) -> None:
    plain = Read(GFM.render(markdown(content_of(a_report_that_says("plain")))))
    said = Read(GFM.render(markdown(content_of(a_report_that_says(text.strip() or "x")))))
    assert said.tags == plain.tags

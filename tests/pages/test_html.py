"""The progress page as HTML: nothing that people wrote is anything but text in it."""

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.outcomes import Report
from app.pages.content import content_of
from app.pages.html import ICON, document
from app.pages.pictures import Picture, drawings, picture
from tests.pages.reports import a_report_that_says, the_real_report

SAFE = ("https:", "http:", "mailto:", "#")
ANY_TEXT = st.text(min_size=1, max_size=80)
HOSTILE = "</style></svg><script>alert(1)</script><img src=x onerror='a()'> & \" ' <!-- ]]>"


class Skeleton(HTMLParser):
    """The tags of a page with their attributes, without what they say, and the addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(name for name, _ in attributes)] += 1
        leads = ("href", "src", "action", "xlink:href", "data", "srcset")
        self.addresses |= {said or "" for name, said in attributes if name in leads}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags["a comment", (data,)] += 1

    def unknown_decl(self, data: str) -> None:
        self.tags["a declaration", (data,)] += 1


def page(report: Report, pictures: dict[str, Picture] | None = None) -> Skeleton:
    return Skeleton(document(content_of(report), pictures or {}))


def a_picture(text: str) -> Picture:
    return Picture(text, text, "<svg></svg>")


def with_a_picture_each(report: Report, text: str) -> Skeleton:
    return page(report, {name: a_picture(text) for name in drawings(report)})


PLAIN = with_a_picture_each(a_report_that_says("plain"), "plain")


@given(ANY_TEXT)
@example(HOSTILE)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_text_makes_a_tag_or_an_attribute(text: str) -> None:
    assert with_a_picture_each(a_report_that_says(text), text).tags == PLAIN.tags


@given(
    st.lists(
        st.one_of(
            ANY_TEXT,
            st.sampled_from(
                [
                    "javascript:alert(1)",
                    "JaVaScRiPt:x",
                    "data:text/html,x",
                    " https://example.com",
                    "//example.com",
                    "https:example.com",
                    "vbscript:x",
                    'HTTPS://example.com/"onclick=a()',
                    "mailto:ana@example.com",
                ]
            ),
        ),
        max_size=4,
    )
)
@settings(deadline=None)
def test_an_address_leads_to_the_web_or_to_a_mailbox_only(links: list[str]) -> None:
    shown = page(a_report_that_says("plain", links))
    for address in shown.addresses - {ICON}:
        assert address.lower().startswith(SAFE), address


def test_an_address_of_another_kind_is_still_read() -> None:
    shown = page(a_report_that_says("plain", ["javascript:alert(1)", "https://example.com/a"]))
    assert "javascript:alert(1)" in shown.text
    assert "https://example.com/a" in shown.addresses


def test_what_people_wrote_stays_text_in_the_pictures_too() -> None:
    report = a_report_that_says(HOSTILE)
    drawn = {name: picture(name, draw) for name, draw in drawings(report).items()}
    shown = page(report, drawn)
    assert not {"script", "img", "image", "foreignobject"} & {tag for tag, _ in shown.tags}
    names = {name for _, attributes in shown.tags for name in attributes}
    assert not [name for name in names if name.startswith("on")]
    assert shown.addresses <= {ICON, "#metrics"}
    assert HOSTILE.split(maxsplit=1)[0] in shown.text


async def test_no_two_things_on_the_page_have_one_id(sqlite_url: str) -> None:
    report = await the_real_report(sqlite_url, with_ship_dates=True)
    drawn = {name: picture(name, draw) for name, draw in drawings(report).items()}
    ids: list[str] = []

    class Ids(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            ids.extend(said or "" for name, said in attributes if name == "id")

    Ids().feed(document(content_of(report), drawn))
    assert len(ids) == len(set(ids))


def test_what_becomes_possible_is_told_once_it_is_filled_in() -> None:
    report = a_report_that_says("plain")
    assert "What becomes possible" in page(report).text
    scorecard = replace(report.snapshot.scorecard, possibilities=())
    empty = replace(report, snapshot=replace(report.snapshot, scorecard=scorecard))
    assert "What becomes possible" not in page(empty).text

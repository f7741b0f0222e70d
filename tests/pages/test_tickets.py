"""Tickets on the progress page: links where the scorecard says where they are."""

from dataclasses import replace

from app.domain.outcomes import Report
from app.pages.content import content_of
from app.pages.html import document
from app.pages.markdown import markdown
from tests.pages.reports import a_report_that_says


def with_tickets_at(report: Report, address: str) -> Report:
    """A report of which every milestone has a ticket that can be found, and one that can't."""
    scorecard = report.snapshot.scorecard
    milestones = [replace(each, tickets=("PAY-481", "a <b>")) for each in scorecard.milestones]
    found = replace(scorecard, milestones=tuple(milestones), ticket_address=address)
    return replace(report, snapshot=replace(report.snapshot, scorecard=found))


def test_a_ticket_leads_to_the_tracker() -> None:
    report = with_tickets_at(a_report_that_says("plain"), "https://x.example/{key}?a=1&b=2")
    html = document(content_of(report), {})
    assert (
        '<a class="ticket" href="https://x.example/PAY-481?a=1&amp;b=2" '
        'rel="noopener noreferrer">PAY-481</a>'
    ) in html
    assert '<span class="ticket">a &lt;b&gt;</span>' in html
    assert "Tickets: [PAY-481](<https://x.example/PAY-481?a=1&b=2>), a " in markdown(
        content_of(report)
    )


def test_without_an_address_it_is_text() -> None:
    report = with_tickets_at(a_report_that_says("plain"), "")
    assert '<span class="ticket">PAY-481</span>' in document(content_of(report), {})

"""The milestone that a merged change or a release makes."""

from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hooks import Forge, HookForm
from app.domain.landings import Landed, LandedKind, proposal_of, reason_to_leave
from tests.builders import a_value, an_instant, the_real_scorecard

SCORECARD = the_real_scorecard()
TODAY = date(2026, 3, 19)
HOOK = HookForm(Forge.GITHUB)
MERGED = Landed(
    Forge.GITHUB,
    LandedKind.MERGE,
    "acme/billing",
    "#412",
    "Delete the reversal logic",
    "https://github.com/acme/billing/pull/412",
    an_instant("2026-03-18 23:30"),
    labels=("Milestone",),
    by="dana",
)
RELEASED = replace(MERGED, kind=LandedKind.RELEASE, number="v4.2", title="", labels=())


def test_a_change_with_the_label_makes_a_milestone_of_its_title() -> None:
    assert reason_to_leave(HOOK, MERGED) is None
    proposal = proposal_of(MERGED, SCORECARD, TODAY)
    assert proposal.title == "Delete the reversal logic"
    assert proposal.links == ("https://github.com/acme/billing/pull/412",)
    assert proposal.shipped_on == date(2026, 3, 19), "the day in the scorecard's zone"
    assert not proposal.problems


def test_a_trailer_needs_no_label_and_gives_the_title() -> None:
    change = replace(MERGED, labels=(), body="Why.\n\nMilestone: Reversals are gone")
    assert reason_to_leave(HOOK, change) is None
    assert proposal_of(change, SCORECARD, TODAY).title == "Reversals are gone"
    of_message = replace(MERGED, labels=(), message="Delete it\n\nMilestone: Reversals are gone")
    assert reason_to_leave(HOOK, of_message) is None
    subject = replace(MERGED, labels=(), message="Milestone: no trailer, but a subject")
    assert reason_to_leave(HOOK, subject) is not None


@pytest.mark.parametrize(
    ("landed", "hook", "says"),
    [
        (replace(MERGED, labels=("bug",)), HOOK, "no label “milestone” and no trailer"),
        (replace(MERGED, body="Milestone:", labels=()), HOOK, "no label"),
        (MERGED, HookForm(Forge.GITHUB, label="shipped"), "no label “shipped”"),
        (MERGED, HookForm(Forge.GITHUB, ("acme/ledger",)), "isn't for acme/billing"),
        (RELEASED, HOOK, "releases don't count"),
    ],
)
def test_all_else_is_left_with_the_reason(landed: Landed, hook: HookForm, says: str) -> None:
    assert says in (reason_to_leave(hook, landed) or "")


@pytest.mark.parametrize(
    ("name", "title"), [("", "billing v4.2"), ("v4.2", "billing v4.2"), ("Journal", "Journal")]
)
def test_a_release_is_called_by_its_name_or_by_its_repository(name: str, title: str) -> None:
    release = replace(RELEASED, title=name)
    assert reason_to_leave(HookForm(Forge.GITHUB, releases=True), release) is None
    assert proposal_of(release, SCORECARD, TODAY).title == title


def test_trailers_say_what_moved_and_in_which_work_stream() -> None:
    body = (
        "## What\n\nNothing is rolled back\nby hand.\n\n## Tests\n\nMany.\n\n"
        "Moves: rollbacks ~9 after the deploy\nMoves: bad debt 2 / day\nWork stream: pde\n"
    )
    proposal = proposal_of(replace(MERGED, body=body), SCORECARD, TODAY)
    assert proposal.detail == "Nothing is rolled back\nby hand."
    assert proposal.moved == {"rollbacks": a_value("~9"), "bad-debt": a_value("2")}
    assert proposal.notes == {"rollbacks": "after the deploy"}
    assert proposal.work_streams == ("pde",)
    assert not proposal.problems


def test_what_cannot_be_read_is_told_and_loses_nothing() -> None:
    body = (
        "Milestone: One\nMilestone: Two\nMoves: rolbacks 9\nMoves: rollbacks\n"
        "Moves: bad debt lots\nMoves: dunning 2\nMoves: dunning 1\nWork stream: PDQ"
    )
    proposal = proposal_of(replace(MERGED, body=body), SCORECARD, TODAY)
    assert proposal.title == "One"
    assert proposal.moved == {"dunning-code-paths": a_value("2")}
    told = "\n".join(proposal.problems)
    for words in (
        "“Milestone: Two”: one change makes one.",
        "“Moves: rolbacks 9”: There is no metric “rolbacks” in Billing. Did you mean rollbacks?",
        "“Moves: rollbacks”: the new value is missing.",
        "“Moves: bad debt lots”: “lots” isn't a value.",
        "“Moves: dunning 1”: the metric has a value already.",
        "“Work stream: PDQ”: there is no such work stream. Did you mean pde?",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("landed", "tickets"),
    [
        ({"title": "PAY-481: delete it"}, ("PAY-481",)),
        ({"branch": "dana/PAY-483-reversals"}, ("PAY-483",)),
        ({"branch": "PAY-483_reversals"}, ("PAY-483",)),
        ({"body": "Ticket: PAY-1, #12"}, ("PAY-1", "#12")),
        ({"body": "Refs: PAY-2 (and 5f0c1d0)"}, ("PAY-2",)),
        ({"title": "PAY-1 and PAY-1", "body": "Tickets: PAY-1"}, ("PAY-1",)),
        ({"title": "Read UTF-8 and ISO-8601, as of CVE-2024-1"}, ()),
        ({"title": "pay-1, A-1, PAY-0, XPAY-12345678 and A1-B"}, ()),
        ({"body": "PAY-7 is only talked about"}, ()),
    ],
)
def test_tickets_are_found_where_people_name_them(
    landed: dict[str, str], tickets: tuple[str, ...]
) -> None:
    change = replace(MERGED, **landed)  # type: ignore[arg-type]
    assert proposal_of(change, SCORECARD, TODAY).tickets == tickets


def test_a_clock_that_is_ahead_ships_nothing_tomorrow() -> None:
    ahead = replace(MERGED, at=an_instant("2026-03-25"))
    assert proposal_of(ahead, SCORECARD, TODAY).shipped_on == TODAY


def test_long_texts_are_shortened() -> None:
    long = replace(MERGED, title="x" * 400, body="y" * 4_000)
    proposal = proposal_of(long, SCORECARD, TODAY)
    assert (len(proposal.title), len(proposal.detail)) == (150, 600)
    assert proposal.title.endswith("…")


@pytest.mark.parametrize(
    "body",
    [
        "a" + " " * 900_000,
        "a " * 450_000,
        "Moves: " + "a " * 450_000,
        "\n".join(f"Moves: rollback{number} {number}" for number in range(30_000)),
        "Milestone: x\n" + "\n".join(f" {number}" for number in range(130_000)),
        "<!--" * 220_000,
        "\n \n" * 300_000,
        "Ticket: " + "A-" * 450_000,
    ],
)
def test_what_is_written_to_take_long_is_read_at_once(body: str) -> None:
    begun = perf_counter()
    change = replace(MERGED, body=body, title=body, branch=body, message=f"x\n\n{body}")
    proposal = proposal_of(change, SCORECARD, TODAY)
    assert perf_counter() - begun < 2.0, "it would hold up everybody else"
    assert len(proposal.problems) <= 41


@given(st.text(), st.text(), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_written_makes_a_proposal(
    title: str, body: str, branch: str, value: str
) -> None:
    change = replace(
        MERGED, title=title, body=f"{body}\n\nMoves: {value}\nTicket: {value}", branch=branch
    )
    proposal = proposal_of(change, SCORECARD, TODAY)
    assert proposal.title
    assert set(proposal.moved) <= set(SCORECARD.metrics_by_key)

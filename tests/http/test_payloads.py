"""What is read of the payloads that git servers send."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.hooks import Forge
from app.domain.landings import Landed, LandedKind
from app.http.payloads import Left, read_delivery
from tests.builders import an_instant
from tests.payloads import GITHUB_EVENTS, HERE, a_payload

NOW = an_instant("2026-03-19 15:00")


def read(forge: Forge, name: str, payload: Any = None, **changed: Any) -> Landed:
    """What a payload tells of."""
    headers = {"x-github-event": GITHUB_EVENTS.get(name, "")}
    body = json.dumps(payload or a_payload(forge, name, **changed)).encode()
    return read_delivery(forge, headers, body, NOW)


def test_a_merged_pull_request() -> None:
    landed = read(Forge.GITHUB, "pull_request.closed")
    assert landed.kind is LandedKind.MERGE
    assert (landed.repository, landed.number) == ("acme/billing", "#412")
    assert landed.title == "PAY-481: delete the reversal logic"
    assert landed.url == "https://github.com/acme/billing/pull/412"
    assert landed.at == an_instant("2026-03-19 13:40") + timedelta(seconds=11)
    assert landed.reporter == "GitHub: eli-reviews"
    assert (landed.labels, landed.branch) == (("milestone",), "dana/PAY-483-reversals")
    assert dict(landed.trailers)["milestone"] == "Reversal logic deleted"


def test_a_label_that_is_given_after_the_merge() -> None:
    assert read(Forge.GITHUB, "pull_request.labeled").number == "#414"
    landed = read(Forge.GITLAB, "merge_request.update")
    assert landed.number == "!58"
    assert landed.at == an_instant("2026-03-18 23:30"), "newer servers tell when it was merged"


def test_a_merged_merge_request() -> None:
    landed = read(Forge.GITLAB, "merge_request.merge")
    assert (landed.repository, landed.number) == ("acme/billing", "!57")
    assert landed.url == "https://gitlab.example.com/acme/billing/-/merge_requests/57"
    assert landed.at == an_instant("2026-03-19 13:30")
    assert landed.reporter == "GitLab: fay"
    assert (landed.labels, landed.branch) == (("milestone",), "OCP-77-one-path")
    assert landed.message.startswith("Send letters by the new path\n\nSigned-off-by")


def test_releases() -> None:
    published = read(Forge.GITHUB, "release.published")
    assert (published.kind, published.number, published.title) == (LandedKind.RELEASE, "v4.2", "")
    assert published.reporter == "GitHub: dana-codes"
    made = read(Forge.GITLAB, "release.create")
    assert (made.number, made.title) == ("v9.0", "Journal everywhere")
    assert made.url == "https://gitlab.example.com/acme/billing/-/releases/v9.0"
    assert made.at == an_instant("2026-03-19 12:55") + timedelta(seconds=12)
    assert made.reporter == "GitLab: acme/billing", "GitLab doesn't tell who made it"


@pytest.mark.parametrize(
    ("forge", "name", "changed", "says"),
    [
        (Forge.GITHUB, "ping", {}, "the hook works"),
        (Forge.GITHUB, "pull_request.closed.not_merged", {}, "#413 isn't merged"),
        (Forge.GITLAB, "merge_request.open", {}, "!57: “open”"),
        (Forge.GITLAB, "merge_request.merge", {"action": "approved"}, "“approved”"),
        (Forge.GITLAB, "push", {}, "the event “push”"),
    ],
)
def test_what_makes_no_milestone_is_left(
    forge: Forge, name: str, changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(Left, match=says):
        read(forge, name, **changed)


def test_other_events_and_actions_are_left() -> None:
    release = {**a_payload(Forge.GITHUB, "release.published"), "action": "edited"}
    with pytest.raises(Left, match=r"release v4\.2: “edited”"):
        read(Forge.GITHUB, "release.published", release)
    assigned = {**a_payload(Forge.GITHUB, "pull_request.closed"), "action": "assigned"}
    with pytest.raises(Left, match="“assigned”"):
        read(Forge.GITHUB, "pull_request.closed", assigned)
    deleted = {**a_payload(Forge.GITLAB, "release.create"), "action": "delete"}
    with pytest.raises(Left, match="“delete”"):
        read(Forge.GITLAB, "release.create", deleted)
    with pytest.raises(Left, match="the event “star”"):
        read_delivery(Forge.GITHUB, {"x-github-event": "star"}, b"{}", NOW)


def test_github_may_send_a_form() -> None:
    payload = json.dumps(a_payload(Forge.GITHUB, "pull_request.closed"))
    headers = {
        "x-github-event": "pull_request",
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    body = urlencode({"payload": payload}).encode()
    assert read_delivery(Forge.GITHUB, headers, body, NOW).number == "#412"
    with pytest.raises(BadInput, match="it isn't JSON"):
        read_delivery(Forge.GITHUB, headers, b"else=1", NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"a": NaN', b"[" * 10_000, b'{"a":' * 10_000, b"\x00"],
)
def test_what_is_no_object_cannot_be_read(body: bytes) -> None:
    with pytest.raises(BadInput, match="payload can't be read: it isn't JSON"):
        read_delivery(Forge.GITLAB, {}, body, NOW)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"html_url": None}, "pull_request.html_url"),
        ({"html_url": "javascript:alert(1)"}, "pull_request.html_url"),
        ({"html_url": "https://x.example/<!channel>"}, "pull_request.html_url"),
        ({"html_url": f"https://x.example/{'a' * 1_000}"}, "pull_request.html_url"),
        ({"merged_at": "yesterday"}, "pull_request.merged_at"),
        ({"merged_at": "0001-01-01T00:00:00Z"}, "pull_request.merged_at"),
        ({"merged_at": ["now"]}, "pull_request.merged_at"),
        ({"number": "many"}, "pull_request.number"),
        ({"labels": "milestone"}, "pull_request.labels"),
    ],
)
def test_what_has_another_shape_is_refused_by_its_place_alone(
    changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(Forge.GITHUB, "pull_request.closed", **changed)
    assert refused.value.message == (
        f"The payload can't be read: {says} is missing or isn't what it should be."
    )


def test_text_that_no_database_keeps_is_left_out() -> None:
    landed = read(Forge.GITHUB, "pull_request.closed", title="a\x00b", body=None)
    assert (landed.title, landed.body) == ("ab", "")


@st.composite
def _bent(draw: st.DrawFn) -> tuple[Forge, str, Any]:
    """A payload in which some values are anything else that JSON can be."""
    forge = draw(st.sampled_from(Forge))
    name = draw(st.sampled_from(sorted(path.stem for path in (HERE / forge).glob("*.json"))))
    payload = a_payload(forge, name)
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
        max_leaves=4,
    )
    for _ in range(draw(st.integers(1, 3))):
        part = payload
        while True:
            key = draw(st.sampled_from(sorted(part)))
            if not isinstance(part[key], dict) or not part[key] or draw(st.booleans()):
                break
            part = part[key]
        part[key] = draw(anything)
    return forge, name, payload


@settings(max_examples=200, deadline=None)
@given(_bent())
def test_no_payload_fails_in_another_way_than_with_a_message(bent: tuple[Forge, str, Any]) -> None:
    forge, name, payload = bent
    with suppress(BadInput, Left):
        assert read(forge, name, payload).url.startswith("http")

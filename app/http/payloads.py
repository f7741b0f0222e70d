"""What GitHub and GitLab send: their payloads, read as far as the product needs them.

https://docs.github.com/en/webhooks/webhook-events-and-payloads and
https://docs.gitlab.com/user/project/integrations/webhook_events
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from app.domain.errors import BadInput
from app.domain.hooks import Forge
from app.domain.landings import Landed, LandedKind

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
MOST_URL_LENGTH = 1_000


class Left(Exception):
    """A delivery is about nothing that can make a milestone; says in words what it is about."""


def read_delivery(forge: Forge, headers: Mapping[str, str], body: bytes, now: datetime) -> Landed:
    """What a delivery tells of; `headers` have small letters.

    Raises `Left` for what makes no milestone, `BadInput` for what can't be read. Where a payload
    has no time, it is taken to be `now`.
    """
    try:
        payload = _OBJECT.validate_json(_json(headers, body))
        return _READERS[forge](headers, payload, now)
    except (ValidationError, ValueError) as error:
        raise BadInput(f"The payload can't be read{_where(error)}.") from error


def _json(headers: Mapping[str, str], body: bytes) -> bytes:
    """The JSON of a body; GitHub may send it in a form, as `payload`."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return body
    fields = parse_qs(body.decode(), max_num_fields=10)
    return fields.get("payload", [""])[0].encode()


def _where(error: Exception) -> str:
    """Which part of it, by its names alone: what was sent is repeated nowhere."""
    if not isinstance(error, ValidationError):
        return ""
    first = error.errors(include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f": {place} is missing or isn't what it should be" if place else ": it isn't JSON"


# --- fields ------------------------------------------------------------------


def _clean(text: object) -> object:
    """Text without what no database keeps; null is no text."""
    if text is None:
        return ""
    return _NO_TEXT.sub("", text) if isinstance(text, str) else text


def _instant(text: object) -> object:
    """GitLab writes `2017-09-15 16:52:00 UTC` as well; a time without a zone is in UTC."""
    if text is None or text == "":
        return None
    instant = datetime.fromisoformat(str(text).replace(" UTC", "+00:00"))
    if not 1970 <= instant.year < 2200:
        raise ValueError("no time of any change")
    return instant.replace(tzinfo=instant.tzinfo or UTC)


_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_Text = Annotated[str, BeforeValidator(_clean)]
_Name = Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=300)]
_Instant = Annotated[datetime | None, BeforeValidator(_instant)]
_Url = Annotated[
    str, BeforeValidator(_clean), Field(pattern=r"^https?://[^\s<>|]+$", max_length=MOST_URL_LENGTH)
]


# --- GitHub ------------------------------------------------------------------


class _User(BaseModel):
    login: _Text = ""


class _Label(BaseModel):
    name: _Text = ""


class _Branch(BaseModel):
    ref: _Text = ""


class _Repository(BaseModel):
    full_name: _Name


class _PullRequest(BaseModel):
    number: int
    title: _Text = ""
    html_url: _Url
    body: _Text = ""
    merged_at: _Instant = None
    merged_by: _User | None = None
    labels: list[_Label] = []
    head: _Branch = _Branch()


class _PullRequestEvent(BaseModel):
    """`pull_request`"""

    action: str
    pull_request: _PullRequest
    repository: _Repository


class _Release(BaseModel):
    tag_name: _Name
    name: _Text = ""
    html_url: _Url
    body: _Text = ""
    published_at: _Instant = None
    author: _User | None = None


class _ReleaseEvent(BaseModel):
    """`release`"""

    action: str
    release: _Release
    repository: _Repository


AFTER_A_MERGE = frozenset({"closed", "labeled", "edited"})
"""The actions of GitHub's by which a merged change becomes a milestone, or may become one later."""


def _github(headers: Mapping[str, str], payload: Mapping[str, Any], now: datetime) -> Landed:
    event = headers.get("x-github-event", "")
    if event == "pull_request":
        return _pull_request(_PullRequestEvent.model_validate(payload))
    if event == "release":
        return _github_release(_ReleaseEvent.model_validate(payload), now)
    if event == "ping":
        raise Left("GitHub's greeting: the hook works")
    raise Left(f"the event “{event[:40]}” makes no milestone")


def _pull_request(event: _PullRequestEvent) -> Landed:
    change = event.pull_request
    if change.merged_at is None:
        raise Left(f"pull request #{change.number} isn't merged")
    if event.action not in AFTER_A_MERGE:
        raise Left(f"pull request #{change.number}: “{event.action[:40]}” makes no milestone")
    return Landed(
        Forge.GITHUB,
        LandedKind.MERGE,
        event.repository.full_name,
        f"#{change.number}",
        change.title,
        change.html_url,
        change.merged_at,
        body=change.body,
        by=change.merged_by.login if change.merged_by else "",
        labels=tuple(label.name for label in change.labels),
        branch=change.head.ref,
    )


def _github_release(event: _ReleaseEvent, now: datetime) -> Landed:
    release = event.release
    if event.action != "published":
        raise Left(f"release {release.tag_name}: “{event.action[:40]}” makes no milestone")
    return Landed(
        Forge.GITHUB,
        LandedKind.RELEASE,
        event.repository.full_name,
        release.tag_name,
        release.name,
        release.html_url,
        release.published_at or now,
        body=release.body,
        by=release.author.login if release.author else "",
    )


# --- GitLab ------------------------------------------------------------------


class _Member(BaseModel):
    username: _Text = ""


class _TitledLabel(BaseModel):
    title: _Text = ""


class _Project(BaseModel):
    path_with_namespace: _Name


class _Commit(BaseModel):
    message: _Text = ""


class _MergeRequest(BaseModel):
    iid: int
    title: _Text = ""
    description: _Text = ""
    url: _Url
    state: _Text = ""
    action: _Text = ""
    source_branch: _Text = ""
    merged_at: _Instant = None
    updated_at: _Instant = None
    last_commit: _Commit | None = None


class _MergeRequestEvent(BaseModel):
    """`merge_request`"""

    user: _Member = _Member()
    project: _Project
    object_attributes: _MergeRequest
    labels: list[_TitledLabel] = []


class _GitLabRelease(BaseModel):
    """`release`"""

    action: _Text = ""
    tag: _Name
    name: _Text = ""
    description: _Text = ""
    url: _Url
    released_at: _Instant = None
    project: _Project


def _gitlab(_headers: Mapping[str, str], payload: Mapping[str, Any], now: datetime) -> Landed:
    kind = payload.get("object_kind")
    if kind == "merge_request":
        return _merge_request(_MergeRequestEvent.model_validate(payload), now)
    if kind == "release":
        return _gitlab_release(_GitLabRelease.model_validate(payload), now)
    raise Left(f"the event “{str(kind)[:40]}” makes no milestone")


def _merge_request(event: _MergeRequestEvent, now: datetime) -> Landed:
    """The time of a merge is told of late only; without it, that of the last change is nearest."""
    change = event.object_attributes
    if change.state != "merged" or change.action not in {"merge", "update"}:
        raise Left(f"merge request !{change.iid}: “{change.action[:40]}” makes no milestone")
    return Landed(
        Forge.GITLAB,
        LandedKind.MERGE,
        event.project.path_with_namespace,
        f"!{change.iid}",
        change.title,
        change.url,
        change.merged_at or change.updated_at or now,
        body=change.description,
        by=event.user.username,
        labels=tuple(label.title for label in event.labels),
        branch=change.source_branch,
        message=change.last_commit.message if change.last_commit else "",
    )


def _gitlab_release(release: _GitLabRelease, now: datetime) -> Landed:
    if release.action != "create":
        raise Left(f"release {release.tag}: “{release.action[:40]}” makes no milestone")
    return Landed(
        Forge.GITLAB,
        LandedKind.RELEASE,
        release.project.path_with_namespace,
        release.tag,
        release.name,
        release.url,
        release.released_at or now,
        body=release.description,
    )


_READERS: Mapping[Forge, Callable[[Mapping[str, str], Mapping[str, Any], datetime], Landed]] = {
    Forge.GITHUB: _github,
    Forge.GITLAB: _gitlab,
}

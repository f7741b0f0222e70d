"""The progress page over HTTP, on the real app: who gets it, with what, and at what cost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.links import LinkAddresses
from app.domain.values import parse_value
from app.http.app import build_http
from app.http.progress import ProgressPages
from app.http.server import HttpServer
from app.pages.pictures import Picture
from app.services import links, loading, readings
from app.services.editing import retire
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import the_billing_file, the_operator

ADDRESSES = LinkAddresses("https://kpi.example.com", b"k" * 32)


@dataclass
class Served:
    """The app with a scorecard, and whoever opens its page."""

    store: Store
    client: httpx.AsyncClient
    drawn: list[str] = field(default_factory=list)
    now: datetime = NOW
    breaks: bool = False

    async def a_link(self, days: int | None = None) -> str:
        made = await links.make(self.store, the_operator(now=self.now), days=days)
        return ADDRESSES.of(made.id).removeprefix("https://kpi.example.com")

    async def opens(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=headers)

    async def make(self, _work: Callable[..., Any], name: str, _draw: object) -> Picture:
        """Draw a picture at once, unless it breaks."""
        if self.breaks:
            raise ValueError("no specification")
        self.drawn.append(name)
        await asyncio.sleep(0.01)
        return Picture(name, name, f"<svg><title>{name}</title></svg>")


@asynccontextmanager
async def serving(database_url: str) -> AsyncIterator[Served]:
    async with Store(database_url) as store:
        await loading.load(store, the_operator(), the_billing_file())
        client = httpx.AsyncClient(trust_env=False, timeout=30)
        served = Served(store, client)
        pages = ProgressPages(store, ADDRESSES, served.make, lambda: served.now)
        async with HttpServer(build_http({}, None, pages), "127.0.0.1", 0) as server, client:
            client.base_url = f"http://127.0.0.1:{server.port}"
            yield served
        await pages.close()


@pytest.fixture
async def served(sqlite_url: str) -> AsyncIterator[Served]:
    async with serving(sqlite_url) as served:
        yield served


async def test_who_has_the_link_sees_the_page(database_url: str) -> None:
    async with serving(database_url) as served:
        page = await served.opens(await served.a_link())
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        for words in ("Billing Platform", "Rollbacks / day", "~94%", "Stripe Consolidation"):
            assert words in page.text
        [link] = await links.listed(served.store, the_operator())
        assert link.last_opened_at == NOW


async def test_it_comes_with_the_headers_that_keep_it_to_the_reader(served: Served) -> None:
    path = await served.a_link()
    for sent in (await served.opens(path), await served.opens("/progress/nothing")):
        assert sent.headers["cache-control"] == "private, no-cache"
        assert sent.headers["referrer-policy"] == "no-referrer"
        assert sent.headers["x-content-type-options"] == "nosniff"
        assert "noindex" in sent.headers["x-robots-tag"]
        policy = sent.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy


async def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(served: Served) -> None:
    ended, revoked = await served.a_link(days=1), await served.a_link()
    link = revoked.removeprefix("/progress/").partition(".")[0]
    await links.revoke(served.store, the_operator(), link)
    unknown = ADDRESSES.of("0" * 16).removeprefix("https://kpi.example.com")
    good = await served.a_link()
    served.now += timedelta(days=2)
    wrong = [ended, revoked, unknown, good[:-1], f"{good}x", good[:-2] + "xx", "/progress/x"]
    answers = [await served.opens(path) for path in wrong]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, answers[0].content)
    }
    assert "Billing" not in answers[0].text
    assert (await served.opens(good)).status_code == 200
    await retire(served.store, the_operator())
    assert (await served.opens(good)).content == answers[0].content


async def test_who_has_the_page_already_is_told_so(served: Served) -> None:
    path = await served.a_link()
    mark = (await served.opens(path)).headers["etag"]
    for known in (mark, f"W/{mark}", f'"other", {mark}'):
        again = await served.opens(path, **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    assert (await served.opens(path, **{"If-None-Match": '"other"'})).status_code == 200
    await records(served, "~9")
    changed = await served.opens(path, **{"If-None-Match": mark})
    assert changed.status_code == 200
    assert "~9" in changed.text


async def test_a_revoked_link_is_not_told_that_it_has_the_page(served: Served) -> None:
    path = await served.a_link()
    mark = (await served.opens(path)).headers["etag"]
    await links.revoke(served.store, the_operator(), path[10:26])
    assert (await served.opens(path, **{"If-None-Match": mark})).status_code == 404


async def test_only_the_head_is_sent_to_who_asks_for_that(served: Served) -> None:
    head = await served.client.head(await served.a_link())
    assert (head.status_code, head.content) == (200, b"")
    assert (await served.client.post("/progress/x")).status_code == 405


async def records(served: Served, value: str) -> None:
    caller = the_operator(now=served.now)
    await readings.record(served.store, caller, "rollbacks", parse_value(value))


async def test_many_openings_draw_once_until_something_changes(served: Served) -> None:
    path = await served.a_link()
    pages = await asyncio.gather(*(served.opens(path) for _ in range(100)))
    assert {page.status_code for page in pages} == {200}
    pictures = ["scorecard", *(f"trajectory-{key}" for key in KEYS), "roadmap"]
    assert served.drawn == pictures
    other = await served.a_link()  # which changes what is on record, so the page is drawn anew
    await served.opens(other)
    await served.opens(path)
    assert len(served.drawn) == 2 * len(pictures)


KEYS = ("rollbacks", "bad-debt", "disagreeing-accounts", "invoice-coverage", "dunning-paths")


async def test_another_day_is_another_page(served: Served) -> None:
    path = await served.a_link()
    first = await served.opens(path)
    served.now += timedelta(hours=11)
    assert (await served.opens(path)).content == first.content
    served.now += timedelta(hours=2)
    assert "As of 17 Mar 2026" in (await served.opens(path)).text


async def test_a_page_comes_without_its_pictures_where_they_fail(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    path = await served.a_link()
    served.breaks = True
    with caplog.at_level(logging.ERROR):
        page = await served.opens(path)
        again = await served.opens(path)
    assert (page.status_code, again.content) == (200, page.content)
    assert "Rollbacks / day" in page.text
    assert "<figure>" not in page.text
    assert [record.message for record in caplog.records] == [
        "the progress page of billing goes out without all of its pictures"
    ]


async def test_without_progress_pages_there_is_nothing(tmp_path: Path) -> None:
    async with HttpServer(build_http({}), "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.port}/progress/x"
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(address)).status_code == 404

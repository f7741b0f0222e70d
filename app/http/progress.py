"""Progress pages, for whoever has a link. They are drawn once a change and a day, and kept."""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.links import LinkAddresses
from app.domain.outcomes import Report
from app.pages.content import content_of
from app.pages.html import document, nothing_here, security_policy
from app.pages.pictures import Picture, drawings, picture
from app.services import links, reports
from app.services.callers import OPERATOR, Caller, Surface
from app.services.links import Opened
from app.store.engine import Store

log = logging.getLogger(__name__)

Make = Callable[..., Awaitable[Any]]
"""`Painter.make`: what a function makes of something, in a process of its own."""

PICTURES_SECONDS = 60.0
"""Pictures that take longer, all together, are given up."""
TRIED_AGAIN_AFTER = 60.0
"""So many seconds a page is kept that lacks pictures."""
MOST_KEPT = 50

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": security_policy(),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is sent; the mark is its ETag (RFC 9110, 8.8.3)."""

    body: bytes
    mark: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page being made or made, of one version of its scorecard and one day."""

    version: int
    day: date
    making: asyncio.Task[_Page]


class ProgressPages:
    """Answers who opens a link. Whatever is wrong with a link, the answer is the same."""

    def __init__(
        self, store: Store, addresses: LinkAddresses, make: Make, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._addresses = addresses
        self._make = make
        self._clock = clock
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._noting: dict[str, asyncio.Task[None]] = {}

    async def answer(self, request: Request) -> Response:
        """The page behind a link; 304 to who has it already, 404 where there is none."""
        token, now = request.path_params["token"], self._clock()
        link_id = self._addresses.link_of(token)
        opened = await links.opened(self._store, link_id, now) if link_id else None
        if opened is None:
            return Response(nothing_here(), 404, HEADERS, "text/html; charset=utf-8")
        self._note(opened, now)
        page = await self._page(opened, now)
        headers = {**HEADERS, "ETag": page.mark}
        if page.mark in _marks(request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(page.body, 200, headers, "text/html; charset=utf-8")

    async def close(self) -> None:
        """Leave off what is being made; who waited for it is gone."""
        begun = [*(kept.making for kept in self._kept.values()), *self._noting.values()]
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)

    async def _page(self, opened: Opened, now: datetime) -> _Page:
        """The page of this version and this day: all who ask meanwhile wait for the same one."""
        day = now.astimezone(opened.zone).date()
        kept = self._kept.get(opened.scorecard_id)
        if kept is None or (kept.version, kept.day) != (opened.version, day):
            making = asyncio.create_task(self._made(opened, now))
            kept = _Kept(opened.version, day, making)
            making.add_done_callback(lambda _: self._forget_unless_whole(opened, making))
            self._kept[opened.scorecard_id] = kept
        self._kept.move_to_end(opened.scorecard_id)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return await asyncio.shield(kept.making)

    def _forget_unless_whole(self, opened: Opened, making: asyncio.Task[_Page]) -> None:
        def forget() -> None:
            kept = self._kept.get(opened.scorecard_id)
            if kept is not None and kept.making is making:
                del self._kept[opened.scorecard_id]

        if making.cancelled() or making.exception() is not None:
            forget()
        elif not making.result().is_whole:
            asyncio.get_running_loop().call_later(TRIED_AGAIN_AFTER, forget)

    async def _made(self, opened: Opened, now: datetime) -> _Page:
        # The link proves that its page may be seen, whoever has it.
        caller = Caller(OPERATOR, Surface.PAGE, now)
        report = await reports.gather(self._store, caller, opened.scorecard)
        drawn, is_whole = await self._pictures(report, opened.scorecard)
        body = await asyncio.to_thread(_written, report, drawn)
        mark = hashlib.sha256(body).hexdigest()[:32]
        return _Page(body, f'"{mark}"', is_whole)

    async def _pictures(self, report: Report, key: str) -> tuple[Mapping[str, Picture], bool]:
        """The pictures of a page, and whether these are all: a page never fails for want of one."""
        drawn: dict[str, Picture] = {}
        try:
            async with asyncio.timeout(PICTURES_SECONDS):
                for name, draw in drawings(report).items():
                    drawn[name] = await self._make(picture, name, draw)
        except Exception:
            log.exception("the progress page of %s goes out without all of its pictures", key)
            return drawn, False
        return drawn, True

    def _note(self, opened: Opened, now: datetime) -> None:
        """Remember that a link was opened, while its page is sent."""
        link = opened.link.id
        if link not in self._noting:
            self._noting[link] = asyncio.create_task(self._noted(opened, now))
            self._noting[link].add_done_callback(lambda _: self._noting.pop(link, None))

    async def _noted(self, opened: Opened, now: datetime) -> None:
        try:
            await links.note_opening(self._store, opened.link, now)
        except Exception:
            log.exception("that a link to %s was opened could not be noted", opened.scorecard)


def _written(report: Report, drawn: Mapping[str, Picture]) -> bytes:
    return document(content_of(report), drawn).encode(errors="replace")


def _marks(header: str) -> set[str]:
    """The marks that a browser or a proxy knows: a weak one is as good (RFC 9110, 13.1.2)."""
    return {mark.strip().removeprefix("W/") for mark in header.split(",")}

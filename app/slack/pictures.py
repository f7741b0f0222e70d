"""Charts as pictures in messages. A message never fails for want of its picture."""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from app.charts.charts import Chart
from app.charts.multiples import scorecard_chart
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from app.domain.scorecards import Snapshot
from app.painting import Paint
from app.services import trajectories
from app.services.callers import Caller
from app.slack.blocks import kit
from app.slack.blocks.kit import Block
from app.slack.publish import SlackFailure
from app.slack.uploads import is_there, upload
from app.store.engine import Store

log = logging.getLogger(__name__)
Draw = Callable[[], Chart]

SECONDS = 20.0
"""A picture that takes longer, to be painted and taken in by Slack, is given up."""

MOST_REMEMBERED = 200


class Pictures:
    """Image blocks for `Message.pictured`.

    Each is None where there is nothing to draw, or no picture to be had: why is in the log, and
    the message goes out without. A chart is painted and given to Slack once: the same chart is
    the same file again.
    """

    def __init__(
        self, store: Store, client: AsyncWebClient, paint: Paint, *, seconds: float = SECONDS
    ) -> None:
        self._store = store
        self._client = client
        self._paint = paint
        self._seconds = seconds
        self._files: OrderedDict[str, asyncio.Task[str]] = OrderedDict()
        self._has_scope = True

    async def of_metric(self, caller: Caller, typed: str, key: str | None = None) -> Block | None:
        """The trajectory of a metric, now."""

        async def prepare() -> Draw | None:
            history = await trajectories.of_metric(self._store, _shared(caller), typed, key)
            return partial(metric_chart, history) if history.readings else None

        return await self._shown(prepare)

    async def of_scorecard(
        self, caller: Caller, key: str | None = None, *, at: datetime | None = None
    ) -> Block | None:
        """The trajectories of all metrics side by side, now or as they were at an instant."""
        then = replace(caller, now=at) if at else _shared(caller)

        async def prepare() -> Draw | None:
            snapshot, drawn = await trajectories.of_scorecard(self._store, then, key)
            return partial(scorecard_chart, snapshot, drawn) if drawn else None

        return await self._shown(prepare)

    async def of_roadmap(self, snapshot: Snapshot) -> Block | None:
        """The phases of a roadmap over time."""

        async def prepare() -> Draw | None:
            return partial(roadmap_chart, snapshot) if snapshot.phases else None

        return await self._shown(prepare)

    async def block(self, chart: Chart) -> Block | None:
        """Any chart."""

        async def prepare() -> Draw:
            return lambda: chart

        return await self._shown(prepare)

    async def _shown(self, prepare: Callable[[], Awaitable[Draw | None]]) -> Block | None:
        if not self._has_scope:
            return None
        try:
            draw = await prepare()
            return None if draw is None else await self._block(draw)
        except TimeoutError:
            log.warning("a picture took more than %.1f s and was given up", self._seconds)
        except SlackFailure as failure:
            log.warning("a message goes out without its picture: %s", failure)
            if failure.code == "missing_scope":
                self._has_scope = False
                log.warning("until the bot starts again, so do all messages")
        except Exception:
            log.exception("a message goes out without its picture")
        return None

    async def _block(self, draw: Draw) -> Block:
        # To place all texts takes up to a tenth of a second, in which others are answered.
        chart, mark = await asyncio.to_thread(_drawn, draw)
        file_id = await self._file(mark, chart)
        return kit.image(file_id, title=chart.title, alternative=chart.alternative)

    async def _file(self, mark: str, chart: Chart) -> str:
        """The id of the file that shows this chart, made now or before."""
        file = self._files.get(mark)
        if file is None or (file.done() and not await is_there(self._client, file.result())):
            file = asyncio.create_task(self._make(mark, chart))
            file.add_done_callback(_noted)
        self._files[mark] = file
        self._files.move_to_end(mark)
        if len(self._files) > MOST_REMEMBERED:
            self._files.popitem(last=False)
        # Others may wait for it too: it goes on when one of them is told to stop.
        return await asyncio.shield(file)

    async def _make(self, mark: str, chart: Chart) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                content = await self._paint(chart)
                return await upload(self._client, "chart.png", chart.title, content)
        except BaseException:
            self._files.pop(mark, None)
            raise


def _noted(file: asyncio.Task[str]) -> None:
    """Who waits for it hears of its failure; if nobody does any more, nobody has to."""
    if not file.cancelled():
        file.exception()


def _drawn(draw: Draw) -> tuple[Chart, str]:
    """A chart, and what tells it apart from others: all that is drawn."""
    chart = draw()
    drawn = json.dumps(chart.specification, sort_keys=True)
    return chart, hashlib.sha256(drawn.encode()).hexdigest()


def _shared(caller: Caller) -> Caller:
    """The caller at the end of this quarter of an hour: those who ask within it share one picture.

    No day ends within one, in any time zone.
    """
    quarter = caller.now.replace(minute=caller.now.minute // 15 * 15, second=0, microsecond=0)
    return replace(caller, now=quarter + timedelta(minutes=14, seconds=59))

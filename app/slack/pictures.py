"""Charts as pictures in messages. A message never fails for want of its picture."""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from app.charts.charts import Chart
from app.slack.blocks import kit
from app.slack.blocks.kit import Block
from app.slack.painting import Paint
from app.slack.publish import SlackFailure
from app.slack.uploads import is_there, upload

log = logging.getLogger(__name__)

SECONDS = 20.0
"""A picture that takes longer, to be painted and taken in by Slack, is given up."""

MOST_REMEMBERED = 200


class Pictures:
    """Paints charts and gives them to Slack, each once: the same chart is the same file again."""

    def __init__(self, client: AsyncWebClient, paint: Paint, *, seconds: float = SECONDS) -> None:
        self._client = client
        self._paint = paint
        self._seconds = seconds
        self._made: OrderedDict[str, asyncio.Task[str]] = OrderedDict()
        self._has_scope = True

    async def block(self, chart: Chart) -> Block | None:
        """The chart as an image block for `Message.pictured`.

        None where there can be no picture: why is in the log, and the message goes out without.
        """
        if not self._has_scope:
            return None
        try:
            file_id = await self._file(chart)
        except TimeoutError:
            log.warning("no picture of %s: it took more than %.0f s", chart.title, self._seconds)
        except SlackFailure as failure:
            self._has_scope = failure.code != "missing_scope"
            rest = "" if self._has_scope else " Until the bot starts again, there are no pictures."
            log.warning("no picture of %s: %s%s", chart.title, failure, rest)
        except Exception:
            log.exception("no picture of %s", chart.title)
        else:
            return kit.image(file_id, title=chart.title, alternative=chart.alternative)
        return None

    async def _file(self, chart: Chart) -> str:
        """The id of the file that shows this chart, made now or before."""
        mark = _mark(chart)
        making = self._made.get(mark)
        if making is None or (making.done() and not await is_there(self._client, making.result())):
            making = asyncio.create_task(self._make(mark, chart))
            self._made[mark] = making
        self._made.move_to_end(mark)
        while len(self._made) > MOST_REMEMBERED:
            self._made.popitem(last=False)
        # Others may wait for it too: it goes on when one of them is told to stop.
        return await asyncio.shield(making)

    async def _make(self, mark: str, chart: Chart) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                content = await self._paint(chart)
                return await upload(self._client, "chart.png", chart.title, content)
        except BaseException:
            self._made.pop(mark, None)
            raise


def _mark(chart: Chart) -> str:
    """What tells charts apart: all that is seen of them."""
    drawn = json.dumps(chart.specification, sort_keys=True)
    return hashlib.sha256(drawn.encode()).hexdigest()

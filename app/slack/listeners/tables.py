"""Readings that come in from a table given in Slack, and files that go out to who asks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import BadInput
from app.domain.imports import Plan
from app.domain.scorecards import Scorecard
from app.files import FileErrors
from app.files.csv_reading import ReadingsTable, read_csv
from app.services import bulk, exporting, scorecards
from app.services.bulk import RowsRefused
from app.services.callers import Caller, Right, Surface
from app.slack.blocks.kit import escaped, shortened
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.tables import (
    MOST_MEGABYTES,
    MOST_PROBLEM_LENGTH,
    TablePlace,
    doing_view,
    files_form,
    plan_form,
    recorded_reply,
    recorded_view,
)
from app.slack.bot import Body, Bot
from app.slack.downloads import download, too_large_words
from app.slack.failures import explain
from app.slack.ids import Action, Field, Form
from app.slack.inputs.setup import chosen_file
from app.slack.listeners import home
from app.slack.listeners.opening import open_view, sender, update_view
from app.slack.uploads import send_file

DOING = "taking files in or out"
MOST_BYTES = MOST_MEGABYTES * 1_000_000
MOST_EXPORTED = 20_000_000
"""Characters of a table that goes out; more is left to the command line."""
TOLD_EVERY = 2.0
"""Seconds between two words of how far it is."""


async def open_files(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The form for the files of the scorecard whose key the button carries."""
    await ack()
    asked = FormPlace(action["value"], _clicked_in(body))
    caller = await _seer(bot, body, asked, Surface.BUTTON)
    scorecard = (await scorecards.show(bot.store, caller, asked.scorecard)).scorecard
    place = FormPlace(scorecard.key, asked.channel or scorecard.channel)
    open_view(bot, body, files_form(scorecard, place), DOING, scope="files:read")


def _clicked_in(body: Body) -> str | None:
    """The channel of the message, or that in which the menu was opened; a screen has none."""
    view = body.get("view") or {}
    if view.get("callback_id") == Form.SETUP:
        return FormPlace.from_metadata(view["private_metadata"]).channel
    return (body.get("channel") or {}).get("id")


async def _seer(bot: Bot, body: Body, place: FormPlace, surface: Surface) -> Caller:
    caller = bot.caller(body["user"]["id"], place.channel, surface)
    return await bot.proven(caller, place.scorecard, Right.SEE)


async def look(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Read the table once the form is answered, and show what it would change."""
    form = FormPlace.from_metadata(view["private_metadata"])
    file = chosen_file(view["state"]["values"])
    if file.get("size", 0) > MOST_BYTES:
        errors = {str(Field.FILE): f"The file {too_large_words(MOST_BYTES)}"}
        await ack(response_action="errors", errors=errors)
        return
    place = TablePlace(form.scorecard, form.channel, form.asked_in, file["id"])
    await ack(response_action="update", view=doing_view(place, "Reading the table."))

    async def show() -> dict[str, Any]:
        caller = await _recorder(bot, body, place)
        async with _told(bot, view["id"], place, "Reading the table") as progress:
            table, plan = await _planned(bot, caller, place, progress)
        return plan_form(plan, table.ignored, place)

    _go_on(bot, body, view["id"], place, show())


async def record(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Record the table that was looked at, as it is now, and answer with the way back."""
    place = TablePlace.from_metadata(view["private_metadata"])
    await ack(response_action="update", view=doing_view(place, "Recording the readings."))

    async def show() -> dict[str, Any]:
        caller = await _recorder(bot, body, place)
        table, plan = await _planned(bot, caller, place, lambda _done: None)
        if plan.refused and not place.skips:
            return plan_form(plan, table.ignored, place)
        of_all = f"of {len(plan.new):,} recorded"
        async with _told(bot, view["id"], place, "Recording the readings", of_all) as progress:
            imported = await bulk.write(
                bot.store, caller, plan, skip_refused=place.skips, progress=progress
            )
        home.refresh(bot, caller.actor.id)
        bot.tasks.spawn(bot.tell(sender(body, place.form), recorded_reply(imported)))
        return recorded_view(imported, place)

    _go_on(bot, body, view["id"], place, show())


async def _recorder(bot: Bot, body: Body, place: TablePlace) -> Caller:
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    return await bot.proven(caller, place.scorecard, Right.RECORD)


async def _planned(
    bot: Bot, caller: Caller, place: TablePlace, progress: Callable[[int], None]
) -> tuple[ReadingsTable, Plan]:
    name, content = await download(bot.client, place.file, MOST_BYTES)
    table = read_csv(content, name)
    plan = await bulk.plan(bot.store, caller, place.scorecard, table.rows, progress=progress)
    return table, plan


@asynccontextmanager
async def _told(
    bot: Bot, view_id: str, place: TablePlace, doing: str, of_all: str = "rows"
) -> AsyncIterator[Callable[[int], None]]:
    """Tells in the modal how far long work is; what is short is over before."""
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done = count

    async def tell() -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY)
            await update_view(bot, view_id, doing_view(place, f"{doing}: {done:,} {of_all}."))

    telling = asyncio.create_task(tell())
    try:
        yield progress
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError, Exception):  # how far it was is no longer of interest
            await telling


def _go_on(
    bot: Bot, body: Body, view_id: str, place: TablePlace, next_view: Awaitable[dict[str, Any]]
) -> None:
    """Show in the modal what comes next, or the form for another table and why it is needed."""

    async def show() -> None:
        try:
            view = await next_view
        except FileErrors as errors:
            view = await _form_again(bot, body, place, errors.message.splitlines())
        except RowsRefused as refusal:
            told = [f"line {each.line}: {each.reason}" for each in refusal.refused]
            view = await _form_again(bot, body, place, told)
        except Exception as error:  # noqa: BLE001  # whatever it is, the person waits for it here
            view = doing_view(place, explain(error, DOING).text)
        await update_view(bot, view_id, view)

    bot.follow_up(sender(body, place.form), show(), doing=DOING)


async def _form_again(
    bot: Bot, body: Body, place: TablePlace, problems: list[str]
) -> dict[str, Any]:
    told = [escaped(shortened(each, MOST_PROBLEM_LENGTH)) for each in problems]
    caller = await _seer(bot, body, place.form, Surface.FORM)
    snapshot = await scorecards.show(bot.store, caller, place.scorecard)
    return files_form(snapshot.scorecard, place.form, told)


async def export(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Send the readings or the scorecard to who asks, in their direct message alone."""
    await ack()
    place = FormPlace.from_metadata(body["view"]["private_metadata"])
    caller = await _seer(bot, body, place, Surface.BUTTON)
    as_table = action["action_id"] == Action.EXPORT_CSV

    async def send() -> None:
        if as_table:
            scorecard, content = await _table(bot, caller, place.scorecard)
        else:
            scorecard, content = await exporting.export_yaml(bot.store, caller, key=place.scorecard)
        name = f"{scorecard.key}.{'csv' if as_table else 'yaml'}"
        what = "The readings" if as_table else "The scorecard"
        comment = f"{what} of {escaped(scorecard.name)}, as you asked for."
        await send_file(bot.client, caller.actor.id, name, content.encode(), comment)

    bot.follow_up(sender(body, place), send(), doing=DOING)


async def _table(bot: Bot, caller: Caller, key: str) -> tuple[Scorecard, str]:
    pieces: list[str] = []
    length = 0

    def write(piece: str) -> None:
        nonlocal length
        length += len(piece)
        if length > MOST_EXPORTED:
            raise BadInput(
                f"The table is larger than {MOST_EXPORTED // 1_000_000} MB. Whoever runs the bot "
                "can write it: kpi export."
            )
        pieces.append(piece)

    scorecard = await exporting.export_csv(bot.store, caller, write, key=key)
    return scorecard, "".join(pieces)

"""Beginning a scorecard with a file, or loading its file again."""

import asyncio
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import BadInput, NotAllowed
from app.files import MOST_BYTES, FileErrors, ScorecardFile, read_scorecard_bytes
from app.services import loading, scorecards, setup
from app.services.callers import Caller, Right, Surface
from app.services.loading import Loaded
from app.slack.blocks.kit import escaped, shortened
from app.slack.blocks.setup import setup_menu
from app.slack.blocks.setup_file import (
    MOST_PROBLEM_LENGTH,
    file_form,
    load_form,
    loaded_reply,
    waiting_view,
)
from app.slack.blocks.setup_start import Beginning
from app.slack.bot import Body, Bot
from app.slack.downloads import download, too_large_words
from app.slack.failures import explain
from app.slack.ids import Field
from app.slack.inputs.setup import chosen_file, read_home
from app.slack.listeners import home
from app.slack.listeners.opening import update_view
from app.slack.listeners.setup import DOING, as_maker, trouble_of
from app.slack.listeners.setup_start import refuse_unseen_home, sender_of, show_next

_ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scorecard-files")
"""Reading a large file takes seconds of one processor; it is not to take them all."""


async def open_file_form(ack: AsyncAck, body: Body, bot: Bot) -> None:
    async def form(caller: Caller) -> dict[str, Any]:
        return file_form(Beginning(caller.actor.channel))

    await show_next(ack, body, bot, form, scope="files:read")


async def read(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Read the file once the form is answered, and show what it holds or what is wrong with it."""
    beginning = Beginning.from_metadata(view["private_metadata"])
    file = chosen_file(view["state"]["values"])
    if file.get("size", 0) > MOST_BYTES:
        errors = {str(Field.FILE): f"The file {too_large_words(MOST_BYTES)}"}
        await ack(response_action="errors", errors=errors)
        return
    await ack(response_action="update", view=waiting_view(beginning, "Reading the file."))
    caller = bot.caller(body["user"]["id"], beginning.channel, Surface.FORM)
    chosen = Beginning(beginning.channel, file["id"])
    _go_on(bot, caller, view["id"], chosen, _preview(bot, caller, chosen))


async def load(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Load the file that was looked at, and go on with its menu."""
    beginning = Beginning.from_metadata(view["private_metadata"])
    try:
        channel = read_home(view["state"]["values"])
    except BadInput as error:
        await ack(response_action="errors", errors={str(Field.CHANNEL): error.message})
        return
    await ack(response_action="update", view=waiting_view(beginning, "Loading the file."))
    caller = bot.caller(body["user"]["id"], beginning.channel, Surface.FORM)

    loaded = _load(bot, caller, beginning, channel)
    _go_on(bot, caller, view["id"], beginning, loaded)


def _go_on(
    bot: Bot,
    caller: Caller,
    view_id: str,
    beginning: Beginning,
    next_view: Awaitable[dict[str, Any]],
) -> None:
    """Show in the modal what comes next, or the form for another file and why it is needed."""

    async def show() -> None:
        try:
            view = await next_view
        except FileErrors as errors:
            view = file_form(Beginning(beginning.channel), _told(errors))
        except Exception as error:  # noqa: BLE001  # whatever it is, the person waits for it here
            view = file_form(Beginning(beginning.channel), [explain(error, DOING).text])
        await update_view(bot, view_id, view)

    bot.follow_up(sender_of(caller), show(), doing=DOING)


def _told(errors: FileErrors) -> list[str]:
    """Each problem with its line, in mrkdwn."""
    return [escaped(shortened(each, MOST_PROBLEM_LENGTH)) for each in errors.message.splitlines()]


async def _preview(
    bot: Bot, caller: Caller, beginning: Beginning, problem: str = ""
) -> dict[str, Any]:
    """What the file would make, or change; `problem` is what kept it from being loaded."""
    file = await _read(bot, beginning.source)
    known = (await scorecards.guarded(bot.store)).get(file.key)
    channel = known.channel if known else beginning.home
    loaded = await _loaded(bot, caller, file, channel, dry_run=True)
    revisions = loaded.revisions if known else None
    return load_form(beginning, loaded.scorecard, revisions, problem=problem)


async def _load(bot: Bot, caller: Caller, beginning: Beginning, channel: str) -> dict[str, Any]:
    """Load the file; gives the menu, or its preview again where the home is none."""
    file = await _read(bot, beginning.source)
    is_known = file.key in await scorecards.guarded(bot.store)
    try:
        refuse_unseen_home(await as_maker(bot, caller, channel), channel)
        loaded = await _loaded(bot, caller, file, channel)
    except BadInput as error:
        if error.field != Field.CHANNEL:
            raise
        return await _preview(bot, caller, beginning, error.message)
    home.refresh(bot, caller.actor.id)
    shown = await setup.show(bot.store, await bot.proven(caller, file.key, Right.EDIT), file.key)
    revisions = loaded.revisions if is_known else None
    reply = loaded_reply(shown.snapshot, revisions, loaded.change)
    bot.tasks.spawn(bot.tell(sender_of(caller), reply))
    return setup_menu(shown, caller.actor.channel, await trouble_of(bot, shown))


async def _loaded(
    bot: Bot, caller: Caller, file: ScorecardFile, channel: str | None, *, dry_run: bool = False
) -> Loaded:
    """Load a file by the caller's own rights; raises `BadInput` where its key is another's."""
    known = (await scorecards.guarded(bot.store)).get(file.key)
    if known is None:
        maker = await as_maker(bot, caller, channel)
        file = file.model_copy(update={"channel": None})  # its home is the one that is chosen
    else:
        maker = await bot.proven_about([known], caller, Right.EDIT)
    try:
        return await loading.load(bot.store, maker, file, channel=channel, dry_run=dry_run)
    except NotAllowed as refused:
        if known is None or maker.actor.unanswered:
            raise
        raise BadInput(
            f"The key “{file.key}” is that of a scorecard which you may not edit. Give the file "
            "another key."
        ) from refused


async def _read(bot: Bot, file_id: str) -> ScorecardFile:
    """The scorecard in a file of Slack's; raises `FileErrors` with all that is wrong in it."""
    name, content = await download(bot.client, file_id, MOST_BYTES)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_ONE_AT_A_TIME, read_scorecard_bytes, content, name)

"""Beginning a scorecard from Slack: from scratch or from an example; or bringing one back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import BadInput, KpiError
from app.domain.outcomes import Reverted, SetUp, Undone
from app.domain.scorecards import Scorecard
from app.files.examples import EXAMPLES, read_example
from app.services import editing, setup, undoing
from app.services.callers import Caller, Right, Surface
from app.slack.blocks.history import reverted_reply
from app.slack.blocks.setup import setup_menu
from app.slack.blocks.setup_start import Beginning, example_form, examples_view, new_form
from app.slack.bot import Body, Bot
from app.slack.ids import Field, OutOfDate, read_number
from app.slack.inputs.forms import field_errors
from app.slack.inputs.setup import read_example_form, read_new_form
from app.slack.listeners import home
from app.slack.listeners.opening import update_view
from app.slack.listeners.setup import DOING, UTC, as_maker, start, tell_trouble
from app.slack.publish import SlackFailure, lacking

_UNSEEN = (
    "The bot can't see this channel, or you aren't in it. If it is private, invite the bot there: "
    "/invite @KPI"
)


async def open_new_form(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The form that makes a scorecard from scratch, in the asker's own time zone."""

    async def form(caller: Caller) -> dict[str, Any]:
        initial = Scorecard("new", "", "", await _own_zone(bot, caller))
        return new_form(Beginning(caller.actor.channel), initial)

    await show_next(ack, body, bot, form)


async def show_examples(ack: AsyncAck, body: Body, bot: Bot) -> None:
    async def examples(caller: Caller) -> dict[str, Any]:
        shown = [_example(key, caller.now.date()) for key in EXAMPLES]
        return examples_view(caller.actor.channel, shown)

    await show_next(ack, body, bot, examples)


async def open_example_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """What an example holds, with its name, home and zone to be said."""

    async def form(caller: Caller) -> dict[str, Any]:
        key = action["value"]
        beginning = Beginning(caller.actor.channel, key)
        zone = await _own_zone(bot, caller)
        return example_form(beginning, _example(key, caller.now.date()), zone.key)

    await show_next(ack, body, bot, form)


async def go_back(ack: AsyncAck, body: Body, bot: Bot) -> None:
    await show_next(ack, body, bot, lambda caller: start(bot, caller))


async def open_menu(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The menu of a scorecard that has no home yet."""

    async def menu(caller: Caller) -> dict[str, Any]:
        key = action["value"]
        proven = await bot.proven(caller, key, Right.EDIT)
        return setup_menu(await setup.show(bot.store, proven, key), caller.actor.channel)

    await show_next(ack, body, bot, menu)


async def make(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Make the scorecard as it stands in the form, and go on with its menu."""

    def wanted() -> Scorecard:
        return replace(Scorecard("new", "", "", UTC), **read_new_form(view["state"]["values"]))

    await _make(ack, body, view, bot, wanted)


async def make_from_example(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Make the scorecard of the example, as of today."""

    def wanted() -> Scorecard:
        key = Beginning.from_metadata(view["private_metadata"]).source
        fields = read_example_form(view["state"]["values"])
        return replace(_example(key, bot.clock().date()), **fields)

    await _make(ack, body, view, bot, wanted)


async def bring_back(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Undo the retirement of a scorecard, and go on with its menu."""

    async def menu(caller: Caller) -> dict[str, Any]:
        maker = await as_maker(bot, caller, caller.actor.channel)
        undone = await undoing.undo(bot.store, maker, read_number(action["value"]))
        if isinstance(undone, Reverted):
            bot.tasks.spawn(bot.tell(sender_of(caller), reverted_reply(undone)))
        home.refresh(bot, caller.actor.id)
        key = undone.scorecard if isinstance(undone, Undone) else undone.snapshot.scorecard.key
        return setup_menu(await setup.show(bot.store, maker, key), caller.actor.channel)

    await show_next(ack, body, bot, menu)


async def _make(
    ack: AsyncAck, body: Body, view: Body, bot: Bot, wanted: Callable[[], Scorecard]
) -> None:
    beginning = Beginning.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], beginning.channel, Surface.FORM)
    try:
        scorecard = wanted()
        maker = await as_maker(bot, caller, scorecard.channel)
        refuse_unseen_home(maker, scorecard.channel)
        made = await editing.make(bot.store, maker, scorecard)
    except KpiError as error:
        errors = field_errors(error, view["state"]["values"])
        await ack(response_action="errors", errors=errors)
        return
    known = SetUp(made.snapshot)
    await ack(response_action="update", view=setup_menu(known, beginning.channel))
    home.refresh(bot, caller.actor.id)
    looking = tell_trouble(bot, known, beginning.channel, view["id"])
    bot.follow_up(sender_of(caller), looking, doing=DOING)


def refuse_unseen_home(maker: Caller, home: str | None) -> None:
    """Raises `BadInput` for a home that whoever makes a scorecard isn't known to see."""
    actor = maker.actor
    if not actor.unanswered and home not in {actor.channel, *actor.channels}:
        raise BadInput(_UNSEEN, field=Field.CHANNEL)


async def show_next(
    ack: AsyncAck,
    body: Body,
    bot: Bot,
    view_of: Callable[[Caller], Awaitable[dict[str, Any]]],
    *,
    scope: str = "",
) -> None:
    """Take the click at once, and show in the same modal what comes next.

    `scope` is one without which Slack refuses the view as a whole, and doesn't say why.
    """
    await ack()
    channel = Beginning.from_metadata(body["view"]["private_metadata"]).channel
    caller = bot.caller(body["user"]["id"], channel, Surface.BUTTON)

    async def show() -> None:
        view = await view_of(caller)
        try:
            await update_view(bot, body["view"]["id"], view)
        except SlackFailure as failure:
            if scope and failure.code == "invalid_arguments":
                raise lacking(scope) from failure
            raise

    bot.follow_up(sender_of(caller), show(), doing=DOING)


def sender_of(caller: Caller) -> Body:
    """Whom to tell, and where."""
    return {"user": {"id": caller.actor.id}, "channel": {"id": caller.actor.channel}}


def _example(key: str, today: date) -> Scorecard:
    try:
        scorecard, _ = read_example(key, today).to_domain()
    except LookupError as error:
        raise OutOfDate from error
    return scorecard


async def _own_zone(bot: Bot, caller: Caller) -> ZoneInfo:
    """The asker's own zone; UTC where Slack doesn't tell."""
    try:
        return await bot.membership.zone_of(caller.actor.id, UTC) or UTC
    except SlackFailure:
        return UTC

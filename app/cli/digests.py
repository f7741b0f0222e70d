"""`kpi digest preview` and `kpi digest post`."""

from typing import Annotated, Any

import typer

from app.cli.terminal import (
    AsJson,
    ScorecardKey,
    a_console,
    print_json,
    read_instant,
    the_operator,
    with_store,
)
from app.config import read_settings
from app.main import slack_client, utc_now
from app.painting import Painter
from app.playground.terminal import render_message
from app.services import deliveries, digests, scorecards
from app.services.deliveries import State
from app.slack.blocks.digest_details import digest_details
from app.slack.blocks.digests import digest_post
from app.slack.identity import Identity
from app.slack.membership import Membership
from app.slack.outbox import Outbox
from app.slack.pictures import Pictures
from app.slack.publish import SlackFailure
from app.store.engine import Store


def preview(
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="As if it were posted then.")
    ] = None,
    scorecard: ScorecardKey = None,
    as_json: AsJson = False,
) -> None:
    """See the digest as it would be posted now, or at another time.

    \b
    Examples:
      kpi digest preview
      kpi digest preview --at 2026-03-16T09:00 --json
    """

    async def work(store: Store) -> Any:
        caller = the_operator()
        snapshot = await scorecards.show(store, caller, scorecard)
        instant = read_instant(at, snapshot.scorecard.zone) if at else None
        return await digests.preview(store, caller, at=instant, key=snapshot.scorecard.key)

    digest = with_store(work)
    message = digest_post(digest)
    if as_json:
        print_json(message.as_payload())
        return
    console = a_console()
    console.print(render_message(message.as_payload(), sender="KPI", channel="preview"))
    for reply in digest_details(digest):
        console.print(render_message(reply.as_payload(), sender="KPI", channel="in its thread"))


def post(scorecard: ScorecardKey = None) -> None:
    """Post this week's digest to the scorecard's channel, once a week.

    \b
    Examples:
      kpi digest post
      kpi digest post --scorecard billing
    """
    settings = read_settings()
    client = slack_client(settings, settings.require_token())

    async def work(store: Store) -> tuple[State, str | None, str | None]:
        delivery = await digests.post_now(store, the_operator(), key=scorecard)
        membership = Membership(client, utc_now, Identity())
        pictures = Pictures(store, client, Painter().paint)
        await Outbox(
            store, client, utc_now, "terminal", membership, pictures=pictures
        ).deliver_due()
        return await deliveries.state_of(store, delivery)

    state, _, error = with_store(work)
    if state is not State.DELIVERED:
        kept = " It is kept, and kpi serve posts it." if state is State.WAITING else ""
        raise SlackFailure("not_delivered", f"The digest could not be posted. {error}{kept}")
    print("The digest is posted.")

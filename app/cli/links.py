"""`kpi link create`, `kpi link list` and `kpi link revoke`."""

from datetime import datetime
from typing import Annotated

import typer

from app.cli.terminal import ScorecardKey, the_operator, with_store
from app.config import read_settings
from app.domain.errors import BadInput
from app.domain.links import LINKS_OFF, Link, LinkAddresses
from app.services import links


def create(
    days: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Until when it is open; for good without.")
    ] = None,
    scorecard: ScorecardKey = None,
) -> None:
    """Make a link to the progress page, and print its address.

    Everybody who has the link sees the page, until it ends or is revoked. Needs KPI_PUBLIC_URL and
    KPI_LINK_KEY, the same as the running bot.

    \b
    Examples:
      kpi link create
      kpi link create --days 30 --scorecard billing
    """
    addresses = read_settings().link_addresses
    if addresses is None:
        raise BadInput(f"The progress page is {LINKS_OFF}.")
    made = with_store(lambda store: links.make(store, the_operator(), days=days, key=scorecard))
    print(addresses.of(made.id))


def show(scorecard: ScorecardKey = None) -> None:
    """List all links to the progress page, the newest first.

    \b
    Examples:
      kpi link list
      kpi link list --scorecard billing
    """
    addresses, caller = read_settings().link_addresses, the_operator()
    found = with_store(lambda store: links.listed(store, caller, scorecard))
    for link in found:
        print(_line(link, addresses, caller.now))
    if not found:
        print("There is no link yet. Make one: kpi link create")


def revoke(
    link: Annotated[str, typer.Argument(metavar="ID", help="As kpi link list shows it.")],
) -> None:
    """Revoke a link: nobody opens the page with it any more.

    \b
    Examples:
      kpi link revoke 8f3a1c5e9b2d7046
    """
    revoked = with_store(lambda store: links.revoke(store, the_operator(), link))
    print(f"{revoked.id} is revoked.")


def _line(link: Link, addresses: LinkAddresses | None, now: datetime) -> str:
    opened = f"opened {_when(link.last_opened_at)}" if link.last_opened_at else "never opened"
    address = f", {addresses.of(link.id)}" if addresses and link.is_open(now) else ""
    return (
        f"{link.id}  {_standing(link, now)}, made {_when(link.made_at)} by {link.made_by}, "
        f"{opened}{address}"
    )


def _standing(link: Link, now: datetime) -> str:
    if link.revoked_at is not None:
        return f"revoked {_when(link.revoked_at)} by {link.revoked_by}"
    if link.ends_at is None:
        return "open for good"
    return f"{'open until' if link.is_open(now) else 'ended'} {_when(link.ends_at)}"


def _when(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"

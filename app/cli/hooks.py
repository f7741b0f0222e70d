"""`kpi hook new`, `kpi hook list`, `kpi hook show` and `kpi hook revoke`."""

from datetime import datetime
from typing import Annotated

import typer

from app.cli.terminal import ScorecardKey, the_operator, with_store
from app.config import read_settings
from app.domain.errors import BadInput, NotFound
from app.domain.hooks import DEFAULT_LABEL, Forge, Hook, HookAddresses, HookForm, HookMode
from app.domain.links import LINKS_OFF
from app.services import hooks

HookId = Annotated[str, typer.Argument(metavar="ID", help="As kpi hook list shows it.")]


def new(
    forge: Annotated[Forge, typer.Argument(help="What kind of server calls it.")],
    *,
    repository: Annotated[
        list[str] | None,
        typer.Option(help="One that counts, or acme/* for all of a group; may be repeated."),
    ] = None,
    label: Annotated[
        str, typer.Option(help="The label of changes that are milestones.")
    ] = DEFAULT_LABEL,
    releases: Annotated[bool, typer.Option("--releases", help="Releases count too.")] = False,
    log: Annotated[
        bool, typer.Option("--log", help="Log them at once instead of offering them.")
    ] = False,
    scorecard: ScorecardKey = None,
) -> None:
    """Make a hook, and print its address and its secret for the git server.

    Needs KPI_PUBLIC_URL and KPI_LINK_KEY, the same as the running bot.

    \b
    Examples:
      kpi hook new github
      kpi hook new gitlab --repository "acme/*" --label shipped --releases --log
    """
    addresses = _addresses()
    mode = HookMode.LOG if log else HookMode.OFFER
    form = HookForm(forge, tuple(repository or ()), label, releases, mode)
    made = with_store(lambda store: hooks.make(store, the_operator(), form, key=scorecard))
    _print(made, addresses)


def show(hook: HookId) -> None:
    """Show the address and the secret of a hook again.

    \b
    Examples:
      kpi hook show 8f3a1c5e9b2d7046
    """
    addresses = _addresses()
    known = with_store(lambda store: hooks.all_of(store, the_operator()))
    found = next((each for each in known if each.id == hook), None)
    if found is None:
        raise NotFound(f"There is no hook “{hook[:60]}”. They are in: kpi hook list")
    _print(found, addresses)


def list_hooks() -> None:
    """List the hooks, with what came of the last delivery and what was wrong with others.

    \b
    Examples:
      kpi hook list
    """
    known = with_store(lambda store: hooks.all_of(store, the_operator()))
    for hook in known:
        print(_line(hook))
    if not known:
        print("There is no hook yet. Make one: kpi hook new github")


def revoke(hook: HookId) -> None:
    """Revoke a hook: what calls it is turned away.

    \b
    Examples:
      kpi hook revoke 8f3a1c5e9b2d7046
    """
    revoked = with_store(lambda store: hooks.revoke(store, the_operator(), hook))
    print(f"{revoked.id} is revoked.")


def _addresses() -> HookAddresses:
    addresses = read_settings().hook_addresses
    if addresses is None:
        raise BadInput(f"Milestones from git are {LINKS_OFF}.")
    return addresses


def _print(hook: Hook, addresses: HookAddresses) -> None:
    print(f"address  {addresses.of(hook.form.forge, hook.id)}")
    print(f"secret   {addresses.secret(hook.id)}")


def _line(hook: Hook) -> str:
    form = hook.form
    parts = [
        f"{hook.id}  {form.forge.words} for {hook.scorecard}",
        f"from {', '.join(form.repositories) or 'all repositories'}",
        f"with the label “{form.label}”{' and releases' if form.releases else ''}",
        "offered" if form.mode is HookMode.OFFER else "logged at once",
    ]
    last = f"last delivery {_when(hook.told_at)}: {hook.told}" if hook.told_at else "never called"
    trouble = ""
    if hook.trouble_at:
        trouble = f"\n  {hook.troubles} refused, last {_when(hook.trouble_at)}: {hook.trouble}"
    return f"{', '.join(parts)}\n  {last}{trouble}"


def _when(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"

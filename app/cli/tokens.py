"""`kpi token create`, `kpi token list` and `kpi token revoke`."""

import sys
from typing import Annotated

import typer

from app.cli.terminal import AsJson, a_console, print_json, the_operator, with_store
from app.documents.data import tokens_data
from app.documents.text import tokens_text
from app.domain.access import Token
from app.services import scorecards, tokens
from app.services.tokens import TokenForm
from app.store.engine import Store

Reached = Annotated[
    list[str] | None,
    typer.Option(
        "--scorecard", metavar="KEY", help="A scorecard that it reaches; may be given repeatedly."
    ),
]


def create(
    name: Annotated[str, typer.Argument(help="What reports with it, such as CI.")],
    scorecard: Reached = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="It may read and not write.")
    ] = False,
) -> None:
    """Make a token for the HTTP API, and print its secret, this once.

    It reaches the only scorecard there is, or those that are named.

    \b
    Examples:
      kpi token create CI
      kpi token create Dashboard --scorecard billing --read-only
    """

    async def work(store: Store) -> tuple[Token, str]:
        caller = the_operator()
        keys = scorecard or [(await scorecards.show(store, caller)).scorecard.key]
        return await tokens.make(store, caller, TokenForm(name, tuple(keys), not read_only))

    token, secret = with_store(work)
    # What follows the command in a script gets the secret alone.
    print(
        f"Token {token.id} “{token.name}” {token.rights}. It is shown this once:", file=sys.stderr
    )
    print(secret)


def list_tokens(as_json: AsJson = False) -> None:
    """List the tokens of the HTTP API, without their secrets.

    \b
    Examples:
      kpi token list
      kpi token list --json
    """
    known = with_store(lambda store: tokens.all_of(store, the_operator()))
    if as_json:
        print_json(tokens_data(known))
    elif known:
        a_console().print(tokens_text(known))
    else:
        print("There is no token. Make one: kpi token create NAME")


def revoke(
    number: Annotated[int, typer.Argument(metavar="ID", help="The number in kpi token list.")],
) -> None:
    """Revoke a token: from now on nobody gets in with it.

    \b
    Examples:
      kpi token revoke 3
    """
    token = with_store(lambda store: tokens.revoke(store, the_operator(), number))
    print(f"Token {token.id} “{token.name}” is revoked.")

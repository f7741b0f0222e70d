"""Tokens: those that reach a scorecard, the form for a new one, and its secret, shown once."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import names
from app.domain.access import Token
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup_fields import confirmed
from app.slack.ids import Action, Field, Form, MayDo

TITLE = "Tokens"
EXPLANATION = (
    "With a token a program reads this scorecard, or reports readings and milestones, through the "
    "HTTP API."
)
RIGHTS = {
    MayDo.READ_AND_WRITE: "Read, record readings and log milestones",
    MayDo.READ: "Read only",
}


def tokens_view(
    tokens: Sequence[Token], known: Mapping[str, str], place: FormPlace, told: str = ""
) -> dict[str, Any]:
    """The tokens that reach a scorecard; `told` is what was just changed, in mrkdwn.

    `known` are the names of the scorecards that the reader may be told of, by key.
    """
    return {
        "type": "modal",
        "callback_id": Form.TOKENS,
        "title": kit.plain_text(TITLE, kit.MOST_TITLE_LENGTH),
        "close": kit.plain_text("Back", kit.MOST_TITLE_LENGTH),
        "private_metadata": place.as_metadata(),
        "blocks": [
            *([kit.section(told), kit.divider()] if told else []),
            kit.section(EXPLANATION if tokens else f"{EXPLANATION} There is none yet."),
            *(_entry(token, known) for token in tokens),
            kit.divider(),
            kit.actions(kit.button("Make a token", Action.NEW_TOKEN, place.scorecard)),
        ],
    }


def _entry(token: Token, known: Mapping[str, str]) -> Block:
    used = f"last used {kit.moment(token.last_used_at)}" if token.last_used_at else "never used"
    lines = [
        f"{bold(token.name)} ({token.id})",
        f"It {token.rights} {_reached(token, known)}.",
        f"Made by {kit.person(token.made_by)} {kit.moment(token.made_at)}, {used}",
    ]
    button = kit.button("Revoke", Action.REVOKE_TOKEN, str(token.id))
    asked = confirmed(
        button,
        "Revoke this token?",
        "What uses it gets in no more, at once and for all scorecards that it reaches. What it "
        "has reported stays.",
        "Revoke",
    )
    return kit.section("\n".join(lines), accessory=asked)


def _reached(token: Token, known: Mapping[str, str]) -> str:
    """The scorecards that a token reaches; of those that the reader may not see, how many."""
    told = [escaped(known[key]) for key in token.scorecards if key in known][:MOST_NAMED]
    others = len(token.scorecards) - len(told)
    more = [f"{others} more"] if others else []
    return " and ".join(part for part in (", ".join(told), *more) if part)


MOST_NAMED = 3


def token_form(place: FormPlace, name: str) -> dict[str, Any]:
    """The form for a new token of the scorecard with this name."""
    reach: Block = {
        "type": "multi_external_select",
        "action_id": Action.CHOOSE_REACH,
        "min_query_length": 0,
        "initial_options": [kit.option(place.scorecard, name)],
    }
    rights = {each: kit.option(each, label) for each, label in RIGHTS.items()}
    may: Block = {
        "type": "radio_buttons",
        "action_id": Action.INPUT,
        "options": list(rights.values()),
        "initial_option": rights[MayDo.READ_AND_WRITE],
    }
    return forms.modal(
        "Make a token",
        Form.TOKEN,
        [
            forms.field(
                Field.NAME,
                "Name",
                forms.text_input(Action.INPUT, most=names.MOST_NAME_LENGTH, placeholder="CI"),
                hint="What reports with it. Readings and the history name it.",
            ),
            forms.field(Field.SCORECARDS, "Scorecards that it reaches", reach),
            forms.field(Field.MAY, "What it may do", may),
        ],
        submit="Make",
        metadata=place.as_metadata(),
    )


def secret_view(token: Token, secret: str) -> dict[str, Any]:
    """What its maker alone sees of a new token, this once."""
    text = (
        f"{bold(token.name)} is made. Copy its secret now: it is kept nowhere and is not shown "
        f"again.\n```{secret}```\nSend it with each request: `Authorization: Bearer kpi_…`. What "
        "can be asked for is told at `/api/v1/docs` where the bot runs."
    )
    return forms.told("The new token", text)

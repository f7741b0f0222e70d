"""What a person said of a new token."""

from app.services.tokens import TokenForm
from app.slack.blocks.forms import FormState
from app.slack.ids import Field, MayDo
from app.slack.inputs.forms import chosen_in, the_choice, typed_in


def read_token_form(state: FormState) -> TokenForm:
    return TokenForm(
        typed_in(state, Field.NAME),
        tuple(chosen_in(state, Field.SCORECARDS)),
        the_choice(state, Field.MAY, MayDo) is MayDo.READ_AND_WRITE,
    )

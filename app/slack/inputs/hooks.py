"""What a person said of a hook."""

from app.domain.hooks import Forge, HookForm, HookMode
from app.slack.blocks.forms import FormState
from app.slack.ids import AlsoTaken, Field
from app.slack.inputs.forms import chosen_in, the_choice, typed_in


def read_hook_form(state: FormState) -> HookForm:
    """The form for a hook; one that is edited has no field for its kind of server, which stays."""
    forge = the_choice(state, Field.FORGE, Forge) if Field.FORGE in state else Forge.GITHUB
    return HookForm(
        forge,
        tuple(typed_in(state, Field.REPOSITORIES).split()),
        typed_in(state, Field.LABEL),
        AlsoTaken.RELEASES in chosen_in(state, Field.TAKEN),
        the_choice(state, Field.MODE, HookMode),
    )

"""Milestones from git: the hooks of a scorecard, the form for one, and how to set the server up."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.domain import names
from app.domain.hooks import Forge, Hook, HookAddresses, HookForm, HookMode
from app.domain.links import LINKS_OFF
from app.slack.blocks import forms, kit
from app.slack.blocks.kit import Block, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup_fields import confirmed
from app.slack.ids import Action, AlsoTaken, Field, Form

TITLE = "Milestones from git"
MOST_TOLD_LENGTH = 500
_EXPLANATION = (
    "A git server calls a hook when a change is merged or a release is published. What has the "
    "label, or the trailer `Milestone: …`, becomes a milestone."
)
_MODES = {
    HookMode.OFFER: "Offered in the channel: a person logs it",
    HookMode.LOG: "Logged at once; offered where something can't be read",
}
_STEPS = {
    Forge.GITHUB: """\
1. In the repository or the organisation: *Settings*, *Webhooks*, *Add webhook*. The address is \
its *Payload URL*, the content type *application/json*, and the secret its *Secret*.
2. Choose *Let me select individual events*: *Pull requests*{releases}.
3. Click *Add webhook*. GitHub greets the hook, which the list then shows.""",
    Forge.GITLAB: """\
1. In the project or the group: *Settings*, *Webhooks*, *Add new webhook*. The address is its \
*URL*, the secret its *Secret token*; as a signing token the same secret does.
2. Choose as trigger *Merge request events*{releases}.
3. Click *Add webhook*, then *Test*. What came of it is shown in the list.""",
}
_RELEASES = {Forge.GITHUB: " and *Releases*", Forge.GITLAB: " and *Releases events*"}


def hooks_view(
    hooks: Sequence[Hook], addresses: HookAddresses | None, place: FormPlace, told: str = ""
) -> dict[str, Any]:
    """The hooks of a scorecard; `told` is what was just changed, in mrkdwn."""
    if addresses is None:
        blocks = [kit.section(f"{TITLE} are {LINKS_OFF}.")]
    else:
        blocks = [
            kit.section(_EXPLANATION if hooks else f"{_EXPLANATION} There is no hook yet."),
            *(block for hook in hooks for block in _entry(hook)),
            kit.divider(),
            kit.actions(kit.button("Make a hook", Action.NEW_HOOK, place.scorecard)),
        ]
    return {
        "type": "modal",
        "callback_id": Form.HOOKS,
        "title": kit.plain_text(TITLE, kit.MOST_TITLE_LENGTH),
        "close": kit.plain_text("Back", kit.MOST_TITLE_LENGTH),
        "private_metadata": place.as_metadata(),
        "blocks": [*([kit.section(told), kit.divider()] if told else []), *blocks],
    }


def _entry(hook: Hook) -> Iterator[Block]:
    yield from kit.sections([f"{bold(hook.form.forge.words)} ({hook.id})", *_about(hook)])
    yield kit.actions(
        kit.button("Address and secret", Action.SHOW_HOOK, hook.id),
        kit.button("Edit", Action.EDIT_HOOK, hook.id),
        confirmed(
            kit.button("Revoke", Action.REVOKE_HOOK, hook.id),
            "Revoke this hook?",
            "What the git server tells by it is turned away, and it can't be brought back. What it "
            "has told stays.",
            "Revoke",
        ),
    )


def _about(hook: Hook) -> Iterator[str]:
    form = hook.form
    named = escaped(kit.shortened(", ".join(form.repositories), MOST_TOLD_LENGTH))
    releases = ", and releases" if form.releases else ""
    yield f"{named or 'All repositories'}: the label {bold(form.label)}{releases}"
    yield _MODES[form.mode]
    yield f"Made by {kit.person(hook.made_by)} {kit.moment(hook.made_at)}"
    yield _last(hook)
    if hook.trouble_at is not None:
        yield f"Refused so far: {hook.troubles}, last {kit.moment(hook.trouble_at)}"
        yield escaped(kit.shortened(hook.trouble, MOST_TOLD_LENGTH))


def _last(hook: Hook) -> str:
    """What came of the last delivery that was taken."""
    if hook.told_at is None:
        return "It was never called."
    told = escaped(kit.shortened(hook.told, MOST_TOLD_LENGTH))
    return f"Last delivery {kit.moment(hook.told_at)}: {told}"


def hook_form(place: FormPlace, hook: Hook | None = None) -> dict[str, Any]:
    """The form for a new hook, or for one that is there, whose kind of server stays."""
    form = hook.form if hook else HookForm(Forge.GITHUB)
    kinds = {each.value: each.words for each in Forge}
    modes = {mode.value: label for mode, label in _MODES.items()}
    repositories = forms.text_input(
        Action.INPUT,
        initial="\n".join(form.repositories),
        most=kit.MOST_SECTION_LENGTH,
        multiline=True,
        placeholder="acme/billing",
    )
    fields = [
        forms.field(
            Field.REPOSITORIES,
            "Repositories",
            repositories,
            hint="One a line, with owner or group; acme/* is all of a group. All without any.",
            optional=True,
        ),
        forms.field(
            Field.LABEL,
            "Label",
            forms.text_input(Action.INPUT, initial=form.label, most=names.MOST_NAME_LENGTH),
            hint="A merged change with it is a milestone. The trailer Milestone does without.",
        ),
        forms.field(Field.TAKEN, "Also", _releases(chosen=form.releases), optional=True),
        forms.field(Field.MODE, "Milestones are", _radio(modes, form.mode)),
    ]
    if hook is None:
        fields.insert(0, forms.field(Field.FORGE, "Git server", _radio(kinds, Forge.GITHUB)))
    return forms.modal(
        "Edit a hook" if hook else "Make a hook",
        Form.HOOK,
        fields,
        submit="Save" if hook else "Make",
        metadata=place.as_metadata(),
    )


def _radio(labels: Mapping[str, str], chosen: StrEnum) -> Block:
    options = {value: kit.option(value, label) for value, label in labels.items()}
    return {
        "type": "radio_buttons",
        "action_id": Action.INPUT,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }


def _releases(*, chosen: bool) -> Block:
    option = kit.option(AlsoTaken.RELEASES, "Every release is a milestone")
    element: Block = {"type": "checkboxes", "action_id": Action.INPUT, "options": [option]}
    return {**element, "initial_options": [option]} if chosen else element


def hook_view(hook: Hook, addresses: HookAddresses, place: FormPlace) -> dict[str, Any]:
    """Where a hook is called and by which secret, with the steps that give them to the server."""
    forge = hook.form.forge
    releases = _RELEASES[forge] if hook.form.releases else ""
    steps = _STEPS[forge].format(releases=releases)
    address, secret = addresses.of(forge, hook.id), addresses.secret(hook.id)
    text = f"Address\n```{address}```\nSecret\n```{secret}```\n{steps}"
    return {**forms.told("Address and secret", text), "private_metadata": place.as_metadata()}

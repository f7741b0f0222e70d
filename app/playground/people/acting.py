"""What a person does with the app: types commands, clicks, chooses, fills in, submits."""

from collections.abc import Mapping
from typing import Any

from app.playground import payloads
from app.playground.blocks import Json, Place
from app.playground.envelopes import Envelope
from app.playground.files import File
from app.playground.inputs import (
    Field,
    chosen_state,
    complaints,
    fields_of,
    momentary_choice,
    state_of,
    state_values,
)
from app.playground.journal import Entry
from app.playground.menus import Menu, offer_of, offers_for
from app.playground.messages import Message
from app.playground.people.managing import Manager
from app.playground.people.seeing import Surroundings
from app.playground.pickers import require_offer
from app.playground.reactions import (
    CommandReaction,
    Reaction,
    SubmissionReaction,
    Suggestions,
    react,
    react_to_command,
    react_to_submission,
    suggested_options,
)
from app.playground.users import User
from app.playground.views import View
from app.playground.workspace import Channel

Surface = Message | View

MIN_QUERY_LENGTH = 3


class Person(Manager):
    """Acts as one user. What she can't do in Slack raises LookupError or PermissionError."""

    def __init__(self, user: User, surroundings: Surroundings) -> None:
        super().__init__(user, surroundings)
        self._chosen_in: dict[Message, dict[Place, Json]] = {}
        self._offered: dict[tuple[Surface, Place], dict[str, Json]] = {}

    async def types(self, line: str, channel: Channel) -> CommandReaction:
        """Enter a slash command.

        Raises LookupError for a command that the app doesn't have, PermissionError where she
        can't write.
        """
        command = line.partition(" ")[0]
        if not self._workspace.installation.manifest.knows_command(command):
            raise LookupError(f"{command} is not a valid command")
        self._require_access(channel)
        payload = {
            **payloads.command(self._workspace, self.user, channel, line),
            "trigger_id": self._workspace.triggers.issue(self.id, channel.id),
            "response_url": self._response_url(channel.id),
        }
        envelope = Envelope("slash_commands", payload, accepts_response_payload=True)
        entry = await self._around.deliveries.deliver(envelope)
        return react_to_command(self._workspace, self._around.events, entry, channel, self.id)

    async def opens_home(self) -> View | None:
        """Open the app's home tab; returns what is published once the app has heard of it.

        Raises LookupError when the app has none.
        """
        if not self._workspace.installation.manifest.has_home_tab:
            raise LookupError("the app has no Home tab")
        bot = self._workspace.bot
        channel = self._workspace.direct_message(frozenset({self.id, bot.id}))
        await self._around.events.home_opened(self.user, channel)
        return self._workspace.views.home(self.id)

    async def clicks(
        self,
        surface: Surface,
        action_id: str,
        choice: Any = None,
        *,
        block_id: str | None = None,
    ) -> Reaction:
        """Click a button, or choose from a menu, select, date picker or checkboxes.

        `choice` names an option by its value, several by a list, a date as `2026-03-16`. Raises
        LookupError when the element or the option isn't there, or waits for a submission.
        """
        field = self._field(surface, action_id, block_id)
        return await self._act(surface, field, choice)

    async def searches(
        self,
        surface: Surface,
        action_id: str,
        text: str,
        *,
        block_id: str | None = None,
    ) -> list[Json]:
        """Type into an external select; returns the options that the app suggests.

        They can be chosen afterwards. Empty when the app did not answer, or with what Slack can't
        show; and when fewer characters were typed than `min_query_length`, which is 3 where the
        element doesn't say otherwise (docs.slack.dev/reference/block-kit/block-elements).
        """
        field = self._field(surface, action_id, block_id)
        return [option for _, option in (await self._search(surface, field, text)).options]

    async def opens_menu(
        self,
        surface: Surface,
        action_id: str,
        text: str = "",
        *,
        block_id: str | None = None,
    ) -> Menu:
        """Open a select and type into it; returns the lines of it that have these words.

        Those of an external select are what the app suggests, as with `searches`.
        """
        field = self._field(surface, action_id, block_id)
        if not field.element["type"].endswith("external_select"):
            return Menu(offers_for(self._workspace, self.user, field.element, text))
        found = await self._search(surface, field, text)
        return Menu([offer_of(group, option) for group, option in found.options], found.error)

    async def _search(self, surface: Surface, field: Field, text: str) -> Suggestions:
        if len(text) < field.element.get("min_query_length", MIN_QUERY_LENGTH):
            return Suggestions([], None)
        payload = {
            **payloads.interaction(self._workspace, "block_suggestion", self.user),
            **payloads.source(self._workspace, surface, field),
            "block_id": field.place[0],
            "action_id": field.place[1],
            "value": text,
        }
        entry = await self._interact(payload, accepts_response_payload=True)
        found = suggested_options(entry)
        offered = self._offered.setdefault((surface, field.place), {})
        offered.update({option["value"]: option for _, option in found.options})
        return found

    def fills(self, surface: Surface, typed: Mapping[str, Any]) -> None:
        """Fill in input blocks of a modal, home or message: {block id: what is typed or picked}.

        Text, numbers, dates (`2026-03-16`) and times (`09:30`) are given as they are typed, options
        by their value, people and channels as themselves or by id, files as `LocalSlack.upload`
        gives them; lists for what takes several. None empties an input.

        Raises LookupError naming the inputs or options that exist, or for what isn't offered.
        """
        for block_id, choice in typed.items():
            self._choose(surface, self._input(surface, block_id), choice)

    def attaches(self, view: View, block_id: str, name: str, content: bytes) -> File:
        """Choose a file of hers in a file input, beside those that are in it already.

        Raises LookupError when the input takes no such file, or no further one.
        """
        field = self._input(view, block_id)
        state = state_of(field, view.chosen)
        before = [self._workspace.files[each["id"]] for each in state.get("files", [])]
        file = self._workspace.upload(self.user, name, content)
        self._choose(view, field, [*before, file])
        return file

    def chosen(self, surface: Surface) -> Mapping[Place, Json]:
        """What she has filled in and chosen so far, by block id and action id."""
        return surface.chosen if isinstance(surface, View) else self._chosen_in.get(surface, {})

    async def dispatches(self, surface: Surface, block_id: str, choice: Any) -> Reaction:
        """Fill in an input that tells the app at once. Raises LookupError when it doesn't."""
        self.fills(surface, {block_id: choice})
        return await self._act(surface, self._input(surface, block_id), choice)

    async def submits(self, view: View) -> SubmissionReaction:
        """Submit the modal that she looks at.

        Slack itself refuses empty required inputs, wrong lengths and forms: the app isn't asked
        then. Raises LookupError when she looks at something else.
        """
        self._require_top(view)
        errors = complaints(view.blocks, view.chosen)
        if errors:
            return SubmissionReaction(None, 0.0, None, errors, closed=False, view=view)
        payload = {
            **payloads.interaction(self._workspace, "view_submission", self.user),
            "trigger_id": self._workspace.triggers.issue(self.id, None, view.id),
            "view": self._workspace.views.payload(view),
            "response_urls": self._response_urls(view),
        }
        entry = await self._interact(payload, accepts_response_payload=True)
        return react_to_submission(self._workspace, entry, view)

    async def closes(self, view: View) -> None:
        """Close the modal that she looks at, or its whole stack if it says so."""
        self._require_top(view)
        clears = bool(view.content.get("clear_on_close"))
        gone = self._workspace.views.clear(view) if clears else [view]
        if not clears:
            self._workspace.views.close(view)
        for one in gone:
            if one.content.get("notify_on_close"):
                payload = {
                    **payloads.interaction(self._workspace, "view_closed", self.user),
                    "view": self._workspace.views.payload(one),
                    "is_cleared": clears,
                }
                await self._interact(payload)

    async def uses_shortcut(self, callback_id: str, message: Message | None = None) -> Reaction:
        """Use a global shortcut, or a message's shortcut when a message is given.

        Raises LookupError when the app has no such shortcut, or for an ephemeral message, which
        has no menu of shortcuts.
        """
        kind, name = ("global", "shortcut") if message is None else ("message", "message_action")
        if not self._workspace.installation.manifest.knows_shortcut(callback_id, kind):
            raise LookupError(f"no {kind} shortcut {callback_id!r}")
        channel_id = None
        about_message: Json = {}
        if message is not None:
            self._require_visible(message)
            if message.is_ephemeral:
                raise LookupError("an ephemeral message has no shortcuts")
            channel_id = message.channel_id
            about_message = {
                **payloads.about(self._workspace, message),
                "message_ts": message.ts,
                "response_url": self._response_url(channel_id, message.ts),
            }
        payload = {
            **payloads.interaction(self._workspace, name, self.user),
            "callback_id": callback_id,
            "trigger_id": self._workspace.triggers.issue(self.id, channel_id),
            "action_ts": self._workspace.new_ts(),
            **about_message,
        }
        return react(await self._interact(payload))

    async def _act(self, surface: Surface, field: Field, choice: Any) -> Reaction:
        if not field.dispatches:
            raise LookupError(f"{field.place[0]!r} has no dispatch_action")
        workspace = self._workspace
        chosen = self._choose(surface, field, choice)
        view_id = surface.id if isinstance(surface, View) else None
        channel_id = surface.channel_id if isinstance(surface, Message) else None
        payload = {
            **payloads.interaction(workspace, "block_actions", self.user),
            **payloads.source(workspace, surface, field),
            "trigger_id": workspace.triggers.issue(self.id, channel_id, view_id),
            "actions": [payloads.action(field, chosen, workspace.new_ts())],
        }
        if isinstance(surface, Message):
            payload["state"] = {"values": state_values(surface.all_blocks, self.chosen(surface))}
            payload["response_url"] = self._response_url(surface.channel_id, surface.ts)
        return react(await self._interact(payload))

    async def _interact(self, payload: Json, *, accepts_response_payload: bool = False) -> Entry:
        return await self._around.deliveries.deliver(
            Envelope("interactive", payload, accepts_response_payload)
        )

    def _field(self, surface: Surface, action_id: str, block_id: str | None) -> Field:
        """The element that is meant. Raises LookupError naming those that exist."""
        self._require_visible(surface)
        fields = fields_of(surface.all_blocks)
        for field in fields:
            if field.element["action_id"] == action_id and block_id in (None, field.place[0]):
                return field
        there = [field.element["action_id"] for field in fields]
        raise LookupError(f"nothing to click named {action_id!r}; there are {there}")

    def _input(self, surface: Surface, block_id: str) -> Field:
        """The input of that block. Raises LookupError naming those that exist."""
        inputs = {f.block["block_id"]: f for f in fields_of(surface.all_blocks) if f.is_input}
        if block_id not in inputs:
            raise LookupError(f"no input {block_id!r}; there are {sorted(inputs)}")
        return inputs[block_id]

    def _choose(self, surface: Surface, field: Field, choice: Any) -> Json:
        """Keep a choice in the surface's state; returns what an action says of it."""
        if field.is_stateful:
            if choice is not None:
                require_offer(self._workspace, self.user, field.element, choice)
            if field.element["type"] == "file_input" and choice is not None:
                choice = [self._workspace.file_payload(file) for file in choice]
            state = chosen_state(field, choice, self._suggested(surface, field))
            if isinstance(surface, View):
                surface.chosen[field.place] = state
            else:
                self._chosen_in.setdefault(surface, {})[field.place] = state
            return state
        return momentary_choice(field, choice)

    def _suggested(self, surface: Surface, field: Field) -> list[Json]:
        """The options of an external select that were suggested so far, or stand in it."""
        if not field.element["type"].endswith("external_select"):
            return []
        kept = state_of(field, self.chosen(surface))[field.state_key] or []
        offered = self._offered.get((surface, field.place), {})
        return [*offered.values(), *(kept if isinstance(kept, list) else [kept])]

    def _require_visible(self, surface: Surface) -> None:
        """Raise LookupError when she doesn't see the message or view (any more)."""
        if isinstance(surface, View):
            is_there = surface.user_id == self.id and self._workspace.views.is_open(surface)
        else:
            channel = self._workspace.channels[surface.channel_id]
            is_there = self.id in channel.members and surface in self._visible(channel)
        if not is_there:
            raise LookupError(f"{self.name} doesn't see it")

    def _require_top(self, view: View) -> None:
        if self._workspace.views.top(self.id) is not view:
            raise LookupError(f"{self.name} doesn't look at {view.title!r}")

    def _response_url(self, channel_id: str, message_ts: str | None = None) -> str:
        response_id = self._workspace.response_urls.issue(self.id, channel_id, message_ts)
        return f"{self._workspace.base_url}/response/{response_id}"

    def _response_urls(self, view: View) -> list[Json]:
        """Response addresses for the conversation selects that ask for one
        (docs.slack.dev/reference/block-kit/block-elements: response_url_enabled)."""
        found = []
        for field in fields_of(view.blocks):
            if field.element.get("response_url_enabled"):
                channel_id = state_of(field, view.chosen)[field.state_key]
                block_id, action_id = field.place
                found.append(
                    {
                        "block_id": block_id,
                        "action_id": action_id,
                        "channel_id": channel_id,
                        "response_url": self._response_url(channel_id),
                    }
                )
        return found

"""A local Slack workspace with one app in it."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp

from app.playground import payloads
from app.playground.blocks import Json
from app.playground.deliveries import Deliveries
from app.playground.envelopes import Envelope, EnvelopeType
from app.playground.events import Events
from app.playground.faults import Faults
from app.playground.files import File
from app.playground.http_delivery import HttpDelivery
from app.playground.http_server import HttpServer
from app.playground.installation import Installation, Manifest, secret
from app.playground.journal import Entry, Journal
from app.playground.people import OtherBot, Person, Surroundings, Writer
from app.playground.request_urls import RequestUrls
from app.playground.routes import Routes
from app.playground.socket_mode import DisconnectReason, SocketMode
from app.playground.steps import Step, parameter_problems
from app.playground.user_groups import UserGroup
from app.playground.users import ELSEWHERE, Standing
from app.playground.views import View
from app.playground.waiting import WAIT_SECONDS, until
from app.playground.workspace import Channel, Clock, Workspace

ANSWER_SECONDS = 3.0
EVENT_RETRY_SECONDS = (0.0, 60.0, 300.0)


def _now() -> float:
    """Looks `time.time` up at every call, so that a test that replaces it is heard."""
    return time.time()


class LocalSlack:
    """Runs on a port of this machine for as long as the context lasts:

        async with LocalSlack() as slack:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)

    `manifest` is the app's manifest as a dict; without one the app may do everything. `clock`
    gives the workspace's time, by which timestamps are made and triggers and response addresses
    expire. `answer_seconds` is how long the app has to acknowledge, `event_retry_seconds` the
    pauses before an event is sent again. `journal_length` is how many exchanges the journal keeps,
    all if none is given.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any] | None = None,
        *,
        clock: Clock = _now,
        port: int = 0,
        answer_seconds: float = ANSWER_SECONDS,
        event_retry_seconds: Sequence[float] = EVENT_RETRY_SECONDS,
        journal_length: int | None = None,
    ) -> None:
        self.installation = Installation(
            Manifest() if manifest is None else Manifest.read(manifest)
        )
        self.workspace = Workspace(self.installation, clock)
        self.journal = Journal(clock, self.workspace.changes, journal_length)
        self.people: dict[str, Person] = {}
        self.closing = asyncio.Event()
        self.faults = Faults()
        self._socket_mode = SocketMode(self.workspace, self.journal)
        self._http_delivery: HttpDelivery | None = None
        self._deliveries = Deliveries(
            self.journal,
            self._socket_mode,
            self.faults,
            self.workspace.triggers,
            answer_seconds=answer_seconds,
            event_retry_seconds=event_retry_seconds,
        )
        self._events = Events(self.workspace, self._deliveries)
        self._routes = Routes(
            self.workspace, self._events, self.journal, self.faults, self._socket_mode
        )
        self._application = self._routes.application
        self._server = HttpServer(self._application, port)

    async def __aenter__(self) -> Self:
        await self._server.start()
        self.workspace.base_url = self._server.url
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self.workspace.changes.happened()
        await self._deliveries.stop()
        await self._close_http_delivery()
        await self._server.stop()

    async def _close_http_delivery(self) -> None:
        if self._http_delivery is not None:
            await self._http_delivery.close()

    @property
    def answer_seconds(self) -> float:
        """How long the app has to acknowledge what is delivered from now on."""
        return self._deliveries.answer_seconds

    @answer_seconds.setter
    def answer_seconds(self, seconds: float) -> None:
        self._deliveries.answer_seconds = seconds

    def mount(self, path: str, application: ASGIApp) -> None:
        """Serve something else below a path, where the workspace itself serves nothing."""
        self._application.mount(path, application)

    @property
    def url(self) -> str:
        """Where it is reached, `http://127.0.0.1:port`."""
        return self._server.url

    @property
    def api_url(self) -> str:
        """The Web API's base address, for `AsyncWebClient(base_url=...)`."""
        return f"{self._server.url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot's token, `xoxb-...`."""
        return self.installation.bot_token

    @property
    def app_token(self) -> str:
        """The app's token for Socket Mode, `xapp-...`."""
        return self.installation.app_token

    @property
    def signing_secret(self) -> str:
        """What HTTP requests to the app are signed with."""
        return self.installation.signing_secret

    @property
    def environment(self) -> dict[str, str]:
        """What the app needs to talk to it, by the names of environment variables."""
        return {
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_API_URL": self.api_url,
        }

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.installation.team_id

    @property
    def bot_user_id(self) -> str:
        """The bot's user id."""
        return self.installation.bot_user_id

    # The workspace

    def add_person(
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/Berlin",
        guest: bool = False,
        single_channel_guest: bool = False,
        admin: bool = False,
        owner: bool = False,
        stranger: bool = False,
    ) -> Person:
        """A new person; `tz` is an IANA zone.

        An owner is an admin too, and the first one the primary owner. Guests see only the channels
        they are in. A stranger is of another organisation, in which they may be whatever they are
        here, and shares the channels they are in with it.
        """
        standing = Standing(
            is_admin=admin or owner,
            is_owner=owner,
            is_primary_owner=owner and not stranger and not self._has_owner(),
            is_restricted=guest or single_channel_guest,
            is_ultra_restricted=single_channel_guest,
        )
        user = self.workspace.add_user(
            name,
            real_name or name.title(),
            tz,
            standing=standing,
            team=ELSEWHERE if stranger else None,
        )
        person = self.people[user.id] = Person(user, self._surroundings())
        return person

    def _has_owner(self) -> bool:
        return any(user.standing.is_primary_owner for user in self.workspace.users.values())

    def add_bot(self, name: str) -> OtherBot:
        """Another app's bot, which posts and mentions the app's bot where it is a member."""
        return OtherBot(self.workspace.add_bot(name), self._surroundings())

    def _surroundings(self) -> Surroundings:
        return Surroundings(self.workspace, self._deliveries, self._events)

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[Writer] = (),
        private: bool = False,
        bot: bool = True,
        archived: bool = False,
    ) -> Channel:
        """A new channel. Nobody is told of it; `bot` puts the bot in."""
        ids = [member.id for member in members] + ([self.bot_user_id] if bot else [])
        channel = self.workspace.add_channel(name, "groups" if private else "channels", ids)
        channel.is_archived = archived
        return channel

    def add_user_group(
        self, handle: str, name: str = "", *, members: Iterable[Person] = ()
    ) -> UserGroup:
        """A new user group, which people mention as `@handle`; nobody is told of it."""
        ids = [member.id for member in members]
        return self.workspace.add_user_group(handle, name or handle, ids)

    def direct_message(self, person: Person, other: Person | None = None) -> Channel:
        """The direct message of a person with the bot, or with another person."""
        second = self.bot_user_id if other is None else other.id
        return self.workspace.direct_message(frozenset({person.id, second}))

    def upload(self, person: Person, name: str, content: bytes) -> File:
        """A file of that person, to be filled into a file input: `fills(view, {block_id: [file]})`.

        It has not been shared in any channel.
        """
        return self.workspace.upload(person.user, name, content)

    def home_of(self, person: Person) -> View | None:
        """The person's App Home, once the app has published it."""
        return self.workspace.views.home(person.id)

    # The line to the app

    async def send_event(self, event: Json) -> Entry:
        """Send any event to the app, whatever it subscribes to; returns the first attempt."""
        return await self._events.send(event)

    async def deliver(
        self, kind: EnvelopeType, payload: Json, *, team_id: str | None = None
    ) -> Entry:
        """Send the app any envelope, once, as it is; what it answers is the entry's `response`.

        With a `team_id` it comes as if the app were installed in that workspace: the id stands
        wherever the payload names this one. A payload to start from is that of any of
        `journal.deliveries()`.
        """
        if team_id is not None:
            payload = payloads.as_of_team(payload, team_id, self.team_id)
        return await self._deliveries.deliver(Envelope(kind, payload, kind != "events_api"))

    async def repeat(self, entry: Entry) -> Entry:
        """Do an exchange once more: send the app the same envelope, to see whether it notices, or
        make its Web API call again with the bot's token.

        The new entry tells what came of it; what an acknowledgement asks for is not carried out.
        Raises ValueError for an exchange that can't be repeated.
        """
        if entry.envelope is not None:
            return await self._deliveries.deliver(entry.envelope.anew(), repeats=entry.number)
        return self._routes.repeat(entry)

    async def run_step(
        self,
        callback_id: str,
        inputs: Json,
        timeout: float = WAIT_SECONDS,  # noqa: ASYNC109
    ) -> Step:
        """Let a workflow come to one of the app's steps, and wait until the app completes it.

        Raises LookupError when the manifest has no such step, ValueError when the inputs are not
        those that it asks for (in number or type), TimeoutError when the app never completes it.
        """
        function = self.installation.manifest.function(callback_id)
        problems = function and parameter_problems(function["input_parameters"], inputs)
        if problems:
            raise ValueError("; ".join(problems))
        step = Step(self.workspace.new_id("Fx"), callback_id, inputs, secret("xwfp"))
        self.workspace.steps[step.id] = step
        await self._events.step_started(step)
        await until(lambda: step.is_over or None, timeout, f"{callback_id} was not completed")
        return step

    async def deliver_to(self, url: str) -> None:
        """Send commands, interactions and events to this request URL instead of Socket Mode.

        Raises NotDeliveredError when nobody there answers Slack's challenge.
        """
        delivery = HttpDelivery(RequestUrls.at(url), self.installation)
        try:
            await delivery.verify()
        except BaseException:
            await delivery.close()
            raise
        await self._use(delivery)

    async def deliver_by_http(self, urls: RequestUrls) -> HttpDelivery:
        """Send each kind of request to its address instead of Socket Mode, whether or not the app
        answers there yet."""
        delivery = HttpDelivery(urls, self.installation)
        await self._use(delivery)
        return delivery

    async def _use(self, delivery: HttpDelivery) -> None:
        await self._close_http_delivery()
        self._http_delivery = self._deliveries.transport = delivery

    async def connected(self, count: int = 1, timeout: float = WAIT_SECONDS) -> None:  # noqa: ASYNC109
        """Wait until the app has so many Socket Mode connections. Raises TimeoutError."""
        await until(
            lambda: len(self._socket_mode.connections) == count or None,
            timeout,
            f"the app did not have {count} connections",
        )

    @property
    def delivers_by_http(self) -> bool:
        """Whether the app is reached at its request URLs and not by Socket Mode."""
        return self._http_delivery is not None

    @property
    def is_reached(self) -> bool:
        """Whether the app is connected, or has proven that it answers at its request URL."""
        http = self._http_delivery
        return self.connections > 0 if http is None else http.is_verified

    @property
    def connections(self) -> int:
        """How many Socket Mode connections the app has."""
        return len(self._socket_mode.connections)

    @property
    def is_refusing_connections(self) -> bool:
        """Whether new Socket Mode connections are turned away."""
        return self._socket_mode.is_refusing

    async def disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        await self._socket_mode.disconnect(reason)

    def break_connections(self) -> None:
        """Cut every Socket Mode connection without a word."""
        self._socket_mode.snap()

    def refuse_connections(self, refusing: bool = True) -> None:
        """Turn new Socket Mode connections away, or take them again."""
        self._socket_mode.is_refusing = refusing

    def silence_connections(self, silent: bool = True) -> None:
        """Take new Socket Mode connections and answer their pings, but never say hello over them
        nor send anything; or greet new ones again."""
        self._socket_mode.is_silent = silent

    async def settled(self, quiet: float = 0.05, timeout: float = WAIT_SECONDS) -> None:  # noqa: ASYNC109
        """Wait until no call and no envelope has been under way for `quiet` seconds.

        An event that waits to be sent again does not count. Raises TimeoutError.
        """
        await until(
            lambda: self.journal.is_quiet(quiet) or None, timeout, "the app did not come to rest"
        )

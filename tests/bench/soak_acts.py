"""What people do with the bot all day, one act after the other."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from sqlalchemy import create_engine, text

from app.playground import Channel, LocalSlack, Message, Person
from app.playground.waiting import until
from app.store.engine import sync_url

SECONDS = 30.0
"""An act that isn't over by then has failed. How quick the bot is, the bench says."""

KEPT = 100
"""Messages that one person alone sees, and files: Slack forgets older ones, and so do we."""


@dataclass
class Team:
    """The channel, its scorecard's database, and numbers that aren't used twice."""

    slack: LocalSlack
    channel: Channel
    database_url: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def forgets(self) -> None:
        """Let go of what nobody looks at any more, so that the local Slack stays quick."""
        old = [each for each in self.channel.messages if each.is_ephemeral][:-KEPT]
        gone = set(map(id, old))
        self.channel.messages[:] = [m for m in self.channel.messages if id(m) not in gone]
        files = self.slack.workspace.files
        for file_id in list(files)[:-KEPT]:
            del files[file_id]


Act = Callable[[Team, Person], Awaitable[None]]


async def _types(line: str, team: Team, person: Person) -> None:
    await _answer(team, person, line)


async def _answer(team: Team, person: Person, line: str) -> Message:
    reaction = await person.types(line, team.channel)
    if reaction.error or reaction.message is None:
        raise RuntimeError(f"{line} was answered with {reaction}")
    return reaction.message


async def update_and_undo(team: Team, person: Person) -> None:
    told = await _answer(team, person, f"/kpi update rollbacks ~{next(team.numbers) % 50 + 1}")
    await person.clicks(told, "undo")


async def update(team: Team, person: Person) -> None:
    await _answer(team, person, f"/kpi update coverage {next(team.numbers) % 90 + 1}% counted")


async def ship(team: Team, person: Person) -> None:
    """A form that is filled in, and the announcement that follows."""
    title = f"Batch {next(team.numbers)}"
    await person.types(f"/kpi ship {title}", team.channel)
    form = await person.sees_view("Log a milestone", SECONDS)
    person.fills(form, {"detail": "Made-up detail for the soak."})
    sent = await person.submits(form)
    if not sent.closed:
        raise RuntimeError(f"the form of {title} was refused: {sent.errors or sent.error}")
    await person.sees_message(team.channel, title, SECONDS)


async def look_into_setup(team: Team, person: Person) -> None:
    await person.types("/kpi setup", team.channel)
    view = await person.sees_view("", SECONDS)
    await person.closes(view)


async def post_digest(team: Team, person: Person) -> None:
    """This week's digest; that one was posted before is forgotten first."""
    engine = create_engine(sync_url(team.database_url))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM deliveries WHERE kind LIKE 'digest%'"))
        connection.execute(text("DELETE FROM digests"))
    engine.dispose()
    await person.types("/kpi digest now", team.channel)


async def mention(team: Team, person: Person) -> None:
    """An answer in the thread: it may come after Slack has told of the mention again."""
    said = await person.mentions_bot("rollbacks", team.channel)
    await until(lambda: person.thread(said)[1:] or None, SECONDS, "no answer to a mention")


async def open_home(team: Team, person: Person) -> None:
    await person.opens_home()


ACTS: Mapping[str, Act] = {
    **{
        line: partial(_types, line)
        for line in (
            "/kpi",
            "/kpi rollbacks",
            "/kpi bad debt",
            "/kpi milestones",
            "/kpi history",
            "/kpi roadmap",
            "/kpi digest preview",
            "/kpi help",
            "/kpi nothing of the kind",
        )
    },
    "update and undo": update_and_undo,
    "update": update,
    "ship": ship,
    "setup": look_into_setup,
    "digest": post_digest,
    "mention": mention,
    "home": open_home,
}
"""By name; `/kpi METRIC`, the roadmap, mentions and digests have pictures, too."""

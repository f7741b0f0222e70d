"""A year of the real scorecard: what was read and shipped, week by week, and what Slack showed.

The quarter before the source's values is the demo's; what follows here is made up: steady weeks, a
setback, a date that is missed and moved, holidays in which nobody reads anything, the goal, and a
metric that falls back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.demo.quarter import ROUNDS, TARGET_DATES, with_quarter
from app.demo.stage import BILLING
from app.domain.roadmap import PhaseState
from app.domain.scorecards import Scorecard
from app.domain.values import Value, parse_value
from app.files import read_scorecard_path
from app.playground import Message, mrkdwn
from app.playground.blocks import words_in
from app.services import editing, loading, milestones, readings, scorecards
from app.services.callers import Actor, Caller, Role, Surface
from app.services.milestones import ShipForm
from app.services.readings import UpdateForm
from tests.slack.stage import Stage, readable

METRICS = ("rollbacks", "bad-debt", "disagreeing-accounts", "invoice-coverage", "dunning-paths")
NEW_DATE = date(2026, 9, 30)


@dataclass(frozen=True)
class Week:
    """What a Thursday brings: values in the order of `METRICS`, "" for one that nobody read; the
    milestones that ship, each with what it moves; phases that are done; new target dates."""

    values: str = ""
    note: str = ""
    ships: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    postponed: bool = False


WEEKS = (
    Week("~12 ~3 ~38 ~79%"),
    Week("~11 - ~36 ~80% 3"),
    Week("~11 ~3 ~33 ~81%", ships={"PDE step 2c": {"rollbacks": "~9"}}),
    Week("~9 ~3 ~31 ~82%"),
    Week("8 2 ~30 ~83% 3"),
    Week("17 3", "a release without the retries"),
    Week("10 3 ~28 ~84%"),
    Week(
        "8 2 ~25 ~86%",
        ships={
            "Reliable dunning on the recompute engine": {"dunning-paths": "2"},
            "Renewal windows are shorter": {"dunning-paths": "2", "bad-debt": "2"},
        },
    ),
    Week("7 2 24 ~88% 2"),
    Week("7 2 22 ~92%"),
    Week("6 2 21 ~97%", ships={"PDE step 2d": {}}),
    Week("5 1 18 100% 2"),
    Week("5 1 15 100%"),
    Week("4 1 12 100%", ships={"Shore Up": {}}),
    Week("4 1 11 100% 2", done=("pde-steps-3-4",)),
    Week("4 1 11 100%", postponed=True),
    *(Week() for _ in range(4)),
    Week("3 1 9 100% 2", "the first count after the holidays"),
    Week("2 0 7 100%", ships={"Reversal logic is deleted": {"bad-debt": "0"}}),
    Week("2 0 6 100%"),
    Week("1 0 4 100% 1", ships={"Checkout V1 stable": {}}),
    Week("1 0 2 100% 1"),
    Week("0 0 1 100% 1"),
    Week("0 0 0 100% 1", done=("deferred-collection", "one-code-path")),
    Week("0 0 0 100% 1"),
    Week("2", "a customer migration"),
    Week("0"),
    *(week for _ in range(4) for week in (Week(), Week("0 0 0 100% 1"))),
    Week(),
)

DIGESTS = (1, 3, 6, 8, 12, 15, 18, 19, 22, 27, 29, 35)
"""The weeks whose digest is written down whole, with its thread."""
SCREENS: Mapping[int, tuple[str, ...]] = {
    4: ("/kpi", "/kpi rollbacks", "/kpi dunning", "/kpi roadmap"),
    12: ("/kpi rollbacks", "/kpi coverage", "/kpi roadmap"),
    18: ("/kpi", "/kpi bad debt"),
    28: ("/kpi rollbacks", "/kpi milestones stream:pde", "/kpi roadmap"),
}


async def lived(stage: Stage) -> dict[str, str]:
    """What Slack showed over the year, by the name of the text."""
    await _quarter(stage)
    found = _Told()
    for number, week in enumerate(WEEKS, start=1):
        await _happens(stage, week)
        for line in SCREENS.get(number, ()):
            found.screens.append(_entry(stage, line, _shown(await stage.types(line))))
        known = stage.posts()
        await stage.run_due(days=3, hours=18, minutes=1)
        for _ in range(2):  # what waits for another post
            await stage.run_due(minutes=5)
        found.takes(stage, number, [post for post in stage.posts() if post not in known])
        stage.clock.now = _next_thursday(stage.clock.now)
    return found.texts()


def _next_thursday(now: datetime) -> datetime:
    day = now.date() + timedelta(days=(3 - now.weekday()) % 7)
    return datetime.combine(day, time(15), UTC)


@dataclass
class _Told:
    headlines: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)

    def takes(self, stage: Stage, number: int, posts: list[Message]) -> None:
        for post in posts:
            text = _shown(post)
            if "the goal is reached" in text:
                self.goals.append(_entry(stage, f"after week {number}", text))
            elif "See the scorecard" in text:
                self.headlines.append(" | ".join(text.splitlines()[:2]))
                if number in DIGESTS:
                    self.digests.append(_entry(stage, f"week {number}", text))
                    self.digests.extend(f"{_shown(each)}\n" for each in stage.replies(post))

    def texts(self) -> dict[str, str]:
        return {
            "headlines": "\n".join(self.headlines) + "\n",
            "digests": "\n".join(self.digests),
            "screens": "\n".join(self.screens),
            "goal": "\n".join(self.goals),
        }


def _shown(post: Message) -> str:
    """The blocks of a message alone: its text says the same again. No figure is struck out."""
    lines = list(words_in(post.blocks))
    for line in lines:
        struck = [
            span for span in mrkdwn.read_inline(line) if "strike" in getattr(span, "style", ())
        ]
        assert not struck, line
    return readable("\n".join(lines))


def _entry(stage: Stage, title: str, text: str) -> str:
    return f"===== {title}, on {stage.clock.now:%a %d %b %Y}\n{text}\n"


async def _quarter(stage: Stage) -> None:
    """The demo's quarter, by the same people at the same times."""
    store, file = stage.running.bot.store, read_scorecard_path(BILLING)
    await loading.load(store, _caller(stage, stage.clock.now, Surface.FILE), with_quarter(file))
    units = {metric.key: metric.unit for metric in file.metrics}
    for one in ROUNDS:
        values = {key: parse_value(value, units[key]) for key, value in one.values.items()}
        caller = _caller(stage, one.at, one.surface)
        await readings.record_several(store, caller, UpdateForm(values, one.note), key=file.key)


async def _happens(stage: Stage, week: Week) -> None:
    store, now = stage.running.bot.store, stage.clock.now
    caller = _caller(stage, now, Surface.FORM)
    scorecard = (await scorecards.show(store, caller, "billing")).scorecard
    values = {
        key: value for key, value in zip(METRICS, week.values.split(), strict=False) if value != "-"
    }
    if values:
        form = UpdateForm(_parsed(values, scorecard), week.note)
        await readings.record_several(store, caller, form, key="billing")
    for hour, (title, moved) in enumerate(week.ships.items(), start=1):
        later = replace(caller, now=now + timedelta(hours=hour))
        shipped = ShipForm(title, now.date(), moved=_parsed(moved, scorecard))
        await milestones.ship(store, later, shipped, key="billing")
    for key in week.done:
        await _edit(stage, scorecard.phases_by_key[key], state=PhaseState.DONE, done_on=now.date())
    if week.postponed:
        for key in TARGET_DATES:
            await _edit(stage, scorecard.metrics_by_key[key], target_on=NEW_DATE)


async def _edit(stage: Stage, part: Any, **changes: object) -> None:
    caller = _caller(stage, stage.clock.now, Surface.FORM)
    await editing.edit_part(
        stage.running.bot.store, caller, replace(part, **changes), seen={}, key="billing"
    )


def _parsed(values: Mapping[str, str], scorecard: Scorecard) -> dict[str, Value]:
    known = scorecard.metrics_by_key
    return {key: parse_value(value, known[key].unit) for key, value in values.items()}


def _caller(stage: Stage, at: datetime, surface: Surface) -> Caller:
    return Caller(Actor(stage.ana.id, Role.OPERATOR), surface, at)

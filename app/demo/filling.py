"""Filling in the quarter that led to the billing scorecard's values, by the product's services."""

from datetime import datetime

from app.demo.cast import Cast
from app.demo.clock import DemoClock
from app.demo.quarter import ROUNDS, SHIPPED, Round, with_quarter
from app.demo.restarting import RestartableBot
from app.domain.errors import KpiError
from app.domain.scorecards import Scorecard
from app.domain.values import parse_value
from app.files import ScorecardFile
from app.playground.page import Tell
from app.services import loading, readings, scorecards
from app.services.callers import Actor, Caller, Role, Surface
from app.services.readings import UpdateForm
from app.store.engine import Store


class Filling:
    """Fills the quarter in, once; `file` is the one that the scorecard was loaded from."""

    def __init__(
        self, clock: DemoClock, bot: RestartableBot, cast: Cast, file: ScorecardFile
    ) -> None:
        self._clock = clock
        self._bot = bot
        self._cast = cast
        self._file = file
        self._is_filled = False

    async def fill(self, tell: Tell) -> str:
        """Record the quarter, if that hasn't been done; gives what there is now.

        Raises ValueError where the scorecard is there no more.
        """
        if self._is_filled:
            return "The quarter is filled in already."
        try:
            count = await self._fill(self._bot.running.bot.store, tell)
        except KpiError as error:
            raise ValueError(error.message) from error
        self._is_filled = True
        return (
            f"{count} readings and {len(SHIPPED)} ship dates since {_day(ROUNDS[0].at)} are filled "
            "in, with target dates. See /kpi, /kpi rollbacks and /kpi history."
        )

    async def _fill(self, store: Store, tell: Tell) -> int:
        key = self._file.key
        loader = self._caller("ana", Surface.FILE, self._clock.now())
        loaded = await loading.load(store, loader, with_quarter(self._file))
        caused = sum(revision.what == "reading" for revision in loaded.revisions)
        scorecard = (await scorecards.show(store, loader, key)).scorecard
        recorded = 0
        for one in ROUNDS:
            tell(f"{_day(one.at)} …")
            form = _form(one, scorecard)
            caller = self._caller(one.by, one.surface, one.at)
            recorded += len(await readings.record_several(store, caller, form, key=key))
        return caused + recorded

    def _caller(self, name: str, surface: Surface, at: datetime) -> Caller:
        """A person of the cast, who is asked for no permission: it has all happened."""
        return Caller(Actor(self._cast.named(name).id, Role.OPERATOR), surface, at)


def _form(one: Round, scorecard: Scorecard) -> UpdateForm:
    """What was recorded, of those metrics that are still there."""
    known = scorecard.metrics_by_key
    values = {
        metric: parse_value(value, known[metric].unit)
        for metric, value in one.values.items()
        if metric in known
    }
    return UpdateForm(values, one.note)


def _day(instant: datetime) -> str:
    return f"{instant.day} {instant:%B}"

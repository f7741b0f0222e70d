"""A quarter of plausible readings and ship dates, such as a team would have recorded.

The billing scorecard's source dates hardly anything, so that no trend shows. What is added here is
made up, for trying the bot out: how the metrics came from their baselines to the values that the
source has, with a setback, who noted it when, and which of the milestones moved them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from app.files import ScorecardFile
from app.files.format import MetricEntry, MilestoneEntry, ReadingEntry
from app.services.callers import Surface


@dataclass(frozen=True)
class Round:
    """What one person recorded at one time, from one surface: values as they are typed, by metric.

    `by` is a user name.
    """

    at: datetime
    by: str
    surface: Surface
    values: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True)
class Shipped:
    """When a milestone of the scorecard shipped, and the values it led to."""

    milestone: str
    at: datetime
    moved: Mapping[str, str] = field(default_factory=dict)


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2025 if month == 12 else 2026, month, day, hour, minute, tzinfo=UTC)


def _values(
    rollbacks: str = "", debt: str = "", accounts: str = "", coverage: str = "", paths: str = ""
) -> dict[str, str]:
    given = {
        "rollbacks": rollbacks,
        "bad-debt": debt,
        "disagreeing-accounts": accounts,
        "invoice-coverage": coverage,
        "dunning-paths": paths,
    }
    return {metric: value for metric, value in given.items() if value}


FORM, COMMAND = Surface.FORM, Surface.COMMAND

ROUNDS = (
    Round(
        _at(12, 19, 9, 40),
        "ana",
        FORM,
        _values("~184", "~45", "662", "21%", "5+"),
        "last count before the holidays",
    ),
    Round(_at(1, 5, 10, 20), "ben", COMMAND, _values("~162"), "few changes over the holidays"),
    Round(_at(1, 6, 14, 5), "ana", COMMAND, _values(accounts="640")),
    Round(_at(1, 12, 9, 15), "ben", FORM, _values("171", "43", "~405", "~26%")),
    Round(_at(1, 20, 11, 0), "ben", FORM, _values("~52", "~17", "371", "~31%")),
    Round(_at(1, 29, 8, 50), "ana", FORM, _values("49", "~16", "~322")),
    Round(_at(2, 3, 13, 30), "ben", FORM, _values("~45", "~14", "~290", "~47%", "5")),
    Round(_at(2, 12, 9, 5), "ana", FORM, _values("~41", "12")),
    Round(
        _at(2, 17, 7, 45),
        "ben",
        COMMAND,
        _values(accounts="~236"),
        "the nightly backfill ran twice; being put right",
    ),
    Round(_at(2, 20, 15, 10), "ana", COMMAND, _values(accounts="~205")),
    Round(
        _at(2, 24, 9, 30),
        "ben",
        FORM,
        _values("~20", "~7", "131", "~68%"),
        "the doubled backfill is undone",
    ),
    Round(_at(3, 2, 9, 20), "ana", FORM, _values("18", "~6", "~94", "~71%", "4")),
    Round(_at(3, 5, 16, 25), "ben", COMMAND, _values(paths="3"), "the retries of old invoices"),
    Round(_at(3, 9, 9, 10), "ben", FORM, _values("~15", "~4", "~61", "~75%")),
    Round(_at(3, 13, 10, 45), "ana", FORM, _values("~14", accounts="~52")),
)

SHIPPED = (
    Shipped("account-health", _at(1, 7, 16, 30), _values(accounts="~430")),
    Shipped("pay-first-on-session", _at(1, 14, 15, 50), _values("~58", "~19")),
    Shipped("single-checkout", _at(1, 22, 11, 20)),
    Shipped("observability", _at(1, 27, 14, 10), _values(coverage="~44%")),
    Shipped("canonical-discounts", _at(2, 5, 10, 40)),
    Shipped(
        "recompute-engine-leads",
        _at(2, 10, 16, 0),
        _values(accounts="~160", coverage="~62%", paths="4"),
    ),
    Shipped("pay-first-renewals", _at(2, 19, 13, 15), _values("~22", "~8")),
    Shipped("checkout-requirements", _at(2, 26, 12, 30)),
    Shipped("canary-and-tests", _at(3, 4, 9, 50)),
    Shipped("stabilisation", _at(3, 11, 15, 20)),
)

TARGET_DATES = {
    "rollbacks": date(2026, 6, 30),
    "bad-debt": date(2026, 6, 30),
    "disagreeing-accounts": date(2026, 6, 30),
    "invoice-coverage": date(2026, 5, 29),
    "dunning-paths": date(2026, 6, 30),
}


def with_quarter(file: ScorecardFile) -> ScorecardFile:
    """The billing scorecard's file with target dates, ship dates, and what milestones moved."""
    return file.model_copy(
        update={
            "metrics": tuple(_with_target_date(metric) for metric in file.metrics),
            "milestones": tuple(_with_ship_date(milestone) for milestone in file.milestones),
        }
    )


def _with_target_date(metric: MetricEntry) -> MetricEntry:
    moved = tuple(
        ReadingEntry(
            value=shipped.moved[metric.key],
            at=shipped.at,
            milestone=shipped.milestone,
        )
        for shipped in SHIPPED
        if metric.key in shipped.moved
    )
    return metric.model_copy(
        update={
            "target_on": TARGET_DATES[metric.key],
            "readings": (*moved, *metric.readings),
        }
    )


def _with_ship_date(milestone: MilestoneEntry) -> MilestoneEntry:
    dates = {shipped.milestone: shipped.at.date() for shipped in SHIPPED}
    return milestone.model_copy(update={"shipped_on": dates.get(milestone.key)})

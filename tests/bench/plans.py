"""How much is measured: the whole bench, and a short run that shows that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """`readings` are those in each of the databases; the digest has its own, of many metrics."""

    databases: tuple[str, ...]
    readings: tuple[int, ...]
    with_javascript: bool
    starts: int
    commands: int
    rare_commands: int
    updates: int
    slow_updates: int
    views: int
    in_flight: int
    bursts: int
    pictures: int
    commands_while_painting: int
    digests: int
    digest_metrics: int
    digest_readings: int
    bulks: int
    bulk_readings: int


WHOLE = Plan(
    databases=("SQLite", "PostgreSQL"),
    readings=(100, 1_000_000),
    with_javascript=True,
    starts=5,
    commands=2_000,
    rare_commands=30,
    updates=200,
    slow_updates=5,
    views=200,
    in_flight=500,
    bursts=7,
    pictures=20,
    commands_while_painting=2_000,
    digests=5,
    digest_metrics=1_000,
    digest_readings=1_000_000,
    bulks=5,
    bulk_readings=100_000,
)
QUICK = Plan(
    databases=("SQLite",),
    readings=(10,),
    with_javascript=False,
    starts=1,
    commands=20,
    rare_commands=1,
    updates=10,
    slow_updates=1,
    views=10,
    in_flight=20,
    bursts=2,
    pictures=1,
    commands_while_painting=20,
    digests=1,
    digest_metrics=5,
    digest_readings=50,
    bulks=2,
    bulk_readings=50,
)

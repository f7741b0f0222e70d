"""The sections of the bench: each measures, shows its tables and says which aims they speak of."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench import measures
from tests.bench.databases import fill
from tests.bench.measures import Start, Times
from tests.bench.own_process import result_of
from tests.bench.plans import Plan
from tests.bench.report import Report
from tests.bench.subjects import BARE_BOLT, KPI_SERVE, Memory, Program, Subject, running
from tests.bench.tables import Aim, beside_baseline, starts_table, times_table

BARE = "Bolt no-op"
JAVASCRIPT = "Bolt for JavaScript no-op"
SERVE = "kpi serve"

Subjects = Mapping[str, Subject]
"""The baseline first, and all of them running."""


async def starts(plan: Plan, report: Report, folder: Path, javascript: Program | None) -> None:
    """The bare and the whole bot in turns, each alone on the machine."""
    found: dict[str, list[Start]] = {BARE: [], JAVASCRIPT: [], SERVE: []}
    painters: list[Memory] = []
    for number in range(plan.starts):
        for name, program in ((BARE, BARE_BOLT), (JAVASCRIPT, javascript)):
            if program is not None:
                async with running(program) as subject:
                    found[name].append(await measures.started(subject))
        url = f"sqlite:///{folder}/start-{number}.db"
        async with running(KPI_SERVE, url, plan.readings[0]) as subject:
            found[SERVE].append(await measures.started(subject))
            await measures.to_picture(subject)
            painters.append(measures.painter_memory(subject))
    there = [(name, of_one) for name, of_one in found.items() if of_one]
    report.add("Start and idle memory", starts_table(there, painters))
    if javascript is not None:
        report.aim(
            Aim(
                "idle memory (RSS) beside Bolt for JavaScript",
                1,
                "times",
                [(SERVE, _resident(found[SERVE]) / _resident(found[JAVASCRIPT]))],
            )
        )


def _resident(starts: Sequence[Start]) -> float:
    return median(start.memory.resident_mb for start in starts)


async def commands(plan: Plan, report: Report, subjects: Subjects) -> None:
    """Commands one after the other, from the envelope to its acknowledgement."""
    everyone = list(subjects.values())
    # Answers to those who ask within a second have a part in common; here nobody does.
    alone = await measures.one_by_one(everyone, "/kpi", plan.rare_commands, in_a_row=1, pause=1.1)
    in_a_row = await measures.one_by_one(everyone, "/kpi", plan.commands)
    of_metric = await measures.one_by_one(everyone, "/kpi rollbacks", plan.commands)
    texts = ("/kpi, one a second", "/kpi", "/kpi rollbacks")
    tables = zip(texts, (alone, in_a_row, of_metric), strict=True)
    report.add("Commands", *(times_table(text, _named(subjects, times)) for text, times in tables))
    found = dict(_named(subjects, in_a_row))
    report.aim(
        Aim("`/kpi`, median beside the no-op", 3, "times", _ratios(found, "median", BARE)),
        *_beside_javascript("`/kpi`", found),
    )


async def in_flight(
    plan: Plan, report: Report, subjects: Subjects, slow: Mapping[str, Subject]
) -> None:
    """Many commands before the first is answered; `slow` are bots whose database is slow."""
    everyone = {**subjects, **slow}
    times = await measures.at_once(list(everyone.values()), "/kpi", plan.in_flight, plan.bursts)
    found = dict(_named(everyone, times))
    what = f"{plan.in_flight} in flight"
    last = [(name, times.last) for name, times in found.items() if not _is_baseline(name)]
    report.add(
        f"`/kpi`, {what}",
        times_table(f"/kpi, {what}", list(found.items())),
        beside_baseline(
            ("until the last is answered", "last (s)"),
            [(name, (times.last,)) for name, times in found.items()],
        ),
    )
    quick = {name: times for name, times in found.items() if name not in slow}
    report.aim(
        Aim(f"{what}: the last answer", 3, "s", [one for one in last if one[0] not in slow]),
        Aim(f"{what}: p99 beside the no-op", 5, "times", _ratios(quick, "p99", BARE)),
        *_beside_javascript(what, quick),
    )
    if slow:
        slowest = [one for one in last if one[0] in slow]
        report.aim(Aim(f"{what}, a slow database: the last answer", 3, "s", slowest))


async def changes(
    plan: Plan, report: Report, subjects: Subjects, slow: Mapping[str, Subject]
) -> None:
    """Forms that open, and updates, each of which is a transaction."""
    everyone = list(subjects.values())
    views = dict(_named(subjects, await measures.to_opened_view(everyone, plan.views)))
    what = "/kpi ship, until views.open"
    report.add("Opening a form", times_table(what, list(views.items())))
    aim = "`/kpi ship` until `views.open`, median beside the no-op"
    report.aim(Aim(aim, 3, "times", _ratios(views, "median", BARE)))

    text = "/kpi update rollbacks ~12"
    updates = dict(_named(subjects, await measures.one_by_one(everyone, text, plan.updates)))
    for name, subject in slow.items():
        [updates[name]] = await measures.one_by_one([subject], text, plan.slow_updates, in_a_row=1)
    report.add("Updates", times_table(text, list(updates.items())))


async def pictures(plan: Plan, report: Report, subjects: Subjects, folder: Path) -> None:
    """Pictures by themselves, and commands while pictures are painted all the time."""
    database_url = f"sqlite:///{folder}/pictures.db"
    await fill(database_url, 1_000, "C0BENCH")
    alone = await result_of("pictures", database_url, str(plan.pictures))
    some = {BARE: subjects[BARE]}
    name, painted = next(one for one in subjects.items() if not _is_baseline(one[0]))
    some[name] = painted
    to_slack = [await measures.to_picture(painted) for _ in range(plan.pictures + 1)][1:]
    quiet = await measures.one_by_one(list(some.values()), "/kpi", plan.commands_while_painting)
    async with measures.painting(painted):
        busy = await measures.one_by_one(list(some.values()), "/kpi", plan.commands_while_painting)
    picture = median(to_slack)
    report.add(
        "Pictures",
        beside_baseline(
            ("a picture, warm", "median (ms)"),
            [
                ("a plain line of the same readings", (median(alone["plain"]) * 1e3,)),
                ("a metric's picture, drawn and painted", (median(alone["picture"]) * 1e3,)),
                ("from the command until it is in Slack", (picture * 1e3,)),
            ],
        ),
        times_table("/kpi, nothing painted", list(zip(some, quiet, strict=True))),
        times_table("/kpi, pictures painted", list(zip(some, busy, strict=True))),
    )
    what = "`/kpi` while pictures are painted: p99 beside the time of one picture"
    report.aim(Aim(what, 1, "times", [(name, busy[-1].p99 / picture)]))


async def digest(plan: Plan, report: Report, databases: Mapping[str, str]) -> None:
    """A digest of many metrics, in a process of its own; `databases` are empty, by name."""
    times, memory = [], []
    tables = []
    for name, database_url in databases.items():
        await fill(database_url, plan.digest_readings, "C0BENCH", metrics=plan.digest_metrics)
        found = await result_of("digests", database_url, str(plan.digests))
        query, composed = median(found["figures"]), median(found["digest"])
        tables.append(
            beside_baseline(
                (name, "median (s)"),
                [
                    ("one query for its figures", (query,)),
                    (
                        "one query for the readings they are taken from",
                        (median(found["readings"]),),
                    ),
                    ("the digest", (composed,)),
                ],
            )
        )
        times.append((name, composed / query))
        memory.append((name, found["above_idle_mb"]))
    size = f"{plan.digest_metrics:,} metrics, {plan.digest_readings:,} readings"
    above = ", ".join(f"{mb:.0f} MB on {name}" for name, mb in memory)
    report.add(
        f"A digest of {size}", *tables, f"Memory at its highest, above the idle process: {above}."
    )
    report.aim(
        Aim(f"a digest of {size}, beside one query", 3, "times", times),
        Aim(f"a digest of {size}, memory above idle", 100, "MB", memory),
    )


async def bulk(plan: Plan, report: Report, databases: Mapping[str, str]) -> None:
    """Many readings at once, in a process of its own; `databases` are empty, by name."""
    times, tables = [], []
    for name, database_url in databases.items():
        await fill(database_url, plan.readings[0], "C0BENCH")
        found = await result_of("bulk", database_url, str(plan.bulk_readings), str(plan.bulks))
        driver, recording = median(found["executemany"]), median(found["recording"])
        tables.append(
            beside_baseline(
                (name, "median (s)"),
                [
                    ("executemany of the driver", (driver,)),
                    ("recording what was checked, as one change", (recording,)),
                    ("reading and checking the rows before", (median(found["checking"]),)),
                ],
            )
        )
        times.append((name, recording / driver))
    what = f"{plan.bulk_readings:,} readings at once"
    report.add(what, *tables)
    report.aim(Aim(f"{what}, beside executemany", 2, "times", times))


def _is_baseline(name: str) -> bool:
    return name in {BARE, JAVASCRIPT}


def _named(subjects: Subjects, times: Sequence[Times]) -> list[tuple[str, Times]]:
    return list(zip(subjects, times, strict=True))


def _ratios(found: Mapping[str, Times], figure: str, baseline: str) -> list[tuple[str, float]]:
    """What of each bot is how many times the baseline's."""
    base = getattr(found[baseline], figure)
    return [
        (name, getattr(times, figure) / base)
        for name, times in found.items()
        if not _is_baseline(name)
    ]


def _beside_javascript(what: str, found: Mapping[str, Times]) -> list[Aim]:
    if JAVASCRIPT not in found:
        return []
    ratios = _ratios(found, "p99", JAVASCRIPT)
    return [Aim(f"{what}: p99 beside Bolt for JavaScript", 1, "times", ratios)]

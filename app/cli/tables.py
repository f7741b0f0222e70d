"""`kpi import` and `kpi export`."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from app.cli.terminal import ScorecardKey, the_operator, with_store
from app.domain.errors import BadInput
from app.domain.imports import Imported, MetricPlan, Plan
from app.files import FileErrors, FileProblem
from app.files.csv_reading import MOST_CSV_BYTES, read_csv
from app.files.reader import read_bytes
from app.services import bulk, exporting
from app.services.bulk import RowsRefused
from app.services.callers import Surface
from app.store.engine import Store


class FileFormat(StrEnum):
    """What can be exported."""

    CSV = "csv"
    YAML = "yaml"


def import_readings(
    file: Annotated[Path, typer.Argument(help="A CSV table: metric, value, at, note.")],
    scorecard: ScorecardKey = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Record without being asked.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Record the good rows if others are refused.")
    ] = False,
) -> None:
    """Record the readings of a CSV table: all of them or none.

    The first line names the columns; at and note may be missing. Readings that are already there
    are not doubled. Shows what would change before it asks, and can be undone as one in Slack:
    /kpi history. docs/files.md tells all of it.

    \b
    Examples:
      kpi import readings.csv --dry-run
      kpi import readings.csv --yes --scorecard billing
      kpi import readings.csv --skip-refused
    """
    table = read_csv(read_bytes(file, MOST_CSV_BYTES), str(file))

    # What it gives, asyncio.run puts into words as a whole: that is to be no plan of all readings.
    async def work(store: Store) -> str:
        caller = the_operator(Surface.FILE)
        with _progress("Reading") as progress:
            plan = await bulk.plan(store, caller, scorecard, table.rows, progress=progress)
        _show(plan, table.ignored)
        if plan.refused and not skip_refused:
            print("Mend the refused rows, or record the others with --skip-refused.")
            raise RowsRefused(plan.refused)
        for each in plan.refused:
            print(f"Left out, line {each.line}: {each.reason}")
        if not plan.new or dry_run:
            return "Nothing was recorded."
        if not yes:
            _ask(len(plan.new))
        with _progress("Recording", len(plan.new)) as progress:
            imported = await bulk.write(
                store, caller, plan, skip_refused=skip_refused, progress=progress
            )
        return _recorded(imported)

    try:
        print(with_store(work))
    except RowsRefused as refusal:
        problems = [FileProblem(each.line, 1, "", each.reason) for each in refusal.refused]
        raise FileErrors(str(file), problems) from None


def _show(plan: Plan, ignored: Sequence[str]) -> None:
    """What would change, metric by metric, and what is left out of it."""
    print(f"{plan.scorecard.name}, from the table:")
    for each in plan.metrics:
        print(f"  {each.metric.name}: {_counts(each)}; {_newest(each)}")
    unknown = sum(refusal.metric is None for refusal in plan.refused)
    if unknown:
        print(f"  of no metric: {unknown:,} refused")
    if ignored:
        print(f"Columns that say nothing here: {', '.join(ignored)}")


def _counts(each: MetricPlan) -> str:
    counts = {"new": each.new, "already there": each.already_there, "refused": each.refused}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def _newest(each: MetricPlan) -> str:
    before, after = (
        each.metric.shown(value) if value else "no reading" for value in (each.before, each.after)
    )
    return f"newest value {before} → {after}" if before != after else f"newest value stays {before}"


def _ask(count: int) -> None:
    """Raises `BadInput` where nobody is there to be asked, `typer.Abort` for a no."""
    if not sys.stdin.isatty():
        raise BadInput("Nobody can be asked here: say --yes to record, or --dry-run to look.")
    readings = "this reading" if count == 1 else f"these {count:,} readings"
    typer.confirm(f"Record {readings}?", abort=True)


def _recorded(imported: Imported) -> str:
    count = len(imported.plan.new)
    readings = "1 reading" if count == 1 else f"{count:,} readings"
    name = imported.plan.scorecard.name
    if imported.change is None:
        return f"{name}: all of them are already there; nothing was recorded."
    return f"{name}: {readings} recorded. /kpi history has the way back."


@contextmanager
def _progress(doing: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on the standard error, where that is a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.update(task, completed=done)


def export(
    scorecard: ScorecardKey = None,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="The readings, or the whole scorecard.")
    ] = FileFormat.CSV,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where to write; printed without it."),
    ] = None,
    readings: Annotated[
        bool, typer.Option(help="Whether a YAML file has the readings, too.")
    ] = True,
) -> None:
    """Write the readings as CSV, or the whole scorecard as YAML.

    kpi import takes the CSV again, kpi load the YAML, which says at its top what it leaves out. A
    file of that name is replaced once all is written.

    \b
    Examples:
      kpi export > readings.csv
      kpi export --format yaml -o scorecard.yaml
      kpi export --format yaml --no-readings --scorecard billing
    """
    with _written(out) as write:
        if file_format is FileFormat.CSV:
            with_store(
                lambda store: exporting.export_csv(store, the_operator(), write, key=scorecard)
            )
            return
        _, text = with_store(
            lambda store: exporting.export_yaml(
                store, the_operator(), key=scorecard, with_readings=readings
            )
        )
        write(text)


@contextmanager
def _written(out: Path | None) -> Iterator[Callable[[str], object]]:
    """What is written lands in the file as a whole, or not at all."""
    if out is None:
        yield sys.stdout.write
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            yield file.write
        beside.replace(out)
    except OSError as error:
        raise BadInput(f"“{out}” can't be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)

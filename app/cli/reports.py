"""`kpi report`."""

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import ScorecardKey, the_operator, with_store
from app.domain.errors import BadInput
from app.domain.outcomes import Report
from app.pages.content import content_of
from app.pages.data import report_data
from app.pages.html import document
from app.pages.markdown import markdown
from app.pages.pictures import drawings, picture
from app.services import reports


class Format(StrEnum):
    """How a report is written."""

    HTML = "html"
    MARKDOWN = "md"
    JSON = "json"


def _html(report: Report) -> str:
    drawn = {name: picture(name, draw) for name, draw in drawings(report).items()}
    return document(content_of(report), drawn)


def _json(report: Report) -> str:
    return json.dumps(report_data(report), ensure_ascii=False, indent=2) + "\n"


WRITERS: dict[Format, Callable[[Report], str]] = {
    Format.HTML: _html,
    Format.MARKDOWN: lambda report: markdown(content_of(report)),
    Format.JSON: _json,
}


def report(
    as_: Annotated[
        Format, typer.Option("--format", help="A page, text for a wiki, or data for programs.")
    ] = Format.HTML,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write there instead of printing it."),
    ] = None,
    scorecard: ScorecardKey = None,
) -> None:
    """Write the whole scorecard as a progress page.

    It has the metrics, their pictures, the milestones and the roadmap. The HTML page is one file
    that needs nothing else, to be sent, printed or kept. A file of that name is replaced.

    \b
    Examples:
      kpi report -o progress.html
      kpi report --format md --scorecard billing
      kpi report --format json -o progress.json
    """
    if out is not None and not out.parent.is_dir():
        raise BadInput(f"There is no folder “{out.parent}”. Make it first, or name another.")
    gathered = with_store(lambda store: reports.gather(store, the_operator(), scorecard))
    written = WRITERS[as_](gathered)
    if out is None:
        typer.echo(written, nl=False)
        return
    try:
        out.write_text(written, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"“{out}” can't be written: {error.strerror}.") from None
    typer.echo(f"{gathered.snapshot.scorecard.name}: written into {out}.")

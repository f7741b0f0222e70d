"""`kpi serve`, `kpi migrate` and `kpi doctor`."""

import asyncio
import logging
import sys

import typer

from app import doctor
from app.config import read_settings
from app.logs import set_up_logs
from app.main import serve as serve_bot
from app.store.migrations import migrate as migrate_database
from app.store.migrations import prepare_database


def serve() -> None:
    """Run the bot: listen to Slack, post digests on time. Stop it with Ctrl-C.

    Needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or
    SLACK_SIGNING_SECRET with KPI_TRANSPORT=http.

    \b
    Examples:
      kpi serve
      KPI_TRANSPORT=http KPI_HOST=0.0.0.0 kpi serve
    """
    settings = read_settings()
    settings.require_secrets()
    set_up_logs(sys.stderr, settings.kpi_log_format, settings.secrets)
    # Bolt warns at every start that it doesn't need the token it finds in the environment.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(
        lambda record: "`token` will be unused" not in record.getMessage()
    )
    prepare_database(settings.database_url)
    asyncio.run(serve_bot(settings))


def migrate() -> None:
    """Bring the database to the newest tables. Safe to repeat.

    \b
    Examples:
      kpi migrate
      DATABASE_URL=postgresql://user:password@host/name kpi migrate
    """
    print(f"The database is at revision {migrate_database(read_settings().database_url)}.")


def examine() -> None:
    """Check all that a running bot needs.

    Looks at settings, database, tokens, scopes and channels, and says how to mend each.
    Changes nothing.

    \b
    Examples:
      kpi doctor
    """
    findings = asyncio.run(doctor.examine())
    for finding in findings:
        print(f"{'ok  ' if finding.is_well else 'BAD '} {finding.what}: {finding.words}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)

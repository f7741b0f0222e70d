"""`kpi mcp`."""

import asyncio
import signal
import sys
from datetime import UTC, datetime

from app.assistants.server import serve
from app.config import read_settings
from app.logs import set_up_logs
from app.store.migrations import prepare_database


def mcp() -> None:
    """Serve an assistant over the Model Context Protocol.

    The assistant starts it, talks to it on standard input and output, and reads and writes with
    the rights of the token in KPI_TOKEN, which kpi token create or /kpi setup makes. Needs no
    token of Slack: what is to be told there is posted by kpi serve on the same database.

    \b
    Examples:
      KPI_TOKEN=kpi_... kpi mcp
    """
    settings = read_settings()
    secret = settings.require_kpi_token()
    set_up_logs(sys.stderr, settings.kpi_log_format, settings.secrets)
    prepare_database(settings.database_url)
    # What waits for the client's next line can't be asked to stop.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(serve(settings.database_url, secret, lambda: datetime.now(UTC)))

"""The bot as `kpi serve` runs it, which also keeps the number of its tasks in a file."""

import asyncio
import os
import sys
from pathlib import Path

from app.config import read_settings
from app.logs import set_up_logs
from app.main import serve
from app.store.migrations import prepare_database

EVERY_SECONDS = 0.25
TASKS = "KPI_SOAK_TASKS"
"""The variable that names the file."""


async def main() -> None:
    _tell(asyncio.get_running_loop(), Path(os.environ[TASKS]))
    await serve(read_settings())


def _tell(loop: asyncio.AbstractEventLoop, path: Path) -> None:
    new = path.with_suffix(".new")
    new.write_text(str(len(asyncio.all_tasks(loop))))
    new.replace(path)
    loop.call_later(EVERY_SECONDS, _tell, loop, path)


if __name__ == "__main__":
    settings = read_settings()
    set_up_logs(sys.stderr, settings.kpi_log_format, settings.secrets)
    prepare_database(settings.database_url)
    asyncio.run(main())

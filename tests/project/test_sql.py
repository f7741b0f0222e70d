"""SQL gets what people say through parameters alone: no statement is put together from text."""

import ast
from collections.abc import Iterator

from tests.project.files import ROOT

RUNNERS = {"text", "exec_driver_sql", "execute", "executemany", "executescript", "exec"}
"""What takes a statement as text."""

OF_CONSTANTS = {
    'app/store/engine.py: f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"',
    'migrations/env.py: f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"',
    'app/store/backups.py: f"SELECT count(*) FROM {table}"',
}
"""Settings and names of tables can't be parameters; these are this program's own."""

OF_SOURCES = {"app/sources/databases.py: _DECLARE.encode() + query.encode()"}
"""What people write as SQL. Not its text is limited but what it can do: see tests/sources."""


def _statements() -> Iterator[str]:
    """Each text that is put together where a statement is run, with its file."""
    for folder in ("app", "migrations"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and _name(node.func) in RUNNERS:
                    for given in node.args[:1]:
                        if _is_put_together(given):
                            segment = ast.get_source_segment(source, given)
                            yield f"{path.relative_to(ROOT)}: {segment}"


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _is_put_together(given: ast.expr) -> bool:
    """An f-string, `+`, `%` or `.format`."""
    formats = isinstance(given, ast.Call) and _name(given.func) in {"format", "join", "replace"}
    return isinstance(given, (ast.JoinedStr, ast.BinOp)) or formats


def test_no_statement_is_put_together_from_text() -> None:
    assert set(_statements()) == OF_CONSTANTS | OF_SOURCES

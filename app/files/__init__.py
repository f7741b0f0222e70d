"""Scorecard files: the YAML that a scorecard is written in, read with every problem named."""

from app.files.format import FileReading, ScorecardFile
from app.files.problems import FileErrors, FileProblem
from app.files.reader import (
    MOST_BYTES,
    read_scorecard_bytes,
    read_scorecard_file,
    read_scorecard_path,
)
from app.files.schema import scorecard_schema

__all__ = [
    "MOST_BYTES",
    "FileErrors",
    "FileProblem",
    "FileReading",
    "ScorecardFile",
    "read_scorecard_bytes",
    "read_scorecard_file",
    "read_scorecard_path",
    "scorecard_schema",
]

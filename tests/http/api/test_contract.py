"""The API keeps to its own OpenAPI document, for what fits it and for what doesn't."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.http.api import Limits
from app.store.engine import Store
from tests.http.api.client import served
from tests.project.files import ROOT
from tests.services.builders import billing_on_sqlite

ANY_NUMBER = 1_000_000
SECONDS = 20
"""Random data and what follows from it are tried out until they are over."""
NOT_CHECKED = "positive_data_acceptance"
"""What a value's unit, a time to come or a title that is taken refuses, no schema can tell."""


def tried_out(folder: Path, address: str, secret: str) -> subprocess.CompletedProcess[str]:
    """Schemathesis sends examples, edges of every field, random data, and follows what it made."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"),
        *("--header", f"Authorization: Bearer {secret}"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(SECONDS)),
        *("--exclude-checks", NOT_CHECKED, "--seed", "1", "--no-color", "--warnings", "off"),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.http.api.hooks",
        "NO_PROXY": "*",
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.timeout(150)
@billing_on_sqlite
async def test_it_answers_as_its_document_says(billing: Store, tmp_path: Path) -> None:
    async with served(billing, Limits(ANY_NUMBER, ANY_NUMBER, ANY_NUMBER)) as api:
        _, secret = await api.makes_token()
        outcome = await asyncio.to_thread(tried_out, tmp_path, api.address, secret)
    assert outcome.returncode == 0, outcome.stdout
    assert "12 selected / 12 total" in outcome.stdout
    assert "Stateful" in outcome.stdout

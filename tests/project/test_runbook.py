"""The runbook names what there is: commands, checks, metrics, settings, lines of the log."""

import re
from collections.abc import Mapping, Sequence

from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from app import measures
from app.config import Settings
from app.services import deliveries
from tests.cli.test_help import COMMANDS
from tests.project.files import ROOT, text_of

RUNBOOK = text_of("docs/runbook.md")
CODE = "\n".join(re.findall(r"```.*?```|`[^`]+`", RUNBOOK, re.DOTALL))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
SUFFIXES: Mapping[str, Sequence[str]] = {
    "counter": ("_total",),
    "gauge": (),
    "histogram": ("_count", "_sum", "_bucket"),
}


def test_its_commands_exist() -> None:
    named = set(re.findall(r"(?<![/\w])kpi ((?:(?:digest|hook|token) )?[a-z]+)", CODE))
    assert {"backup", "restore", "doctor", "migrate", "serve"} <= named
    assert named <= {" ".join(command) for command in COMMANDS}


def test_its_metrics_exist_with_their_labels() -> None:
    assert deliveries.Outcome.FAILED == measures.FAILED  # whose series are there from the start
    labels = {
        name: metric._labelnames  # a series is there only once something was measured
        for metric in vars(measures).values()
        if isinstance(metric, MetricWrapperBase)
        for family in metric.describe()
        for name in (family.name, *(f"{family.name}{suffix}" for suffix in SUFFIXES[family.type]))
    }
    for name, label in re.findall(r"\b(kpi_[a-z_]+)(?:\{([a-z]+)=)?", CODE):
        assert name in labels, name
        assert not label or label in labels[name], name


def test_every_metric_stands_among_the_alarms_or_how_to_look_closer() -> None:
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith("kpi_")}
    assert {name for name in ours if name not in CODE} == set()


def test_its_checks_exist() -> None:
    named = set(re.findall(r"check `([a-z]+)`", RUNBOOK))
    assert named == {"database", "migrations", "deliveries", "scheduler", "socket"}
    for check in named:
        assert f'"{check}"' in SOURCE


def test_its_settings_exist() -> None:
    named = set(re.findall(r"`((?:KPI|SLACK|DATABASE)_[A-Z_]+)`", RUNBOOK))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_lines_of_the_log_that_it_quotes_are_written() -> None:
    for line in ("the socket is deaf", "the socket is replaced", "could not be replaced"):
        assert line in " ".join(RUNBOOK.split())
        assert line in SOURCE


def test_its_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)
    }
    linked = set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))
    assert linked
    assert linked <= headings

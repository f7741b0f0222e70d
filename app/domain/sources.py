"""Where a metric's readings come from by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import KpiError


class SourceKind(StrEnum):
    """How a source is asked."""

    SQL = "sql"
    PROMQL = "promql"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a source, and how its one number becomes the metric's value.

    `place` is the name of a database that the operator has listed for SQL, otherwise an address:
    that of a Prometheus server, or of a JSON document. `query` is SQL, PromQL or JMESPath. What a
    header needs of secrets stands in it by name, as `${NAME}`. The value is the number `times`
    so much, for a share that is to be read in percent.
    """

    kind: SourceKind
    place: str
    query: str
    times: Decimal = Decimal(1)
    headers: Mapping[str, str] = field(default_factory=dict)


class SourceFailure(KpiError):
    """A source gave no number; the message says why in one sentence, and holds no secret."""

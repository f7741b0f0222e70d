"""What a scorecard file says of where a metric's readings come from."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from app.domain.errors import BadInput
from app.domain.sources import Question, Source, SourceKind, parse_rhythm
from app.domain.values import parse_value
from app.files import fields
from app.files.fields import Entry, refusing


class SqlEntry(Entry):
    """A query to a database that the operator has named."""

    database: fields.Name = Field(
        description="The name that the operator gave the database.", examples=["shop"]
    )
    query: fields.Query = Field(
        description="SQL that gives one number.", examples=["SELECT count(*) FROM rollbacks"]
    )


class PromqlEntry(Entry):
    """A query to a Prometheus server."""

    address: fields.Link = Field(
        description="The address of the server.", examples=["https://prometheus.example.com"]
    )
    query: fields.Query = Field(
        description="PromQL that gives one number.", examples=["sum(increase(rollbacks_total[1d]))"]
    )
    headers: fields.Headers = Field(
        {},
        description="Headers to send; secrets stand in them by name.",
        examples=[{"Authorization": "Bearer ${CI_TOKEN}"}],
    )


class JsonEntry(Entry):
    """A JSON document at an address."""

    address: fields.Link = Field(
        description="The address of the document.", examples=["https://ci.example.com/stats.json"]
    )
    path: fields.Query = Field(
        description="The JMESPath expression of the number in it.", examples=["builds.failed"]
    )
    headers: fields.Headers = Field(
        {},
        description="Headers to send; secrets stand in them by name.",
        examples=[{"Authorization": "Bearer ${CI_TOKEN}"}],
    )


class SourceEntry(Entry):
    """Where the metric's readings come from by themselves: one of sql, promql and json."""

    sql: SqlEntry | None = Field(
        None,
        description="A query to a database.",
        examples=[{"database": "shop", "query": "SELECT count(*) FROM rollbacks"}],
    )
    promql: PromqlEntry | None = Field(
        None,
        description="A query to a Prometheus server.",
        examples=[{"address": "https://prometheus.example.com", "query": "sum(rollbacks)"}],
    )
    json_: JsonEntry | None = Field(
        None,
        alias="json",
        description="A JSON document at an address.",
        examples=[{"address": "https://ci.example.com/stats.json", "path": "builds.failed"}],
    )
    times: fields.Number | None = Field(
        None,
        description="What the number is multiplied by: 100 for a share that is read in percent.",
        examples=[100],
    )
    every: fields.RhythmText = Field(
        description="How often it is asked: every so many minutes or hours, or at a time of day "
        "in the scorecard's time zone.",
        examples=["1h", "15m", "daily at 07:00", "mondays at 07:00"],
    )

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        with refusing():
            self.to_domain()
        return self

    def to_domain(self) -> Source:
        asked = [entry for entry in (self.sql, self.promql, self.json_) if entry is not None]
        if len(asked) != 1:
            raise BadInput("needs one of sql, promql and json.")
        return Source(_question(asked[0], self._times()), parse_rhythm(self.every))

    def _times(self) -> Decimal:
        if self.times is None:
            return Decimal(1)
        try:
            value = parse_value(self.times)
        except BadInput as error:
            raise BadInput(error.message, field="times") from error
        if not value.is_exact or not value.number:
            raise BadInput("needs an exact number other than 0, such as 100.", field="times")
        return value.number


def _question(entry: SqlEntry | PromqlEntry | JsonEntry, times: Decimal) -> Question:
    match entry:
        case SqlEntry():
            return Question(SourceKind.SQL, entry.database, entry.query, times)
        case PromqlEntry():
            return Question(SourceKind.PROMQL, entry.address, entry.query, times, _sent(entry))
        case JsonEntry():
            return Question(SourceKind.JSON, entry.address, entry.path, times, _sent(entry))


def _sent(entry: PromqlEntry | JsonEntry) -> Mapping[str, str]:
    return dict(entry.headers)

"""What Prometheus is told. Labels take their values from fixed sets: never a name people chose.

What an alarm watches is there from the start, at 0: Prometheus doesn't see the first increase of a
series that begins with it, see https://prometheus.io/docs/practices/instrumentation.
"""

from prometheus_client import Counter, Gauge, Histogram

LATE_ACK_SECONDS = 1.0
"""Slack waits three, and what takes one may take three on a bad day."""

REQUEST_SECONDS = Histogram(
    "kpi_request_seconds",
    "Time until a request of Slack's was acknowledged, by kind and outcome",
    ["kind", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, LATE_ACK_SECONDS, 2.0, 3.0),
)
LATE_ACKS = Counter("kpi_late_acks", "Requests of Slack's that took over a second to acknowledge")
FAILED_REQUESTS = Counter(
    "kpi_failed_requests", "Requests of Slack's that failed by no fault of the person"
)
DELIVERIES = Counter(
    "kpi_deliveries", "Attempts to deliver what is owed, by kind and outcome", ["kind", "outcome"]
)
SOURCES = Counter(
    "kpi_sources_asked", "Sources that were asked, by kind and outcome", ["kind", "outcome"]
)
SOURCE_SECONDS = Histogram(
    "kpi_source_seconds",
    "Time that a source took to answer or to fail, by kind",
    ["kind"],
    buckets=(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0),
)
HOOK_DELIVERIES = Counter(
    "kpi_hook_deliveries",
    "Deliveries of git servers, by kind of server and what came of them",
    ["forge", "outcome"],
)
DIGESTS = Counter("kpi_digests_posted", "Digests that were posted, by whether late", ["late"])
OLDEST_OWED_SECONDS = Gauge(
    "kpi_oldest_owed_seconds", "Age of the oldest delivery that is owed; 0 without any"
)
SOCKET_CONNECTED = Gauge(
    "kpi_socket_connected", "1 while the socket is connected and not deaf; 0 over HTTP"
)
SOCKET_RECONNECTS = Counter(
    "kpi_socket_reconnects", "Connections that followed one that had ended, or that was deaf"
)
SOCKET_REPLACEMENTS = Counter("kpi_socket_replacements", "Connections that were deaf and replaced")
API_REQUEST_SECONDS = Histogram(
    "kpi_api_request_seconds",
    "Time until a request of the HTTP API was answered, by route, method and status",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
DATABASE_ERRORS = Counter("kpi_database_errors", "Errors of the database, by kind", ["kind"])

FAILED = "failed"
"""The outcome of a request that is an alarm."""

for late in ("yes", "no"):
    DIGESTS.labels(late)
for kind in ("OperationalError", "IntegrityError", "ProgrammingError", "InterfaceError"):
    DATABASE_ERRORS.labels(kind)


def request_ended(kind: str, outcome: str, seconds: float) -> None:
    """Count a request of Slack's that was answered, refused, failed or left unhandled."""
    REQUEST_SECONDS.labels(kind, outcome).observe(seconds)
    if seconds > LATE_ACK_SECONDS:
        LATE_ACKS.inc()
    if outcome == FAILED:
        FAILED_REQUESTS.inc()

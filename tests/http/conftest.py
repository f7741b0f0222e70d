"""The real scorecard in a store, as the services' tests have it."""

from tests.services.conftest import (
    billing,
    billing_postgresql,
    billing_sqlite,
    billing_url,
)

__all__ = ["billing", "billing_postgresql", "billing_sqlite", "billing_url"]

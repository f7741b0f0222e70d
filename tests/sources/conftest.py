"""What sources are asked in tests: a server that lies, one with certificates, a Prometheus."""

from collections.abc import Iterator

import pytest

from tests.programs import PROMETHEUS
from tests.sources.liar import Liar, lying
from tests.sources.prometheus import running_prometheus


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying() as server:
        yield server


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus. Fails with the way to get one where there is none."""
    try:
        PROMETHEUS.installed()
    except LookupError as missing:
        pytest.fail(str(missing.args[0]), pytrace=False)
    with running_prometheus(tmp_path_factory.mktemp("prometheus")) as address:
        yield address

"""A Prometheus that scrapes a page of the test's own, under a path as behind a proxy."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.programs import PROMETHEUS
from tests.sources.liar import lying

METRICS = """
rollbacks 12.5
share 0.9333333333333333
refunds{region="ap"} 3
refunds{region="eu"} 4
refunds{region="sa"} 5
refunds{region="us"} 6
"""
CONFIGURATION = """
global: {{ scrape_interval: 200ms, scrape_timeout: 200ms }}
scrape_configs: [{{ job_name: shop, static_configs: [{{ targets: ["127.0.0.1:{port}"] }}] }}]
"""
START_SECONDS = 30


@contextmanager
def running_prometheus(folder: Path) -> Iterator[str]:
    """The address of a server that has scraped its page; it ends with the block."""
    with lying() as shop:
        shop.answers(METRICS, "/metrics", Content_Type="text/plain")
        configuration = folder / "prometheus.yml"
        configuration.write_text(CONFIGURATION.format(port=shop.port))
        address = f"http://127.0.0.1:{_free_port()}/team"
        log = folder / "log"
        with log.open("w") as written:
            process = subprocess.Popen(
                [
                    PROMETHEUS.installed(),
                    f"--config.file={configuration}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    f"--web.listen-address={address.split('/')[2]}",
                    f"--web.external-url={address}",
                ],
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_for_samples(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait_for_samples(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < ends:
        try:
            told = httpx.get(f"{address}/api/v1/query", params={"query": "rollbacks"}).json()
            if told["data"]["result"]:
                return
        except (httpx.TransportError, ValueError):
            pass  # it doesn't listen yet, or isn't ready
        time.sleep(0.05)
    raise RuntimeError(f"Prometheus didn't start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port

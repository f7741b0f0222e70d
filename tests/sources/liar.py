"""A server that does with a connection what a test wants: it lies, hangs, drips and redirects."""

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.client import parse_headers

Act = Callable[[socket.socket], None]


class Liar:
    """Listens on this machine. `says[path]` is what happens to who asks for a path."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        self._ended = threading.Event()
        self.was_asked = threading.Event()
        self.port: int = self._listener.getsockname()[1]
        self.scheme = "https" if tls else "http"
        self.says: dict[str, Act] = {}
        self.asked: list[tuple[str, Message]] = []
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def answers(self, body: bytes | str, path: str = "/", **headers: str) -> str:
        """The address at which a body is answered as it should be."""
        told = body.encode() if isinstance(body, str) else body
        self.says[path] = send(response(told, **headers))
        return self.url(path)

    def redirects(self, to: str, path: str = "/", status: str = "302 Found") -> str:
        self.says[path] = send(
            f"HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        return self.url(path)

    def does(self, act: Act, path: str = "/") -> str:
        self.says[path] = act
        return self.url(path)

    def hangs(self, path: str = "/", *, after: bytes = b"") -> str:
        def hang(connection: socket.socket) -> None:
            connection.sendall(after)
            self._ended.wait(30)

        return self.does(hang, path)

    def drips(self, path: str = "/") -> str:
        """A byte now and then, for ever: no wait for one is long."""

        def drip(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self._ended.wait(0.05):
                connection.sendall(b" ")

        return self.does(drip, path)

    def close(self) -> None:
        """End the thread first: what waits on a closed socket may hear the next one's visitors."""
        self._ended.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._serving.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._ended.is_set():
                connection.close()
                return
            threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection:
            spoken = (
                self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            )
            with spoken, spoken.makefile("rb") as incoming:
                _, path, _ = incoming.readline().decode().split()
                self.asked.append((path, parse_headers(incoming)))
                self.was_asked.set()
                self.says[path.partition("?")[0]](spoken)


@contextmanager
def lying(tls: ssl.SSLContext | None = None) -> Iterator[Liar]:
    liar = Liar(tls)
    try:
        yield liar
    finally:
        liar.close()


def send(what: bytes) -> Act:
    return lambda connection: connection.sendall(what)


def response(body: bytes, *, status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; a header is named with underscores."""
    given = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def bomb(megabytes: int) -> bytes:
    """So much JSON, packed to a thousandth."""
    return gzip.compress(json.dumps(" " * megabytes * 1_000_000).encode())

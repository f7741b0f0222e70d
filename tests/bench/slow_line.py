"""A line to PostgreSQL on which every message to the server takes longer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.engine import make_url

CHUNK = 65_536


@dataclass
class SlowLine:
    """`url` leads to the database; each message from a client is held back for `seconds`."""

    url: str
    seconds: float = 0.0


@asynccontextmanager
async def slow_line(database_url: str) -> AsyncIterator[SlowLine]:
    """A port of this machine, for a server that listens on a socket in a folder."""
    address = make_url(database_url)
    path = f"{address.query['host']}/.s.PGSQL.5432"
    line = SlowLine("")

    connections: set[asyncio.Task[None]] = set()

    def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(asyncio.create_task(_connection(path, line, reader, writer)))

    listening = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    # Without these two the client asks first whether the line can be encrypted.
    plain = {"sslmode": "disable", "gssencmode": "disable"}
    url = address.set(host="127.0.0.1", port=port, query=plain)
    line.url = url.render_as_string(hide_password=False)
    try:
        yield line
    finally:
        listening.close()
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _connection(
    path: str, line: SlowLine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    answers, server = await asyncio.open_unix_connection(path)
    try:
        await asyncio.gather(_held_back(reader, server, line), _passed_on(answers, writer))
    finally:
        for end in (server, writer):
            end.close()
            await end.wait_closed()


async def _held_back(
    reader: asyncio.StreamReader, server: asyncio.StreamWriter, line: SlowLine
) -> None:
    while message := await reader.read(CHUNK):
        await asyncio.sleep(line.seconds)
        server.write(message)
    server.write_eof()


async def _passed_on(answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while answer := await answers.read(CHUNK):
        writer.write(answer)
    writer.write_eof()

"""A `kpi` that is there at once: one process has the program loaded, and forks for each command.

Started anew each time, the commands of all pages would take a minute to import what they need.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from app.cli import kpi, main
from tests.project.files import ROOT

_MOST_BYTES = 65_536

_CLIENT = """\
#!{python} -IS
import json, os, signal, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    order = [os.getcwd(), dict(os.environ), sys.argv[1:]]
    socket.send_fds(line, [json.dumps(order).encode()], [0, 1, 2])
    worker = int(line.recv(16))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(worker, signal.SIGTERM))
    sys.exit((line.recv(1) or b"\\1")[0])
"""


@contextmanager
def warm_kpi(folder: Path) -> Iterator[Path]:
    """A folder with the command `kpi`, for a shell's PATH."""
    address = folder / "line"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [sys.executable, "-m", "tests.docs.warm", str(address)]
    with Popen(started, cwd=ROOT, env=environment, stdout=PIPE) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            commands = folder / "bin"
            commands.mkdir()
            kpi = commands / "kpi"
            kpi.write_text(_CLIENT.format(python=sys.executable, address=str(address)))
            kpi.chmod(0o755)
            yield commands
        finally:
            server.terminate()


def _serve(address: str) -> None:
    for command in kpi.commands.values():  # each is imported when it is asked for
        list(getattr(command, "commands", {}).values())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that have ended
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            line, _ = door.accept()
            if os.fork() == 0:
                _run(line)
            line.close()


def _run(line: socket.socket) -> None:
    """Be the command that was asked for: in its folder, its environment, with its terminal."""
    order, descriptors, _, _ = socket.recv_fds(line, _MOST_BYTES, 3)
    folder, environment, arguments = json.loads(order)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["kpi", *arguments]
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line.sendall(str(os.getpid()).encode())
    status = 1
    try:
        main()
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        line.sendall(bytes([status]))
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])

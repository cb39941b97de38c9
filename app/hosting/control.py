"""A Unix socket in the data directory: commands to a running server from the owner of its data.

It is no part of HTTP. Who may open it is for the file system to say: nobody but the owner.
"""

import json
import logging
import os
import socket
import socketserver
import tempfile
from collections.abc import Callable, Mapping
from contextlib import chdir, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

from app.errors import StorageFull, StorageUnavailable

SOCKET = "control.sock"
COPY = "backup-"
_LISTENED_SECONDS = 5.0
_log = logging.getLogger("takeback")


class OpenStore(Protocol):
    """What a store can do for whoever hosts it while it serves."""

    def count(self) -> int:
        """How many networks it holds."""

    def try_writing(self) -> None:
        """Write something that changes nothing."""

    def copy(self, target: Path) -> None:
        """Write a consistent copy to a file."""


Commands = Mapping[str, Callable[[], Any]]


class ControlServer(socketserver.UnixStreamServer):
    """Answers the name of a command, a line, with what it returns or why it failed, as JSON."""

    def __init__(self, directory: Path, commands: Commands) -> None:
        self.commands, self._directory = commands, directory
        super().__init__(SOCKET, _Exchange)

    def server_bind(self) -> None:
        """Bind within the directory: the path of a socket may have about 100 bytes only."""
        before = os.umask(0o177)
        try:
            with chdir(self._directory):
                Path(SOCKET).unlink(missing_ok=True)  # of a process that was killed
                self.socket.bind(SOCKET)
        finally:
            os.umask(before)


class _Exchange(socketserver.StreamRequestHandler):
    server: ControlServer
    timeout = _LISTENED_SECONDS

    def handle(self) -> None:
        """Carry out one command."""
        with suppress(OSError):  # who asked has gone, or says nothing
            name = self.rfile.readline(64).decode("ascii", "replace").strip()
            try:
                answer = {"done": self.server.commands[name]()}
            except KeyError:
                answer = {"error": f"no such command: {name}"}
            except (StorageFull, StorageUnavailable) as error:
                answer = {"error": str(error.values.get("reason", error.code))}
            self.wfile.write(json.dumps(answer).encode() + b"\n")


def listen(directory: Path, store: OpenStore) -> None:
    """Answer commands about ``store`` from now on; a warning if that is not possible here."""

    def backup() -> str:
        handle, name = tempfile.mkstemp(prefix=COPY, dir=directory)
        os.close(handle)
        try:
            store.copy(Path(name))
        except BaseException:
            Path(name).unlink()
            raise
        return Path(name).name

    def check() -> int:
        store.try_writing()
        return store.count()

    for old in directory.glob(f"{COPY}*"):
        old.unlink()  # of a backup that was broken off
    try:
        server = ControlServer(directory, {"backup": backup, "check": check})
    except OSError as error:
        _log.warning("no backups while the server runs: no socket in the data directory: %s", error)
        return
    Thread(target=server.serve_forever, name="control", daemon=True).start()


def is_served(directory: Path) -> bool:
    """Whether a server runs on ``directory``."""
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError), chdir(directory):
        connection.connect(SOCKET)
        return True
    return False


def ask(directory: Path, command: str) -> Any:
    """What the server that runs on ``directory`` answers. Raises StorageUnavailable.

    ConnectionError or FileNotFoundError means that none runs.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        with chdir(directory):
            connection.connect(SOCKET)
        connection.sendall(f"{command}\n".encode())
        with connection.makefile("rb") as answers:
            answer = json.loads(answers.readline() or '{"error": "the server hung up"}')
    if "error" in answer:
        raise StorageUnavailable(reason=answer["error"])
    return answer["done"]

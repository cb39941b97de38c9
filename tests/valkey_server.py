"""A real server of Valkey's or Redis's for tests and measurements, on a free port, in a folder."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import free_port

PROGRAMS = ("valkey-server", "redis-server")


def program() -> str:
    """The server's program: the one that TAKEBACK_VALKEY names, else one on the PATH."""
    found = os.environ.get("TAKEBACK_VALKEY") or next(filter(None, map(shutil.which, PROGRAMS)), "")
    if not found:
        raise RuntimeError("no valkey-server or redis-server; make setup looks for one")
    return found


class KeyServer:
    """A server that appends all that it is told to a file; it can be stopped, hung and started."""

    def __init__(self, folder: Path, fsync: str = "everysec", appends: str = "yes") -> None:
        self.folder, self.port, self.fsync, self.appends = folder, free_port(), fsync, appends
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"valkey://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, with what it had before."""
        options = {
            "port": self.port, "bind": "127.0.0.1", "dir": self.folder, "save": "",
            "appendonly": self.appends, "appendfsync": self.fsync,
            "rdbcompression": "no", "aof-use-rdb-preamble": "no",
        }  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen([program(), *words], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while b"PONG" not in self.ask("PING"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the key server did not come up")
            time.sleep(0.02)

    def ask(self, *words: str) -> bytes:
        """What it answers to a command, as it stands on the wire; nothing if it is down."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall((" ".join(words) + "\r\n").encode())
                return connection.recv(65536)
        except OSError:
            return b""

    def kept(self) -> bytes:
        """All that it keeps, as it keeps it."""
        assert b"OK" in self.ask("SAVE")
        return (self.folder / "dump.rdb").read_bytes()

    def hang(self) -> None:
        """Let it say nothing any more."""
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it; what it was told is in its file."""
        self.wake()
        self.process.terminate()
        self.process.wait(20)

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def key_server(folder: Path, fsync: str = "everysec", appends: str = "yes") -> Iterator[KeyServer]:
    """A server for as long as the context lasts; ``fsync`` is when its file is written for sure."""
    server = KeyServer(folder, fsync, appends)
    try:
        yield server
    finally:
        server.kill()

"""A way to a server that can be cut, or go dead without a word."""

import socket
from contextlib import suppress
from threading import Event, Thread


class Line:
    """A way to a server that stalls, or is cut; what the browser's own emulation does not do.

    A stream that is open goes on there.
    """

    def __init__(self, base: str) -> None:
        self._there = int(base.rpartition(":")[2])
        self._goes, self._is_cut, self._open = Event(), False, list[socket.socket]()
        self._goes.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._serve, daemon=True).start()

    def stall(self) -> None:
        """Let nothing through any more."""
        self._goes.clear()

    def cut(self) -> None:
        """Break all connections, and every new one."""
        self._is_cut = True
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let all through again."""
        self._is_cut = False
        self._goes.set()

    def _serve(self) -> None:
        while True:
            here, _ = self._listener.accept()
            if self._is_cut:
                here.close()
                continue
            there = socket.create_connection(("127.0.0.1", self._there))
            self._open += here, there
            for pair in ((here, there), (there, here)):
                Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._goes.wait()
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

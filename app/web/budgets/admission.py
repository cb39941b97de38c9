"""Requests begin in fair turns: a flood of small ones keeps its own senders waiting, not others."""

import asyncio
import re
from collections.abc import Callable, Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.budgets.rates import SITE_BITS, counted_address
from app.web.budgets.turns import Client, Turns

_AT_ONCE = 8
_NETWORK = re.compile(r"/(?:networks|watch)/([^/]+)")


class Admission:
    """ASGI middleware: of all requests that have come in, each line has one begin in turn.

    Lines go round by address; those of an address by the network or the room that is asked for, if
    ``knows`` says that there is one, else by the first part of the path below ``root_path``, if it
    is one of the ``parts``. After a few the event loop looks at its sockets: who has come in is in
    line.
    """

    def __init__(
        self, app: ASGIApp, parts: Collection[str], knows: Callable[[str], bool], root_path: str
    ) -> None:
        self._app, self._parts, self._knows = app, frozenset(parts), knows
        self._root_path, self._turns = root_path, Turns(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered, when it is its turn."""
        if scope["type"] == "http":
            await self._turns.take(self._line(scope))
            if self._turns.are_wanted:
                self._turns.give()  # whoever gets it begins when the loop has come round
            else:
                asyncio.get_running_loop().call_soon(self._turns.give)
        await self._app(scope, receive, send)

    def _line(self, scope: Scope) -> Client:
        address = counted_address(scope["client"][0], SITE_BITS) if scope.get("client") else ""
        path: str = scope["path"].removeprefix(self._root_path)
        if (found := _NETWORK.search(path)) and self._knows(found[1]):
            return Client(address, found[1])
        part = path[1:].partition("/")[0]
        return Client(address, part if part in self._parts else "")

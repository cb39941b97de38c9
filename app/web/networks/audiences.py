"""Those who follow a network: each event is drawn and packed once, and all get the same bytes.

Of each room that somebody follows through this process there is one Audience. Each of its events
is the whole state under a number that rises, so whoever cannot keep up gets the newest only.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from starlette.requests import Request

from app.errors import Crowded, NotFound, StorageUnavailable, TakebackError
from app.store.base import RunRecord
from app.store.classrooms import Classroom, ClassroomRegister
from app.store.lab_runs import is_unended
from app.store.lab_store import LabStore, StoredNetwork
from app.web.http.application import client_of
from app.web.networks.shared_stream import HEARTBEAT_SECONDS, Letter

_LOOK_SECONDS, _APART_SECONDS = 2.0, 0.04
_AFTER_SECONDS = 0.005
"""Whoever drives has the answer to a click before the class is told."""
_AT_ONCE = 32
AGAIN_SECONDS = 5
"""A page that found no place asks for one so often."""
_OF_WHAT_IS_FREE = 4
"""So many times as many as are free may follow from one address: alone it has four fifths."""
_log = logging.getLogger("takeback.web")


class Wish(NamedTuple):
    """How a follower wants to see a page; each that differs costs one more drawing an event.

    ``notation`` is None for the one that is shown; ``view`` is "present" on a projector.
    """

    notation: str | None = None
    theme: str = "auto"
    view: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """What of it is not as usual, as parameters of an address."""
        return {name: text for name, text in self._asdict().items() if text}


class Sight(NamedTuple):
    """What there is to see of a room: its network as stored.

    While a run goes on there is nothing to say that would not be old at once: ``speaks`` is False.
    """

    room: Classroom
    opened: StoredNetwork
    speaks: bool = True

    @property
    def number(self) -> int:
        """What is newer has a larger one."""
        return self.opened.version + self.room.turns


Drawing = Callable[[Request, Sight | None, Wish], Awaitable[Letter]]
"""Makes the event that shows a sight; None for the one that says that the room is over."""


class Follower:
    """Somebody who follows; ``request`` is where the events are sent. The newest one waits."""

    def __init__(self, request: Request, wish: Wish) -> None:
        self.request, self.wish = request, wish
        self.address = client_of(request).address
        self.offered: Letter | None = None
        """The newest letter."""
        self._letter: Letter | None = None
        self._arrived = asyncio.Event()

    def offer(self, letter: Letter) -> None:
        """Have ``letter`` sent next, instead of one that still waits."""
        self.offered = self._letter = letter
        self._arrived.set()

    async def letters(self) -> AsyncIterator[Letter | None]:
        """What to send, as it comes; None when nothing came for a while. The last one ends it."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._arrived.wait()
            except TimeoutError:
                yield None
                continue
            self._arrived.clear()
            letter, self._letter = self._letter, None
            if letter:
                yield letter
                if letter.is_last:
                    return


class Audience:
    """The followers of one room; it looks for what is new when it is woken, and now and then."""

    def __init__(self, classes: "Classes", token: str) -> None:
        self.followers: set[Follower] = set()
        self.network: bytes | None = None
        self.sees = True
        """Whether the store was there at the last look."""
        self._classes, self._token = classes, token
        self._woken = asyncio.Event()
        self._shown: tuple[int, bool] | None = (-1, True)
        self._letters: dict[Wish, Letter] = {}
        self.task: asyncio.Task[None] | None = None

    @property
    def heads(self) -> int:
        """How many follow; a projector is nobody."""
        return sum(not one.wish.view for one in self.followers)

    def join(self, follower: Follower) -> None:
        """Let somebody follow; the present state comes at once."""
        self.followers.add(follower)
        if letter := self._letters.get(follower.wish):
            follower.offer(letter)
        else:
            self.wake()
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._serve())

    def leave(self, follower: Follower) -> None:
        """Forget somebody."""
        self.followers.discard(follower)
        if not self.followers and self.task:
            self.task.cancel()

    def wake(self) -> None:
        """Look at once whether there is something new."""
        self._woken.set()

    async def _serve(self) -> None:
        """Tell everybody what is new until the room is over."""
        while True:
            self._woken.clear()
            try:
                if await self._is_over():
                    return
                self.sees = True
            except StorageUnavailable:
                self.sees = False
            except TakebackError:
                pass  # a busy server, which has said so; again in a moment
            except Exception:
                _log.exception("an event could not be drawn", extra={"event": "failure"})
            await asyncio.sleep(_APART_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._woken.wait()
            await asyncio.sleep(_AFTER_SECONDS)

    async def _is_over(self) -> bool:
        """Tell what is new, if anything is; whether it was the room's end."""
        try:
            sight = await self._classes.sight(self._token)
            self.network = sight.room.network
        except NotFound:
            sight = None
        shown = (sight.number, sight.speaks) if sight else None
        if shown != self._shown:
            self._shown, self._letters = shown, {}
        for wish, request in {one.wish: one.request for one in self.followers}.items():
            if wish not in self._letters:
                self._letters[wish] = await self._classes.draw(request, sight, wish)
                await asyncio.sleep(0)  # others' clicks come between
        # Who has joined meanwhile has woken this, and comes next time.
        waiting = [one for one in self.followers if one.wish in self._letters]
        for index, follower in enumerate(waiting):
            if follower.offered is not self._letters[follower.wish]:
                follower.offer(self._letters[follower.wish])
                if index % _AT_ONCE == _AT_ONCE - 1:
                    await asyncio.sleep(0)  # others' clicks come between
        return sight is None


class Classes:
    """All rooms as this process knows them: the register, and who follows through this process.

    ``most`` may follow through it at once; ``draw`` makes the event that shows a sight.
    """

    store: LabStore
    """Where the networks are; whoever makes it tells it of ``wake``."""
    runs_on: Callable[[bytes, RunRecord | None], bool]
    """Whether a run goes on of what is kept under a key, where the store has this of one."""

    def __init__(self, register: ClassroomRegister, draw: Drawing, most: int) -> None:
        self.register, self.draw, self._most = register, draw, most
        self._audiences: dict[str, Audience] = {}
        self._process = secrets.token_hex(8)
        self.guessing = asyncio.Lock()
        """Held while a code is looked for."""
        self.rooms = 0
        """How many rooms are open, as of the last look."""

    @property
    def followers(self) -> int:
        """How many follow through this process; a projector is nobody."""
        return sum(one.heads for one in self._audiences.values())

    async def sight(self, token: str) -> Sight:
        """What a token shows. Raises NotFound if its room is over, and StorageUnavailable."""
        room = await self.register.watched(token)
        if room is None:
            raise NotFound("classroom_not_found")
        try:
            opened = await self.store.watch(room.network)
        except NotFound:
            await self.register.end(room.network)
            raise NotFound("classroom_not_found") from None
        return Sight(room, opened, speaks=not self.is_running(opened))

    def is_running(self, opened: StoredNetwork) -> bool:
        """Whether a run of a network goes on, as it was stored."""
        return is_unended(opened.last_op) and self.runs_on(opened.key, opened.run)

    def check_room(self, address: str) -> None:
        """Return if one more may follow from an address, else raise Crowded."""
        streams = [one for group in self._audiences.values() for one in group.followers]
        here = sum(one.address == address for one in streams)
        if here >= _OF_WHAT_IS_FREE * (self._most - len(streams)):
            raise Crowded(
                "followers_full",
                taken=len(streams), limit=self._most, here=here, retry_after=AGAIN_SECONDS,
            )  # fmt: skip

    def knows(self, token: str) -> bool:
        """Whether somebody follows a room through this process."""
        return token in self._audiences

    def sees(self, token: str) -> bool:
        """Whether what is new in a room could be looked for; if not, its pages hear nothing."""
        audience = self._audiences.get(token)
        return audience is None or audience.sees

    def join(self, token: str, follower: Follower) -> None:
        """Let somebody follow a room."""
        audience = self._audiences.setdefault(token, Audience(self, token))
        audience.join(follower)

    def leave(self, token: str, follower: Follower) -> None:
        """Forget a follower."""
        if audience := self._audiences.get(token):
            audience.leave(follower)
            if not audience.followers:
                del self._audiences[token]

    def wake(self, network: bytes) -> None:
        """A network has changed, or how it is seen: those who follow it are told."""
        for audience in self._audiences.values():
            if audience.network in (None, network):
                audience.wake()

    async def turn(self, network: bytes, look: str) -> None:
        """A network is now seen with the query ``look`` by whoever drives it."""
        await self.register.turn(network, look)
        self.wake(network)

    async def attended(self, token: str) -> int:
        """How many follow a room, through all processes."""
        audience = self._audiences.get(token)
        here = audience.heads if audience else 0
        return await self.register.attend(token, self._process, here)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hear what other processes change, and note what there is, for as long as it lasts."""
        tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._note())]
        try:
            yield
        finally:
            for task in (*tasks, *(one.task for one in self._audiences.values())):
                if task:
                    task.cancel()

    async def _hear(self) -> None:
        while True:
            with suppress(StorageUnavailable):
                async for network in self.register.wakes():
                    self.wake(network)
            await asyncio.sleep(_LOOK_SECONDS)  # meanwhile each audience looks for itself

    async def _note(self) -> None:
        """Note how many rooms there are, and how many follow them through this process."""
        while True:
            with suppress(StorageUnavailable):
                for token in [*self._audiences]:
                    await self.attended(token)
                self.rooms = await self.register.count()
            await asyncio.sleep(_LOOK_SECONDS)


def classes_of(request: Request) -> Classes:
    """The classes of the application that the request came to."""
    classes: Classes = request.app.state.classes
    return classes

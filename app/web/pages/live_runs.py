"""Runs that are streamed into a page: which ones go on, and how they go on from frame to frame.

Every frame that a page shows is stored before it is shown, so nothing that was seen is ever lost.
Whoever else writes to the network ends the run: its next save finds another version. Where several
processes share a store, each run is in its register, and what is asked of it by another process is
found at the next save; a run that was stopped there saves nothing more.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from starlette.datastructures import QueryParams
from starlette.requests import Request

from app.errors import StorageUnavailable, TakebackError, VersionConflict
from app.lab.lab import Lab
from app.lab.runs import FRAMES, Ending, Pace, RunGoal, RunSlice, frame_steps, run_slice
from app.store.base import RUN, RunRecord, RunRegister, key_of
from app.store.lab_runs import PastRun, RunElsewhere, told
from app.store.lab_store import LabStore, StoredNetwork, fits
from app.views.options import ViewOptions
from app.web.budgets.pool import PoolShare

FRAME_SECONDS = 0.2
_SHARE = 0.4
"""How much of the event loop's time all frames of all runs may take."""
_RECENT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RunFrame:
    """What a page shows of a run: the network as stored, and how many steps were taken.

    ``ending`` says why the run ended with this frame, ``error`` what ended it if an error did.
    """

    opened: StoredNetwork
    taken: int
    ending: Ending | None = None
    error: TakebackError | None = None


class LiveRun:
    """A run under way towards ``goal``; its form was sent to ``address``.

    ``start`` is the network where it takes its first step, ``look`` how its page is seen, ``first``
    and ``last`` the version that it began at and the one that it has written last. ``pool`` is
    its client's share. ``still``: it shows its end alone, and where that is far off how far it is.
    """

    def __init__(
        self, opened: StoredNetwork, goal: RunGoal, op: str, look: ViewOptions, address: str,
        pool: PoolShare, *, still: bool = False,
    ) -> None:  # fmt: skip
        self.goal = goal
        self._marks = frame_steps(goal.count, 1 if still else FRAMES)
        self.pool = pool
        self.address = address
        self.start = goal.before(opened.lab)
        self.look = look
        self.op = op
        self.first = self.last = opened.version
        self.taken = 0
        self.ended = 0.0
        self.is_silent = False
        self._opened = opened
        self._stopped = asyncio.Event()

    @property
    def tab(self) -> str:
        """The tab that shows it."""
        return self.op.partition(".")[0]

    def begun(self, _: Lab) -> Lab:
        """The network where it took its first step."""
        return self.start

    @property
    def goes_on(self) -> bool:
        """Whether it may write more frames."""
        return not self.ended

    def stop(self, tab: str) -> None:
        """End it where it stands. The tab that asks sees that by itself."""
        if not self._stopped.is_set():
            self.is_silent = tab == self.tab
            self._stopped.set()

    async def frames(self, store: LabStore, runs: "LiveRuns") -> AsyncIterator[RunFrame]:
        """Go on until it ends; the last frame says why."""
        yield RunFrame(self._opened, 0)
        lab = self.start
        if self.goal.is_met(lab):
            yield await self._stored(store, lab, RunSlice(lab, Ending.ALREADY))
            return
        marks, speed = self._marks, Pace()
        for index in count():
            seconds = runs.interval()
            due = time.monotonic() + seconds
            steps = marks[min(index, len(marks) - 1)] - self.taken
            frame = await self._next(store, lab, max(steps, 1), speed, seconds)
            if frame is None:
                break
            yield frame
            if frame.ending:
                return
            lab = frame.opened.lab
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), max(due - time.monotonic(), 0))
            if runs.is_closing():
                yield RunFrame(self._opened, self.taken, Ending.CLOSING)
                return
        if not self.is_silent:
            try:
                present = await store.load(self._opened.id)
            except TakebackError as error:  # deleted meanwhile, say
                yield RunFrame(self._opened, self.taken, Ending.MOVED_ON, error)
                return
            moved = present.version != self.last
            yield RunFrame(present, self.taken, Ending.MOVED_ON if moved else Ending.STOPPED)

    async def _next(
        self, store: LabStore, lab: Lab, steps: int, speed: Pace, seconds: float
    ) -> RunFrame | None:
        """The next frame, stored; None if the run was stopped before it."""
        slices = run_slice(lab, self.goal, steps, speed, fits, seconds)
        work = asyncio.ensure_future(self.pool.turns(slices))
        stop = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
            if self._stopped.is_set():
                return None
            return await self._stored(store, lab, work.result())
        except VersionConflict:
            await self._refused(store)
            return None
        except TakebackError as error:
            return RunFrame(self._opened, self.taken, Ending.FULL, error)
        finally:
            stop.cancel()
            if not work.cancel() and not work.cancelled():
                work.exception()  # looked at, should nobody else do

    async def _stored(self, store: LabStore, before: Lab, done: RunSlice) -> RunFrame:
        lab, ending = done.lab, done.ending
        self.taken += lab.step - before.step
        if ending is None and self.taken >= self.goal.count:
            ending = self.goal.done()
        # Whoever follows is told of trouble, too.
        if lab is not self._opened.lab or (ending and ending.is_trouble):
            op = f"{RUN}{self.op}"
            if ending:
                op = PastRun(ending, self.goal, self.start.step).after(op)
            self._opened = await store.save(self._opened, lab, op)
            self.last = self._opened.version
            if (record := self._opened.run) and record.look is not None:
                query = QueryParams(record.look[1:])
                self.look = ViewOptions.from_query(query, framed=self.look.framed)
        return RunFrame(self._opened, self.taken, ending)

    async def _refused(self, store: LabStore) -> None:
        """Somebody has written to the network, or has stopped the run in another process."""
        record = (await store.load(self._opened.id)).run
        asked = record is not None and record.op == self.op and record.stopped_by is not None
        self.stop(record.stopped_by or "" if asked and record else "")


class LiveRuns:
    """All runs that are streamed now; ``seconds`` lie between frames, unless there are too many.

    ``register`` has the runs of all processes that share a store; None where there is one process.
    """

    def __init__(self, register: RunRegister | None = None, seconds: float = FRAME_SECONDS) -> None:
        self.seconds = seconds
        self._register = register
        self.is_closing: Callable[[], bool] = lambda: False
        self._active: dict[str, LiveRun] = {}
        self._recent: dict[str, LiveRun] = {}
        self._cost = 0.005
        self._free_at = 0.0

    async def begin(self, network_id: str, run: LiveRun) -> bool:
        """Count ``run`` among those that go on; Busy if there are too many.

        False if another process has begun it already.
        """
        await run.pool.take()
        begun = False
        try:
            begun = self._register is None or await self._register.begin(
                network_id,
                run.op,
                run.tab,
                run.first,
                told(run.goal, run.start, run.address, run.look.query()),
            )
        finally:
            if not begun:
                run.pool.give()
        if begun:
            self._active[network_id] = run
        return begun

    async def end(self, network_id: str, run: LiveRun) -> None:
        """``run`` is over: nobody listens any more, or its last frame was shown."""
        self._end(network_id, run, run.tab)
        if self._register:
            with suppress(StorageUnavailable):  # then it is forgotten after a while
                await self._register.end(network_id, run.op)

    def _end(self, network_id: str, run: LiveRun, tab: str) -> None:
        run.stop(tab)
        if run.ended:
            return
        run.pool.give()
        run.ended = time.monotonic()
        if self._active.get(network_id) is run:
            del self._active[network_id]
        old = run.ended - _RECENT_SECONDS
        self._recent = {key: one for key, one in self._recent.items() if one.ended > old}
        self._recent[network_id] = run

    @property
    def under_way(self) -> int:
        """How many go on."""
        return len(self._active)

    def of(self, opened: StoredNetwork) -> LiveRun | RunElsewhere | None:
        """The run of a network that goes on, if any."""
        if self._register is None:
            return self._active.get(opened.id)
        record = opened.run
        return RunElsewhere.of(record, opened.lab) if record and record.goes_on else None

    def go_on(self, network: bytes, record: RunRecord | None) -> bool:
        """Whether a run goes on of what is kept under ``network``, where ``record`` stands."""
        if self._register is None:
            return any(key_of(name) == network for name in self._active)
        return record is not None and record.goes_on

    async def repeats(self, network_id: str, op: str) -> bool:
        """Whether the very form of ``op`` has begun a run already that goes on or took steps."""
        run: LiveRun | RunRecord | None
        if self._register is None:
            run = self._active.get(network_id) or self._recent.get(network_id)
        else:
            run = await self._register.find(network_id)
        if run is None or not op or run.op != op:
            return False
        return run.goes_on or run.last > run.first

    async def stop(self, network_id: str, tab: str) -> None:
        """End the run of a network where it stands; the tab that asks sees that by itself."""
        if run := self._active.get(network_id):
            self._end(network_id, run, tab)
        if self._register:
            await self._register.stop(network_id, tab)

    async def settled(self, network_id: str, version: int, op: str) -> tuple[int, bool]:
        """The version that a form at ``version`` means, and whether a run of its network went on.

        The run ends first. While it goes on its page is always a little behind. What a person
        does there is meant for where the run stands by then.
        """
        tab = op.partition(".")[0]
        if self._register:
            return await self._register.settle(network_id, version, tab)
        ran = network_id in self._active
        return self._settled(network_id, version, tab), ran

    def _settled(self, network_id: str, version: int, tab: str) -> int:
        run = self._active.get(network_id)
        if run is None:
            run = self._recent.get(network_id)
            if run is None or tab != run.tab or time.monotonic() - run.ended > _RECENT_SECONDS:
                return version
        if not run.first <= version <= run.last:
            return version
        self._end(network_id, run, tab)
        return run.last

    async def follow(self, opened: StoredNetwork, shown: str, look: ViewOptions) -> None:
        """A page that was at the query ``shown`` is now seen with ``look``: so is its run."""
        run = self.of(opened)
        if isinstance(run, LiveRun) and QueryParams(run.look.query()[1:]) == QueryParams(shown):
            run.look = look
        elif isinstance(run, RunElsewhere) and QueryParams(run.look[1:]) == QueryParams(shown):
            await self._register.turn(opened.id, look.query())  # type: ignore[union-attr]

    def interval(self) -> float:
        """The time from a frame to the next: longer where there are many runs."""
        return max(self.seconds, len(self._active) * self._cost / _SHARE)

    async def turn(self) -> None:
        """Wait until a frame may be drawn: the frames of many runs come one after the other."""
        now = time.monotonic()
        at = max(now, self._free_at)
        self._free_at = at + self._cost / _SHARE
        if at > now:
            await asyncio.sleep(at - now)

    def measured(self, seconds: float) -> None:
        """Learn how long it takes to draw a frame."""
        self._cost += (seconds - self._cost) / 10


def live_runs_of(request: Request) -> LiveRuns:
    """The runs of the application that the request came to."""
    runs: LiveRuns = request.app.state.runs
    return runs

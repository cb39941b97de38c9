"""Work in a process beside the server's, for what would hold the interpreter's lock too long.

The process stays for a while, since it takes a second to begin one, and goes when nobody needs it.
"""

import gc
import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, TypeVar, cast

from anyio import BrokenWorkerProcess
from anyio.to_process import run_sync
from anyio.to_thread import run_sync as in_a_thread

from app.errors import StorageFull, TakebackError

T = TypeVar("T")
LARGE = 256 * 1024
"""What has more bytes is read there: in less, no single call holds the lock above about 20 ms."""
_NICE, _IDLE_SECONDS = 10, 60
_LEAST_RETURNED = 128 * 1024
_HANDED, _FORGOTTEN_SECONDS = "handed-", 3600


class Handed:
    """Bytes for the process, in a file until they are closed: in no memory here."""

    def __init__(self) -> None:
        with _on_disk():
            self._file = NamedTemporaryFile(prefix=_HANDED)  # noqa: SIM115 - ``close`` is called
        self.name, self._size = self._file.name, 0

    def __len__(self) -> int:
        return self._size

    def __getstate__(self) -> dict[str, Any]:
        self._file.flush()
        return {"name": self.name, "_size": self._size}

    def add(self, piece: bytes) -> None:
        """Append so much. Raises StorageFull."""
        with _on_disk():
            self._file.write(piece)
        self._size += len(piece)

    def read(self) -> bytes:
        """All of them, in the process."""
        return Path(self.name).read_bytes()

    def close(self) -> None:
        """Have them go."""
        with suppress(OSError):  # what was not written yet finds no room
            self._file.close()


def prepare(directory: Path) -> None:
    """Have such processes import what they need from where this program is, and no more.

    What they are given lies in ``directory`` for a moment; what a killed server left there goes.
    """
    tempfile.tempdir = str(directory.absolute())
    for old in directory.glob(f"{_HANDED}*"):
        if old.stat().st_mtime < time.time() - _FORGOTTEN_SECONDS:
            old.unlink(missing_ok=True)
    os.environ["PYTHONSAFEPATH"] = "1"
    for name in ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"):  # glibc keeps what was large
        os.environ.setdefault(name, str(_LEAST_RETURNED))
    vars(sys.modules["__main__"]).pop("__file__", None)  # else all of it is imported again


async def in_a_process(make: Callable[..., T], *arguments: object) -> T:
    """What ``make`` returns there; it and what it needs and gives can be pickled.

    The process is killed where nobody waits any more. Raises what ``make`` raises of ours,
    RuntimeError with the traceback of anything else, and StorageFull if there is no room on disk
    for what it needs.
    """
    # What is large is written once, beside the loop; through a pipe it would be copied three times.
    with await in_a_thread(_handed, (make, arguments)) as file:
        try:
            return await run_sync(_made, file.name, cancellable=True)
        except BrokenWorkerProcess:  # it ended just when it was asked
            return await run_sync(_made, file.name, cancellable=True)


def _handed(work: tuple[Any, ...]) -> IO[bytes]:
    """A file that has ``work``, and goes when it is closed."""
    with _on_disk(), ExitStack() as opened:
        file = opened.enter_context(NamedTemporaryFile(prefix=_HANDED))
        pickle.dump(work, file, pickle.HIGHEST_PROTOCOL)
        file.flush()
        opened.pop_all()
        return cast("IO[bytes]", file)


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as full:
        raise StorageFull from full


def _made(handed: str) -> Any:
    """In the process: do it, and end when nothing more comes."""
    signal.alarm(0)
    # Where processors are few, the requests of others go first.
    os.nice(max(_NICE - os.nice(0), 0))
    try:
        return _done(handed)
    except TakebackError as raised:
        error: Exception = deepcopy(raised)  # without tracebacks, and what they hold
    except Exception:
        error = RuntimeError(traceback.format_exc())
    finally:
        signal.alarm(_IDLE_SECONDS)
    gc.collect()  # frames and errors that hold each other, and a whole body
    raise error


def _done(handed: str) -> Any:
    with Path(handed).open("rb") as file:
        make, arguments = pickle.load(file)  # noqa: S301 - the server's own
    return make(*arguments)

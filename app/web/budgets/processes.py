"""Work in a process beside the server's, for what would hold the interpreter's lock too long.

The process stays for a while, since it takes a second to begin one, and goes when nobody needs it.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from anyio import BrokenWorkerProcess
from anyio.to_process import run_sync

from app.errors import TakebackError

T = TypeVar("T")
LARGE = 256 * 1024
"""What has more bytes is read there: in less, no single call holds the lock above about 20 ms."""
_NICE, _IDLE_SECONDS = 10, 60


def prepare() -> None:
    """Have such processes import what they need from where this program is, and no more."""
    os.environ["PYTHONSAFEPATH"] = "1"
    vars(sys.modules["__main__"]).pop("__file__", None)  # else all of it is imported again


async def in_a_process(make: Callable[..., T], *arguments: object) -> T:
    """What ``make`` returns there; it and what it needs and gives can be pickled.

    The process is killed where nobody waits any more. Raises what ``make`` raises of ours, and
    RuntimeError with the traceback of anything else.
    """
    try:
        return await run_sync(_made, make, arguments, cancellable=True)
    except BrokenWorkerProcess:  # it ended just when it was asked
        return await run_sync(_made, make, arguments, cancellable=True)


def _made(make: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """In the process: do it, and end when nothing more comes."""
    signal.alarm(0)
    # Where processors are few, the requests of others go first.
    os.nice(max(_NICE - os.nice(0), 0))
    try:
        return make(*arguments)
    except TakebackError:
        raise
    except Exception:
        raise RuntimeError(traceback.format_exc()) from None
    finally:
        signal.alarm(_IDLE_SECONDS)

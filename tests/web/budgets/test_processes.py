"""Work in a process beside the server's."""

import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import anyio
import pytest

from app.engine.validation import SpecError
from app.errors import (
    Diverged,
    InvalidInput,
    InvalidTable,
    RefusedDocument,
    StorageFull,
    TakebackError,
)
from app.web.budgets import processes
from app.web.budgets.processes import in_a_process, prepare
from tests.web.support import run_async

ERRORS = (
    InvalidTable("csv_rows", pointer="/table", others=[InvalidInput("csv_more", count=2)], limit=3),
    RefusedDocument([InvalidInput("missing", pointer="/a"), InvalidInput("choice", allowed="b")]),
    SpecError("/layers", "minimum", minimum=1),
    Diverged(7, pointer="/x"),
)

CHANGED = ("PYTHONSAFEPATH", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")


def refuse(number: int) -> NoReturn:
    raise ERRORS[number]


def told(error: TakebackError) -> tuple[object, ...]:
    """All that an error holds."""
    more = [told(one) for name in ("others", "errors") for one in getattr(error, name, ())]
    step = getattr(error, "step", None)
    return type(error), error.code, error.pointer, error.values, step, more


def test_errors_come_back_as_they_were() -> None:
    async def ask() -> list[TakebackError]:
        found = []
        for number in range(len(ERRORS)):
            with pytest.raises(TakebackError) as caught:
                await in_a_process(refuse, number)
            found.append(caught.value)
        with pytest.raises(RuntimeError, match=r"(?s)Traceback.*ZeroDivisionError"):
            await in_a_process(divmod, 1, 0)
        return found

    assert [*map(told, run_async(ask))] == [*map(told, ERRORS)]


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "NamedTemporaryFile", lambda **_: FileIO("/dev/full", "wb"))
    with pytest.raises(StorageFull):
        run_async(lambda: in_a_process(len, "a body"))


def refuse_all(given: bytes) -> NoReturn:
    error = InvalidInput("large", count=len(given))
    found = [error]  # which leads to this frame, and that to it
    raise RefusedDocument([*found])


def memory() -> int:
    """What the process has in memory, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="a file of Linux")
def test_nothing_stays_of_what_was_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> int:
        before = await in_a_process(memory)
        for _ in range(4):
            with pytest.raises(RefusedDocument):
                await in_a_process(refuse_all, bytes(32 << 20))
        return await in_a_process(memory) - before

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run_async(ask) < 16
    assert not [*tmp_path.iterdir()]


def test_what_a_killed_server_handed_over_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    for name in CHANGED:
        monkeypatch.setenv(name, "131072")
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    for name, age in (("handed-now", 0), ("handed-long-ago", 7200), ("kept", 7200)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    prepare(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {"handed-now", "kept"}
    assert tempfile.gettempdir() == str(tmp_path)


def test_the_process_gives_way_and_stays_until_nobody_waits() -> None:
    async def ask() -> int:
        number = await in_a_process(os.getpid)
        assert number != os.getpid()
        assert await in_a_process(os.getpid) == number, "it takes a second to begin one"
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, number) == max(ours, 10)
        with anyio.move_on_after(0.2) as waiting:
            await in_a_process(time.sleep, 60)
        assert waiting.cancelled_caught
        other = await in_a_process(os.getpid)
        assert other != number
        os.kill(other, signal.SIGALRM)  # as when it has had nothing to do for a minute
        assert await in_a_process(os.getpid) != other
        return number

    number = run_async(ask)
    with suppress(ProcessLookupError):
        os.kill(number, 0)
        pytest.fail("it goes on, though nobody waits")


def test_the_process_imports_what_it_needs_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the whole program, nor what lies where the server was started."""
    program = ModuleType("__main__")
    program.__file__ = str(tmp_path / "program.py")
    for name in ("program", "pickle"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')")
    monkeypatch.setitem(sys.modules, "__main__", program)
    for name in CHANGED:
        monkeypatch.setenv(name, "131072")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", None)
    prepare(tmp_path)
    assert run_async(in_a_process, os.getpid) != os.getpid()

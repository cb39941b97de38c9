"""Work in other processes gives way to the server's own."""

import os
import subprocess
import time
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from app.web.budgets.pool import Pool, PoolShare
from app.web.budgets.turns import NOBODY
from app.web.files.picture import png
from app.web.networks.reading import opened_document
from tests.web.support import run_async

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>'


def test_pictures_and_large_files_are_made_at_a_low_priority(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[list[str]] = []

    async def noted(command: list[str], **_: Any) -> Any:
        commands.append(command)
        return SimpleNamespace(returncode=1, stderr=b"noted")

    monkeypatch.setattr(anyio, "run_process", noted)

    async def ask() -> None:
        pool = PoolShare(Pool(1, 1), NOBODY)
        for work in (png(SVG, 1, pool), opened_document(b" " * 600_000, pool)):
            with pytest.raises(RuntimeError, match="noted"):
                await work

    run_async(ask)
    ours, until = os.getpriority(os.PRIO_PROCESS, 0), time.monotonic() + 30
    for command in commands:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            while os.getpriority(os.PRIO_PROCESS, process.pid) == ours < 19:
                assert time.monotonic() < until
                time.sleep(0.02)
            process.kill()
    assert len(commands) == 2

"""Large files and tables are read beside the server, to the same answers; pictures are drawn so."""

import json
import os
import re
import subprocess
import tempfile
import time
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from app.errors import RefusedDocument
from app.web.api import data
from app.web.budgets import pool as pools
from app.web.budgets import processes
from app.web.budgets.pool import Pool, PoolShare
from app.web.budgets.turns import NOBODY
from app.web.files.picture import png
from app.web.http import json_body
from app.web.networks.reading import packed_lab_in
from tests.web.support import HTMX, Network, run_async

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>'


def test_pictures_are_drawn_at_a_low_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    async def noted(command: list[str], **_: Any) -> Any:
        commands.append(command)
        return SimpleNamespace(returncode=1, stderr=b"noted")

    monkeypatch.setattr(anyio, "run_process", noted)

    async def ask() -> None:
        pool = PoolShare(Pool(1, 1), NOBODY)
        with pytest.raises(RuntimeError, match="noted"):
            await png(SVG, 1, pool)

    run_async(ask)
    ours, until = os.getpriority(os.PRIO_PROCESS, 0), time.monotonic() + 30
    for command in commands:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            while os.getpriority(os.PRIO_PROCESS, process.pid) == ours < 19:
                assert time.monotonic() < until
                time.sleep(0.02)
            process.kill()
    assert len(commands) == 1


TABLES = (
    "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n", "1;2\n3;x\n5;6", "a\tb\n1,5\t2\n2,5\t3", "a,b\n1,2,3\n4,5,6",
    "a,b,c\n1,,no\n,2,No\n3,4,yes\n5,6,no\n", "", "a b\n1 2 -\n", "ä,b\n1,2\n" + "3,4\n" * 5_001,
    "1,2\n" * 60_000, "x,y\n" + "0.125,1\n" * 4_000,
)  # fmt: skip
_FORM = {"dataset": "own", "more": "yes"}


def test_what_is_read_in_a_process_is_answered_alike(
    network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Forms, tables over the API and exported files, with their errors and suggestions."""
    client = network.client
    network.do("step", {"count": 3})
    document = client.get(f"{network.url}/export").json()
    asked: list[Any] = []
    for table in TABLES:
        form = {**_FORM, "table": table}
        for path, headers in (("/new/preview", HTMX), ("/new/preview", {}), ("/new", {})):
            asked.append((path, {"data": form, "headers": headers}))
        rebuilt = f"{network.page}/rebuild/preview"
        asked.append((rebuilt, {"files": {"file": ("a.csv", table.encode())}, "data": _FORM}))
        asked.append(("/api/v1/tables", {"json": {"csv": table}}))
    files = [json.dumps(one).encode() for one in (document, {}, {**document, "standing": 7})]
    asked += [("/import", {"files": {"file": ("network.json", one)}}) for one in files]
    apart: list[object] = []

    async def noted(make: Any, *arguments: Any) -> Any:
        apart.append(make)
        return await processes.in_a_process(make, *arguments)

    monkeypatch.setattr(pools, "in_a_process", noted)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answers: list[list[Any]] = []
    for large in (10**9, -1):
        for module in (json_body, data):
            monkeypatch.setattr(module, "LARGE", large)
        answers.append([client.post(path, **sent) for path, sent in asked])
        assert len(apart) == (len(asked) if large < 0 else 0)
        assert not [*tmp_path.glob("handed-*")]
    for here, there, (path, _) in zip(*answers, asked, strict=True):
        assert (there.status_code, _bare(there)) == (here.status_code, _bare(here)), path


def test_a_large_file_is_there_once_whatever_is_wrong_with_it() -> None:
    """What lies in it is in no error: seven things are missing here."""
    body = json.dumps({"losses": [1 / number for number in range(3, 100_003)]}).encode()
    tracemalloc.start()
    try:
        with pytest.raises(RefusedDocument):
            packed_lab_in(lambda: body)
        assert tracemalloc.get_traced_memory()[1] < 4 * len(body)
    finally:
        tracemalloc.stop()


def _bare(answer: Any) -> str:
    """An answer without the names of networks and requests, which are always new."""
    location = answer.headers.get("location", "")
    text = answer.text + re.sub("/networks/[^?]*", "", location)
    return re.sub(r'[\w-]{22}|"(?:request_id|created)":"[^"]*"', "", text)

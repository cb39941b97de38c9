"""A real server and a real browser for tests, measurements and benchmarks."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PORTS = range(20_000, 32_768)
"""Below those that systems give to outgoing connections."""


def free_port() -> int:
    """A port that nobody listens on, and that no outgoing connection gets meanwhile."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def start_server(
    data_dir: Path, port: int, output: IO[bytes] | None = None, /, **environment: str
) -> "subprocess.Popen[bytes]":
    """Start the program as `make run` does; the caller stops it. ``output`` gets what it says."""
    env = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TAKEBACK_DATA_DIR": str(data_dir),
        **environment,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app.main"],
        cwd=ROOT,
        env=env,
        stdout=output or subprocess.DEVNULL,
        stderr=output or subprocess.DEVNULL,
    )
    wait_until_live(process, f"http://127.0.0.1:{port}")
    return process


def wait_until_live(process: "subprocess.Popen[bytes]", base: str) -> None:
    """Return when a server that was started answers; RuntimeError if it ends or takes too long."""
    deadline = time.monotonic() + 180  # a first start compiles, beside other work
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{base}/health/live", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    process.kill()
    process.wait()
    raise RuntimeError("the server did not come up")


def end_process(process: "subprocess.Popen[bytes]") -> int:
    """How a process ends that is told to; one that takes 20 seconds is killed, TimeoutExpired."""
    process.terminate()
    try:
        return process.wait(20)
    finally:
        process.kill()  # nothing happens to one that has ended
        process.wait()


@contextmanager
def server(data_dir: Path, **environment: str) -> Iterator[str]:
    """The base URL of a running server."""
    port = free_port()
    process = start_server(data_dir, port, **environment)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        end_process(process)


def launch(playwright: Playwright) -> Browser:
    """Chromium: the one that is named, else Debian's, else Playwright's own.

    The shell draws pages as Chromium does, without the windows that nobody sees: a new page costs
    it a seventh, and a page that is loaded half.
    """
    there = filter(None, map(shutil.which, ("chromium-headless-shell", "chromium")))
    path = os.environ.get("TAKEBACK_CHROMIUM") or next(there, None)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if as_root else [])]
    return playwright.chromium.launch(executable_path=path, args=flags)


def created(base: str, spec: object) -> str:
    """The page of a new network on the server at ``base``."""
    body, headers = json.dumps({"spec": spec}).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{base}/api/v1/networks", body, headers)
    with urllib.request.urlopen(request) as answer:
        return f"{base}/networks/{json.load(answer)['id']}"

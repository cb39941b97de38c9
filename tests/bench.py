"""Speed, as ratios measured in one run: python -m tests.bench.

Everything is measured against an empty FastAPI endpoint in a second process, in turns, so that
a slow or busy machine slows both sides; the median of the rounds is reported.
"""

import json
import math
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

from app.engine import numpy_backend
from app.engine.network import Spec
from app.engine.training import Backend, use
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.main import choose_backend
from tests.bench_films import bench_films
from tests.bench_runs import bench_fair_turns
from tests.support import ROOT, free_port, launch, server

ROUNDS = 15
CALLS = 60

EMPTY = """
import sys
import uvicorn
from fastapi import FastAPI, Response

app = FastAPI()

@app.post("/empty")
async def empty():
    return {}

@app.post("/bytes/{size}")
async def some_bytes(size: int):
    return Response(b"x" * size, media_type="text/html")

uvicorn.run(app, port=int(sys.argv[1]), http="h11", access_log=False, log_level="error")
"""


class Client:
    """HTTP over one kept connection, so thin that it hardly counts."""

    def __init__(self, port: int) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(
        self, path: str, body: bytes, kind: str, extra: str = "", method: str = "POST"
    ) -> bytes:
        """The body of the answer."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n{extra}\r\n"
        )
        self._socket.sendall(head.encode() + body)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._socket.recv(1 << 18)
        headers, _, content = data.partition(b"\r\n\r\n")
        if not headers.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(headers.decode())
        match = re.search(rb"content-length: (\d+)", headers.lower())
        assert match
        while len(content) < int(match[1]):
            content += self._socket.recv(1 << 18)
        return content


def microseconds(call: Callable[[], object]) -> float:
    """The mean time of ``call`` over a round."""
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS * 1e6


def compare(
    name: str, goal: float, base: Callable[[], object], prepare: Callable[[], Callable[[], object]]
) -> None:
    """Print how much of the speed of ``base`` is left; ``prepare`` makes a round's call."""
    pairs = []
    for _ in range(ROUNDS):
        call = prepare()
        pairs.append((microseconds(base), microseconds(call)))
    ratio = statistics.median(b / c for b, c in pairs)
    base_time, call_time = (statistics.median(times) for times in zip(*pairs, strict=True))
    mark = "reached" if ratio >= goal else "FALLS SHORT"
    print(
        f"{name:<44} {ratio:6.2f}  (at least {goal}: {mark}; "
        f"{call_time:.0f} us against {base_time:.0f} us)"
    )


def found(pattern: str, text: str) -> str:
    """What ``pattern`` finds in a page."""
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def bench_http(app_port: int, empty_port: int) -> None:
    """The JSON step and the HTML step, each against an empty endpoint."""
    app, empty = Client(app_port), Client(empty_port)
    json_type, form_type = JSON, FORM

    def fresh_json() -> Callable[[], object]:
        made = app.post("/api/v1/networks", b'{"example":"mazur-2-2-2"}', json_type)
        path = f"/api/v1/networks/{json.loads(made)['id']}/step"
        return lambda: app.post(path, b'{"count":1}', json_type)

    compare(
        "JSON step against an empty endpoint", 0.5,
        lambda: empty.post("/empty", b"{}", json_type), fresh_json,
    )  # fmt: skip

    size = len(Tab(app).press("step"))
    compare(
        f"HTML step against {size} bytes from an empty one", 0.2,
        lambda: empty.post(f"/bytes/{size}", b"a=1", form_type),
        lambda: partial(Tab(app).press, "step"),
    )  # fmt: skip
    tab = Tab(app)
    compare(
        "A phase against a step, a click each", 0.8, partial(tab.press, "step"),
        lambda: partial(Tab(app).press, "phase", "&to=next"),
    )  # fmt: skip
    bench_panel(app)


def bench_kernel() -> None:
    """The compiled kernel against the NumPy reference, a step of each, and a long run."""
    kernel = choose_backend("auto")
    use(kernel.backend)
    if not kernel.compiled:
        print(f"No kernel to measure: {kernel.failure}")
        return
    small = EXAMPLES["afteracademy-2-2-2"].spec
    samples = [{"inputs": [math.sin(n), math.cos(3 * n)], "targets": [n % 2]} for n in range(200)]
    large = spec_from_data(
        {
            "layers": [2, 4, 2, 1],
            "activations": ["tanh", "tanh", "sigmoid"],
            "samples": samples,
            "batch": {"size": "full", "reduction": "mean"},
            "bias_update": "per_neuron",
            "initialization": {"scheme": "xavier_uniform", "seed": 3},
        }
    )
    for name, spec, goal in (
        ("Kernel against NumPy, 2-2-2, one sample", small, 40),
        ("Kernel against NumPy, 2-4-2-1, batch of 200", large, 1),
    ):

        def steps(arithmetic: Backend, count: int, spec: Spec = spec) -> float:
            start = time.perf_counter()
            arithmetic.run(spec, spec.initial, 0, count)
            return (time.perf_counter() - start) / count * 1e6

        pairs = [(steps(numpy_backend, 100), steps(kernel.backend, 4000)) for _ in range(ROUNDS)]
        ratio = statistics.median(slow / fast for slow, fast in pairs)
        slow, fast = (statistics.median(times) for times in zip(*pairs, strict=True))
        mark = "reached" if ratio >= goal else "FALLS SHORT"
        print(
            f"{name:<44} {ratio:6.1f}  (at least {goal}: {mark}; "
            f"{fast:.2f} us against {slow:.0f} us a step)"
        )
    lab = Lab.fresh(small)
    runs = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        lab.stepped(10_000)
        runs.append((time.perf_counter() - start) * 1000)
    # No ratio: what else the machine does can only add to it.
    best = min(runs)
    mark = "reached" if best < 20 else "FALLS SHORT"
    print(
        f"{'10,000 steps of the 2-2-2, timeline and all':<44} {best:6.1f}  ms "
        f"(best of {ROUNDS}; under 20 ms: {mark})"
    )


class Tab:
    """A page of its own, driven as htmx would."""

    def __init__(self, app: Client) -> None:
        self._app = app
        self._page = app.post("/examples/mazur-2-2-2/step", b"", FORM, HTMX).decode()
        self._url = found(STEP_URL, self._page)

    def press(self, command: str, fields: str = "") -> bytes:
        """The answer to a button."""
        version = found(r'="version" value="(\d+)"', self._page)
        op = found(r'="op" value="([^"]+)"', self._page)
        body = f"version={version}&op={op}&learning_rate=0.5&shown_rate=0.5{fields}".encode()
        url = self._url.removesuffix("step") + command
        answer = self._app.post(url, body, FORM, HTMX)
        self._page = answer.decode()
        return answer


def bench_panel(app: Client) -> None:
    """The derivation panel of every kind of quantity of an 8-8-8 network, in milliseconds."""
    spec = {
        "layers": [8, 8, 8],
        "activations": ["sigmoid", "sigmoid"],
        "samples": [{"inputs": [0.1] * 8, "targets": [0.2] * 8}],
    }
    made = json.loads(app.post("/api/v1/networks", json.dumps({"spec": spec}).encode(), JSON))
    app.post(f"/api/v1/networks/{made['id']}/step", b"{}", JSON)
    only_panel = f"{HTMX}HX-Target: section#panel\r\n"
    worst = 0.0
    for quantity in ("w1", "w128", "b1", "h1", "net:o3", "delta:h1", "loss", "loss:after"):
        path = f"/networks/{made['id']}?open={quantity}"
        times = []
        for _ in range(20):
            start = time.perf_counter()
            app.post(path, b"", FORM, only_panel, "GET")
            times.append((time.perf_counter() - start) * 1000)
        worst = max(worst, statistics.median(times))
    mark = "reached" if worst < 30 else "FALLS SHORT"
    print(f"{'Slowest panel of an 8-8-8 network':<44} {worst:6.1f}  ms (under 30 ms: {mark})")


FORM, JSON = "application/x-www-form-urlencoded", "application/json"
HTMX = "HX-Request: true\r\n"
STEP_URL = r'hx-post="(/[^"]+/step)"'

CLICK_TO_PAINT = """() => new Promise(done => {
  const loss = () => document.getElementById('loss').textContent;
  const before = loss();
  const start = performance.now();
  document.getElementById('step').click();
  const look = () => loss() === before ? requestAnimationFrame(look)
    : requestAnimationFrame(() => done(performance.now() - start));
  requestAnimationFrame(look);
})"""


def bench_browser(base: str) -> None:
    """Click to paint with motion off, and the first load, in Chromium."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
        responses: list[Response] = []
        page.on("response", lambda response: responses.append(response))
        page.goto(base, wait_until="networkidle")
        report_first_load(responses)
        report_clicks(page)
        report_large(page, base)
        bench_films(browser, base)
        browser.close()


def report_first_load(responses: list[Response]) -> None:
    """Bytes on the wire, headers included, and requests."""
    total = 0
    for response in responses:
        sizes = response.request.sizes()
        total += sizes["responseBodySize"] + sizes["responseHeadersSize"]
    count = len(responses)
    mark = "reached" if total <= 60_000 and count <= 8 else "FALLS SHORT"
    print(
        f"{'First load on the wire':<44} {total / 1000:6.1f}  kB in {count} requests "
        f"(at most 60 kB in 8: {mark})"
    )


def report_clicks(page: Page) -> None:
    """The time from a click to the next painted frame, and the server's share of it."""
    paints, waits = [], []
    for _ in range(40):
        with page.expect_response(lambda response: response.request.method == "POST") as info:
            paints.append(page.evaluate(CLICK_TO_PAINT))
        timing = info.value.request.timing
        waits.append(timing["responseStart"] - timing["requestStart"])
    paint, wait = statistics.median(paints[5:]), statistics.median(waits[5:])
    mark = "reached" if wait < 5 else "FALLS SHORT"
    print(
        f"{'Click to paint':<44} {paint:6.1f}  ms, of which the server {wait:.1f} ms "
        f"(under 5 ms: {mark})"
    )


def report_large(page: Page, base: str) -> None:
    """A 16-16-16-16 network with four samples: bytes of its page and of a step, click to paint."""
    row = {"inputs": [0.1] * 16, "targets": [0.2] * 16}
    spec = {"layers": [16] * 4, "activations": ["sigmoid"] * 3, "samples": [row] * 4}
    app = Client(int(base.rsplit(":", 1)[1]))
    body = json.dumps({"spec": {**spec, "batch": {"size": "full"}}}).encode()
    path = f"/networks/{json.loads(app.post('/api/v1/networks', body, JSON))['id']}"
    app.post(f"/api/v1{path}/step", b"{}", JSON)
    size = len(app.post(path, b"", FORM, method="GET"))
    state = len(app.post(f"/api/v1{path}", b"", JSON, method="GET"))
    page.goto(base + path, wait_until="networkidle")
    paints, answers = [], []
    for _ in range(20):
        with page.expect_response(lambda response: response.request.method == "POST") as info:
            paints.append(page.evaluate(CLICK_TO_PAINT))
        answers.append(len(info.value.body()))
    paint, answer = statistics.median(paints[5:]), max(answers)
    mark = "reached" if size < 400_000 and answer < 400_000 else "FALLS SHORT"
    print(
        f"{'Page of a 16-16-16-16 network':<44} {size / 1000:6.1f}  kB, a step {answer / 1000:.1f} "
        f"kB, its State {state / 1000:.1f} kB (under 400 kB: {mark})"
    )
    mark = "reached" if paint < 150 else "FALLS SHORT"
    print(f"{'Its click to paint':<44} {paint:6.1f}  ms (under 150 ms: {mark})")


def main() -> None:
    """Run every benchmark."""
    bench_kernel()
    empty_port = free_port()
    empty = subprocess.Popen([sys.executable, "-c", EMPTY, str(empty_port)], cwd=ROOT)
    try:
        with tempfile.TemporaryDirectory() as data, server(Path(data)) as base:
            bench_http(int(base.rsplit(":", 1)[1]), empty_port)
            bench_fair_turns(int(base.rsplit(":", 1)[1]))
            bench_browser(base)
    finally:
        empty.terminate()
        empty.wait(timeout=10)


if __name__ == "__main__":
    main()

"""What one client can do to a server: python -m tests.attacks PORT SECONDS NAME.

Each attack goes on for so many seconds, as hard as it can. All of them once kept a server from
answering anybody else.
"""

import asyncio
import json
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from itertools import product

from tests.http_client import AsyncClient, read_head, request

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MB = 1_000_000
LARGE = {
    "layers": [2, 30, 30, 31, 2],
    "activations": ["tanh", "tanh", "tanh", "sigmoid"],
    "samples": [{"inputs": [0.1, 0.9], "targets": [0.0, 1.0]}],
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
Attack = Callable[[int, float], Coroutine[object, object, None]]


async def again(count: int, until: float, act: Callable[[], Awaitable[object]]) -> None:
    """Do it over and over, ``count`` times at once, whatever comes back."""

    async def one() -> None:
        while time.monotonic() < until:
            begun = time.monotonic()
            with suppress(OSError, EOFError, TimeoutError, ValueError):
                await act()
            if time.monotonic() - begun < 0.001:
                await asyncio.sleep(0.001)

    await asyncio.gather(*(one() for _ in range(count)))


async def send(port: int, data: bytes, *, wait: float = 0.0, read: bool = True) -> None:
    """Send raw bytes; read an answer if asked, else keep the socket for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
    try:
        writer.write(data)
        await writer.drain()
        if read:
            await reader.read(MB)
        await asyncio.sleep(wait)
    finally:
        writer.close()


async def large_forms(port: int, until: float) -> None:
    """A table of percent signs, 30 MB, for the builder and its preview."""
    body = b"dataset=own&table=" + b"%41" * 10_000_000
    for path in ("/new", "/new/preview"):
        data = request("POST", path, body, content_type=FORM)
        await again(1, min(until, time.monotonic() + 5), lambda data=data: send(port, data))  # type: ignore[misc]
    await again(1, until, lambda: send(port, data))


async def large_uploads(port: int, until: float) -> None:
    """The same as a file."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"1,2\n" * 7_500_000 + b"\r\n--x--\r\n"
    data = request("POST", "/new", body, content_type="multipart/form-data; boundary=x")
    await again(2, until, lambda: send(port, data))


async def many_names(port: int, until: float) -> None:
    """Thousands of names that no network has."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"value.{a}{b}{c}=1" for a in letters for b in letters for c in letters][:5_500]
    data = request("GET", "/lesson?" + "&".join(names))
    few = request("GET", "/lesson?" + "&".join(names[:550]))
    await asyncio.gather(
        again(4, until, lambda: send(port, data)), again(10, until, lambda: send(port, few))
    )


async def many_networks(port: int, until: float) -> None:
    """New networks without end."""
    client = [AsyncClient(port, {"content-type": JSON}) for _ in range(8)]
    free = iter(client * 1_000_000)
    body = b'{"example":"mazur-2-2-2"}'
    await again(8, until, lambda: next(free).ask("POST", "/api/v1/networks", body))


async def _network(port: int, content: object) -> str:
    client = AsyncClient(port, {"content-type": JSON})
    answer = await client.ask("POST", "/api/v1/networks", json.dumps(content).encode())
    client.close()
    return str(json.loads(answer.body)["id"]) if answer.status == 201 else "none"


async def _room(port: int, network: str) -> str:
    """Open a room; where it is watched."""
    client = AsyncClient(port, {"content-type": FORM})
    await client.ask("POST", f"/networks/{network}/room")
    desk = (await client.ask("GET", f"/networks/{network}/room")).body.decode()
    client.close()
    return "/watch/" + desk.partition("/watch/")[2][:24]


async def _read_on(port: int, data: bytes, until: float) -> None:
    """Send a request, and read its answer as long as it goes on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        await read_head(reader)
        while time.monotonic() < until and await reader.read(MB):
            pass
    finally:
        writer.close()


async def unread_runs(port: int, until: float) -> None:
    """Runs that are streamed to somebody who never reads."""

    async def begin() -> None:
        made = await _network(port, {"example": "mazur-2-2-2"})
        body = b"version=1&op=a.1&count=1000000"
        data = request(
            "POST", f"/networks/{made}/run", body, content_type=FORM, hx_request="true",
            accept="text/event-stream",
        )  # fmt: skip
        await send(port, data, wait=max(until - time.monotonic(), 0), read=False)

    await again(80, until, begin)


async def abandoned_runs(port: int, until: float) -> None:
    """Runs over the API whose client goes away at once."""

    async def begin() -> None:
        made = await _network(port, {"example": "mazur-2-2-2"})
        body = b'{"count":1000000}'
        data = request("POST", f"/api/v1/networks/{made}/run", body, content_type=JSON)
        await send(port, data, wait=0.1, read=False)

    await again(66, until, begin)


async def held_bodies(port: int, until: float) -> None:
    """Bodies of 32 MB that never end."""
    head = request("POST", "/new", content_type=FORM, content_length=str(32 * MB))
    data = head + b"table=" + b"a" * 31 * MB
    wait = max(until - time.monotonic(), 0)
    await again(40, until, lambda: send(port, data, wait=wait, read=False))


async def slow_readers(port: int, until: float) -> None:
    """A State of many megabytes, read by nobody."""
    made = await _network(port, {"example": "mazur-2-2-2"})
    client = AsyncClient(port, {"content-type": JSON})
    with suppress(OSError):
        await client.ask("POST", f"/api/v1/networks/{made}/run", b'{"count":500000}')
    data = request("GET", f"/api/v1/networks/{made}")
    wait = max(until - time.monotonic(), 0)
    await again(60, until, lambda: send(port, data, wait=wait, read=False))


async def idle_sockets(port: int, until: float) -> None:
    """More sockets than the server has descriptors, some with half a request."""
    wait = max(until - time.monotonic(), 0)
    await asyncio.gather(
        again(700, until, lambda: send(port, b"", wait=wait, read=False)),
        again(400, until, lambda: send(port, b"GET / HTTP/1.1\r\nX-A: ", wait=wait, read=False)),
    )


async def many_sockets(port: int, until: float) -> None:
    """10,000 sockets from ten addresses: followers that read or do not, silence, half a request."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 20_000)), hard))
    watch = await _room(port, await _network(port, {"example": "mazur-2-2-2"}))
    follow = request("GET", f"{watch}/events")
    kinds = ((follow, True), (follow, False), (b"", False), (b"GET / HTTP/1.1\r\nX-A: ", False))

    async def hold(index: int) -> None:
        data, reads = kinds[index % len(kinds)]
        source = f"127.0.0.{2 + index % 10}"
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
        try:
            writer.write(data)
            while reads and time.monotonic() < until and await reader.read(MB):
                pass
            await asyncio.sleep(1 if reads else max(until - time.monotonic(), 0))
        finally:
            writer.close()

    each = (partial(hold, index) for index in range(10_000))
    await asyncio.gather(*(again(1, until, one) for one in each))


async def abandoned_pictures(port: int, until: float) -> None:
    """PNG files of a large network that nobody waits for."""
    made = await _network(port, {"spec": LARGE})
    data = request("GET", f"/networks/{made}/export/diagram.png?scale=4")
    await again(12, until, lambda: send(port, data, wait=0.05, read=False))


async def large_panels(port: int, until: float) -> None:
    """The derivation of a weight of a network with 2,000 weights, over and over."""
    made = await _network(port, {"spec": LARGE})
    data = request("GET", f"/networks/{made}?open=w1&check=on&pictures=loss", connection="close")
    await again(10, until, lambda: send(port, data))


async def echoed_imports(port: int, until: float) -> None:
    """Imports of 30 MB: of what has to be escaped, and by the page of numbers in no place."""
    text = "<&\\\"'" * 6_000_000
    body = f'{{"export":{{"format":"{text}"}}}}'.encode()
    numbers = b'{"losses":[' + b"0.1234567890123456789012," * 1_190_000 + b"0]}"
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'
    file, kind = head + numbers + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    datas = [
        request("POST", "/api/v1/networks", body, content_type=JSON),
        request("POST", "/import", file, content_type=kind),
    ]
    await asyncio.gather(*(again(3, until, lambda d=data: send(port, d)) for data in datas))  # type: ignore[misc]


async def escaped_quotes(port: int, until: float) -> None:
    """Imports whose one text does not end, of 1 and of 30 MB."""
    bodies = (b'{"export":"' + b'\\"' * (half * MB) for half in (1, 15))
    datas = [request("POST", "/api/v1/networks", one, content_type=JSON) for one in bodies]
    await asyncio.gather(*(again(2, until, lambda d=data: send(port, d)) for data in datas))  # type: ignore[misc]


async def long_cells(port: int, until: float) -> None:
    """Tables with one cell of a million characters."""
    cells = ("1" * MB + "x", "-" * MB + "x", "1" + " " * MB + "'2")
    bodies = (json.dumps({"csv": f"a b\n{cell}\n1 2"}).encode() for cell in cells)
    datas = [request("POST", "/api/v1/tables", one, content_type=JSON) for one in bodies]
    await asyncio.gather(*(again(2, until, lambda d=data: send(port, d)) for data in datas))  # type: ignore[misc]


async def watched_room(port: int, until: float) -> None:
    """A room with a large network: followers who never read, and its page over and over."""
    made = await _network(port, {"spec": LARGE})
    watch = await _room(port, made)
    wait = max(until - time.monotonic(), 0)
    follow, page = request("GET", f"{watch}/events"), request("GET", f"{watch}?open=w1")
    step = request("POST", f"/api/v1/networks/{made}/step", b"{}", content_type=JSON)
    await asyncio.gather(
        again(300, until, lambda: send(port, follow, wait=wait, read=False)),
        again(6, until, lambda: send(port, page)),
        again(2, until, lambda: send(port, step)),
    )


async def blank_tables(port: int, until: float) -> None:
    """Tables of 2 MB without a number, in brackets, and one that is read in millions of ways."""
    names = ",".join(f"{a}{b}" for a in "abcd" for b in "abcdefgh")
    ways = f"{names}\n" + 3 * (",".join("1" * 48) + "\n")
    blanks = " " * 2 * MB
    texts = (
        "\n" * 2 * MB,
        f"{blanks[1:]}x",
        f"sep= {blanks[6:]}x",
        f"a,b\n1{blanks[16:]}x,2\n1,2",
        ways,
        "[" * (2 * MB - 2),
        "[1,2]," * (MB // 3),
        "- " * (MB - 1),
    )
    for_api = (json.dumps({"csv": text}).encode() for text in texts)
    datas = [request("POST", "/api/v1/tables", one, content_type=JSON) for one in for_api]
    for text in texts:
        body = b"dataset=own&table=" + text.replace(" ", "+").replace("\n", "%0A").encode()
        datas.append(request("POST", "/new/preview", body[: 2 * MB], content_type=FORM))
    await asyncio.gather(*(again(1, until, lambda d=data: send(port, d)) for data in datas))  # type: ignore[misc]


async def open_lists(port: int, until: float) -> None:
    """Homeworks of 3 kB in which each number has two readings: each suggestion is tried."""
    numbers = "&".join(f"w{number}=1,+2,3" for number in range(1, 250))
    data = request("GET", f"/new/homework?layers=10-10-10-10-10&{numbers}", connection="close")
    await again(10, until, lambda: send(port, data))


async def long_heads(port: int, until: float) -> None:
    """Heads of 60 kB: codes of signs that stand for many, hosts, boundaries, lists of encodings."""
    watch = await _room(port, await _network(port, {"example": "mazur-2-2-2"}))
    datas = [
        request("GET", "/j/" + "%EF%B7%BA" * 6_000),
        request("GET", f"{watch}/qr.svg", host="a" * 1_900),
        request(
            "POST", "/import", b"x", content_type="multipart/form-data; boundary=x" + ";" * 50_000
        ),
        request("HEAD", "/", accept_encoding="gzip;q=0," * 6_000),
        request("GET", "/at/" + "A" * 60_000),
        request("OPTIONS", "/" * 60_000),
    ]
    await asyncio.gather(*(again(3, until, lambda d=data: send(port, d)) for data in datas))  # type: ignore[misc]


async def unread_pages(port: int, until: float) -> None:
    """Thousands of requests for a large page in one piece, whose answers nobody reads."""
    made = await _network(port, {"spec": LARGE})
    data = request("GET", f"/networks/{made}?open=w1") * 5_000
    wait = max(until - time.monotonic(), 0)
    await again(40, until, lambda: send(port, data, wait=wait, read=False))


async def dribbled_bodies(port: int, until: float) -> None:
    """Bodies that come a byte at a time, and never end."""
    head = request("POST", "/new", content_type=FORM, transfer_encoding="chunked")
    data = head.replace(b"content-length: 0\r\n", b"")

    async def dribble() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(data)
            while time.monotonic() < until:
                writer.write(b"1;x=y\r\na\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        finally:
            writer.close()

    await again(400, until, dribble)


async def asked_class(port: int, until: float) -> None:
    """A room that is asked without end, its followers of each kind, phones, and guessed codes."""
    made = await _network(port, {"spec": LARGE})
    watch = await _room(port, made)
    kinds = product(("net", "z"), ("auto", "light", "dark"), ("", "&view=present"))
    follows = [
        request("GET", f"{watch}/events?notation={notation}&theme={theme}{view}")
        for notation, theme, view in kinds
    ]
    choices = "".join(f"&choice{number}={number}{'<' * 79}" for number in range(1, 7))
    own = f"text={'&lt;'.replace('&', '%26') * 70}{choices}".encode()
    ask = request("POST", f"/networks/{made}/room/ask", own, content_type=FORM)
    proposals = request("GET", f"/networks/{made}/room/ask", hx_request="true")
    wrong = request("GET", "/j/ACDEFG")

    async def answer() -> None:
        phone = AsyncClient(port, {"content-type": FORM})
        page = (await phone.ask("GET", watch)).body.decode()
        found = (
            re.search(r'data-asked="(\d+)-', page),
            re.search(r'name="me" value="([^"]+)"', page),
        )
        if all(found):
            number, me = (one[1] for one in found if one)
            for text in ("1", "1e999999", "9" * 8_000, "0"):
                body = f"me={me}&number={number}&answer={text}".encode()
                await phone.ask("POST", f"{watch}/answer", body)
        phone.close()

    await asyncio.gather(
        *(again(10, until, lambda f=one: _read_on(port, f, until)) for one in follows),  # type: ignore[misc]
        again(3, until, lambda: send(port, ask)),
        again(2, until, lambda: send(port, proposals)),
        again(8, until, answer),
        again(2, until, lambda: send(port, wrong)),
    )


async def streamed_runs(port: int, until: float) -> None:
    """64 runs that are streamed and read, of networks as large as they may be drawn."""

    async def begin() -> None:
        made = await _network(port, {"spec": LARGE})
        body = b"version=1&op=a.1&count=1000000"
        data = request(
            "POST", f"/networks/{made}/run", body, content_type=FORM, hx_request="true",
            accept="text/event-stream",
        )  # fmt: skip
        await _read_on(port, data, until)

    await again(64, until, begin)


ATTACKS: dict[str, Attack] = {
    attack.__name__.replace("_", "-"): attack
    for attack in (
        large_forms, large_uploads, many_names, many_networks, unread_runs, abandoned_runs,
        held_bodies, slow_readers, idle_sockets, abandoned_pictures, large_panels, echoed_imports,
        streamed_runs, escaped_quotes, long_cells, watched_room, blank_tables, open_lists,
        long_heads, unread_pages, dribbled_bodies, asked_class, many_sockets,
    )
}  # fmt: skip


async def large_tables(port: int, until: float) -> None:
    """No attack: one honest client, with a table of 2 MB after the other, by page and API."""
    rows = (",".join(f"{(row + at) / 7:.15f}" for at in range(20)) for row in range(4_900))
    table = "\n".join([",".join(f"x{at}" for at in range(20)), *rows]).encode()
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    file, kind = head + table + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    body = json.dumps({"csv": table.decode()}).encode()
    for_api = request("POST", "/api/v1/tables", body, content_type=JSON)
    for_page = request("POST", "/new/preview", file, content_type=kind)
    both = iter([for_api, for_page] * 1_000_000)
    await again(1, until, lambda: send(port, next(both)))


CASES = ATTACKS | {"large-tables": large_tables}


def main() -> None:
    """Attack, then end."""
    port, seconds, name = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    asyncio.run(CASES[name](port, time.monotonic() + seconds))


if __name__ == "__main__":
    main()

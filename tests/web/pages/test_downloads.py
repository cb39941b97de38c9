"""Files to take along, over HTTP: every format at every address, and what they may not tell."""

import csv
import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from app.messages import ACTIVATION_TAGS, ACTIVATIONS, LOSS_FORMULAS, PARTS
from app.settings import Settings
from app.web.files.picture import MAX_PIXELS, StyleSheet, mixed_colour, standalone
from app.web.files.png import draw
from app.web.http.templating import resource_directory
from tests.web.support import Client, Network, Page, Watched, browse

SVG = "{http://www.w3.org/2000/svg}"
FILES = {
    "network.json": ("takeback-network.json", "application/json"),
    "history.csv": ("takeback-history.csv", "text/csv; charset=utf-8"),
    "tables.csv": ("takeback-tables.csv", "text/csv; charset=utf-8"),
    "diagram.svg": ("takeback-network.svg", "image/svg+xml"),
    "diagram.png?scale=1": ("takeback-network.png", "image/png"),
    "code": ("takeback_python.py", "text/x-python; charset=utf-8"),
    "code?language=numpy": ("takeback_numpy.py", "text/x-python; charset=utf-8"),
    "code?language=pytorch": ("takeback_pytorch.py", "text/x-python; charset=utf-8"),
}
BAD_QUERIES = [
    "diagram.svg?theme=pink",
    "diagram.svg?notation=x",
    "diagram.png?scale=5",
    "diagram.png?scale=log",
    "code?language=java",
    "worksheet?ask=everything",
]


@pytest.fixture
def store(settings: Settings) -> Watched:
    return Watched(settings.data_dir, ttl_seconds=3600, max_networks=100, max_megabytes=64)


@pytest.fixture
def client(settings: Settings, store: Watched) -> Iterator[Client]:
    with browse(settings, store) as client:
        yield client


def places(network: Network) -> list[str]:
    return [network.page, "/examples/han-kamber-3-2-1"]


def test_every_file_is_at_every_address_and_writes_nothing(
    network: Network, store: Watched
) -> None:
    network.do("step", {"count": 3})
    writes = store.writes
    for place in places(network):
        for path, (name, media_type) in FILES.items():
            answer = network.client.get(f"{place}/export/{path}")
            assert answer.status_code == 200, path
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
            assert answer.headers["content-type"] == media_type
            assert "sandbox" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"
        assert network.client.head(f"{place}/export/{path}").status_code == 200
    assert store.writes == writes


def test_the_menu_names_files_that_are_there(network: Network) -> None:
    for place in (network.page, "/"):
        page = Page(network.client.get(f"{place}?theme=dark&scale=log&digits=6").text)
        links = [e.attrs["href"] for e in page.one(id="export").walk() if e.tag == "a"]
        assert len(links) == 10
        for link in links:
            assert network.client.get(link).status_code == 200, link


@pytest.mark.parametrize("path", BAD_QUERIES)
def test_what_a_query_asks_in_vain_is_said(network: Network, path: str) -> None:
    answer = network.client.get(f"{network.page}/export/{path}")
    assert answer.status_code == 422
    assert "must be one of" in Page(answer.text).alert


def test_unknown_networks_have_no_files(client: Client) -> None:
    for path in FILES:
        assert client.get(f"/networks/unknown/export/{path}").status_code == 404
    assert client.get("/api/v1/networks/unknown/export").status_code == 404


# --- CSV ------------------------------------------------------------------------------------------


def table(client: Client, url: str) -> list[dict[str, str]]:
    answer = client.get(url)
    assert answer.text.count("\r\n") == len(answer.text.splitlines())
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_the_history_is_exact(network: Network) -> None:
    network.do("step", {"count": 3})
    network.do("edit", {"learning_rate": 0.125})
    state = network.do("step", {"count": 2})
    rows = table(network.client, f"{network.page}/export/history.csv")
    assert [float(row["loss"]) for row in rows] == state["loss_history"]
    assert [int(row["step"]) for row in rows] == [0, 1, 2, 3, 4, 5]
    assert [float(row["learning_rate"]) for row in rows] == [0.5] * 3 + [0.125] * 3
    network.do("rewind", {"step": 2})
    assert len(table(network.client, f"{network.page}/export/history.csv")) == 3


def test_the_tables_hold_every_number_of_the_step(network: Network) -> None:
    trace = network.do("step")["trace"]
    rows = {row["name"]: row for row in table(network.client, f"{network.page}/export/tables.csv")}
    first = rows["h1"]
    assert float(first["pre_activation"]) == trace["pre_activations"][0][0]
    assert float(first["activation"]) == trace["activations"][1][0]
    assert float(first["delta"]) == trace["deltas"][0][0]
    weight = rows["w6"]
    assert (weight["kind"], weight["from"], weight["to"]) == ("weight", "h2", "o1")
    assert float(weight["value"]) == trace["parameters_before"]["weights"][1][0][1]
    assert float(weight["gradient"]) == trace["weight_gradients"][1][0][1]
    assert float(weight["new_value"]) == trace["parameters_after"]["weights"][1][0][1]
    assert float(rows["o1"]["share"]) == trace["loss_shares"][0]
    assert float(rows[""]["value"]) == trace["loss"]
    assert float(rows[""]["new_value"]) == trace["loss_after"]
    assert rows["b1"]["gradient"] == ""  # it stays as it is


def test_no_file_tells_ahead_of_its_phase(network: Network) -> None:
    url = f"{network.page}/export"
    ahead = {
        "pre_activation:1": ("activation", "delta", "error", "gradient", "new_value"),
        "activation:2": ("delta", "error", "share", "gradient", "new_value"),
        "error": ("delta", "gradient", "new_value"),
        "delta:2": ("gradient", "new_value"),
        "gradient:1": ("new_value",),
    }
    for phase, columns in ahead.items():
        network.do("phase", {"to": phase})
        rows = table(network.client, f"{url}/tables.csv")
        for column in columns:
            known = [row for row in rows if row[column] and row["kind"] != "input"]
            if (phase, column) == ("delta:2", "delta"):
                continue
            assert not known, (phase, column)
        losses = table(network.client, f"{url}/history.csv")
        has_error = phase not in ("pre_activation:1", "activation:2")
        assert len(losses) == has_error
        svg = network.client.get(f"{url}/diagram.svg").text
        assert ("δ" in svg) == (phase in ("delta:2", "gradient:1"))
        assert ("∂E" in svg) == (phase == "gradient:1")
        assert "→" not in svg


# --- SVG ------------------------------------------------------------------------------------------

NAMED = {
    "layers": [2, 2, 1],
    "activations": ["leaky_relu", "sigmoid"],
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "adam"},
    "samples": [{"inputs": [0.1, -0.2], "targets": [1]}],
    "names": {"inputs": ["αβ'", "x''"], "outputs": ["Ω1"]},
}


def svg_of(network: Network, query: str = "") -> Xml.Element:
    answer = network.client.get(f"{network.page}/export/diagram.svg{query}")
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return Xml.fromstring(answer.text)


def test_the_picture_stands_alone(client: Client) -> None:
    network = Network(client, {"spec": NAMED})
    network.do("step")
    root = svg_of(network)
    elements = list(root.iter())
    assert {e.tag.removeprefix(SVG) for e in elements} == {
        "svg", "title", "style", "rect", "g", "line", "path", "text", "tspan", "circle",
    }  # fmt: skip
    for element in elements:
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "data-", "hx-", "{")), name
            assert name not in ("href", "style", "tabindex", "src")
            assert "javascript" not in value
    style = root.findtext(f"{SVG}style") or ""
    for foreign in ("url(", "@", "var(", "light-dark", "color-mix", "http", ":hover", "transition"):
        assert foreign not in style, foreign
    texts = "".join("".join(e.itertext()) for e in root.iter(f"{SVG}text"))
    assert "αβ'" in texts
    assert root.findtext(f"{SVG}title") == "Network 2-2-1 at step 1"


def test_the_picture_has_the_themes_of_the_page(network: Network) -> None:
    grounds = {}
    for theme in ("light", "dark"):
        root = svg_of(network, f"?theme={theme}")
        rectangle = root.find(f"{SVG}rect")
        assert rectangle is not None
        grounds[theme] = rectangle.attrib["fill"]
    assert grounds == {"light": "#fff", "dark": "#1c1f25"}
    auto = network.client.get(f"{network.page}/export/diagram.svg?theme=auto").text
    assert auto == network.client.get(f"{network.page}/export/diagram.svg").text


def test_a_class_of_the_picture_has_its_rule(network: Network) -> None:
    network.do("step")
    root = svg_of(network)
    style = root.findtext(f"{SVG}style") or ""
    named = set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"\{[^}]*\}", "", style)))
    used = {name for e in root.iter() for name in e.get("class", "").split()}
    assert named <= used
    assert {"wire", "pos", "delta", "row", "new", "chip", "gap", "of-share", "target"} <= named
    assert "fill: #7a22cc" in style


def test_colours_are_mixed_as_browsers_do() -> None:
    assert mixed_colour("#fff", "#000000", 0.5) == "#808080"
    assert mixed_colour("#7a22cc", "#fff", 0.16) == "#eadcf7"
    assert mixed_colour("#7a22cc", "transparent", 0.35) == "rgba(122, 34, 204, 0.35)"


# --- PNG ------------------------------------------------------------------------------------------


def pixels(content: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the filtered rows of a PNG."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    at, data = 8, b""
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += 12 + length
    return width, height, zlib.decompress(data)


def test_the_png_is_the_picture_in_its_size(network: Network) -> None:
    network.do("step")
    root = svg_of(network)
    width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
    for scale in (1, 2):
        answer = network.client.get(f"{network.page}/export/diagram.png?scale={scale}")
        found = pixels(answer.content)
        assert abs(found[0] - width * scale) <= scale
        assert abs(found[1] - height * scale) <= scale
        assert len(set(found[2])) > 100, "it is not blank"


def test_a_picture_that_would_be_too_large_is_refused(client: Client) -> None:
    spec = {
        "layers": [1, 64],
        "activations": ["tanh"],
        "samples": [{"inputs": [0.1], "targets": [0.2] * 64}],
    }
    network = Network(client, {"spec": spec})
    answer = client.get(f"{network.page}/export/diagram.png?scale=4&unfold=1")
    assert answer.status_code == 422
    assert "at most 2 times" in Page(answer.text).alert
    assert MAX_PIXELS < 30_000_000


def test_what_nobody_sees_is_not_drawn(client: Client) -> None:
    spec = {
        "layers": [34, 27, 34],
        "activations": ["tanh", "identity"],
        "samples": [{"inputs": [0.1] * 34, "targets": [0.2] * 34}],
    }
    page = Network(client, {"spec": spec}).page
    file = client.get(f"{page}/export/diagram.svg?unfold=0-1-2").text
    assert file.count("<path") > 1800
    assert "transparent" not in file, "a stroke that is seen by nobody took five of eight seconds"
    answer = client.get(f"{page}/export/diagram.png?unfold=0-1-2&scale=3")
    assert answer.status_code == 422
    assert "at most 2 times" in Page(answer.text).alert


def test_files_show_the_sample_and_the_layers_in_view(client: Client) -> None:
    spec = {
        "layers": [1, 20, 1],
        "activations": ["tanh", "identity"],
        "batch": {"size": "full", "reduction": "mean"},
        "samples": [{"inputs": [x], "targets": [0.5]} for x in (0.125, 0.375)],
    }
    network = Network(client, {"spec": spec})
    network.do("step")
    drawn = client.get(f"{network.page}/export/diagram.svg?sample=2&unfold=1").text
    assert ">0.375<" in drawn
    assert "h12" in drawn
    folded = client.get(f"{network.page}/export/diagram.svg").text
    assert ">0.125<" in folded
    assert "h12" not in folded
    assert "0.375" in client.get(f"{network.page}/export/tables.csv?sample=2").text
    assert client.get(f"{network.page}/export/diagram.svg?sample=3").status_code == 422


LETTERS = sorted(
    {
        *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'αβγδεζηθικλμνξοπρςστυφχψω",
        *"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ−+·→∂…½=",
        *"".join([*ACTIVATIONS.values(), *ACTIVATION_TAGS.values(), *PARTS.values()]),
        *"".join(LOSS_FORMULAS.values()),
    }
    - set(" {}|")
)


def test_every_letter_has_its_shape_in_our_own_font() -> None:
    """No text vanishes, and none becomes the box that stands for what a font lacks."""

    def drawn(letter: str) -> bytes:
        letter = letter.replace("&", "&amp;").replace("<", "&lt;")
        return draw(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
            f'<text x="2" y="18" font-size="18" font-weight="700">{letter}</text></svg>', 1,
        )  # fmt: skip

    missing = {drawn(""), drawn("\ue000")}
    assert not [letter for letter in LETTERS if drawn(letter) in missing]


def test_what_a_person_named_is_escaped() -> None:
    style = StyleSheet(resource_directory("static") / "css")
    fragment = '<svg viewBox="0 0 9 9" class="network"><text>&lt;script&gt;</text></svg>'
    made: Any = standalone(fragment, style, "light", '<b>"&')
    assert "<script" not in made
    assert Xml.fromstring(made).findtext(f"{SVG}title") == '<b>"&'

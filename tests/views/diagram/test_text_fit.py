"""Texts of the picture keep their size while they fit, and are set smaller where they do not."""

import math
import re
from pathlib import Path

import pytest

from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.diagram.elements import Value
from app.views.diagram.layout import COMPACT, DENSE
from app.views.diagram.text_fit import ROOMS, fit, text_width
from app.views.options import ViewOptions
from app.views.pages.lab import lab_page
from app.views.text.formatting import label

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
BASELINE = 6
"""Where a number stands in a small circle."""


@pytest.mark.parametrize("text", ["0.1500", "−0.1234", "0.000687", "−1.1244"])
def test_ordinary_numbers_keep_their_size(text: str) -> None:
    assert fit("out", text[:7]) == ""
    assert fit("net", f"net {text[:7]}") == ""
    assert fit("delta", f"δ +{text.strip('−')}") == ""
    assert fit("gradient", f"∂E/∂ {text}", label("w8")) == ""
    assert fit("brief-tag", f" {text}", label("w8")) == ""
    assert fit("error", f"out −  = {text[:7]}", label("t1")) == ""


def test_two_ordinary_weights_keep_their_size() -> None:
    weight = "−0.1234"
    assert fit("tag", f" {weight} → {weight}", label("w8")) == ""
    assert fit("own-bias", f" {weight} → {weight}", label("b2")) == ""


@pytest.mark.parametrize("kind", list(ROOMS))
@pytest.mark.parametrize("text", ["−502.8302", "−99999.99", "−2.66e−11", "−1.50e−100"])
def test_a_long_number_is_set_as_small_as_it_takes(kind: str, text: str) -> None:
    room = ROOMS[kind]
    classes = fit(kind, text)
    size = float(classes.rpartition("f")[2]) if classes else room.size
    assert size <= room.size
    assert text_width(text) * room.weight * size <= room.width * 1.03


def test_every_size_has_its_rule_in_the_page_and_in_files() -> None:
    rules = (CSS / "diagram.css").read_text(encoding="utf-8")
    assert re.findall(r"\.snug\.f(\d+) \{ font-size: \1px; \}", rules) == [
        str(size) for size in range(6, 18)
    ]


@pytest.mark.parametrize(
    ("weight", "text"),
    [
        (-0.12345, "−0.1235"), (-502.83021, "−502.8302"), (1234.56789, "1234.568"),
        (-98765.4321, "−98765.43"), (123456.0, "1.23e5"), (-2.66e-11, "−2.66e−11"),
    ],
)  # fmt: skip
def test_the_picture_shows_fewer_decimals_of_a_large_number(weight: float, text: str) -> None:
    lab = Lab.fresh(spec_from_data(
        {
            "layers": [1, 1], "activations": ["identity"],
            "samples": [{"inputs": [1], "targets": [0]}],
            "weights": [[[weight]]], "biases": [[0]],
        }
    ))  # fmt: skip
    picture = lab_page(lab, ViewOptions(notation="net")).picture
    assert picture.edges[0].parameter.value == Value(weight, text)


@pytest.mark.parametrize(
    ("kind", "radius"),
    [("small-out", COMPACT.radius), ("dense-out", DENSE.radius),
     ("small-input", COMPACT.input_radius), ("small-input", DENSE.input_radius)],
)  # fmt: skip
@pytest.mark.parametrize("text", ["−0.5546", "−0.9999", "0.5546", "−12.3456"])
def test_a_number_in_a_small_circle_leaves_room_to_its_line(
    kind: str, radius: float, text: str
) -> None:
    classes = fit(kind, text)
    size = float(classes.rpartition("f")[2]) if classes else ROOMS[kind].size
    half = math.sqrt((radius - 0.8) ** 2 - BASELINE**2)
    assert text_width(text) * size / 2 <= half - 1

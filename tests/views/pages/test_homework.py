"""The diagram that a homework is typed into: its rows, its wires and how far it is."""

import pytest

from app.lab.homework.homework import homework_of
from app.views.pages.homework import GAP, ROW, HomeworkDiagram, homework_diagram


def diagram(*layers: int, rule: str = "", **typed: str) -> HomeworkDiagram:
    homework = homework_of(layers, rule)
    values = {**homework.proposed, **{name: float(text) for name, text in typed.items()}}
    return homework_diagram(homework, values, typed)


def test_a_wire_ends_at_the_row_of_its_weight() -> None:
    found = diagram(2, 3, 1)
    height = float(found.height.removesuffix("rem"))
    assert height == pytest.approx(3 * (3 * ROW + GAP))
    assert found.view_box == f"0 0 100 {height * 10:g}"
    wires = found.columns[1].wires
    starts = sorted({float(wire.path[3:].partition("C")[0]) / 10 for wire in wires})
    assert starts == pytest.approx([height * share for share in (0.25, 0.75)], abs=0.01)
    ends = [float(wire.path.rpartition(" ")[2]) / 10 for wire in wires]
    middles = [height * share / 6 for share in (1, 1, 3, 3, 5, 5)]
    rows = [end - middle for end, middle in zip(ends, middles, strict=True)]
    assert rows == pytest.approx([-ROW, 0.0] * 3, abs=0.01)


def test_a_negative_weight_is_dashed() -> None:
    found = diagram(1, 1, w1="-0.5")
    assert [wire.negative for wire in found.columns[1].wires] == [True]


def test_a_shared_bias_is_typed_once() -> None:
    units = diagram(2, 2, 1, rule="shared").columns[1].units
    assert [[row.name for row in unit.rows] for unit in units] == [["w1", "w2", "b1"], ["w3", "w4"]]
    assert [unit.shared for unit in units] == ["", "b1"]


def test_large_networks_are_stacked() -> None:
    assert not diagram(2, 4, 4, 3).stacked
    assert diagram(4, 16, 16, 3).stacked
    assert diagram(1, 1, 1, 1, 1, 1).stacked


def test_it_says_how_far_the_typing_is() -> None:
    assert diagram(1, 1).text.startswith("Network 1-1. Type or paste your numbers")
    assert diagram(1, 1, x1="1", w1="1").text.startswith("Network 1-1: 2 of 4 numbers typed.")
    every = diagram(1, 1, x1="1", w1="1", b1="0", y1="1")
    assert every.text == "Network 1-1: all 4 numbers typed, ready to create."

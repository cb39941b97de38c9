"""What inputs are called in their table, and what they are there."""

import numpy as np
import pytest

from app.explain.notation import NOTATIONS
from app.explain.quantities import find
from app.explain.step_numbers import StepNumbers
from app.lab.lab import Lab
from app.lab.step_values import step_values_of
from app.lab.visibility import Visibility
from app.views.derivation.panel import panel_of
from app.views.diagram.column_names import input_columns
from app.views.diagram.diagram import diagram_of
from tests.lab.test_own_units import spec_of

TWO = "height,shoe,age\n170,42.5,30\n182,44,41\n165,38,25\n"
FOUR = "a,b,c,d,y\n1,20,300,4000,1\n2,30,500,7000,2\n4,20,400,9000,5\n"


@pytest.mark.parametrize(("table", "shown"), [(TWO, True), (FOUR, False)])
def test_an_inputs_own_value_stands_where_there_is_room(table: str, shown: bool) -> None:
    lab = Lab.fresh(spec_of(table, **({} if shown else {"hidden": 0})))
    moment = step_values_of(StepNumbers(lab.spec, lab.shown), lab.progress)
    nodes = diagram_of(moment, NOTATIONS["net"]).nodes
    found = [node.own for node in nodes if node.own and not node.crowded]
    rows = [line.split(",")[:-1] for line in table.splitlines()[1:]]
    assert (found in rows) if shown else not found


@pytest.mark.parametrize(
    ("table", "on_phones"), [(TWO, True), ("x,y1,y2\n1,20,300\n2,30,500\n3,45,200\n", False)]
)
def test_targets_and_phones_have_own_values_where_there_is_room(
    table: str, on_phones: bool
) -> None:
    spec = spec_of(table)
    lab = Lab.fresh(spec)
    moment = step_values_of(StepNumbers(lab.spec, lab.shown), lab.progress)
    diagram = diagram_of(moment, NOTATIONS["net"])
    rows = [tuple(line.split(",")) for line in table.splitlines()[1:]]
    inputs = tuple(node.own for node in diagram.nodes if node.kind == "input")
    assert (*inputs, *(target.own for target in diagram.targets)) in rows
    assert tuple(node.own for _, node in diagram.small_nodes if node.kind == "input") == inputs
    small = [(target.column, target.own) for _, target in diagram.small_targets]
    assert small == [
        (target.column, target.own) if on_phones else ("", "") for target in diagram.targets
    ]


def test_columns_that_begin_alike_are_told_apart() -> None:
    table = "temperature,temperature,temperature in,y\n1,20,300,1\n2,30,500,2\n4,20,400,5\n"
    assert input_columns(spec_of(table)) == ("temp…ature", "temp…ure.1", "temp…re in")


def test_an_output_has_its_answer_in_the_tables_units_once_it_is_computed() -> None:
    lab = Lab.fresh(spec_of(TWO))
    for now in (lab, lab.stepped()):
        moment = step_values_of(StepNumbers(now.spec, now.shown), now.progress)
        output = diagram_of(moment, NOTATIONS["net"]).nodes[-1]
        if output.act is None:
            assert (now, output.own) == (lab, "")
        else:
            ages = np.array([30.0, 41.0, 25.0])
            assert float(output.own) == pytest.approx(
                output.act.exact * ages.std() + ages.mean(), rel=1e-5
            )
    assert output.act


HOUSES = "area (m²),age (years),price (k$)\n70,12,210\n95,3,320\n50,40,140\n"


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_phone_has_the_answer_above_its_output_with_its_unit(hidden: int) -> None:
    lab = Lab.fresh(spec_of(HOUSES, hidden=hidden)).stepped()
    moment = step_values_of(StepNumbers(lab.spec, lab.shown), lab.progress)
    diagram = diagram_of(moment, NOTATIONS["net"])
    (wide,) = (node for node in diagram.nodes if node.kind == "output")
    (small,) = (node for _, node in diagram.small_nodes if node.kind == "output")
    assert wide.own.endswith("\N{NO-BREAK SPACE}k$")
    assert small.own == wide.own
    inputs = [node.own for node in diagram.nodes if node.kind == "input"]
    assert all(own.endswith(("\N{NO-BREAK SPACE}m²", "\N{NO-BREAK SPACE}years")) for own in inputs)
    assert wide.act
    visible = Visibility.of(lab)
    panel, _ = panel_of(visible, find("o1", lab.spec), NOTATIONS["net"], 4)
    assert panel.in_table == f"In the units of the table: price = {wide.own}."


@pytest.mark.parametrize(("kinds", "boxed"), [(3, False), (6, True)])
def test_a_target_is_called_target_where_its_column_has_room_below(
    kinds: int, *, boxed: bool
) -> None:
    rows = "".join(f"{row},{row * row},k{row % kinds}\n" for row in range(3 * kinds))
    lab = Lab.fresh(spec_of("a,b,kind\n" + rows))
    moment = step_values_of(StepNumbers(lab.spec, lab.shown), lab.progress)
    diagram = diagram_of(moment, NOTATIONS["net"])
    assert diagram.style.lines == 1, diagram.shape
    found = [(target.column, target.boxed) for target in diagram.targets]
    assert found == [(f"k{kind}", boxed) for kind in range(kinds)]

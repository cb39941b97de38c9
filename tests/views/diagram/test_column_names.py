"""What inputs are called in their table, and what they are there."""

import pytest

from app.explain.notation import NOTATIONS
from app.explain.step_numbers import StepNumbers
from app.lab.lab import Lab
from app.lab.step_values import step_values_of
from app.views.diagram.diagram import diagram_of
from tests.lab.test_own_units import spec_of

TWO = "height,shoe,age\n170,42.5,30\n182,44,41\n165,38,25\n"
FOUR = "a,b,c,d,y\n1,20,300,4000,1\n2,30,500,7000,2\n4,20,400,9000,5\n"


@pytest.mark.parametrize(("table", "shown"), [(TWO, True), (FOUR, False)])
def test_an_inputs_own_value_stands_where_there_is_room(table: str, shown: bool) -> None:
    lab = Lab.fresh(spec_of(table, **({} if shown else {"hidden": 0})))
    moment = step_values_of(StepNumbers(lab.spec, lab.shown), lab.progress)
    found = [node.own for node in diagram_of(moment, NOTATIONS["net"]).nodes if node.own]
    rows = [line.split(",")[:-1] for line in table.splitlines()[1:]]
    assert (found in rows) if shown else not found

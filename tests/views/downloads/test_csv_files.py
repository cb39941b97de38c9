"""CSV as RFC 4180 has it, safe in spreadsheets, exact in every digit."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.errors import Diverged
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.visibility import Visibility
from app.views.downloads.csv_files import csv_text, history_csv, tables_csv
from tests.lab.test_own_units import HEIGHTS, spec_of
from tests.strategies import QUICK, specs


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_a_spreadsheet_would_run_is_quoted() -> None:
    cells: list[str | float | None] = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "w5", "a,b", 'a"b']
    cells += [-0.5, None]
    (found,) = csv.reader(io.StringIO(csv_text([cells]), newline=""))
    assert found == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "w5", "a,b", 'a"b', "-0.5", ""]
    assert csv_text([["a", 0.1], [1, None]]) == "a,0.1\r\n1,\r\n"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_all_their_digits(value: float) -> None:
    assert repr(float(csv_text([[value]]).strip())) == repr(value)


@QUICK
@given(spec=specs(most_layers=4, most_units=3), steps=st.integers(0, 5))
def test_tables_and_history_of_any_network(spec: Spec, steps: int) -> None:
    lab = Lab.fresh(spec)
    try:
        lab = lab.stepped(steps) if steps else lab
        lab = lab.edited(Edit(learning_rate=0.001)).stepped(2)
    except Diverged:
        return
    history = rows(history_csv(lab))
    assert [float(row["loss"]) for row in history] == lab.loss_history.tolist()
    edited = replace(spec.optimizer, learning_rate=0.001)
    rates = [spec.optimizer.rate_at(step) for step in range(steps)]
    rates += [edited.rate_at(step) for step in range(steps, steps + 3)]
    assert [float(row["learning_rate"]) for row in history] == rates
    table = rows(tables_csv(Visibility.of(lab)))
    assert lab.trace is not None
    for kind, arrays in (("weight", lab.trace.after.weights),):
        found = [float(row["new_value"]) for row in table if row["kind"] == kind]
        assert found == np.concatenate([array.ravel() for array in arrays]).tolist()
    units = [row for row in table if row["kind"] in ("hidden", "output")]
    deltas = np.concatenate([delta[0] for delta in lab.trace.gradients.deltas])
    assert [float(row["delta"]) for row in units] == deltas.tolist()


def test_what_was_standardised_stands_in_its_own_units_too() -> None:
    lab = Lab.fresh(spec_of(HEIGHTS)).stepped(1)
    found = {row["kind"]: row for row in rows(tables_csv(Visibility.of(lab)))}
    assert lab.trace is not None
    out = lab.trace.forward.activations[-1][0].tolist()
    assert float(found["input"]["own_units"]) in (165, 170, 175, 182)
    assert float(found["target"]["own_units"]) in (25, 30, 38, 41)
    assert lab.spec.data is not None
    (mean,), (scale,) = lab.spec.data.target_means, lab.spec.data.target_scales
    assert float(found["output"]["own_units"]) == pytest.approx(out[0] * scale + mean, rel=1e-13)
    assert {found[kind]["own_units"] for kind in ("hidden", "weight", "bias", "loss")} == {""}
    at_rest = {row["kind"]: row for row in rows(tables_csv(Visibility.of(Lab.fresh(lab.spec))))}
    assert at_rest["output"]["own_units"] == ""

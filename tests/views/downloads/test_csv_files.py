"""CSV as RFC 4180 has it, safe in spreadsheets, exact in every digit."""

import csv
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.errors import Diverged
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.own_units import answer_of, inputs_in_table_units
from app.lab.spec_json import spec_from_data
from app.lab.visibility import Visibility
from app.lab.walking import command
from app.views.downloads.csv_files import csv_text, history_csv, tables_csv
from tests.lab.test_own_units import HEIGHTS, spec_of, told_spec
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


def test_dates_words_and_names_stand_as_in_the_table() -> None:
    table = "day,ok,size (cm),end\n2024-01-05,no,1.5,2024-02-01\n2024-01-07,yes,2.5,2024-02-03\n"
    lab = Lab.fresh(told_spec(table)).stepped(1)
    found = [row for row in rows(tables_csv(Visibility.of(lab))) if row["column"]]
    assert [(row["kind"], row["column"]) for row in found] == [
        ("input", "day"), ("input", "ok=yes"), ("input", "size (cm)"), ("output", "end"),
        ("target", "end"),
    ]  # fmt: skip
    told = [row["own_units"] for row in found]
    assert [*told[:3], told[4]] in (
        ["2024-01-05", "no", "1.5", "2024-02-01"], ["2024-01-07", "yes", "2.5", "2024-02-03"]
    )  # fmt: skip
    assert told[3].startswith(("2024-01", "2024-02"))


def test_own_units_say_which_moment_they_are_of() -> None:
    lab = Lab.fresh(spec_of(HEIGHTS)).stepped(3)
    assert lab.trace is not None
    found = {row["kind"]: row for row in rows(tables_csv(Visibility.of(lab)))}
    (sample,) = {row["samples"] for row in found.values() if row["kind"] in ("input", "output")}
    inputs = inputs_in_table_units(lab.present, lab.present.inputs[int(sample) - 1]).tolist()
    before, after = (
        answer_of(lab.present, parameters, inputs).outputs[0]
        for parameters in (lab.trace.before, lab.trace.after)
    )
    assert before != after
    assert float(found["output"]["own_units"]) == pytest.approx(before, rel=1e-12)
    assert float(found["output"]["new_own_units"]) == pytest.approx(after, rel=1e-12)
    assert {row["new_own_units"] for kind, row in found.items() if kind != "output"} == {""}
    walked = command("error")(lab)
    early = {row["kind"]: row for row in rows(tables_csv(Visibility.of(walked)))}
    assert early["output"]["own_units"] != ""
    assert early["output"]["new_own_units"] == ""


def test_of_several_samples_a_row_says_which_ones_it_is_of() -> None:
    data: dict[str, Any] = {
        "layers": [1, 1], "activations": ["tanh"], "batch": {"size": 2},
        "samples": [{"inputs": [x], "targets": [x]} for x in (0.1, 0.4, 0.9)],
    }  # fmt: skip
    lab = Lab.fresh(spec_from_data(data)).stepped()
    found = {row["kind"]: row["samples"] for row in rows(tables_csv(Visibility.of(lab)))}
    assert found == {
        "input": "1", "output": "1", "target": "1", "weight": "1 to 2", "bias": "1 to 2",
        "loss": "1 to 2",
    }  # fmt: skip
    alone = spec_from_data({**data, "samples": data["samples"][:1], "batch": {"size": 1}})
    assert "samples" not in tables_csv(Visibility.of(Lab.fresh(alone)))

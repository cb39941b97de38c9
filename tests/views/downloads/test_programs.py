"""The exported programs are run, and print what the engine computes."""

import ast
import json
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import Parameters
from app.engine.training import attempt_step
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.own_units import answer_of
from app.lab.spec_json import spec_from_data
from app.views.downloads.coding import literal
from app.views.downloads.program import LANGUAGES, Program, program_of
from app.web.files.programs import program_text
from tests.programs import (
    CORNERS,
    RECORDED,
    TORCH_PYTHON,
    fingerprint,
    has_torch,
    labs,
    run_all,
    texts,
)

RELATIVE = 1e-12
PROGRAMS: dict[str, Program] = {name: program_of(lab) for name, lab in labs().items()}


@cache
def printed(language: str) -> dict[str, str]:
    """What every program of a language prints: PyTorch's where it is, else as it was recorded."""
    if language != "pytorch":
        return run_all(texts(language))
    if has_torch():
        return run_all(texts(language), TORCH_PYTHON)
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    return {name: "\n".join(row["printed"]) for name, row in recorded.items()}


def by_engine(program: Program) -> tuple[dict[int, tuple[float, float]], Parameters]:
    """Every loss and its size from the program's start to its end, and the parameters there.

    The size is the loss and what it changes by, to first order, as the outputs' net inputs double:
    of a target that is nearly met, the last digits of an output are the first of the loss.
    """
    parameters, losses = program.begin, {}
    for step in range(program.start, program.end + 1):
        trace = attempt_step(program.spec, parameters, step)
        moved = np.abs(trace.gradients.deltas[-1] * trace.forward.pre_activations[-1]).sum()
        losses[step] = trace.forward.loss, abs(trace.forward.loss) + float(moved)
        parameters = trace.after if step < program.end else parameters
    return losses, parameters


def close(found: float, expected: float, size: float) -> bool:
    return abs(found - expected) <= RELATIVE * size


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_what_the_engine_computes(language: str, name: str) -> None:
    program = PROGRAMS[name]
    lines = [line.split() for line in printed(language)[name].splitlines()]
    losses, parameters = by_engine(program)
    told = {int(line[1]): float(line[3]) for line in lines if line[0] == "step"}
    assert {program.start, max(program.end - 1, program.start), program.end} <= told.keys()
    for step, loss in told.items():
        assert close(loss, *losses[step]), step
    values = {line[0]: float(line[1]) for line in lines if line[0] not in ("step", "answer")}
    names = program.spec.names
    expected: dict[str, tuple[float, float]] = {}
    for table, array in zip(names.weights, parameters.weights, strict=True):
        size = float(np.abs(array).max())
        for row, numbers in zip(table, array.tolist(), strict=True):
            expected |= {name: (one, size) for name, one in zip(row, numbers, strict=True)}
    for own, array in zip(program.bias_names, parameters.biases, strict=True):
        size = float(np.abs(array).max())
        expected |= {name: (one, size) for name, one in zip(own, array.tolist(), strict=False)}
    assert values.keys() == expected.keys()
    for key, (value, size) in expected.items():
        assert close(values[key], value, size), key


def test_the_pytorch_programs_are_the_recorded_ones() -> None:
    """Whoever changes them records anew: python -m tests.oracle.programs"""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    found = {name: fingerprint(text) for name, text in texts("pytorch").items()}
    assert found == {name: row["program"] for name, row in recorded.items()}


def test_the_networks_cover_all_that_a_spec_can_say() -> None:
    specs = [program.spec for program in PROGRAMS.values()]
    assert {name for spec in specs for name in spec.activations} == set(ACTIVATIONS)
    assert {spec.loss for spec in specs} == set(LOSSES)
    assert {spec.optimizer.name for spec in specs} == set(OPTIMIZERS)
    assert {spec.hidden_deltas for spec in specs} == {"exact", "updated"}
    remembering = [program for program in PROGRAMS.values() if program.memory]
    assert {program.spec.optimizer.name for program in remembering} >= {"adam", "momentum"}
    optimizers = {program.torch_optimizer for program in PROGRAMS.values()}
    assert optimizers == {"", "SGD", "RMSprop", "Adagrad", "Adam", "Adamax", "AdamW", "NAdam"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loss_of_the_step_in_view_is_printed(language: str) -> None:
    example = EXAMPLES["mazur-2-2-2"]
    lab = Lab.fresh(example.spec, example.slug).stepped(137)
    text = program_text(lab, language)
    assert example.title in text
    if language == "pytorch" and not has_torch():
        ast.parse(text)
        return
    python = TORCH_PYTHON if language == "pytorch" else None
    out = run_all({"one": text}, *([python] if python else []))["one"]
    (line,) = [line for line in out.splitlines() if line.startswith("step 137 ")]
    assert float(line.split()[3]) == pytest.approx(lab.loss_history[-1], rel=RELATIVE)
    assert len([line for line in out.splitlines() if line.startswith("step")]) <= 25


NAMES: dict[str, Any] = {
    "layers": [2, 1],
    "activations": ["tanh"],
    "samples": [{"inputs": [0.1, 0.2], "targets": [0.5]}],
    "names": {"inputs": ["α'", "x''"], "weights": [[["w'", "ω"]]], "biases": [["b'"]]},
    "data": {
        "name": "own",
        "columns": ['a"""\nimport os #', "b'\\"],
        "targets": ["\u202e\r\x00"],
        "classes": ["*/ '''", "\\"],
    },
}


HEIGHTS: dict[str, Any] = {
    "layers": [1, 2, 1],
    "activations": ["tanh", "identity"],
    "samples": [{"inputs": [-1.0], "targets": [-1.5]}, {"inputs": [1.0], "targets": [0.5]}],
    "data": {
        "name": "own", "columns": ["height"], "targets": ["age"], "means": [170.0],
        "scales": [10.0], "target_means": [30.0], "target_scales": [5.0],
    },
}  # fmt: skip


@pytest.mark.parametrize("data", [HEIGHTS, CORNERS["iris"]], ids=["values", "classes"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_answers_in_the_units_of_the_table(language: str, data: dict[str, Any]) -> None:
    lab = Lab.fresh(spec_from_data(data)).stepped(3)
    text = program_text(lab, language)
    if language == "pytorch" and not has_torch():
        ast.parse(text)
        return
    python = TORCH_PYTHON if language == "pytorch" else sys.executable
    line = run_all({"one": text}, python)["one"].splitlines()[-1]
    values, outputs = map(json.loads, line.removeprefix("answer for ").split(" is "))
    assert values == ([160] if data is HEIGHTS else [5.1, 3.5, 1.4, 0.2])
    assert outputs == pytest.approx(answer_of(lab.spec, lab.parameters, values).outputs, rel=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_columns_are_no_code(language: str) -> None:
    text = program_text(Lab.fresh(spec_from_data(NAMES)), language)
    tree = ast.parse(text)
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert {alias.name for node in imported for alias in node.names} <= {"math", "numpy", "torch"}
    assert "import os" not in [line.strip() for line in text.splitlines()]
    assert not {
        character for character in text if not (character.isprintable() or character == "\n")
    }


def test_no_line_of_a_program_is_too_long_to_read() -> None:
    for language in LANGUAGES:
        for name, text in texts(language).items():
            lines = text.splitlines()
            assert not [line for line in lines if line != line.rstrip()], name
            long = [line for line in lines if len(line) > 130 and "]" not in line]
            assert not long, name


def test_literals_read_back_as_they_were() -> None:
    for value in (
        [0.1, -0.0, 1e-300, 1.5e300], [[1.0] * 40] * 3, [["w'", 'b"']], [[[0.1]], [[2.0, 3.0]]],
    ):  # fmt: skip
        assert repr(ast.literal_eval(literal(value))) == repr(value)
        assert max(map(len, literal(value).splitlines())) <= 100

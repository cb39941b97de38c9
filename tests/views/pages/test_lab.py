"""A page holds what has been computed, all of it, exactly, and nothing else."""

import dataclasses
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.losses import errors
from app.engine.network import Spec
from app.errors import Diverged
from app.explain.notation import NOTATIONS
from app.explain.rounding import MINUS, number
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.diagram.elements import Parameter, Value
from app.views.diagram.shapes import Layout
from app.views.options import ViewOptions
from app.views.pages.announcements import sentence
from app.views.pages.lab import LabPage, lab_page
from app.views.text.formatting import plain
from tests.strategies import THOROUGH, specs

MAZUR = EXAMPLES["mazur-2-2-2"].spec
WISH = ViewOptions(notation="net")


def parts(thing: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a context with its path, such as ``picture.nodes.0.act.exact``."""
    if dataclasses.is_dataclass(thing):
        fields = [(field.name, getattr(thing, field.name)) for field in dataclasses.fields(thing)]
    elif hasattr(thing, "_fields"):
        fields = [(name, getattr(thing, name)) for name in thing._fields]
    elif isinstance(thing, tuple):
        fields = [(str(index), item) for index, item in enumerate(thing)]
    else:
        yield path, thing
        return
    for name, value in fields:
        yield from parts(value, f"{path}.{name}" if path else name)


def numbers(shown: LabPage) -> dict[str, float]:
    """The exact numbers on a page, by their paths; the layout's are geometry."""
    return {path: leaf for path, leaf in parts(shown) if path.endswith(".exact")}


def texts(shown: LabPage) -> str:
    """All text on a page that may hold computed numbers."""
    return " | ".join(leaf for _, leaf in parts(shown) if isinstance(leaf, str))


def computed(path: str, shown: LabPage) -> bool:
    """Whether a number comes from a pass, rather than being an input, a target or a parameter."""
    places = path.split(".")
    if places[:2] == ["diagram", "nodes"] and places[3] == "act":
        return shown.diagram.nodes[int(places[2])].kind != "input"
    given = ("parameter.value.exact", "bias.value.exact", "summand.value.exact")
    is_target = places[:2] == ["diagram", "targets"] and places[3] == "value"
    return not (path.endswith(given) or is_target)


# --- nothing that is not computed -----------------------------------------------------------


@THOROUGH
@given(specs())
def test_at_the_start_a_page_holds_what_was_given_and_no_more(spec: Spec) -> None:
    lab = Lab.fresh(spec)
    shown = lab_page(lab, WISH)
    assert [path for path in numbers(shown) if computed(path, shown)] == []
    assert shown.phase == "start"
    assert (shown.loss, shown.loss_after, shown.used_rate) == (None,) * 3
    assert not shown.curve.is_drawn
    for node in shown.diagram.nodes:
        assert (node.pre, node.delta) == (None, None)
        assert (node.act is None) == (node.kind != "input")
    for target in shown.diagram.targets:
        assert (target.error, target.share) == (None, None)
    assert_no_update(shown)


def test_at_the_start_no_sentence_gives_a_result_away() -> None:
    lab = Lab.fresh(MAZUR)
    trace = lab.stepped().trace
    assert trace is not None
    results = [
        *(value for z in trace.forward.pre_activations for value in z[0].tolist()),
        *(value for a in trace.forward.activations[1:] for value in a[0].tolist()),
        *(value for delta in trace.gradients.deltas for value in delta[0].tolist()),
        trace.forward.loss,
        trace.loss_after,
    ]
    for text in (texts(lab_page(lab, WISH)), sentence(lab, WISH)):
        for result in results:
            for decimals in (4, 6):
                assert number(abs(result), decimals) not in text


@THOROUGH
@given(specs())
def test_after_forward_a_page_holds_no_delta_no_gradient_and_no_new_value(spec: Spec) -> None:
    shown = lab_page(Lab.fresh(spec).forwarded(), WISH)
    assert shown.phase == "forward"
    assert (shown.loss_after, shown.used_rate) == (None, None)
    assert shown.loss is not None
    for node in shown.diagram.nodes:
        assert node.delta is None
        assert node.act is not None
        assert (node.pre is None) == (node.kind == "input")
    assert_no_update(shown)


def assert_no_update(shown: LabPage) -> None:
    parameters = list(parameters_of(shown))
    assert all((q.gradient, q.new) == (None, None) for q in parameters)
    words = ("delta", "gradient", "new")
    assert not [path for path in numbers(shown) if path.split(".")[-2] in words]


def parameters_of(shown: LabPage) -> Iterator[Parameter]:
    """Every parameter in the picture, then in the table."""
    yield from (edge.parameter for edge in shown.diagram.edges)
    yield from (bias.parameter for bias in shown.diagram.biases)
    yield from (node.bias for node in shown.diagram.nodes if node.bias)
    yield from (row.parameter for row in shown.parameters)


# --- all that is computed, exactly ----------------------------------------------------------


def labs() -> st.SearchStrategy[Lab]:
    """Labs at the start, after forward, and after some steps."""

    def lab(spec: Spec, forwarded: bool, steps: int) -> Lab:
        begun = Lab.fresh(spec)
        with suppress(Diverged):
            begun = begun.stepped(steps) if steps else begun
        return begun.forwarded() if forwarded else begun

    return st.builds(lab, specs(), st.booleans(), st.integers(0, 4))


@THOROUGH
@given(labs(), st.sampled_from(sorted(NOTATIONS)))
def test_units_have_the_engines_numbers(lab: Lab, notation: str) -> None:
    shown, trace = lab_page(lab, ViewOptions(notation=notation)), lab.trace
    passed = trace.forward if trace else lab.forward_pass
    known = lab.phase != "start"
    for node in shown.diagram.nodes:
        layer, unit = node.place.layer, node.place.unit
        if layer == 0 or known:
            assert exact(node.act) == passed.activations[layer][0, unit]
        if layer and known:
            assert exact(node.pre) == passed.pre_activations[layer - 1][0, unit]
        if layer and trace:
            assert exact(node.delta) == trace.gradients.deltas[layer - 1][0, unit]
    outputs = passed.pre_activations[-1], passed.activations[-1], passed.targets
    differences = errors(lab.spec.activation_rules[-1], *outputs)
    for k, target in enumerate(shown.diagram.targets):
        assert target.value.exact == passed.targets[0, k]
        if known:
            assert exact(target.error) == differences[0, k]
            assert exact(target.share) == passed.shares[0, k]
    if known:
        assert exact(shown.loss) == passed.loss
    if trace:
        assert exact(shown.loss_after) == trace.loss_after


def exact(value: Value | None) -> float:
    assert value is not None
    return value.exact


@THOROUGH
@given(labs())
def test_parameters_have_the_engines_numbers(lab: Lab) -> None:
    shown, trace, names = lab_page(lab, WISH), lab.trace, lab.spec.names
    now = trace.before if trace else lab.parameters
    for edge in shown.diagram.edges:
        layer, at = edge.place.layer, (edge.place.target, edge.place.source)
        assert edge.parameter.name.name == names.weights[layer][at[0]][at[1]]
        assert edge.source.name == names.units[layer][at[1]]
        assert edge.target.name == names.units[layer + 1][at[0]]
        assert edge.parameter.value.exact == now.weights[layer][at]
        assert not edge.parameter.frozen
        if trace:
            assert exact(edge.parameter.gradient) == trace.gradients.weights[layer][at]
            assert exact(edge.parameter.new) == trace.after.weights[layer][at]
    nodes = [(bias.layer, 0, bias.parameter) for bias in shown.diagram.biases]
    own = [(n.place.layer - 1, n.place.unit, n.bias) for n in shown.diagram.nodes if n.bias]
    for layer, unit, parameter in nodes + own:
        assert parameter.value.exact == now.biases[layer][unit]
        assert parameter.frozen == (lab.spec.bias_update == "none")
        if parameter.frozen:
            assert (parameter.gradient, parameter.new) == (None, None)
        elif trace:
            assert exact(parameter.gradient) == trace.gradients.biases[layer][unit]
            assert exact(parameter.new) == trace.after.biases[layer][unit]
    drawn = {q.name.name for q in [edge.parameter for edge in shown.diagram.edges]}
    drawn |= {parameter.name.name for _, _, parameter in nodes + own}
    listed = [row.parameter.name.name for row in shown.parameters]
    assert sorted(listed) == sorted(drawn)


@THOROUGH
@given(labs())
def test_every_text_is_the_number_rounded(lab: Lab) -> None:
    shown = lab_page(lab, WISH)
    leaves = dict(parts(shown))
    for path, value in numbers(shown).items():
        said = leaves[path.removesuffix("exact") + "text"].removeprefix("+")
        if path.startswith("loss"):
            assert said == number(value, 6)
            continue
        is_input = path.endswith(".act.exact") and not computed(path, shown)
        is_target = path.startswith("diagram.targets.") and path.endswith(".value.exact")
        # Short inputs and targets stand as they were given.
        as_given = plain(value).replace("-", MINUS) if is_input or is_target else None
        # No number has more than 7 figures, or 5 in the small circles of a compact picture.
        figures = 5 if in_small_circle(path, shown) else 7
        decimals = min(4, max(figures - len(str(int(abs(value)))), 0))
        assert said in (number(value, decimals), as_given)


def in_small_circle(path: str, shown: LabPage) -> bool:
    """Whether a number is an activation that a unit of a compact picture has in its circle."""
    compact = not shown.diagram.style.full
    return compact and path.endswith(".act.exact") and computed(path, shown)


def test_only_activations_have_five_figures_in_a_compact_picture() -> None:
    data = {
        "layers": [1, 7, 1],
        "activations": ["identity", "identity"],
        "samples": [{"inputs": [1], "targets": [2345.678901]}],
        "weights": [[[1234.56789]] * 7, [[1.0] + [0.0] * 6]],
        "optimizer": {"name": "sgd", "learning_rate": 0},
    }
    shown = lab_page(Lab.fresh(spec_from_data(data)).stepped(), WISH)
    output = shown.diagram.nodes[-1]
    assert not shown.diagram.style.full
    assert [value.text for value in (output.act, output.pre) if value] == ["1234.6", "1234.568"]
    assert output.delta is not None
    assert output.delta.text == "−1111.111"
    assert shown.diagram.edges[0].parameter.value.text == "1234.568"
    assert shown.diagram.targets[0].value.text == "2345.679"


@THOROUGH
@given(labs())
def test_the_page_says_where_it_stands(lab: Lab) -> None:
    shown = lab_page(lab, WISH)
    assert shown.step == lab.step
    assert shown.phase == lab.phase
    assert shown.can_take_back == (lab.step > 0 or lab.is_begun)
    assert float(shown.learning_rate) == lab.present.optimizer.learning_rate
    assert float(shown.slider) <= 2
    assert isinstance(shown.diagram.layout, Layout)
    for edge in shown.diagram.edges:
        assert 1 <= float(edge.width) <= 8
    if shown.curve.is_drawn:
        points = [tuple(map(float, pair.split(","))) for pair in shown.curve.points.split(" ")]
        assert points[0][0] == 0
        assert (float(shown.curve.x), float(shown.curve.y)) in points
        assert all(before[0] < after[0] for before, after in pairwise(points))
        assert all(0 <= y <= 150 for _, y in points)


# --- one moment -----------------------------------------------------------------------------


def test_a_changed_learning_rate_does_not_pass_for_the_one_that_was_used() -> None:
    lab = Lab.fresh(MAZUR).stepped()
    assert lab_page(lab, WISH).used_rate is None
    slower = lab_page(lab.edited(Edit(learning_rate=0.1)), WISH)
    assert (slower.learning_rate, slower.used_rate) == ("0.1", "0.5")


def test_a_step_shows_its_own_sample_and_forward_the_next() -> None:
    samples = [{"inputs": [x], "targets": [0.5]} for x in (0.25, 0.75, -0.5)]
    data = {"layers": [1, 1], "activations": ["tanh"], "samples": samples}
    lab = Lab.fresh(spec_from_data(data))
    shown = []
    for _ in range(3):
        shown.append(lab_page(lab.forwarded(), WISH).diagram.nodes[0].act)
        lab = lab.stepped()
        shown.append(lab_page(lab, WISH).diagram.nodes[0].act)
    assert [exact(value) for value in shown] == [0.25, 0.25, 0.75, 0.75, -0.5, -0.5]
    assert [value.text for value in shown if value] == ["0.25"] * 2 + ["0.75"] * 2 + ["−0.5"] * 2


@pytest.mark.parametrize(("rate", "word"), [(0.5, "fell"), (-0.5, "rose"), (0.0, "stayed")])
def test_the_sentence_tells_what_the_step_did(rate: float, word: str) -> None:
    lab = Lab.fresh(MAZUR).edited(Edit(learning_rate=rate)).stepped()
    assert lab.trace is not None
    said = sentence(lab, WISH)
    assert word in said
    assert number(lab.trace.loss_after, 6) in said
    assert "Step 1" in said

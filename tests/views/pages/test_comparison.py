"""What stands beside the picture: curves, branches, comparisons, conventions, marks."""

import pytest

from app.engine.metrics import scores_of
from app.errors import InvalidInput
from app.explain.notation import NOTATIONS
from app.explain.quantities import every
from app.explain.rounding import number
from app.explain.step_numbers import StepNumbers
from app.lab import walking
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.lab.step_values import step_values_of
from app.lab.visibility import Visibility
from app.views.diagram.diagram import diagram_of
from app.views.diagram.highlights import derivation_highlights, phase_highlights
from app.views.pages.branches import branch_name, branches_of
from app.views.pages.comparison import compare
from app.views.pages.conventions import conventions_of
from app.views.plots.loss_curve import curve_of

MAZUR = EXAMPLES["mazur-2-2-2"].spec
NET = NOTATIONS["net"]


def forked() -> Lab:
    """Five steps, three taken back, another learning rate, three more."""
    lab = Lab.fresh(MAZUR).stepped(5).taken_back(3).edited(Edit(learning_rate=2))
    return lab.stepped(3)


def test_branches_say_what_they_changed() -> None:
    first, second = branches_of(forked())
    assert (first.name, first.last, first.about) == ("A", 5, "original run, η = 0.5")
    assert (second.name, second.last, second.is_present) == ("B", 5, True)
    assert second.about == "from A at step 2: η 0.5 → 2"
    edited = forked().switched(0, 1).edited(Edit(weights={"w5": -0.1}, inputs=[1, 2]))
    assert (
        branches_of(edited)[2].about
        == "from A at step 1: w5 0.35891647971788465 → −0.1, inputs changed"
    )


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "A2"), (53, "B3")])
def test_branches_are_named_by_letters(index: int, name: str) -> None:
    assert branch_name(index) == name


def test_a_comparison_has_both_sets_of_numbers() -> None:
    lab = forked()
    found = compare(lab, 0, 1, None, NET, 4, log=False)
    sides = lab.switched(0, 5), lab.switched(1, 5)
    assert [found.left.loss, found.right.loss] == [s.forward_pass.loss for s in sides]
    pair = next(pair for pair in found.pairs if pair.name.name == "w5")
    assert [pair.left, pair.right] == [float(s.parameters.weights[1][0, 0]) for s in sides]
    assert found.text.startswith("B is ahead: ")
    for left, right, step in ((0, 2, None), (-1, 0, None), (0, 1, 6)):
        with pytest.raises(InvalidInput):
            compare(lab, left, right, step, NET, 4, log=True)


@pytest.mark.parametrize("log", [False, True])
def test_a_curve_stays_within_its_axis_and_tells_errors(log: bool) -> None:
    lab = Lab.fresh(MAZUR).stepped(700)
    curve = curve_of(lab, log=log, digits=8)
    points = [tuple(map(float, point.split(","))) for point in curve.points.split()]
    assert all(0 <= x <= 460 and 0 <= y <= 150 for x, y in points)
    values = dict(pair.split(":") for pair in curve.values.split())
    assert len(values) == len(points)
    assert values["0"] == number(lab.loss_history[0], 8)
    assert values["700"] == number(lab.forward_pass.loss, 8)
    assert curve.value_text == f"Step 700: {values['700']}"


def test_a_curve_does_not_run_ahead_of_a_walk() -> None:
    lab = walking.next_phase(Lab.fresh(MAZUR).stepped(5).rewound(2))
    assert len(curve_of(lab, log=False).values.split()) == 2
    assert len(curve_of(walking.to_phase(lab, "error"), log=False).values.split()) == 3


def test_conventions_show_what_they_change() -> None:
    lab = Lab.fresh(MAZUR, "mazur-2-2-2").stepped()
    found = {c.name: {o.value: o for o in c.options} for c in conventions_of(lab, 9)}
    slip = found["hidden_deltas"]["updated"]
    assert ("0.291027774", "0.291027924") in [(c.now, c.then) for c in slip.changes]
    assert found["hidden_deltas"]["exact"].chosen
    squared = {c.name: (c.now, c.then) for c in found["loss"]["squared_error"].changes}
    assert squared["Error"] == ("0.298371109", "0.596742218")
    differ = lab.converted(Edit(bias_update="per_neuron")).stepped()
    shared = {o.value: o for c in conventions_of(differ, 4) for o in c.options}["shared"]
    assert "cannot be shared" in shared.refusal


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_mark_lies_within_the_picture(slug: str) -> None:
    lab = Lab.fresh(EXAMPLES[slug].spec, slug).stepped()
    spec = lab.shown_spec
    picture = diagram_of(step_values_of(StepNumbers(spec, lab.shown), lab.progress), NET)
    drawn = picture.layout
    marks = [m for phase in lab.progress.phases for m in phase_highlights(drawn, spec, phase)]
    for quantity in every(spec):
        derivation = Visibility.of(lab).derivation(quantity)
        found = derivation_highlights(drawn, spec, derivation)
        badges = {line.badge for line in derivation.lines if line.badge and line.parts}
        assert badges <= {mark.badge for mark in found}
        marks += found
    parts = {n.place.id for n in picture.nodes} | {e.place.id for e in picture.edges}
    assert marks
    assert parts & {mark.part for mark in marks}
    for mark in marks:
        x, y = mark.centre
        assert 0 <= x - mark.width / 2 - mark.radius <= drawn.width
        assert x + mark.width / 2 + mark.radius <= drawn.width
        assert drawn.top <= y - mark.radius <= y + mark.radius <= drawn.top + drawn.height


@pytest.mark.parametrize("slug", EXAMPLES)
def test_a_bias_that_stays_is_never_marked_as_computed(slug: str) -> None:
    spec = EXAMPLES[slug].spec
    lab = Lab.fresh(spec)
    picture = diagram_of(step_values_of(StepNumbers(spec, lab.shown), lab.progress), NET)
    biases = {f"own-{n.place.id}" for n in picture.nodes}
    now = {
        mark.part
        for phase in Lab.fresh(spec).stepped().progress.phases
        for mark in phase_highlights(picture.layout, spec, phase)
        if mark.role == "now"
    }
    assert bool(now & biases) == (spec.bias_update != "none")


def test_branches_of_batches_are_compared_by_all_training_samples() -> None:
    data = {
        "layers": [1, 1], "activations": ["sigmoid"], "batch": {"size": 1},
        "samples": [{"inputs": [x], "targets": [x > 0.5]} for x in (0.1, 0.4, 0.9)],
    }  # fmt: skip
    lab = Lab.fresh(spec_from_data(data)).stepped(3).rewound(1).edited(Edit(learning_rate=2.0))
    lab = lab.stepped(3)
    found = compare(lab, 0, 1, None, NET, 6, log=False)
    assert found.is_mean
    for side, index in ((found.left, 0), (found.right, 1)):
        at = lab.switched(index, side.step)
        assert side.loss == scores_of(at.present, at.parameters).training.loss
    assert found.text.startswith("By the mean error over all training samples: ")
    one = Lab.fresh(MAZUR).stepped(3).rewound(1).edited(Edit(learning_rate=2.0)).stepped(3)
    assert not compare(one, 0, 1, None, NET, 6, log=False).is_mean

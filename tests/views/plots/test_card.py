"""Pictures of any network: within their frames, finite, and never ahead of the phase."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.metrics import scores_of
from app.engine.network import Spec
from app.explain.notation import NOTATIONS
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.options import PICTURES, ViewOptions
from app.views.pages.dataset import data_view
from app.views.plots.axes import EXTENT
from app.views.plots.card import PlotsCard, plots_card_of
from app.views.plots.decision_regions import height_axis
from app.views.plots.options import plots_shown, varying_axes
from app.web.builder.draft import draft_of
from tests.strategies import QUICK, specs
from tests.views.derivation.test_panel import hidden_forms, phases_of_example, strings, walked
from tests.web.support import Client, Page

CHARTS = ViewOptions(tab="charts")

NET = NOTATIONS["net"]
XOR = {
    "layers": [2, 2, 1],
    "activations": ["tanh", "sigmoid"],
    "loss": "binary_cross_entropy",
    "batch": {"size": "full", "reduction": "mean"},
    "data": {"name": "xor"},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}


def pictures(lab: Lab, shown: str, **more: Any) -> PlotsCard:
    return plots_card_of(lab, ViewOptions(notation="net", pictures=shown, digits=8, **more))


def places(path: str) -> list[tuple[int, int]]:
    """Every corner of a path made of M and l; of marks only where each stands."""
    found = []
    for piece in path.split("M")[1:]:
        start, _, steps = piece.rstrip("z").partition("l")
        x, y = (int(n) for n in re.findall(r"-?\d+", start)[:2])
        found.append((x, y))
        if re.fullmatch(r"[-\d ]*", steps) and re.fullmatch(r"-?\d+ -?\d+", start):
            numbers = [int(n) for n in steps.split()]
            for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + dx, y + dy
                found.append((x, y))
    return found


def check_frames(found: PlotsCard) -> None:
    """Everything that is drawn lies within its frame."""
    regions = found.regions
    assert regions
    scene = regions.scene
    drawn = [one.path for one in scene.shades]
    drawn += [one.path for one in scene.lines]
    drawn += [one.path for one in scene.marks]
    for x, y in (place for path in drawn for place in places(path)):
        assert -1 <= x <= EXTENT + 1
        assert -1 <= y <= EXTENT + 1
    for unit in (unit for row in regions.rows for unit in row.units):
        for x, y in (place for path in (*unit.shades, unit.line) for place in places(path)):
            assert -1 <= x <= 181
            assert -1 <= y <= 181
    assert not re.search(r"nan|inf", "".join(drawn))


def test_the_level_between_two_classes_is_on_the_axis() -> None:
    body = {
        "layers": [1, 1], "activations": ["bipolar_sigmoid"], "loss": "hinge",
        "weights": [[[0.0]]], "biases": [[-0.154]],
        "samples": [{"inputs": [0.0], "targets": [-1.0]}],
    }  # fmt: skip
    found = pictures(Lab.fresh(spec_from_data(body)).forwarded(), "regions").regions
    assert found
    (level,) = (line.path for line in found.scene.lines if line.kind == "thin")
    assert 0 < places(level)[0][1] < EXTENT, "though all answers and targets are below it"


@QUICK
@given(specs(most_layers=4, most_units=4, most_samples=4), st.integers(0, 3))
def test_pictures_of_any_network_are_within_their_frames(spec: Spec, steps: int) -> None:
    lab = Lab.fresh(spec)
    if not lab.is_finite:
        return
    for moment in (lab, lab.forwarded()):
        for shown in PICTURES:
            found = pictures(moment, shown, rest="sample")
            if found.regions:
                check_frames(found)
                assert bool(found.regions.scene.pending) == (moment is lab)
    found = pictures(lab.forwarded(), "regions")
    training = scores_of(spec, lab.parameters).training
    assert found.scores[0].samples == training.samples
    assert found.scores[0].loss is not None
    assert found.scores[0].loss.exact == ("" if training.loss is None else repr(training.loss))


# --- nothing ahead of its phase -------------------------------------------------------------------


def check_phase(lab: Lab, least: int) -> None:
    progress, hidden = lab.progress, hidden_forms(lab, least)
    for shown in PICTURES:
        found = pictures(lab, shown)
        text = " ".join(strings(found)).replace("\N{MINUS SIGN}", "-")
        assert not {one for one in hidden if one in text}, (progress.now, shown)
        if progress.error or shown == "off":
            continue
        assert all(row.loss is None and row.accuracy is None for row in found.scores)
        if found.regions:
            scene = found.regions.scene
            assert not scene.shades
            assert not scene.lines
            assert not scene.wrong
            units = [unit for row in found.regions.rows for unit in row.units]
            assert not any(unit.shades or unit.line or unit.span for unit in units)
        if found.charts:
            assert all(row.step < lab.step for row in found.charts.rows)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_phase_of_the_examples(slug: str) -> None:
    for lab in phases_of_example(slug):
        check_phase(lab, 6)


@QUICK
@given(specs(most_layers=4, most_units=3, most_samples=3), st.integers(0, 20))
def test_any_phase_of_random_networks(spec: Spec, phases: int) -> None:
    check_phase(walked(spec, phases), 13)


# --- what they say --------------------------------------------------------------------------------


def test_several_samples_open_the_regions_and_one_does_not() -> None:
    assert plots_shown(Lab.fresh(spec_from_data(XOR)), CHARTS) == "regions"
    mazur = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec)
    assert plots_shown(mazur, ViewOptions()) == "off", "of another tab"
    assert plots_shown(mazur, CHARTS) == "loss"
    wide = {**XOR, "layers": [5, 2, 1], "samples": [{"inputs": [0.1] * 5, "targets": [1]}] * 2}
    assert plots_shown(Lab.fresh(spec_from_data(wide)), CHARTS) == "loss"
    assert plots_shown(mazur, ViewOptions(pictures="loss")) == "loss"


def test_a_class_picture_tells_shares_and_mistakes() -> None:
    # One unit that answers the first input: class 1 where x1 is above 0.
    data = {
        "layers": [2, 1],
        "activations": ["sigmoid"],
        "weights": [[[8, 0]]],
        "samples": [
            {"inputs": [x, y], "targets": [float(x > 0 and y > 0)]}
            for x in (-1, 1)
            for y in (-1, 1)
        ],
        "batch": {"size": 2, "reduction": "mean"},
    }
    found = pictures(Lab.fresh(spec_from_data(data)).forwarded(), "regions").regions
    assert found
    sentence = found.scene.sentence
    assert "class 0 in 50 % and class 1 in 50 %" in sentence
    assert sentence.endswith("Classified wrongly: 1 of 4 training samples.")
    # The cross stands on the sample at the right, below.
    assert found.scene.wrong.startswith("M559 559")
    assert [shade.name for shade in found.scene.shades if shade.name] == ["class 0", "class 1"]
    assert [line.kind for line in found.scene.lines].count("boundary") == 1
    assert found.rows == ()


def test_the_ring_is_around_the_sample_that_the_network_shows() -> None:
    lab = Lab.fresh(spec_from_data({**XOR, "batch": {"size": 1}}))
    # After the third step its own sample is still in view; then the fourth one is.
    for moment, sample in ((lab.stepped(3), 2), (lab.stepped(3).forwarded(), 3)):
        regions = pictures(moment, "regions", rest="sample").regions
        assert regions
        x, y = lab.spec.inputs[sample].tolist()
        near = regions.scene.seen
        assert near is not None
        assert (near[0] > 300, near[1] < 300) == (x > 0.5, y > 0.5)


def test_values_have_levels_and_a_legend() -> None:
    data = {
        "layers": [2, 2, 1],
        "activations": ["identity", "identity"],
        "weights": [[[1, 0], [0, 1]], [[1, 1]]],
        "samples": [{"inputs": [x, y], "targets": [x + y]} for x in (-1, 1) for y in (-1, 1)],
    }
    found = pictures(Lab.fresh(spec_from_data(data)).forwarded(), "regions").regions
    assert found
    texts = [key.text for key in found.scene.keys]
    assert texts[1:] == ["above 2", "1 to 2", "0 to 1", "\N{MINUS SIGN}1 to 0",
                         "\N{MINUS SIGN}2 to \N{MINUS SIGN}1", "up to \N{MINUS SIGN}2"]  # fmt: skip
    assert "o1 goes from \N{MINUS SIGN}2.320 to 2.320; it is largest near x1 1.16, x2 1.16." in (
        found.scene.sentence
    )
    (row,) = found.rows
    assert [unit.name.name for unit in row.units] == ["h1", "h2"]
    assert row.units[0].span == "\N{MINUS SIGN}1.2 to 1.2"
    assert row.units[0].line.startswith("M90 "), "the zero of h1 is an upright line"


def test_one_input_has_a_curve() -> None:
    data = {
        "layers": [1, 3, 1],
        "activations": ["tanh", "identity"],
        "data": {"name": "curve", "size": 20, "test_share": 0.2},
        "batch": {"size": "full"},
    }
    found = pictures(Lab.fresh(spec_from_data(data)).forwarded(), "regions").regions
    assert found
    assert found.is_line
    assert [line.kind for line in found.scene.lines] == ["fit f0"]
    assert [marks.path.count("M") for marks in found.scene.marks] == [16, 4]
    assert found.scene.has_tests
    assert all(unit.curve and unit.line for unit in found.rows[0].units)


def test_axes_have_both_units_where_inputs_are_standardised() -> None:
    data = {
        "layers": [4, 2, 3],
        "activations": ["tanh", "softmax"],
        "data": {"name": "iris", "standardise": True},
    }
    spec = spec_from_data(data)
    found = pictures(Lab.fresh(spec), "regions", across="x3", up="x1").regions
    assert found
    x = found.scene.x
    assert x.title == "petal length (cm) (x3), standardised"
    assert x.original_title == "petal length (cm), original units"
    ticks = {tick.text: tick.at for tick in x.original}
    assert spec.data
    axis = varying_axes(spec, ViewOptions(across="x3"))[0]
    expected = ((6 - spec.data.means[2]) / spec.data.scales[2] - axis.low) / (axis.high - axis.low)
    assert ticks["6"] == round(expected * EXTENT)
    assert found.held.startswith(
        "x3 and x1 vary. The rest is held at its means over the training samples: x2 = 0 "
        "and x4 = 0."
    )
    plain = pictures(Lab.fresh(spec_from_data(XOR)), "regions").regions
    assert plain
    assert plain.scene.x.original == ()


def test_a_fitted_curve_has_both_units_of_a_standardised_target() -> None:
    table = "area,price\n30,100\n60,300\n90,500"
    lab = draft_of({"dataset": "own", "table": table}).lab
    assert lab
    found = pictures(lab, "regions").regions
    assert found
    x, y = found.scene.x, found.scene.y
    assert (x.title, x.original_title) == (
        "area (x1), standardised", "area, original units"
    )  # fmt: skip
    assert (y.title, y.original_title) == ("price, standardised", "price, original units")
    axis = height_axis(lab.present, None)
    ticks = {tick.text: tick.at for tick in y.original}
    scale = 40_000 * 2 / 3
    assert ticks["300"] == EXTENT / 2
    place = ((500 - 300) / scale**0.5 - axis.low) / (axis.high - axis.low)
    assert ticks["500"] == round(EXTENT * (1 - place))
    plain = draft_of({"dataset": "own", "table": table, "standardise": "no"}).lab
    assert plain
    untouched = pictures(plain, "regions").regions
    assert untouched
    assert (untouched.scene.y.title, untouched.scene.y.original) == ("price", ())


@pytest.mark.parametrize("record", [
    {"means": [1.0], "scales": []}, {"means": [1.0], "scales": [2.0], "target_means": [3.0]},
    {"means": [1.0, 2.0], "scales": [3.0, 0.0]}, {"target_means": [1.0], "target_scales": [0.0]},
])  # fmt: skip
def test_a_record_that_does_not_fit_harms_no_picture(record: dict[str, Any]) -> None:
    data = {
        "layers": [1, 1], "activations": ["identity"],
        "samples": [{"inputs": [x], "targets": [x]} for x in (0.0, 1.0)],
        "data": {"name": "own", "columns": ["a"], "targets": ["b"], **record},
    }  # fmt: skip
    lab = Lab.fresh(spec_from_data(data)).forwarded()
    assert pictures(lab, "regions").regions
    assert data_view(lab.present).targets


def test_a_large_layer_says_how_many_units_are_left_out() -> None:
    data = {**XOR, "layers": [2, 20, 1], "data": {"name": "xor"}}
    found = pictures(Lab.fresh(spec_from_data(data)).forwarded(), "regions").regions
    assert found
    (row,) = found.rows
    assert (len(row.units), row.more) == (16, 4)


def test_charts_draw_each_set_with_its_own_line() -> None:
    data = {**XOR, "data": {"name": "moons", "size": 20, "test_share": 0.3}}
    lab = Lab.fresh(spec_from_data(data)).stepped(12).rewound(4)
    charts = pictures(lab, "loss").charts
    assert charts
    loss, accuracy = charts.charts
    assert [line.kind for line in loss.lines] == ["training", "test"]
    assert all(len(line.points.split()) == 13 for line in (*loss.lines, *accuracy.lines))
    assert loss.lines[0].dot == tuple(loss.lines[0].points.split()[4].split(","))
    assert (accuracy.top, accuracy.bottom) == ("100 %", "0 %")
    assert charts.columns == ("training, mean E of a sample", "test, mean E of a sample",
                              "training, accuracy", "test, accuracy")  # fmt: skip
    row = next(row for row in charts.rows if row.step == 4)
    found = scores_of(lab.present, lab.parameters)
    assert found.test
    assert [cell.exact for cell in row.cells] == [
        repr(score)
        for score in (found.training.loss, found.test.loss,
                      found.training.accuracy, found.test.accuracy)
    ]  # fmt: skip


def test_another_loss_is_told_beside_the_networks_own(client: Client) -> None:
    made = client.post("/api/v1/networks", json={"example": "mazur-2-2-2"}).json()
    page = f"/networks/{made['id']}?tab=charts&pictures=loss"
    client.post(f"/api/v1/networks/{made['id']}/step", json={"count": 3})
    names = [one.attrs["value"] for one in Page(client.get(page).text).all("option", value="")]
    assert "off" in names
    assert "half_squared_error" not in names
    text = client.get(f"{page}&watch=mean_squared_error").text
    table = text[text.index('<table class="scores">') :]
    shown = [float(one) for one in re.findall(r'<data value="([^"]+)"', table)]
    # Two outputs: half the sum of the squares is their mean.
    assert shown[0] == pytest.approx(shown[1], rel=1e-12)
    assert "mean squared error, mean of a sample" in text
    refused = client.get(f"{page}&watch=hinge")
    assert refused.status_code == 422
    assert "must be one of: off, " in refused.text

"""What pages say of data: counts, columns, classes, and where the marks of a picture stand."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.activations import Array
from app.engine.network import Spec
from app.lab.examples import EXAMPLES
from app.views.pages.dataset import HEIGHT, WIDTH, data_of, data_view, scatter_of
from app.views.plots.plane import SHAPES, SampleSet, shape_of
from app.web.builder.draft import draft_of
from tests.strategies import QUICK


def sets_of(inputs: Array, targets: Array, training: int) -> list[SampleSet]:
    """Samples of which the first ones train."""
    return [
        SampleSet("training", inputs[:training], targets[:training]),
        SampleSet("test", inputs[training:], targets[training:]),
    ]


def spec_of(**typed: str) -> Spec:
    """The network that the builder makes of these fields."""
    draft = draft_of(typed)
    assert draft.lab is not None, draft.errors
    return draft.lab.spec


@QUICK
@given(
    values=st.lists(
        st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(0, 7)),
        min_size=2,
        max_size=40,
    ),
    training=st.integers(1, 40),
)
def test_every_sample_has_one_mark_inside_the_picture(
    values: list[tuple[int, int, int]], training: int
) -> None:
    table = np.array(values, dtype=float)
    groups = [group for *_, group in values]
    training = min(training, len(values))
    picture = scatter_of(sets_of(table[:, :2], np.eye(8)[groups], training), classes=True)
    assert sum(cloud.path.count("M") for cloud in picture.marks) == len(values)
    tests = sum(cloud.path.count("M") for cloud in picture.marks if cloud.hollow)
    assert tests == len(values) - training
    for cloud in picture.marks:
        for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", cloud.path):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT


def test_classes_differ_by_shape_and_the_higher_value_stands_higher() -> None:
    assert len({shape_of(group) for group in range(len(SHAPES))}) == len(SHAPES)
    sets = sets_of(np.array([[0.0], [1.0]]), np.array([[0.0], [5.0]]), 2)[:1]
    picture = scatter_of(sets, classes=False)
    assert (picture.x.column, picture.y.column) == (0, -1)
    assert picture.y.ends == ("0", "5")
    low, high = re.findall(r"M-?[\d.]+ (-?[\d.]+)", picture.marks[0].path)
    assert float(low) == HEIGHT
    assert float(high) == 0


def test_the_two_inputs_that_tell_most_are_drawn() -> None:
    rng = np.random.default_rng(3)
    groups = [0, 1] * 30
    inputs = rng.normal(size=(60, 4))
    inputs[:, [1, 3]] += np.array(groups)[:, None] * 9.0
    sets = sets_of(inputs, np.array(groups, dtype=float)[:, None], 60)[:1]
    picture = scatter_of(sets, classes=True)
    assert (picture.x.column, picture.y.column) == (1, 3)


def test_the_card_counts_training_and_test_samples() -> None:
    spec = spec_of(dataset="iris", test_share="0.2", standardise="yes")
    view = data_view(spec)
    assert (view.title, view.training, view.tests) == ("Iris (Fisher 1936)", 120, 30)
    assert sum(group.training for group in view.groups) == 120
    assert sum(group.tests for group in view.groups) == 30
    assert [group.name for group in view.groups] == ["setosa", "versicolor", "virginica"]
    assert view.options == ("seed 0", "test share 0.2", "standardised")
    assert data_view(spec_of(dataset="xor")).options == ("noise 0", "seed 0", "not standardised")
    assert view.standardised
    assert spec.data is not None
    assert [float(column.mean) for column in view.inputs] == [
        float(f"{m:.9g}") for m in spec.data.means
    ]
    assert [column.name for column in view.targets] == ["setosa", "versicolor", "virginica"]
    across, up = view.axes
    assert (across.name, across.low, across.high) == ("petal length (cm)", "1", "6.9")
    assert (up.name, up.low, up.high) == ("petal width (cm)", "0.1", "2.5")


def test_the_card_tells_a_targets_mean_and_scale() -> None:
    view = data_view(spec_of(dataset="own", table="area,price\n30,100\n60,300\n90,500"))
    (price,) = view.targets
    assert view.standardised
    assert (price.name, price.mean, price.scale) == ("price", "300", "163.299316")
    assert ("500", "1.22") in [(own, seen) for row in view.rows for seen, own in row]
    exact = data_view(spec_of(dataset="own", table="a;b\n123456,5;-2\n12345,25;3"))
    assert {own for row in exact.rows for _, own in row} == {"123456.5", "12345.25", "−2", "3"}
    assert (price.low, price.high) == ("100", "500")
    assert [(one.name, one.low, one.high) for one in view.axes] == [
        ("area", "30", "90"), ("price", "100", "500"),
    ]  # fmt: skip
    classes = data_view(spec_of(dataset="own", table="a,b\n1,x\n2,y"))
    assert [(c.mean, c.scale) for c in classes.targets] == [("", "")]
    assert classes.standardised


@pytest.mark.parametrize("slug", list(EXAMPLES))
def test_a_single_sample_that_has_no_name_needs_no_card(slug: str) -> None:
    assert data_of(EXAMPLES[slug].spec) is None


def test_a_curve_has_no_classes() -> None:
    view = data_view(spec_of(dataset="curve"))
    assert view.groups == ()
    assert [one.name for one in view.axes] == ["x", "y"]
    assert not view.standardised
    assert len(view.scatter.marks) == 1

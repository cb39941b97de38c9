"""Nothing on a timeline is lost or changed, and it stays small."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters
from app.engine.training import run, trace_step
from app.errors import Diverged
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.timeline import CHECKPOINT_EVERY, Segment, Series, pack, unpack
from app.store.codec import decode, encode
from tests.strategies import QUICK, THOROUGH, specs

STEPS = 10_000
CLASSICS = ["afteracademy-2-2-2", "mazur-2-2-2"]


def as_bytes(values: list[float]) -> bytes:
    return np.array(values, dtype="<f8").tobytes()


def started(spec: Spec) -> Parameters:
    return spec.initial.remembering(len(slots_of(spec.optimizer)))


# --- packing --------------------------------------------------------------------------------


def assert_packs(values: bytes) -> bytes:
    packed = pack(values)
    numbers = unpack(packed)
    assert numbers.tobytes() == values
    assert numbers.dtype == np.dtype("<f8")
    return packed


@THOROUGH
@given(st.binary(max_size=8 * 40).map(lambda bits: bits[: len(bits) // 8 * 8]))
def test_any_bits_are_packed_exactly(bits: bytes) -> None:
    assert_packs(bits)


@THOROUGH
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=300))
def test_any_numbers_are_packed_exactly(values: list[float]) -> None:
    assert_packs(as_bytes(values))


@pytest.mark.parametrize(
    "values",
    [
        [],
        [0.0],
        [-0.0],
        [0.0, -0.0, 0.0, -0.0],
        [5e-324, -5e-324, 2.2e-308, 1e-320],
        [1.7976931348623157e308, -1.7976931348623157e308] * 20,
        [0.25] * 256,
        [float(n) for n in range(256)],
        [(-1.0) ** n * n for n in range(256)],
    ],
    ids=["none", "zero", "minus zero", "zeros", "denormal", "large", "constant", "line", "zigzag"],
)
def test_special_rows_are_packed_exactly(values: list[float]) -> None:
    assert_packs(as_bytes(values))


@pytest.mark.parametrize("length", range(12))
def test_rows_shorter_than_the_order_are_packed_exactly(length: int) -> None:
    assert_packs(as_bytes([math.sin(n) for n in range(length)]))


@pytest.mark.parametrize(
    "curve",
    [
        lambda t: 0.3 * math.exp(-t / 400) + 0.01,
        lambda t: 1 / (100 + t),
        lambda t: 0.2 + 1e-4 * t,
        lambda t: 0.5 / math.sqrt(50 + t),
    ],
)
def test_a_smooth_block_takes_little_room(curve: Callable[[float], float]) -> None:
    block = as_bytes([curve(t) for t in range(256)])
    assert len(assert_packs(block)) < 800


def test_blocks_of_a_real_loss_curve_take_little_room() -> None:
    spec = EXAMPLES["mazur-2-2-2"].spec
    losses, _ = run(spec, spec.initial, 0, 2560)
    sizes = [len(assert_packs(as_bytes(losses[at : at + 256]))) for at in range(0, 2560, 256)]
    # The first one falls steeply: it is the least smooth.
    assert sizes[0] < 1_100
    assert max(sizes[1:]) < 800


# --- a growing row --------------------------------------------------------------------------

CHUNKS = st.lists(
    st.one_of(
        st.lists(st.floats(allow_nan=False), max_size=5),
        st.tuples(st.floats(-1, 1), st.integers(200, 600)).map(
            lambda seed: [seed[0] * n for n in range(seed[1])]
        ),
    ),
    max_size=5,
)


def series_of(chunks: list[list[float]]) -> Series:
    series = Series()
    for chunk in chunks:
        series = series.extended(chunk)
    return series


@THOROUGH
@given(CHUNKS)
def test_a_series_is_the_list_of_what_was_appended(chunks: list[list[float]]) -> None:
    whole = [value for chunk in chunks for value in chunk]
    series = series_of(chunks)
    assert len(series) == len(whole)
    assert series.array().tobytes() == as_bytes(whole)
    # However it grew, it is the same.
    assert series == Series().extended(whole)


@THOROUGH
@given(CHUNKS, st.data())
def test_a_series_is_cut_like_a_list(chunks: list[list[float]], data: st.DataObject) -> None:
    whole = [value for chunk in chunks for value in chunk]
    series = series_of(chunks)
    length = data.draw(st.integers(0, len(whole) + 3))
    assert series.cut(length) == Series().extended(whole[:length])
    assert series.cut(length).extended([1.5]) == Series().extended([*whole[:length], 1.5])
    assert len(series) == len(whole)


# --- segments -------------------------------------------------------------------------------


@cache
def direct(slug: str, steps: int) -> list[bytes]:
    """The parameters at steps 0 to ``steps``, one step at a time."""
    spec = EXAMPLES[slug].spec
    parameters = spec.initial
    found = [parameters.data]
    for step in range(steps):
        parameters = trace_step(spec, parameters, step).after
        found.append(parameters.data)
    return found


def segment_of(spec: Spec, *counts: int, start: int = 0) -> Segment:
    """A stretch grown by ``counts`` steps at a time."""
    parameters = started(spec)
    segment = Segment(start, spec, (parameters.data,))
    for count in counts:
        segment, parameters = segment.advanced(parameters, count)
    return segment


def test_every_step_of_a_segment_comes_back_exactly() -> None:
    slug = "han-kamber-3-2-1"
    expected = direct(slug, 600)
    segment = segment_of(EXAMPLES[slug].spec, 1, 254, 1, 1, 255, 88)
    assert (segment.start, segment.end, len(segment.losses)) == (0, 600, 600)
    for step in range(601):
        assert segment.parameters_at(step).data == expected[step]


@QUICK
@given(specs(most_layers=3, most_units=2), st.integers(0, 3), st.lists(st.integers(0, 300)))
def test_a_segment_is_the_same_however_it_grew(spec: Spec, start: int, counts: list[int]) -> None:
    total = sum(counts[:4])
    try:
        segment = segment_of(spec, *counts[:4], start=start)
        losses, last = run(spec, started(spec), start, total)
    except Diverged:
        return
    assert segment == segment_of(spec, total, start=start)
    assert segment.end == start + total
    assert segment.losses.array().tolist() == losses
    assert segment.parameters_at(segment.end).data == last.data
    size = len(started(spec).data)
    assert [len(one) for one in segment.checkpoints] == [size] * (total // CHECKPOINT_EVERY + 1)


@pytest.mark.parametrize("end", [0, 1, 255, 256, 257, 511, 512, 513, 599, 600])
def test_a_segment_that_was_cut_is_one_that_never_grew_further(end: int) -> None:
    spec = EXAMPLES["han-kamber-3-2-1"].spec
    cut = segment_of(spec, 600).cut(end)
    assert cut == segment_of(spec, end)
    further, _ = cut.advanced(cut.parameters_at(end), 600 - end)
    assert further == segment_of(spec, 600)


@QUICK
@given(
    specs(most_layers=3, most_units=3),
    st.lists(st.integers(1, 300), min_size=1, max_size=4),
    st.data(),
)
def test_a_step_has_the_same_digits_however_it_is_reached(
    spec: Spec, counts: list[int], data: st.DataObject
) -> None:
    """By one click after the other, by runs, by rewinding, by redoing, and out of the store."""
    total = sum(counts)
    clicks = []
    parameters = started(spec)
    lab = Lab.fresh(spec)
    try:
        for step in range(total):
            clicks.append(trace_step(spec, parameters, step))
            parameters = clicks[-1].after
        for count in counts:
            lab = lab.stepped(count)
    except Diverged:
        return
    lab = decode(encode(lab))
    assert lab.loss_history[:-1].tolist() == [trace.forward.loss for trace in clicks]
    for step in data.draw(st.lists(st.integers(1, total), min_size=1, max_size=4)):
        back = lab.rewound(step)
        again = back.taken_back().redone()
        assert back.trace is not None
        for trace in (back.trace, again.trace, lab.rewound(step - 1).stepped().trace):
            assert trace is not None
            assert trace.after.data == clicks[step - 1].after.data
            assert trace.forward.loss == clicks[step - 1].forward.loss
            assert trace.loss_after == clicks[step - 1].loss_after
        assert back.parameters.data == clicks[step - 1].after.data
        if step < total:
            assert back.stepped(total - step).parameters.data == lab.parameters.data


# --- ten thousand steps ---------------------------------------------------------------------


@pytest.mark.parametrize("slug", CLASSICS)
def test_ten_thousand_steps_take_little_room_and_any_comes_back(slug: str) -> None:
    lab = Lab.fresh(EXAMPLES[slug].spec, slug).stepped(STEPS)
    content = encode(lab)
    assert len(content.data) + sum(map(len, content.blocks.values())) < 64_000
    again = decode(content)
    expected = direct(slug, STEPS)
    near_seams = [step + by for step in (256, 5120, 9984) for by in (-1, 0, 1)]
    for step in (0, 1, *near_seams, 7777, STEPS - 1, STEPS):
        assert again.rewound(step).parameters.data == expected[step]
    assert again.loss_history.tobytes() == lab.loss_history.tobytes()
    assert len(again.loss_history) == STEPS + 1


# --- what is remembered -------------------------------------------------------------------------


def test_the_losses_that_labs_share_are_those_of_each() -> None:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(600)
    half = lab.rewound(300)
    branch = half.edited(Edit(weights={"w5": 0.1})).stepped(20)
    rated = lab.edited(Edit(learning_rate=0.01))
    ruled = half.edited(Edit(loss="squared_error"))
    labs = [
        lab, half, branch, rated, ruled, lab.stepped(), lab.stepped(700), rated.stepped(),
        ruled.stepped(3), branch.taken_back(5), half.forwarded(), half.stepped(256),
        lab.rewound(0), branch.switched(0, 450), decode(encode(lab)).stepped(),
    ]  # fmt: skip
    for one in (*labs, *reversed(labs), *(decode(encode(lab)) for lab in labs)):
        history = one.loss_history
        assert history.tobytes() == one.losses_from(one.first_step).tobytes()
        assert history[-1] == one.forward_pass.loss
        if one.step < one.last_step:
            assert one.all_losses[: len(history) - 1].tobytes() == history[:-1].tobytes()
            assert len(one.all_losses) == one.last_step + 1


def test_a_further_step_copies_no_losses() -> None:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(2000)
    before = lab.loss_history
    after = lab.stepped().loss_history
    assert np.shares_memory(before, after)
    assert after[:-1].tobytes() == before.tobytes()

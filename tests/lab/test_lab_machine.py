"""Any row of commands leaves a Lab where a far simpler model says, bit for bit.

The model keeps every step as it was reached and as it stands, and computes each with
``trace_step`` alone: no checkpoints, no segments, no packing. After every command the Lab also
goes through bytes and back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.engine.backprop import ForwardPass
from app.engine.network import Spec
from app.engine.parameters import Parameters, frozen_array
from app.engine.trace import Trace
from app.engine.training import forward_at, trace_step
from app.lab import walking
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.phases import forward_position, phases_of
from app.lab.spec_json import spec_from_data
from app.lab.timeline import CHECKPOINT_EVERY
from app.store.codec import decode, encode
from tests.strategies import THOROUGH

# None of these can diverge: their outputs are bounded.
SPECS = [
    spec_from_data(
        {
            "layers": layers,
            "activations": activations,
            "bias_update": bias_update,
            "batch": {"size": size, "reduction": reduction},
            "samples": [
                {
                    "inputs": [0.1 * (n + 1)] * layers[0],
                    "targets": [0.2 + 0.3 * (n % 3)] * layers[-1],
                }
                for n in range(samples)
            ],
            "initialization": {"scheme": "xavier_uniform", "seed": 4},
        }
    )
    for layers, activations, bias_update, size, reduction, samples in (
        ([2, 2, 2], ["sigmoid", "sigmoid"], "none", 1, "sum", 1),
        ([1, 3, 1], ["tanh", "tanh"], "per_neuron", 2, "mean", 3),
        ([2, 1, 2], ["relu", "sigmoid"], "shared", 1, "sum", 2),
        ([1, 1], ["sigmoid"], "per_neuron", "full", "mean", 3),
    )
]

# Few values, so that edits often meet what is there already.
VALUES = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 2.0])


@dataclass(frozen=True)
class Values:
    """Parameters, and the samples and learning rate (in a Spec) that hold with them."""

    parameters: Parameters
    spec: Spec

    @property
    def key(self) -> tuple[bytes, ...]:
        """All but the learning rate."""
        spec = self.spec
        return self.parameters.data, spec.inputs.tobytes(), spec.targets.tobytes()

    @property
    def rate(self) -> float:
        return self.spec.optimizer.learning_rate


@dataclass(frozen=True)
class Point:
    """A step: as it was reached, as it stands now, and whether it was edited."""

    step: int
    reached: Values
    now: Values
    edited: bool = False

    @cached_property
    def passed(self) -> ForwardPass:
        return forward_at(self.now.spec, self.now.parameters, self.step)

    @cached_property
    def onward(self) -> Trace:
        """The step from here to the next."""
        return trace_step(self.now.spec, self.now.parameters, self.step)


@dataclass
class Timeline:
    """A branch: where it left which other one, and every point from step 0 to its end."""

    parent: int | None
    start: int
    points: list[Point]

    def arrives(self, step: int, reached: Values) -> bool:
        """Whether these values hold at a step, as an update led to them."""
        return self.points[step].now.key == reached.key


class Model:
    """The simple one."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.phases = len(phases_of(spec.layers))
        self.forward = forward_position(spec.layers)
        self.forget()

    def forget(self) -> None:
        start = Values(self.spec.initial, self.spec)
        self.timelines = [Timeline(None, 0, [Point(0, start, start)])]
        self.at = 0
        self.stand(0)

    def stand(self, step: int, *, position: int = 0, led: bool = False) -> None:
        """Be at a step, where an update may have led."""
        self.step, self.position, self.led, self.walking = step, position, led, False

    @property
    def points(self) -> list[Point]:
        return self.timelines[self.at].points

    @property
    def here(self) -> Point:
        return self.points[self.step]

    @property
    def phase(self) -> str:
        if not self.position:
            return "updated" if self.led else "start"
        return phases_of(self.spec.layers)[self.position - 1].key if self.walking else "forward"

    @property
    def trace(self) -> Trace | None:
        return self.points[self.step - 1].onward if self.phase == "updated" else None

    @property
    def losses(self) -> list[float]:
        return [point.passed.loss for point in self.points[: self.step + 1]]

    def forwarded(self) -> None:
        self.position, self.walking = self.forward, False

    def fork(self, parent: int | None, kept: list[Point], point: Point) -> None:
        """Go to the branch that leaves here with these values, or make it."""
        for index, known in enumerate(self.timelines):
            if (known.parent, known.start) == (parent, point.step):
                begins = known.points[known.start].now
                if (begins.key, begins.rate) == (point.now.key, point.now.rate):
                    self.at = index
                    return
        self.timelines.append(Timeline(parent, point.step, [*kept, point]))
        self.at = len(self.timelines) - 1

    def stepped(self, count: int) -> None:
        for _ in range(count):
            kept, following = self.points[: self.step + 1], self.points[self.step + 1 :]
            reached = Values(self.here.onward.after, self.here.now.spec)
            if not following:
                self.points.append(Point(self.step + 1, reached, reached))
            elif following[0].now.key != reached.key:
                own = self.timelines[self.at]
                home = self.timelines[own.parent] if own.parent is not None else None
                if home and own.start == self.step + 1 and home.arrives(own.start, reached):
                    assert own.parent is not None
                    self.at = own.parent
                else:
                    self.fork(self.at, kept, Point(self.step + 1, reached, reached))
            self.step += 1
        self.stand(self.step, led=True)

    def walked_on(self) -> None:
        if self.position + 1 == self.phases:
            self.stepped(1)
        else:
            self.position += 1
        self.walking = True

    @property
    def moves(self) -> int:
        return self.step + (self.position > 0 and (self.walking or self.led))

    def taken_back(self, count: int) -> None:
        if self.moves > self.step and count == 1:
            self.position, self.walking = 0, True
        else:
            self.rewound(self.moves - count)

    def walked_back(self) -> None:
        if self.position:
            self.position -= 1
        else:
            self.rewound(self.step - 1)
            self.position = self.phases - 1
        self.walking = True

    def rewound(self, step: int) -> None:
        point = self.points[step]
        same = step > 0 and point.now.key == point.reached.key
        self.stand(step, position=0 if same else self.forward, led=same)

    def switched(self, index: int) -> None:
        self.at = index
        self.rewound(min(self.step, len(self.points) - 1))

    def reset(self) -> None:
        start = Values(self.spec.initial, self.spec)
        for index in (self.at, *range(len(self.timelines))):
            now = self.timelines[index].points[0].now
            if (now.key, now.rate) == (start.key, start.rate):
                self.at = index
                break
        else:
            self.fork(None, [], Point(0, start, start))
        self.stand(0)

    def edited(self, edit: Edit) -> bool:
        """Whether anything changed."""
        old = self.here.now
        new = Values(self._parameters(edit), self._spec(edit))
        if (new.key, new.rate) == (old.key, old.rate):
            return False
        point = Point(self.step, self._reached(), new, edited=True)
        # What an update led to is kept; what was edited before gives way.
        as_reached = self.step > 0 and old.key == point.reached.key
        if self.step == len(self.points) - 1 and not (as_reached and new.key != old.key):
            self.points[-1] = point
        else:
            self.fork(self.at, self.points[: self.step], point)
        if new.key != old.key:
            # At the start and within a walk the phase stays; an update in view is one no more.
            self.position = self.forward if self.led and not self.position else self.position
            self.led = False
        return True

    def _reached(self) -> Values:
        if not self.step:
            return Values(self.spec.initial, self.spec)
        previous = self.points[self.step - 1]
        return Values(previous.onward.after, previous.now.spec)

    def _parameters(self, edit: Edit) -> Parameters:
        names, old = self.spec.names, self.here.now.parameters
        weights = [
            [[edit.weights.get(name, value) for name, value in zip(*pair, strict=True)]
             for pair in zip(rows, array.tolist(), strict=True)]
            for rows, array in zip(names.weights, old.weights, strict=True)
        ]  # fmt: skip
        biases = [array.tolist() for array in old.biases]
        for layer, (node, row) in enumerate(zip(names.bias_nodes, names.biases, strict=True)):
            for name, value in edit.biases.items():
                if name == node:
                    biases[layer] = [value] * len(row)
                elif name in row and node is None:
                    biases[layer][row.index(name)] = value
        return Parameters(
            tuple(frozen_array(rows) for rows in weights),
            tuple(frozen_array(row) for row in biases),
        )

    def _spec(self, edit: Edit) -> Spec:
        spec = self.here.now.spec
        row = spec.batch_slice(self.step).start
        if edit.inputs is not None:
            spec = replace(spec, inputs=with_row(spec.inputs, row, edit.inputs))
        if edit.targets is not None:
            spec = replace(spec, targets=with_row(spec.targets, row, edit.targets))
        if edit.learning_rate is not None:
            optimizer = replace(spec.optimizer, learning_rate=edit.learning_rate)
            spec = replace(spec, optimizer=optimizer)
        return spec


def with_row(table: np.ndarray[Any, Any], index: int, row: Sequence[float]) -> Any:
    rows = table.tolist()
    rows[index] = list(row)
    return frozen_array(rows)


def assert_same_trace(found: Trace | None, expected: Trace | None) -> None:
    """Equal bit for bit."""
    if found is None or expected is None:
        assert found is expected
        return
    assert (found.step, found.learning_rate) == (expected.step, expected.learning_rate)
    assert (found.forward.loss, found.loss_after) == (expected.forward.loss, expected.loss_after)
    assert found.before.data == expected.before.data
    assert found.after.data == expected.after.data
    for table in ("deltas", "weights", "biases"):
        pair = getattr(found.gradients, table), getattr(expected.gradients, table)
        for one, other in zip(*pair, strict=True):
            assert one.tobytes() == other.tobytes()


class LabMachine(RuleBasedStateMachine):
    """Drives a Lab and the model side by side."""

    lab: Lab
    model: Model

    @initialize(spec=st.sampled_from(SPECS))
    def begin(self, spec: Spec) -> None:
        self.lab, self.model = Lab.fresh(spec, "somewhere"), Model(spec)

    @rule()
    def forward(self) -> None:
        self.lab = self.lab.forwarded()
        self.model.forwarded()

    @rule(data=st.data())
    def forward_with_inputs(self, data: st.DataObject) -> None:
        inputs = data.draw(self.row(0))
        self.lab = self.lab.forwarded(inputs)
        self.model.edited(Edit(inputs=inputs))
        self.model.forwarded()

    @rule(count=st.one_of(st.just(1), st.integers(1, 40)))
    def step(self, count: int) -> None:
        self.lab = self.lab.stepped(count)
        self.model.stepped(count)

    @precondition(lambda self: len(self.model.points) < 1200)
    @rule(count=st.integers(216, 300))
    def step_far(self, count: int) -> None:
        self.step(count)

    @precondition(lambda self: len(self.model.points) < 1200)
    @rule(count=st.sampled_from([511, 512, 513, 769, 1025]))
    def step_past_several_checkpoints(self, count: int) -> None:
        self.step(count)

    @precondition(lambda self: self.model.moves > 0)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        count = data.draw(st.one_of(st.just(1), st.integers(1, self.model.moves)))
        self.lab = self.lab.taken_back(count)
        self.model.taken_back(count)

    @rule(data=st.data())
    def rewind(self, data: st.DataObject) -> None:
        seams = [point.step for point in self.model.points if point.edited]
        checkpoints = range(0, len(self.model.points), CHECKPOINT_EVERY)
        near = {step + by for step in (*seams, *checkpoints) for by in (-1, 0, 1)}
        known = sorted(near & set(range(len(self.model.points))))
        anywhere = st.integers(0, len(self.model.points) - 1)
        step = data.draw(st.one_of(st.sampled_from(known), anywhere))
        self.lab = self.lab.rewound(step)
        self.model.rewound(step)

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        names = self.lab.spec.names
        weights = [name for layer in names.weights for row in layer for name in row]
        biases = [
            name
            for node, row in zip(names.bias_nodes, names.biases, strict=True)
            for name in ([node] if node else row)
        ]
        self.apply(
            Edit(
                weights=data.draw(st.dictionaries(st.sampled_from(weights), VALUES, max_size=2)),
                biases=data.draw(st.dictionaries(st.sampled_from(biases), VALUES, max_size=2)),
                inputs=data.draw(st.none() | self.row(0)),
                targets=data.draw(st.none() | self.row(-1)),
                learning_rate=data.draw(st.none() | st.sampled_from([0.1, 0.5, 2.0])),
            )
        )

    @rule(rate=st.sampled_from([0.1, 0.5, 2.0]))
    def edit_learning_rate(self, rate: float) -> None:
        self.apply(Edit(learning_rate=rate))

    @rule()
    def edit_nothing(self) -> None:
        present, row = self.lab.present, self.lab.sample
        self.apply(Edit(inputs=present.inputs[row].tolist(), targets=present.targets[row].tolist()))

    @rule()
    def edit_back_to_what_was_reached(self) -> None:
        reached = self.model.here.reached
        names = self.lab.spec.names.weights
        weights = {
            name: float(reached.parameters.weights[layer][j, i])
            for layer, rows in enumerate(names)
            for j, row in enumerate(rows)
            for i, name in enumerate(row)
        }
        self.apply(Edit(weights=weights))

    @rule()
    def reset(self) -> None:
        self.lab = self.lab.reset()
        self.model.reset()

    @precondition(lambda self: self.model.step > 20)
    @rule()
    def start_afresh(self) -> None:
        self.lab = self.lab.reset(forget=True)
        self.model.forget()

    @precondition(lambda self: self.model.step < len(self.model.points) - 1)
    @rule()
    def redo(self) -> None:
        self.lab = self.lab.redone()
        self.model.rewound(self.model.step + 1)

    @rule(data=st.data())
    def switch(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.model.timelines) - 1))
        self.lab = self.lab.switched(index)
        self.model.switched(index)

    @rule(count=st.integers(1, 3))
    def walk_on(self, count: int) -> None:
        for _ in range(count):
            self.lab = walking.next_phase(self.lab)
            self.model.walked_on()

    @precondition(lambda self: self.model.phase != "start")
    @rule()
    def walk_back(self) -> None:
        self.lab = walking.previous_phase(self.lab)
        self.model.walked_back()

    def row(self, layer: int) -> st.SearchStrategy[list[float]]:
        length = self.lab.spec.layers[layer]
        return st.lists(VALUES, min_size=length, max_size=length)

    def apply(self, edit: Edit) -> None:
        edited = self.lab.edited(edit)
        assert self.model.edited(edit) == (edited is not self.lab)
        self.lab = edited

    @invariant()
    def lab_and_model_agree(self) -> None:
        if not hasattr(self, "lab"):
            return
        self.agree()
        data = encode(self.lab)
        self.lab = decode(data)
        assert encode(self.lab) == data
        self.agree()

    def agree(self) -> None:
        lab, model, now = self.lab, self.model, self.model.here.now
        assert (lab.step, lab.phase) == (model.step, model.phase)
        assert (lab.position, lab.walking) == (model.position, model.walking)
        assert lab.last_step == len(model.points) - 1
        assert lab.branch == model.at
        found = [(one.parent, one.start, one.end) for one in lab.branches]
        expected = [(one.parent, one.start, len(one.points) - 1) for one in model.timelines]
        assert found == expected
        for index, timeline in enumerate(model.timelines):
            tip = lab.switched(index, len(timeline.points) - 1)
            assert tip.parameters.data == timeline.points[-1].now.parameters.data
        assert lab.origin == "somewhere"
        assert lab.parameters.data == now.parameters.data
        assert lab.present.inputs.tobytes() == now.spec.inputs.tobytes()
        assert lab.present.targets.tobytes() == now.spec.targets.tobytes()
        assert lab.present.optimizer.learning_rate == now.rate
        assert lab.forward_pass.loss == model.here.passed.loss
        outputs = [passed.activations[-1] for passed in (lab.forward_pass, model.here.passed)]
        assert outputs[0].tobytes() == outputs[1].tobytes()
        assert_same_trace(lab.trace, model.trace)
        assert lab.loss_history.tolist() == model.losses


TestLabMachine = LabMachine.TestCase
TestLabMachine.settings = settings(THOROUGH, max_examples=60, stateful_step_count=25)

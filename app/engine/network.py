"""What a network is: its Spec, with the rules of its steps, its samples and its first parameters.

``weights[l][j][i]`` goes from unit i of layer l to unit j of layer l + 1, layer 0 being the
inputs; ``biases[l][j]`` belongs to unit j of layer l + 1.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from itertools import pairwise
from typing import Any, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS, LEAKY_SLOPE, Activation, Array, activation_rule
from app.engine.learning import Optimizer, check_optimizer
from app.engine.losses import HUBER_DELTA, LOSSES, SMOOTHED, Loss, loss_rule
from app.engine.names import NamedPart, Names, check_names
from app.engine.parameters import Parameters, frozen_array
from app.engine.validation import SpecError, check_choice, check_length, check_range

T = TypeVar("T")
BiasUpdate = Literal["none", "per_neuron", "shared"]
Reduction = Literal["sum", "mean"]
HiddenDeltas = Literal["exact", "updated"]
BIAS_UPDATES: tuple[BiasUpdate, ...] = get_args(BiasUpdate)
REDUCTIONS: tuple[Reduction, ...] = get_args(Reduction)
HIDDEN_DELTAS: tuple[HiddenDeltas, ...] = get_args(HiddenDeltas)
NO_SAMPLES = frozen_array(np.empty((0, 0)))


@dataclass(frozen=True, slots=True)
class Batch:
    """Which samples a step sees, and whether their losses and gradients are summed or averaged.

    ``size`` samples a step are taken in order, starting over at the end; None takes all.
    """

    size: int | None = 1
    reduction: Reduction = "sum"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the samples of a Spec come from: the name of a data set, or "own".

    Attributes:
        options: what it was drawn, split and standardised with, by name.
        columns, targets, classes: the names of inputs, target columns and classes, () for values.
        means, scales: what each input was lessened, then divided by; () if not standardised.
        target_means, target_scales: the same of each target.
        source: who published it, "" for one that is drawn.
        decimal, dates: "," or ".," (each column) in numbers; "day" or alike first in 01/02/24.
        zeros: what inputs (and targets of dates) are 0 for: another word, the first date, or "".
    """

    name: str
    options: Mapping[str, float | bool]
    columns: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    means: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    target_means: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()
    source: str = ""
    decimal: str = ""
    zeros: tuple[str, ...] = ()
    dates: str = ""


@dataclass(frozen=True, eq=False)
class Spec:
    """A whole network and its data, as it stands before the first step.

    Raises SpecError if its parts do not fit together, or a name is unknown.

    Attributes:
        layers: units a layer, inputs first; at least two layers.
        activations: the name of an activation for each layer after the inputs.
        bias_update: "none" keeps biases, "per_neuron" learns one a unit, "shared" one a layer.
        inputs, targets: the samples', of shape (samples, inputs) and (samples, outputs).
        initial: the parameters at step 0.
        hidden_deltas: which weights carry deltas back to a hidden layer: "exact" those of the
            forward pass, as the chain rule says; "updated" those that the step has already
            changed, a common slip that makes them no gradients.
        slope_at_zero: what ReLU and leaky ReLU have at z = 0: 0 the left slope, 1 the right one.
        leaky_slope: the slope of leaky ReLU below zero, in [0, 1].
        huber_delta: where Huber's loss turns from a square to a line, above 0.
        label_smoothing: how far a cross-entropy's targets are moved to the mean, in [0, 1).
        frozen: the names of weights and biases that no step changes.
        test_inputs, test_targets: samples that no step sees; of shape (0, 0) where there are none.
        data: where the samples come from, or None where they were given as they are.
    """

    layers: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    optimizer: Optimizer
    batch: Batch
    bias_update: BiasUpdate
    inputs: Array
    targets: Array
    initial: Parameters
    names: Names
    hidden_deltas: HiddenDeltas = "exact"
    slope_at_zero: float = 0.0
    leaky_slope: float = LEAKY_SLOPE
    huber_delta: float = HUBER_DELTA
    label_smoothing: float = 0.0
    frozen: tuple[str, ...] = ()
    test_inputs: Array = field(default_factory=lambda: NO_SAMPLES)
    test_targets: Array = field(default_factory=lambda: NO_SAMPLES)
    data: Provenance | None = None

    def __post_init__(self) -> None:
        check_spec(self)

    @cached_property
    def derived(self) -> dict[object, Any]:
        """What other rooms compute from this Spec and keep as long as it lives; see ``kept``."""
        return {}

    @cached_property
    def activation_rules(self) -> tuple[Activation, ...]:
        """The activation of each layer after the inputs."""
        slopes = self.slope_at_zero, self.leaky_slope
        return tuple(activation_rule(name, *slopes) for name in self.activations)

    @cached_property
    def loss_rule(self) -> Loss:
        """The loss."""
        return loss_rule(self.loss, self.huber_delta, self.label_smoothing)

    @cached_property
    def frozen_masks(self) -> tuple[NDArray[np.bool_], ...]:
        """Whether each weight, then each bias, is frozen: in the shapes of their arrays."""
        masks = [np.zeros(array.shape, dtype=np.bool_) for array in self.initial.arrays()]
        for part in self.names.parameters():
            if part.name in self.frozen:
                first = 0 if part.kind == "weight" else len(self.initial.weights)
                masks[first + part.layer][self.entry(part)] = True
        return tuple(masks)

    @property
    def penalty(self) -> float:
        """The factor of the squared weights that the loss holds, 0.0 where it holds none."""
        o = self.optimizer
        return o.weight_decay if o.weight_decay_form == "loss" else 0.0

    @property
    def penalises_biases(self) -> bool:
        """Whether that takes biases in: those that learn, if they decay."""
        return self.optimizer.decay_biases and self.bias_update != "none"

    @cached_property
    def error_rules(self) -> tuple[object, ...]:
        """All that E follows from besides parameters and samples: alike in two Specs, so is E."""
        penalty = self.penalty and (self.penalty, self.penalises_biases, self.bias_update)
        return (
            self.activations, self.leaky_slope, self.batch,
            self.loss, self.huber_delta, self.label_smoothing, penalty,
        )  # fmt: skip

    @cached_property
    def batches(self) -> int:
        """How many batches the samples make."""
        return math.ceil(len(self.inputs) / (self.batch.size or len(self.inputs)))

    def batch_slice(self, step: int) -> slice:
        """Which samples the step from ``step`` to ``step + 1`` sees."""
        size = self.batch.size or len(self.inputs)
        start = (step % self.batches) * size
        return slice(start, min(start + size, len(self.inputs)))

    def entry(self, part: NamedPart) -> tuple[int, int] | slice:
        """Where a parameter stands in its layer's array: a bias that a layer shares, everywhere."""
        if part.kind == "weight":
            return part.unit, part.source
        if self.bias_update == "shared" or self.names.bias_nodes[part.layer] is not None:
            return slice(None)
        return slice(part.unit, part.unit + 1)


def kept(function: Callable[[Spec], T]) -> Callable[[Spec], T]:
    """``function``, called once for each Spec: its result lives as long as the Spec."""

    @wraps(function)
    def lookup(spec: Spec) -> T:
        if function not in spec.derived:
            spec.derived[function] = function(spec)
        found: T = spec.derived[function]
        return found

    return lookup


def check_layers(layers: Sequence[int]) -> None:
    """Raise SpecError unless there are layers, and units in each."""
    check_length("/layers", len(layers), minimum=2)
    for index, units in enumerate(layers):
        if units < 1:
            raise SpecError(f"/layers/{index}", "minimum", minimum=1)


def check_spec(spec: Spec) -> None:
    """Raise SpecError unless every part of ``spec`` fits the others."""
    layers = spec.layers
    check_layers(layers)
    check_length("/activations", len(spec.activations), len(layers) - 1)
    for index, name in enumerate(spec.activations):
        check_choice(f"/activations/{index}", name, ACTIVATIONS)
    check_choice("/loss", spec.loss, LOSSES)
    check_choice("/bias_update", spec.bias_update, BIAS_UPDATES)
    check_choice("/hidden_deltas", spec.hidden_deltas, HIDDEN_DELTAS)
    check_range("/slope_at_zero", spec.slope_at_zero)
    check_range("/leaky_slope", spec.leaky_slope)
    check_range("/label_smoothing", spec.label_smoothing, below=True)
    if not spec.huber_delta > 0.0:
        raise SpecError("/huber_delta", "above_zero")
    check_optimizer(spec.optimizer)
    if spec.hidden_deltas == "updated" and "norm" in spec.optimizer.clipping:
        raise SpecError("/optimizer/clipping", "clipped_late")
    check_choice("/batch/reduction", spec.batch.reduction, REDUCTIONS)
    _check_samples(spec)
    _check_output(spec)
    _check_parameters(spec)
    check_names(spec.names)
    known = {part.name for part in spec.names.parameters()}
    for index, name in enumerate(spec.frozen):
        if name not in known:
            raise SpecError(f"/frozen/{index}", "unknown_parameter", name=name)


def _check_samples(spec: Spec) -> None:
    tables = [("/samples", spec.inputs, spec.targets)]
    if spec.test_inputs.size or spec.test_targets.size:
        tables.append(("/test_samples", spec.test_inputs, spec.test_targets))
    n_in, n_out = spec.layers[0], spec.layers[-1]
    for pointer, inputs, targets in tables:
        check_length(pointer, len(inputs), minimum=1)
        if inputs.shape != (len(inputs), n_in) or targets.shape != (len(inputs), n_out):
            raise SpecError(pointer, "sample_shape", inputs=n_in, targets=n_out)
    size, training = spec.batch.size, len(spec.inputs)
    if size is not None and size < 1:
        raise SpecError("/batch/size", "minimum", minimum=1)
    if size is not None and size > training:
        raise SpecError("/batch/size", "batch_larger", maximum=training)


def _check_output(spec: Spec) -> None:
    """Raise SpecError unless activations, loss and targets make sense together."""
    for index, name in enumerate(spec.activations[:-1]):
        if ACTIVATIONS[name].joint:
            raise SpecError(f"/activations/{index}", "softmax_hidden")
    last = len(spec.activations) - 1
    output, loss = ACTIVATIONS[spec.activations[-1]], LOSSES[spec.loss]
    if output.joint and spec.layers[-1] == 1:
        raise SpecError(f"/activations/{last}", "softmax_single")
    if loss.match and loss.match != output.name:
        raise SpecError("/loss", f"{loss.match}_loss", activation=output.name)
    if spec.label_smoothing and spec.loss not in SMOOTHED:
        raise SpecError("/label_smoothing", "smoothing_loss")
    if not (loss.match or loss.signs):
        return
    for pointer, targets in (("/samples", spec.targets), ("/test_samples", spec.test_targets)):
        wrong = np.abs(targets) != 1.0 if loss.signs else (targets < 0.0) | (targets > 1.0)
        for index, outside in enumerate(np.any(wrong, axis=1)):
            if outside:
                code = "targets_signs" if loss.signs else "targets_unit"
                raise SpecError(f"{pointer}/{index}/targets", code)
        for index, total in enumerate(targets.sum(axis=1).tolist()):
            if loss.unity and not math.isclose(total, 1.0, rel_tol=0.0, abs_tol=1e-9):
                raise SpecError(f"{pointer}/{index}/targets", "targets_unity", total=total)


def _check_parameters(spec: Spec) -> None:
    pairs = list(pairwise(spec.layers))
    check_length("/weights", len(spec.initial.weights), len(pairs))
    check_length("/biases", len(spec.initial.biases), len(pairs))
    for index, (n_in, n_out) in enumerate(pairs):
        if spec.initial.weights[index].shape != (n_out, n_in):
            raise SpecError(f"/weights/{index}", "matrix_shape", rows=n_out, columns=n_in)
        bias = spec.initial.biases[index]
        if bias.shape != (n_out,):
            raise SpecError(f"/biases/{index}", "length", expected=n_out)
        if spec.bias_update == "shared" and np.any(bias != bias[0]):
            raise SpecError(f"/biases/{index}", "shared_bias_differs")

"""How well a network does on its samples: the mean loss and, where targets are classes, accuracy.

One output above 0.5 names a class, or the largest of several outputs (the first of equal ones).
Targets are classes where all are 0 or 1 and, with several outputs, one-hot; or -1 and 1 likewise,
then an output above 0 does.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Array
from app.engine.backprop import forward, penalty_of
from app.engine.network import Spec, kept
from app.engine.parameters import Parameters

THRESHOLD = 0.5
Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Score:
    """How well a network does on ``samples`` samples.

    The loss is the mean of each sample's own, or None where it is not finite; ``right`` says how
    many are classified rightly, or None where targets are no classes.
    """

    samples: int
    loss: float | None
    right: int | None

    @property
    def accuracy(self) -> float | None:
        """The share of samples that are classified rightly, from 0 to 1."""
        return None if self.right is None else self.right / self.samples


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores on the training samples and, if there are any, on the test samples."""

    training: Score
    test: Score | None


@kept
def has_classes(spec: Spec) -> bool:
    """Whether every target, of training and of tests, names a class; none that is standardised."""
    standardised = spec.data is not None and bool(spec.data.target_means)
    return not standardised and are_classes(_all_targets(spec))


@kept
def threshold_of(spec: Spec) -> float:
    """Above which value an only output names the second of two classes: 0.5, or 0 of -1 and 1."""
    return 0.0 if are_bipolar(_all_targets(spec)) else THRESHOLD


def are_classes(targets: Array) -> bool:
    """Whether targets (samples, outputs) are all 0 or 1, or -1 or 1; of several outputs one-hot."""
    low = -1.0 if are_bipolar(targets) else 0.0
    binary = bool(np.all((targets == low) | (targets == 1.0)))
    one_hot = targets.shape[1] < 2 or bool(np.all((targets == 1.0).sum(axis=1) == 1))
    return binary and one_hot


def are_bipolar(targets: Array) -> bool:
    """Whether targets are -1 and 1."""
    return bool(np.any(targets == -1.0)) and bool(np.all(np.abs(targets) == 1.0))


def _all_targets(spec: Spec) -> Array:
    return np.vstack([spec.targets, spec.test_targets]) if len(spec.test_targets) else spec.targets


def labels_of(outputs: Array, threshold: float = THRESHOLD) -> Labels:
    """The class that each row of outputs (or of targets) names; an only one above ``threshold``."""
    if outputs.shape[1] == 1:
        return (outputs[:, 0] > threshold).astype(np.intp)
    return np.asarray(np.argmax(outputs, axis=1))


def scores_of(spec: Spec, parameters: Parameters) -> Scores:
    """The scores of a network with ``parameters``."""
    training = _score(spec, parameters, spec.inputs, spec.targets)
    tests = (spec.test_inputs, spec.test_targets)
    return Scores(training, _score(spec, parameters, *tests) if len(tests[0]) else None)


def _score(spec: Spec, parameters: Parameters, inputs: Array, targets: Array) -> Score:
    with np.errstate(all="ignore"):
        passed = forward(spec, parameters, inputs, targets)
        loss = float(passed.shares.sum()) / len(inputs) + penalty_of(spec, parameters)
    right = None
    if has_classes(spec):
        answers = labels_of(passed.activations[-1], threshold_of(spec))
        right = int(np.sum(answers == labels_of(targets)))
    return Score(len(inputs), loss if math.isfinite(loss) else None, right)

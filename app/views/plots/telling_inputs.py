"""Which inputs tell most about the targets: those that plots show unless others are asked for."""

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import Labels, has_classes, labels_of
from app.engine.network import Spec, kept


@kept
def telling_inputs(spec: Spec) -> tuple[int, ...]:
    """The two inputs that tell most about the targets of all samples, in their order.

    Of networks with fewer inputs, all.
    """
    samples = [spec.inputs, spec.test_inputs], [spec.targets, spec.test_targets]
    inputs, targets = (np.vstack([one for one in both if one.size]) for both in samples)
    scores = (
        spread(inputs, labels_of(targets))
        if has_classes(spec)
        else closeness(inputs, targets[:, 0])
    )
    return first_two(scores)


def first_two(scores: Array) -> tuple[int, ...]:
    """The indices of the two largest numbers, in order; equal ones as they come."""
    return tuple(sorted(np.argsort(-scores, kind="stable")[:2].tolist()))


def closeness(inputs: Array, target: Array) -> Array:
    """How well each input goes with a target: the absolute value of Pearson's correlation.

    ``inputs`` have the shape (samples, inputs), ``target`` has (samples,).
    """
    centred, wanted = inputs - inputs.mean(axis=0), target - target.mean()
    norms = np.sqrt((centred**2).sum(axis=0)) + 1e-300
    found: Array = np.abs(centred.T @ wanted) / norms
    return found


def spread(inputs: Array, labels: Labels) -> Array:
    """How far apart the classes lie along each input, against their spread within: Fisher's ratio.

    That is the sum of squares between the classes, over the one within them. ``inputs`` have the
    shape (samples, inputs).
    """
    between, within = np.zeros((2, inputs.shape[1]))
    for one in np.unique(labels):
        members = inputs[labels == one]
        between += len(members) * (members.mean(axis=0) - inputs.mean(axis=0)) ** 2
        within += ((members - members.mean(axis=0)) ** 2).sum(axis=0)
    found: Array = between / (within + 1e-12)
    return found

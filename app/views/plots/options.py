"""Which pictures a reader wants of a network, and the axes that they are drawn on."""

from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.engine.network import Spec
from app.errors import InvalidInput
from app.explain.notation import Notation
from app.lab.lab import Lab
from app.views.plots.axes import Axis, axis_of
from app.views.plots.contours import held_inputs

REGIONS, LOSS, DISTRIBUTIONS, OFF = "regions", "loss", "distributions", "off"
PICTURES = (REGIONS, LOSS, DISTRIBUTIONS, OFF)
MEAN, SAMPLE = "mean", "sample"
RESTS = (MEAN, SAMPLE)
_MOST_SLICED = 4
"""Of more inputs than these, a slice through two of them shows little."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a reader asked for; "" is for what fits the network.

    Attributes:
        shown: one of ``PICTURES``: by default the regions of a network with several samples.
        across, up: the names of the inputs that vary, by default the first two.
        rest: what the other inputs are held at: their means, or those of the sample in view.
        log: whether the loss's axis is logarithmic.
        notation: what things are called.
    """

    notation: Notation
    shown: str = ""
    across: str = ""
    up: str = ""
    rest: str = MEAN
    log: bool = False

    def picked(self, lab: Lab) -> str:
        """Which pictures are shown of ``lab``: unless chosen, what tells most for its cost."""
        if self.shown:
            return self.shown
        samples, inputs = lab.present.inputs.shape
        return OFF if samples == 1 else REGIONS if inputs <= _MOST_SLICED else LOSS

    def varying(self, spec: Spec) -> tuple[int, ...]:
        """The inputs that vary: two, or the only one.

        Raises:
            InvalidInput: an input is unknown, or both are the same.
        """
        names = spec.names.units[0]
        across = _index(names, self.across, "/across", 0)
        if len(names) == 1:
            _index((), self.up, "/up", 0)
            return (across,)
        others = tuple(name for name in names if name != names[across])
        return across, names.index(others[_index(others, self.up, "/up", 0 if across else across)])

    def axes(self, spec: Spec) -> tuple[Axis, ...]:
        """The axes of the inputs that vary.

        Raises:
            InvalidInput: as ``varying``.
        """
        across, *up = self.varying(spec)
        return axis_of(across, spec), *(axis_of(column, spec, up=True) for column in up)

    def held(self, lab: Lab) -> Array:
        """What the inputs have that do not vary."""
        return held_inputs(lab.present, sample_shown(lab) if self.rest == SAMPLE else None)

    def others(self, axes: tuple[Axis, ...], spec: Spec) -> tuple[int, ...]:
        """The inputs that do not vary."""
        varying = {axis.column for axis in axes}
        return tuple(np.setdiff1d(np.arange(spec.layers[0]), list(varying)).tolist())


def sample_shown(lab: Lab) -> int:
    """The sample that stands in the network's picture: the first of the batch in view."""
    first: int = lab.shown_spec.batch_slice(lab.step - 1 if lab.trace else lab.step).start
    return first


def _index(names: tuple[str, ...], name: str, pointer: str, default: int) -> int:
    if not name:
        return default
    if name not in names:
        raise InvalidInput("bad_query", pointer=pointer, allowed=", ".join(names))
    return names.index(name)

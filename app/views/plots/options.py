"""Which plots of a network are shown, and the axes that they are drawn on."""

from app.engine.activations import Array
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.lab import Lab
from app.lab.score_history import watchable
from app.views.options import CHARTS, LOSS, OFF, REGIONS, SAMPLE, ViewOptions
from app.views.plots.axes import Axis, axis_of
from app.views.plots.contours import held_inputs
from app.views.plots.telling_inputs import telling_inputs

_MOST_SLICED = 4  # Of more inputs than these, a slice through two of them shows little.


def plots_shown(lab: Lab, options: ViewOptions) -> str:
    """Which plots their tab shows: unless chosen, what tells most for its cost."""
    if options.shown_tab != CHARTS:
        return OFF
    if options.pictures not in ("", OFF):
        return options.pictures
    samples, inputs = lab.present.inputs.shape
    return REGIONS if samples > 1 and inputs <= _MOST_SLICED else LOSS


def watched_loss(spec: Spec, options: ViewOptions) -> str:
    """The other loss that charts tell, "" for none. Raises InvalidInput where it does not fit."""
    if options.watch == OFF:
        return ""
    if options.watch not in (allowed := watchable(spec)):
        raise InvalidInput("choice", pointer="/watch", allowed=", ".join((OFF, *allowed)))
    return options.watch


def varying_inputs(spec: Spec, options: ViewOptions) -> tuple[int, ...]:
    """The inputs that vary: two, unless chosen the most telling ones, or the only one.

    Raises InvalidInput where an input is unknown, or both are the same.
    """
    names, telling = spec.names.units[0], telling_inputs(spec)
    chosen = names.index(options.up) if options.up in names else None
    usual = next((one for one in telling if one != chosen), 0)
    across = _index(names, options.across, "/across", usual)
    if len(names) == 1:
        _index((), options.up, "/up", 0)
        return (across,)
    others = tuple(name for name in names if name != names[across])
    usual = next(one for one in telling if one != across)
    up = names.index(others[_index(others, options.up, "/up", others.index(names[usual]))])
    return across, up


def varying_axes(spec: Spec, options: ViewOptions) -> tuple[Axis, ...]:
    """The axes of the inputs that vary. Raises as ``varying_inputs``."""
    across, *up = varying_inputs(spec, options)
    return axis_of(across, spec), *(axis_of(column, spec, up=True) for column in up)


def fixed_inputs(lab: Lab, options: ViewOptions) -> Array:
    """What the inputs have that do not vary."""
    return held_inputs(lab.present, sample_shown(lab) if options.rest == SAMPLE else None)


def fixed_axes(axes: tuple[Axis, ...], spec: Spec) -> tuple[int, ...]:
    """The inputs that do not vary."""
    varying = {axis.column for axis in axes}
    return tuple(index for index in range(spec.layers[0]) if index not in varying)


def sample_shown(lab: Lab) -> int:
    """The sample that stands in the network's picture: the first of the batch in view."""
    first: int = lab.shown_spec.batch_slice(lab.base_step).start
    return first


def _index(names: tuple[str, ...], name: str, pointer: str, default: int) -> int:
    if not name:
        return default
    if name not in names:
        raise InvalidInput("bad_query", pointer=pointer, allowed=", ".join(names))
    return names.index(name)

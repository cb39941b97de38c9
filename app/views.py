"""What the pages print: frozen contexts, made from a Lab, with every number already text.

A page shows one moment. After an update that is the whole step: the forward pass it began with,
its deltas and gradients, and each parameter before and after. Nothing that has not been
computed is in a context at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app import messages
from app.examples import EXAMPLES, Published
from app.explain.notation import NOTATIONS, Notation
from app.formats import Label, label, natural, number, plain
from app.lab import Lab, Phase
from app.picture import (
    Edge,
    Parameter,
    Picture,
    Value,
    moment_of,
    picture_of,
    value_of,
)

LOSS_DECIMALS = 6
SLIDER_MAX = 2.0
_CURVE_POINTS = 120
_CURVE_WIDTH, _CURVE_HEIGHT = 460.0, 150.0


class Row(NamedTuple):
    """A line of the parameters' table: a weight has both ends, a unit's own bias a target."""

    parameter: Parameter
    source: Label | None = None
    target: Label | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The loss over the steps so far.

    Attributes:
        points: an SVG points list.
        x, y: where the present step stands.
        top: the text at the top of the axis.
        steps: the number of the last step.
    """

    points: str
    x: str
    y: str
    top: str
    steps: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The worked example that a network began as."""

    slug: str
    title: str
    short_title: str
    source: str
    url: str
    about: str
    published: tuple[Published, ...]
    notes: tuple[str, ...]

    @property
    def agreeing(self) -> int:
        """How many printed values agree with the exact ones."""
        return sum(row.agrees for row in self.published)


@dataclass(frozen=True, slots=True)
class LabView:
    """One moment of a network, ready to print."""

    step: int
    phase: str
    notation: Notation
    loss: Value | None
    loss_after: Value | None
    loss_formula: str
    activations: str
    biases: str
    learning_rate: str
    slider: str
    used_rate: str | None
    batch: str
    picture: Picture
    parameters: tuple[Row, ...]
    curve: Curve | None
    origin: Origin | None
    can_take_back: bool


def view(lab: Lab, notation: Notation) -> LabView:
    """Everything the lab page prints of ``lab``."""
    moment = moment_of(lab)
    picture = picture_of(moment, notation)
    spec, trace = lab.present, lab.trace
    rate = spec.optimizer.learning_rate
    names = dict.fromkeys(messages.ACTIVATIONS[name] for name in spec.activations)
    return LabView(
        step=lab.step,
        phase=lab.phase.value,
        notation=notation,
        loss=value_of(moment.loss, LOSS_DECIMALS),
        loss_after=value_of(moment.loss_after, LOSS_DECIMALS),
        loss_formula=messages.LOSS_FORMULAS[spec.loss].format(
            a=notation.act, y=label(spec.names.targets[0]).base
        ),
        activations=", ".join(names),
        biases=messages.BIAS_UPDATES[spec.bias_update],
        learning_rate=plain(rate),
        slider=plain(min(rate, SLIDER_MAX)),
        used_rate=plain(trace.learning_rate) if trace and trace.learning_rate != rate else None,
        batch=_batch(lab),
        picture=picture,
        parameters=tuple(_rows(picture)),
        curve=_curve(lab) if lab.step else None,
        origin=_origin(lab.origin),
        can_take_back=lab.step > 0,
    )


def sentence(lab: Lab, command: str | None = None) -> str:
    """What to tell about ``lab``, after ``command`` or on arriving."""
    loss = number(lab.forward_pass.loss, LOSS_DECIMALS)
    trace = lab.trace
    if command == "learning_rate":
        return messages.said("learning_rate", rate=plain(lab.present.optimizer.learning_rate))
    if command == "reset":
        return messages.said("reset", rate=plain(lab.present.optimizer.learning_rate))
    if command == "taken_back":
        return messages.said("taken_back", step=lab.step, loss=loss)
    if lab.phase is Phase.START:
        return messages.said("start")
    if trace is None:
        return messages.said("forward", step=lab.step, loss=loss)
    before, after = trace.forward.loss, trace.loss_after
    code = "fell" if after < before else "rose" if after > before else "same"
    return messages.said(
        code, step=lab.step, before=number(before, LOSS_DECIMALS),
        after=number(after, LOSS_DECIMALS),
    )  # fmt: skip


def _batch(lab: Lab) -> str:
    """Which of several samples stands in the picture."""
    spec = lab.present
    total = spec.inputs.shape[0]
    if total == 1:
        return ""
    step = lab.step - 1 if lab.trace else lab.step
    seen = spec.batch_slice(step)
    return messages.batch_text(seen.start + 1, seen.stop, total, spec.batch.reduction)


# --- beside the picture ---------------------------------------------------------------------


def _rows(picture: Picture) -> Iterator[Row]:
    """Weights layer by layer and by name, then biases."""
    for edge in sorted(picture.edges, key=_reading_order):
        yield Row(edge.parameter, edge.source, edge.target)
    for bias in picture.biases:
        yield Row(bias.parameter)
    for node in picture.nodes:
        if node.bias:
            yield Row(node.bias, target=node.name)


def _reading_order(edge: Edge) -> tuple[int, tuple[str, int, str]]:
    return edge.place.layer, natural(edge.parameter.name.name)


def _curve(lab: Lab) -> Curve:
    losses = lab.loss_history
    chosen = np.unique(np.linspace(0, lab.step, min(_CURVE_POINTS, lab.step + 1)).astype(int))
    heights = losses[chosen]
    top = float(heights.max()) or 1.0
    xs = chosen / lab.step * _CURVE_WIDTH
    ys = _CURVE_HEIGHT * (1 - heights / top)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs.tolist(), ys.tolist(), strict=True))
    return Curve(points, f"{xs[-1]:.1f}", f"{ys[-1]:.1f}", number(top), lab.step)


def _origin(slug: str | None) -> Origin | None:
    example = EXAMPLES.get(slug) if slug else None
    if example is None:
        return None
    return Origin(
        example.slug, example.title, example.short_title, example.source, example.url,
        example.about, example.published, example.notes,
    )  # fmt: skip


def example_cards() -> tuple[LabView, ...]:
    """Every worked example, as it stands before its first step."""
    return tuple(
        view(Lab.fresh(example.spec, example.slug), NOTATIONS[example.notation])
        for example in EXAMPLES.values()
    )

"""The parts of the diagram with their numbers as text: units, weights, biases, targets.

A page has many of them; they are named tuples, which are quick to make.
"""

from typing import NamedTuple

from app.explain.rounding import MINUS, number
from app.views.diagram.geometry import Point
from app.views.diagram.shapes import BiasShape, EdgeShape, NodeShape
from app.views.text.formatting import Label


class Value(NamedTuple):
    """A number: exact, as the diagram's text, and whether a plus sign belongs to it."""

    exact: float
    text: str
    signed: bool = False

    @property
    def negative(self) -> bool:
        """Whether it is below zero."""
        return self.exact < 0

    @property
    def short(self) -> "Value":
        """It with four decimals where it usually has more."""
        text = format(self.exact, "+.4f" if self.signed else ".4f").replace("-", MINUS)
        return self._replace(text=text) if 1e-4 <= abs(self.exact) < 1e-2 else self

    @property
    def brief(self) -> "Value":
        """It with two digits where zeros take the place of a third."""
        if not 1e-4 <= abs(self.exact) < 1e-3:
            return self
        text = number(float(f"{self.exact:.1e}"), signed=self.signed)
        return self._replace(text=text.removesuffix("0"))


class Parameter(NamedTuple):
    """A weight or a bias: its value before the update that is shown (else now), and that update.

    ``memory`` is what the optimizer remembers of it after the update, by what its derivation's
    address begins with, or None where that is not computed. A ``frozen`` one never learns. One
    that ``carries`` is what the phase in view takes deltas back by.
    """

    name: Label
    value: Value
    gradient: Value | None = None
    new: Value | None = None
    frozen: bool = False
    memory: tuple[tuple[str, Value | None], ...] = ()
    carries: bool = False

    @property
    def latest_gradient(self) -> Value | None:
        """Its gradient where a row with room for one number shows that."""
        return None if self.new or self.carries else self.gradient

    @property
    def brief(self) -> "Parameter":
        """It as narrow rows have room for it."""
        gradient, new = (one and one.brief for one in (self.gradient, self.new))
        return self._replace(value=self.value.brief, gradient=gradient, new=new)


class Node(NamedTuple):
    """A unit: where it stands and what is known of it.

    ``bias`` is its own bias, ``summand`` the one in its last row: its own, or its layer's, which
    is ``shared``; ``tag`` is its activation, or an input's column in the table. Its labels, and
    those of other elements, name it for screen readers; a sentence holds its numbers too, for a
    compact diagram, which has no texts to name a link by. ``own`` is an input or an output in the
    units of its table, "" where these are the network's; it may be too ``crowded`` to be shown.
    """

    place: NodeShape
    kind: str
    name: Label
    tag: str
    pre: Value | None
    act: Value | None
    delta: Value | None
    bias: Parameter | None
    label: str
    delta_label: str = ""
    bias_label: str = ""
    summand: Parameter | None = None
    shared: bool = False
    sentence: str = ""
    delta_sentence: str = ""
    own: str = ""
    crowded: bool = False

    @property
    def brief(self) -> "Node":
        """It beside narrow rows."""
        delta, summand = self.delta, self.summand
        return self._replace(delta=delta and delta.brief, summand=summand and summand.brief)


class Edge(NamedTuple):
    """A weight: its line, its width, and its numbers."""

    place: EdgeShape
    source: Label
    target: Label
    width: str
    parameter: Parameter
    label: str
    sentence: str = ""


class BiasNode(NamedTuple):
    """A layer's one bias, and its node if one is drawn."""

    layer: int
    place: BiasShape | None
    parameter: Parameter
    label: str
    sentence: str = ""


class Target(NamedTuple):
    """A target, and how far its output is from it.

    ``gap`` is how much of the bar between the two that distance fills, from 0 to 1; ``column`` its
    name in the table, "" where that is no other, ``own`` its value there, as of a unit. Its column
    is ``boxed``, in the place of its name, where there is no room below.
    """

    centre: Point
    name: Label
    output: Label
    value: Value
    error: Value | None
    share: Value | None
    gap: str
    unit: int
    folded: bool
    label: str
    error_label: str = ""
    share_label: str = ""
    sentence: str = ""
    column: str = ""
    own: str = ""
    crowded: bool = False
    boxed: bool = False

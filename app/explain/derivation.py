"""What a derivation is: lines of expressions with their numbers, and what each one means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.explain.evaluation import by_hand
from app.explain.expression import Expression, Number, rewritten
from app.explain.quantities import Quantity
from app.explain.rounding import digits_of, shown

PartKey = tuple[str, int, int, int]
"""A part of the diagram: ("node", layer, unit, -1), ("edge", layer, unit, source),
("bias", layer, unit, -1) or ("target", -1, unit, -1)."""

_SLACK = 1e-13  # what the order of a sum may change


def node(layer: int, unit: int) -> PartKey:
    """A unit."""
    return ("node", layer, unit, -1)


def edge(layer: int, unit: int, source: int) -> PartKey:
    """A weight, by the units of its ends; its layer is counted from the first at 0."""
    return ("edge", layer, unit, source)


def bias(layer: int, unit: int) -> PartKey:
    """A bias, by the unit that it belongs to."""
    return ("bias", layer, unit, -1)


def target(unit: int) -> PartKey:
    """A target."""
    return ("target", -1, unit, -1)


@dataclass(frozen=True, slots=True)
class Line:
    """One equation of a derivation.

    Attributes:
        kind: "given", "chain", "factor", "term", "product", "path", "sum", "samples", "shared",
            "value", "moment", "update" or "frozen".
        about: the code of its meaning, and ``names`` what that sentence needs.
        left: what the line is about.
        rule: what that equals, in symbols; None for a given number.
        numbers: the rule with the numbers in; None where there is nothing to put in.
        value: the exact value; None for a line of symbols only, or if it is withheld.
        role, badge: how the factor and its parts of the diagram point at each other.
        parts: those parts.
    """

    kind: str
    about: str
    left: Expression
    rule: Expression | None = None
    numbers: Expression | None = None
    value: float | None = None
    role: str = ""
    badge: str = ""
    parts: tuple[PartKey, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def from_shown(self, digits: int) -> float | None:
        """What a reader gets who calculates with the numbers as they are shown.

        None where that is the value as it is shown. A result so near to the middle between two
        shown numbers that it may be rounded either way is given.
        """
        if self.numbers is None or self.value is None:
            return None

        def rounded(node: Expression) -> Expression | None:
            return Number(shown(node.value, digits)) if isinstance(node, Number) else None

        try:
            result = by_hand(rewritten(self.numbers, rounded))
        except (ArithmeticError, ValueError):
            return None
        value, written = digits_of(self.value, digits), digits_of(result, digits)
        near = [result]
        if abs(written.value - result) > 0.4 * written.unit:
            near += [result * (1.0 - _SLACK), result * (1.0 + _SLACK)]
        return next((one for one in near if digits_of(one, digits) != value), None)

    def is_rounded(self, digits: int) -> bool:
        """Whether the value has more digits than are shown."""
        return self.value is not None and shown(self.value, digits) != self.value


@dataclass(frozen=True, slots=True)
class Derivation:
    """Where a number comes from: lines in reading order.

    The value is exact, or None if it is withheld; ``part`` is the part of the diagram that the
    number belongs to, if any; ``names`` are what the question needs.
    """

    quantity: Quantity
    symbol: Expression
    value: float | None
    lines: tuple[Line, ...]
    part: PartKey | None
    names: Mapping[str, str]

    def withheld(self) -> "Derivation":
        """The same in symbols only: no number that is not computed yet is in it."""
        numeric = ("samples", "given", "product")
        kept = [line for line in self.lines if line.kind not in numeric]
        lines = tuple(replace(line, numbers=None, value=None) for line in kept)
        return replace(self, value=None, lines=lines)

    def update_withheld(self, *kinds: str) -> "Derivation":
        """The same without the numbers of these kinds of lines: "moment", "update"."""
        lines = tuple(
            replace(line, numbers=None, value=None) if line.kind in kinds else line
            for line in self.lines
        )
        return replace(self, lines=lines)

    def marked_parts(self) -> Iterator[tuple[PartKey, str, str]]:
        """Every part that belongs to a factor, with the factor's badge and role."""
        for line in self.lines:
            if line.badge:
                yield from ((part, line.badge, line.role) for part in line.parts)

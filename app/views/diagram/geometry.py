"""Points, lines, boxes and the paths that pictures draw of them."""

import math
from dataclasses import dataclass

Point = tuple[float, float]
Ends = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle around a centre."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two come closer than ``gap``."""
        # Places are rounded, and their differences are not: what touches does not overlap.
        across, along = round(abs(self.x - other.x), 6), round(abs(self.y - other.y), 6)
        return (
            across * 2 < self.width + other.width + 2 * gap
            and along * 2 < self.height + other.height + 2 * gap
        )


def rounded(value: float) -> float:
    """A tenth of a unit is finer than any screen; what is whole is written without a point."""
    tenths = round(value, 1)
    return int(tenths) if tenths == int(tenths) else tenths


def rim_to_rim(start: Point, radius: float, end: Point, target_radius: float) -> Ends:
    """The line between two circles."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    return (
        (rounded(start[0] + ux * radius), rounded(start[1] + uy * radius)),
        (rounded(end[0] - ux * target_radius), rounded(end[1] - uy * target_radius)),
    )


def straight(line: Ends) -> str:
    """A line as the data of an SVG path, to whole units."""
    (x1, y1), (x2, y2) = line
    return f"M{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f}"


def curved(line: Ends, bend: float) -> str:
    """A curve that is level at both ends, more so the larger ``bend``, as an SVG path's data."""
    (x1, y1), (x2, y2) = line
    reach = round((x2 - x1) * bend, 1)
    return f"M{x1:g} {y1:g}C{x1 + reach:g} {y1:g} {x2 - reach:g} {y2:g} {x2:g} {y2:g}"

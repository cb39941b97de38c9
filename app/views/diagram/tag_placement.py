"""Places for the tags of weights: on their own lines, free of each other and of all else."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

Point = tuple[float, float]
Line = tuple[Point, Point]
# Where along an edge its tag may stand, best first: near the source, or near the target.
_NEAR_SOURCE = (0.3, 0.26, 0.34, 0.7, 0.66, 0.74, 0.38, 0.62, 0.22, 0.78, 0.43, 0.57, 0.5)
_NEAR_TARGET = tuple(1 - place for place in _NEAR_SOURCE)


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle around a centre."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two come closer than ``gap``."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width + 2 * gap
            and abs(self.y - other.y) * 2 < self.height + other.height + 2 * gap
        )


def tag_places(
    lines: dict[tuple[int, int], Line], taken: Sequence[Box], size: Point
) -> dict[tuple[int, int], Point]:
    """A free place for every edge's tag; none at all if one of them finds none.

    All at the same fraction of their edges looks calmest; else each takes what is free.
    """
    slopes = {key: line[1][1] - line[0][1] for key, line in lines.items()}
    orders = (
        sorted(lines, key=lambda key: abs(slopes[key])),
        list(lines),
        sorted(lines, key=lambda key: key[::-1]),
    )
    choices: list[Sequence[float]] = [(place,) for place in _NEAR_SOURCE]
    choices += [_NEAR_SOURCE, _NEAR_TARGET]
    for places, order in product(choices, orders):
        tags = _place_tags({key: lines[key] for key in order}, places, taken, size)
        if tags:
            return tags
    return {}


def _place_tags(
    lines: dict[tuple[int, int], Line], places: Sequence[float], taken: Sequence[Box], size: Point
) -> dict[tuple[int, int], Point]:
    placed: dict[tuple[int, int], Box] = {}
    for key, ((x1, y1), (x2, y2)) in lines.items():
        level = abs(y1 - y2) < 1
        for t in (0.5, *places) if level else places:
            box = Box(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t, *size)
            if not any(box.overlaps(other, 3) for other in (*placed.values(), *taken)):
                placed[key] = box
                break
        else:
            return {}
    return {key: (round(box.x, 1), round(box.y, 1)) for key, box in placed.items()}

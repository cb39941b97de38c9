"""Samples as marks: a shape for each class, many of them in one path."""

from collections.abc import Iterable

from app.engine.activations import Array

RADIUS, SMALL_RADIUS = 11, 8
_MANY = 150
COLOURS = 8


def _circle(r: int) -> str:
    return f"m-{r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


def _polygon(*points: tuple[float, float]) -> dict[int, str]:
    found = {}
    for r in (RADIUS, SMALL_RADIUS):
        (x, y), *rest = [(round(px * r), round(py * r)) for px, py in points]
        steps, at = [], (x, y)
        for px, py in rest:
            steps.append(f"{px - at[0]} {py - at[1]}")
            at = px, py
        found[r] = f"m{x} {y}l{' '.join(steps)}z"
    return found


SHAPES: tuple[dict[int, str], ...] = (
    {r: _circle(r) for r in (RADIUS, SMALL_RADIUS)},
    _polygon((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    _polygon((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    _polygon((0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)),
    _polygon((0, 1.2), (1.15, -0.9), (-1.15, -0.9)),
    _polygon((-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1), (-1.1, 0)),
    _polygon((-0.35, -1.1), (0.35, -1.1), (0.35, -0.35), (1.1, -0.35), (1.1, 0.35), (0.35, 0.35),
             (0.35, 1.1), (-0.35, 1.1), (-0.35, 0.35), (-1.1, 0.35), (-1.1, -0.35),
             (-0.35, -0.35)),
)  # fmt: skip
"""Circle, square, triangle, diamond, triangle pointing down, hexagon, plus: by their radius."""


def shape_of(index: int, radius: int = RADIUS) -> str:
    """The shape of a class, around the point where the path stands."""
    return SHAPES[index % len(SHAPES)][radius]


def radius_for(samples: int) -> int:
    """Many marks are small ones."""
    return SMALL_RADIUS if samples > _MANY else RADIUS


def marks_path(x: Array, y: Array, shape: str) -> str:
    """One path with ``shape`` at every place."""
    return "".join(f"M{a} {b}{shape}" for a, b in _whole(x, y))


def crosses_path(x: Array, y: Array, radius: int) -> str:
    """One path with a cross at every place."""
    r = radius + 4
    cross = f"m-{r}-{r}l{2 * r} {2 * r}m0-{2 * r}l-{2 * r} {2 * r}"
    return "".join(f"M{a} {b}{cross}" for a, b in _whole(x, y))


def _whole(x: Array, y: Array) -> Iterable[tuple[int, int]]:
    return zip(x.round().astype(int).tolist(), y.round().astype(int).tolist(), strict=True)

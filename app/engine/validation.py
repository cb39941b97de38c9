"""What is wrong with a Spec, and the checks that any part of it may need."""

from collections.abc import Mapping, Sequence

from app.errors import InvalidInput


class SpecError(InvalidInput):
    """A Spec that makes no sense; the pointer is that of a field of the Spec."""

    def __init__(self, pointer: str, code: str, **values: object) -> None:
        super().__init__(code, pointer=pointer, **values)


def check_range(pointer: str, value: float, *, below: bool = False) -> None:
    """Raise SpecError unless ``value`` lies from 0 to 1, or if ``below`` under 1."""
    if not 0.0 <= value <= 1.0 or (below and value == 1.0):
        raise SpecError(pointer, "unit_range_open" if below else "unit_range")


def check_length(
    pointer: str, length: int, expected: int | None = None, *, minimum: int = 0
) -> None:
    """Raise SpecError unless a list of ``length`` entries has as many as it must."""
    if expected is not None and length != expected:
        raise SpecError(pointer, "length", expected=expected)
    if length < minimum:
        raise SpecError(pointer, "min_length", minimum=minimum)


def check_choice(pointer: str, name: str, allowed: Mapping[str, object] | Sequence[str]) -> None:
    """Raise SpecError unless ``name`` is one of ``allowed``."""
    if name not in allowed:
        raise SpecError(pointer, "choice", allowed=", ".join(allowed))

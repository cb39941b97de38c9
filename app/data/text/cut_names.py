"""Names cut to what there is room for, still told apart."""

from collections.abc import Iterable

_LEAST_BEGIN = 3
"""So many letters stay in front of what is cut out."""


def cut_name(name: str, most: int, among: Iterable[str] = ()) -> str:
    """A name cut to ``most`` characters: at its end, or in its middle if another begins as it does.

    Of names ``among`` which it stands, what is left tells it from those with the same beginning.
    """
    if len(name) <= most:
        return name
    begins = name[: most - 1]
    alike = [other for other in among if other != name and other.startswith(begins)]
    if not alike:
        return f"{begins}…"
    room = most // 2
    differs = max(_common(name, other) for other in alike)
    rest = name[min(differs, len(name) - room) :]
    if len(rest) > most - _LEAST_BEGIN - 1:
        rest = f"{rest[: room - 1]}…"
    return f"{name[: most - len(rest) - 1]}…{rest}"


def _common(one: str, other: str) -> int:
    """How many letters two names begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))

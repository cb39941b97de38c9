"""Where a homework's numbers stand: they stay at their unit or connection when layers change.

A place is a field's name, too, for what was typed at one that is not drawn just now.
"""

import re
from collections.abc import Mapping
from contextlib import suppress

from app.engine.names import NamedPart
from app.errors import InvalidInput
from app.lab.homework.homework import Homework, homework_of, layers_in

PLACE = re.compile(r"at(\.(?:\w{1,6}|-1)){5}")


def drawn_text(homework: Homework) -> str:
    """Its layers, and whether they share their biases: by both its numbers are named."""
    shared = " shared" if any(homework.names.bias_nodes) else ""
    return "-".join(map(str, homework.layers)) + shared


def homework_drawn(text: str) -> Homework | None:
    """The homework that ``drawn_text`` was of, None for any other text."""
    layers, _, rule = text.partition(" ")
    with suppress(InvalidInput):
        return homework_of(layers_in(layers), rule)
    return None


def placed(typed: Mapping[str, str], drawn: Homework, homework: Homework) -> dict[str, str]:
    """The fields of ``homework`` with what was ``typed`` while ``drawn`` was on the page.

    What stood at a unit that is gone has its place for a name, and comes back with that unit.
    """
    places, names = _places(drawn), {place: name for name, place in _places(homework).items()}
    found = {name: text for name, text in typed.items() if name not in places}
    moved = {place: typed[name] for name, place in places.items() if typed.get(name, "").strip()}
    waiting = {place: found.pop(place) for place in names if place in found}
    return found | {names.get(place, place): text for place, text in (waiting | moved).items()}


def _places(homework: Homework) -> dict[str, str]:
    """Each number's place, by its name."""
    names = homework.names
    values = {*names.units[0], *names.targets}
    parts = [names.find(name) for name in homework.proposed]
    last = len(names.units) - 1
    return {part.name: _place(part, last, value=part.name in values) for part in parts if part}


def _place(part: NamedPart, last: int, *, value: bool) -> str:
    """The place of a number; layers count from the inputs, but the outputs are one anywhere."""
    layer = part.layer if value else part.layer + 1
    source = layer - 1 if part.kind == "weight" else -1
    into = "out" if layer == last else layer
    return f"at.{part.kind}.{into}.{part.unit}.{source}.{part.source}"

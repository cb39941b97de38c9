"""Rules about who imports whom. Each returns what breaks it: the offender, and in which way."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.architecture.source import Module, Source

Found = dict[str, str]


class Plan(NamedTuple):
    """Which room stands on which floor.

    Attributes:
        floors: the names at the top of app/, from the lowest floor up.
        rooms: for a name at the top, the rooms within it, from the lowest up; "" is itself.
    """

    floors: Sequence[Sequence[str]]
    rooms: Mapping[str, Sequence[Sequence[str]]]

    def place_of(self, module: Module) -> tuple[str, str]:
        """The name at the top of app/ that a module belongs to, and its room within that."""
        top = module.name.split(".")[1] if "." in module.name else ""
        inside = module.room.removeprefix(f"app.{top}").lstrip(".")
        return top, "" if module.room == "app" else inside


def _floor(floors: Sequence[Sequence[str]], name: str) -> int | None:
    return next((level for level, names in enumerate(floors) if name in names), None)


def homeless(source: Source, plan: Plan) -> Found:
    """Modules that stand on no floor. A package's empty ``__init__`` needs none."""
    found = {}
    for module in source:
        top, room = plan.place_of(module)
        if module.is_package and not source.imports(module) and not module.defined:
            continue
        floors = plan.rooms.get(top, [[""]])
        if _floor(plan.floors, top) is None or _floor(floors, room) is None:
            found[module.name] = "is on no floor"
    return found


def upward(source: Source, plan: Plan) -> Found:
    """Imports from a higher floor, or from another room of the same floor."""
    found = {}
    for module in source:
        for name in sorted(source.imports(module) & source.modules.keys()):
            here, there = plan.place_of(module), plan.place_of(source.modules[name])
            if here == there:
                continue
            if here[0] == there[0]:
                floors, names = plan.rooms.get(here[0], [[""]]), (here[1], there[1])
            else:
                floors, names = plan.floors, (here[0], there[0])
            levels = [_floor(floors, room) for room in names]
            if None not in levels and levels[0] <= levels[1]:  # type: ignore[operator]
                found[f"{module.name} -> {name}"] = "is not a floor further down"
    return found


def strangers(source: Source, may_use: Mapping[str, set[str]]) -> Found:
    """Imports of packages that a room may not use; the longest matching name counts."""
    library = sys.stdlib_module_names - {"sqlite3", "threading", "asyncio"}
    found = {}
    for module in source:
        rooms = [room for room in may_use if f"{module.name}.".startswith(f"{room}.")]
        allowed = may_use[max(rooms, key=len)] if rooms else set()
        for name in sorted(source.outside(module) - library - allowed):
            found[f"{module.name} -> {name}"] = "may not be used here"
    return found


def chosen_elsewhere(source: Source, chosen: Mapping[str, set[str]]) -> Found:
    """Imports of a module that only some others may choose."""
    found = {}
    for module in source:
        for name in sorted(source.imports(module)):
            for room, choosers in chosen.items():
                inside = f"{module.name}.".startswith(f"{room}.")
                meant = f"{name}.".startswith(f"{room}.")
                if meant and not inside and module.name not in choosers:
                    found[f"{module.name} -> {name}"] = f"is for {', '.join(sorted(choosers))}"
    return found


def relative(source: Source) -> Found:
    """Relative imports, which hide the room that they name."""
    nodes = [(module, node) for module in source for node in module.nodes]
    return {
        f"{module.name}:{node.lineno}": "is a relative import"
        for module, node in nodes
        if isinstance(node, ast.ImportFrom) and node.level
    }


def grouped(source: Source, depth: int) -> dict[str, set[str]]:
    """Which package imports which: 1 for those at the top of app/, 2 for those within them."""
    graph: dict[str, set[str]] = {}
    for name, targets in source.graph.items():
        here = _group(source.modules[name], depth)
        there = {_group(source.modules[target], depth) for target in targets}
        graph.setdefault(here, set()).update(there - {here})
    return graph


def _group(module: Module, depth: int) -> str:
    """The package of a module; one that lies at the top of app/ stands for itself."""
    return ".".join((module.name if module.room == "app" else module.room).split(".")[: depth + 1])


def cycles(graph: Mapping[str, set[str]]) -> Found:
    """Groups that import each other by some detour."""
    below = {name: set(_below(graph, name)) for name in graph}
    found = {}
    for name in sorted(graph):
        if name in below[name]:
            ring = sorted({name} | {other for other in below[name] if name in below.get(other, ())})
            found[ring[0]] = " and ".join(ring)
    return found


def _below(graph: Mapping[str, set[str]], name: str) -> Iterator[str]:
    """Everything that a name reaches, by whatever detour."""
    seen: set[str] = set()
    waiting = list(graph[name])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += graph.get(other, ())
            yield other


def passed_on(source: Source) -> Found:
    """Names that are read from a module which itself only imports them."""
    found = {}
    for module in source:
        for owner, name in _read(module, source):
            home = source.modules[owner]
            if f"{owner}.{name}" in source.modules or name in home.defined:
                continue
            if name in home.imported:
                found[f"{module.name}: {owner}.{name}"] = f"lives in {home.imported[name]}"
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name == alias.asname:
                        name = f"{node.module}.{alias.name}"
                        found[f"{module.name}: {name}"] = "is imported to be passed on"
    return found


def _read(module: Module, source: Source) -> Iterator[tuple[str, str]]:
    """Each name of another module of app/ that a module uses, with the module it says."""
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module in source.modules:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = module.imported.get(node.value.id, "")
            if owner in source.modules:
                yield owner, node.attr

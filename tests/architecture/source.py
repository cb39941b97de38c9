"""The source of app/ as the architecture test sees it: modules, their rooms, what they import."""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module:
    """A Python file of app/."""

    def __init__(self, path: str, text: str) -> None:
        parts = path.removesuffix(".py").split("/")
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.text = text

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def room(self) -> str:
        """The package that the file lies in."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names that the module itself gives a meaning, at its top level."""
        return frozenset(_defined(self.tree.body))

    @cached_property
    def imported(self) -> Mapping[str, str]:
        """What each imported name of the module stands for: ``{"np": "numpy"}``."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    found[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom):
                found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        return found

    @cached_property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        return tuple(node for node in self.nodes if isinstance(node, ast.ClassDef))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Function))


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inner = [part for target in targets for part in ast.walk(target)]
            yield from (part.id for part in inner if isinstance(part, ast.Name))
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For):
            yield from _defined(node.body)
            yield from _defined(getattr(node, "orelse", []))


class Source:
    """Files of app/ by their paths; the real ones, or those that a test makes up."""

    def __init__(self, files: Mapping[str, str]) -> None:
        modules = [Module(path, text) for path, text in files.items()]
        self.modules = {module.name: module for module in modules}
        for module in modules:
            below = [name for name in self.modules if name.startswith(f"{module.name}.")]
            # A package that holds data beside its one module is a module of the room around it.
            module.is_package &= bool(below)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def imports(self, module: Module) -> frozenset[str]:
        """The modules of app/ that a module imports anywhere, also those it imports by name."""
        return self._imports[module.name][0]

    def outside(self, module: Module) -> frozenset[str]:
        """The top packages outside app/ that a module imports."""
        return self._imports[module.name][1]

    @cached_property
    def _imports(self) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
        return {module.name: self._imports_of(module) for module in self}

    def _imports_of(self, module: Module) -> tuple[frozenset[str], frozenset[str]]:
        found: set[str] = set()
        for node in module.nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                source = node.module or ""
                inner = {f"{source}.{alias.name}" for alias in node.names}
                found |= inner & self.modules.keys()
                if not inner <= self.modules.keys():
                    found.add(source)
            elif isinstance(node, ast.Constant) and node.value in self.modules:
                found.add(str(node.value))
        ours = frozenset(name for name in found if name.partition(".")[0] == "app")
        return ours, frozenset(name.partition(".")[0] for name in found - ours)

    @property
    def graph(self) -> dict[str, set[str]]:
        """Which module imports which."""
        return {m.name: set(self.imports(m)) & self.modules.keys() for m in self}


def read(folder: str, *endings: str) -> dict[str, str]:
    """The text of the files below a folder of this repository, by their paths from its root."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.name.endswith(endings) and path.is_file()
    }

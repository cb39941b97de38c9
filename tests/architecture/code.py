"""Rules about the code within modules: sizes, names, state. Each returns what breaks it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.source import Function, Module, Source

Found = dict[str, str]

# --- sizes ------------------------------------------------------------------------------------


def crowded(source: Source, most: int) -> Found:
    """Rooms with more modules than ``most``, ``__init__`` not counted."""
    rooms: dict[str, int] = defaultdict(int)
    for module in source:
        rooms[module.room] += not module.is_package
    return {room: f"{count} modules" for room, count in rooms.items() if count > most}


def long_files(source: Source, most: int) -> Found:
    """Modules with more lines than ``most``."""
    sizes = {module.name: len(module.text.splitlines()) for module in source}
    return {name: f"{lines} lines" for name, lines in sizes.items() if lines > most}


def docstring_of(node: ast.AST) -> ast.Expr | None:
    """A module's, class's or function's docstring."""
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first if isinstance(first.value.value, str) else None
    return None


def long_functions(source: Source, most: int) -> Found:
    """Functions with more lines than ``most``, the docstring not counted."""
    found = {}
    for module in source:
        for node in module.functions:
            text = docstring_of(node)
            spoken = (text.end_lineno or 0) - text.lineno + 1 if text else 0
            lines = (node.end_lineno or 0) - node.lineno + 1 - spoken
            if lines > most:
                found[f"{module.name}.{node.name}"] = f"{lines} lines"
    return found


# --- names ------------------------------------------------------------------------------------


def twin_classes(source: Source) -> Found:
    """Class names that stand in more than one place."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module in source:
        for node in module.classes:
            homes[node.name].append(module.name)
    return {name: ", ".join(places) for name, places in homes.items() if len(places) > 1}


def common_functions(source: Source, most: int) -> Found:
    """Names of public module-level functions that stand in more packages than ``most``."""
    homes: dict[str, set[str]] = defaultdict(set)
    for module in source:
        for node in module.tree.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                homes[node.name].add(module.room)
    return {name: ", ".join(sorted(h)) for name, h in homes.items() if len(h) > most}


# --- state ------------------------------------------------------------------------------------

# Methods that change what they are called on, and classes that are there to be changed.
_CHANGES = re.compile(
    "add|append|clear|discard|extend|insert|move_to_end|pop|popitem|remove|reverse|setdefault|sort"
    "|update"
)
_KEEPERS = re.compile(
    "APIRouter|CapacityLimiter|Condition|ContextVar|Counter|Event|Lock|OrderedDict|RLock|Semaphore"
    "|WeakKeyDictionary|WeakValueDictionary|count|cycle|defaultdict|deque|local"
)


def module_state(source: Source, fine: frozenset[str] = frozenset()) -> Found:
    """Variables of a module that somebody could change, but for those with a ``fine`` name.

    A constant has a name in capitals (or, where it is a type, in CapWords), is no object that is
    made to be changed, and nothing in its module changes it.
    """
    frozen = {node.name for module in source for node in module.classes if _is_frozen(node)}
    made = {node.name for module in source for node in module.classes}
    found = {}
    for module in source:
        changed = set(_changed(module))
        for name, value in _variables(module):
            maker = _maker(value)
            if name in fine:
                continue
            if name in changed:
                found[f"{module.name}.{name}"] = "is changed"
            elif _KEEPERS.fullmatch(maker) or maker in made - frozen:
                found[f"{module.name}.{name}"] = f"is a {maker}"
            elif not _is_constant(name) and (maker or _is_display(value)):
                found[f"{module.name}.{name}"] = "is a variable"
    return found


def _maker(value: ast.expr | None) -> str:
    """What a value is made by: the last name of what is called, if anything is."""
    return ast.unparse(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""


def _is_constant(name: str) -> bool:
    return bool(re.fullmatch(r"_?[A-Z][A-Z0-9_]*|[A-Z][A-Za-z]*|__\w+__", name))


def _is_display(value: ast.expr | None) -> bool:
    kinds = ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp
    return isinstance(value, kinds)


def _is_frozen(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    decorators = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
    return "frozen=True" in decorators or bool(bases & {"NamedTuple", "Enum", "StrEnum"})


def _variables(module: Module) -> Iterator[tuple[str, ast.expr | None]]:
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from ((n.id, node.value) for n in ast.walk(target) if isinstance(n, ast.Name))


def _changed(module: Module) -> Iterator[str]:
    """Names of the module's top level that some statement of it changes."""
    for node in module.nodes:
        if isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            yield from _top_name(module, node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if _CHANGES.fullmatch(node.func.attr):
                yield from _top_name(module, node.func.value)
        elif isinstance(node, ast.AugAssign) and node in module.tree.body:
            yield from _top_name(module, node.target)


def _top_name(module: Module, node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name) and node.id in module.defined and not _is_local(module, node):
        yield node.id


def _is_local(module: Module, name: ast.Name) -> bool:
    """Whether a function around a name has a variable of its own of that name."""
    for function in module.functions:
        inner = list(ast.walk(function))
        if name in inner:
            own = {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            own |= {argument.arg for argument in inner if isinstance(argument, ast.arg)}
            if name.id in own:
                return True
    return False


def caches(source: Source, heavy: frozenset[str]) -> Found:
    """Caches for the whole process that have no bound, or that keep what is ``heavy`` alive."""
    found = {}
    for module in source:
        for node in module.functions:
            for decorator in node.decorator_list:
                if complaint := _complaint(node, decorator, heavy):
                    found[f"{module.name}.{node.name}"] = complaint
    return found


def _complaint(node: Function, decorator: ast.expr, heavy: frozenset[str]) -> str:
    call = decorator if isinstance(decorator, ast.Call) else None
    name = ast.unparse(call.func if call else decorator).rpartition(".")[2]
    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    if name not in ("cache", "lru_cache"):
        return ""
    words = re.findall(
        r"\w+", " ".join(ast.unparse(a.annotation) for a in arguments if a.annotation)
    )
    if kept := sorted(heavy & set(words)):
        return f"keeps every {', '.join(kept)}"
    sizes = [*call.args, *(k.value for k in call.keywords if k.arg == "maxsize")] if call else []
    has_size = any(not (isinstance(s, ast.Constant) and s.value is None) for s in sizes)
    return "has no size" if arguments and not has_size else ""


# --- words ------------------------------------------------------------------------------------


def sentences(module: Module) -> list[str]:
    """Every string of two words or more that is not for programmers."""
    apart = {n for node in module.nodes if _is_for_programmers(node) for n in ast.walk(node)}
    strings = [n.value for n in module.nodes if n not in apart and isinstance(n, ast.Constant)]
    words, tag = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}"), re.compile(r"<[^>]*>?")
    return [s for s in strings if isinstance(s, str) and words.search(tag.sub("", s))]


def _is_for_programmers(node: ast.AST) -> bool:
    """Whether a node is a docstring, or says what went wrong in an exception."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "__init__"
    return isinstance(node, ast.Raise | ast.Assert)


def talkative(source: Source, *rooms: str) -> Found:
    """Modules of these rooms that hold sentences for people."""
    modules = [m for m in source if any(f"{m.name}.".startswith(f"{room}.") for room in rooms)]
    return {m.name: repr(found[0]) for m in modules if (found := sentences(m))}

"""The import rules of the design, and the sizes that keep the code readable."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "app").rglob("*.py"))
}
TEMPLATES = {
    path.relative_to(ROOT / "templates").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html"))
}
WEB = ("fastapi", "starlette", "uvicorn")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """Every module that a module imports, at its top or within its functions."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            source = node.module or ""
            inner = {f"{source}.{alias.name}" for alias in node.names}
            modules = inner & MODULES.keys()
            found |= modules | ({source} if modules != inner else set())
    return frozenset(found)


def under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def within(*packages: str) -> list[str]:
    return [module for module in MODULES if under(module, *packages)]


def offenders(modules: list[str], *forbidden: str) -> dict[str, set[str]]:
    """Which of these modules import what they must not."""
    found = {m: {name for name in imports(m) if under(name, *forbidden)} for m in modules}
    return {module: names for module, names in found.items() if names}


# --- who imports whom -------------------------------------------------------------------------


def test_the_modules_are_found() -> None:
    assert {
        "app.main",
        "app.lab.lab",
        "app.engine.backprop",
        "app.web.api.networks",
    } <= MODULES.keys()
    assert "app.web.networks.commands" in imports("app.web.api.networks")
    assert sentences("app.messages"), "the search finds what is for people"


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("app.engine", ("numpy", "app.engine", "app.errors")),
        ("app.explain", ("app.engine", "app.explain")),
    ],
)
def test_the_core_imports_next_to_nothing(package: str, allowed: tuple[str, ...]) -> None:
    for module in within(package):
        if under(module, "app.engine.numba_backend"):
            continue
        foreign = {n for n in imports(module) if n.split(".")[0] not in sys.stdlib_module_names}
        assert not {name for name in foreign if not under(name, *allowed)}, module


def test_only_the_kernel_knows_numba() -> None:
    assert {module for module in MODULES if "numba" in imports(module)} == {
        "app.engine.numba_backend.compiling"
    }
    for module in within("app.engine.numba_backend"):
        foreign = {n for n in imports(module) if n.split(".")[0] not in sys.stdlib_module_names}
        assert not {
            n for n in foreign if not under(n, "numpy", "numba", "app.engine", "app.errors")
        }, module
    # Only main imports it: where it cannot be had, NumPy takes the steps.
    others = [m for m in MODULES if not under(m, "app.engine.numba_backend", "app.main")]
    assert not offenders(others, "app.engine.numba_backend")


RULES: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "engine, explain and diagram know no lab": (
        within("app.engine", "app.explain", "app.views.diagram.layout"),
        ("app.lab.lab", "app.lab.timeline", "app.store", "app.views.pages.lab", "app.web", *WEB),
    ),
    "lab, timeline, specs and state know no store, view or web": (
        within(
            "app.lab.lab",
            "app.lab.timeline",
            "app.lab.spec_json",
            "app.web.api.state",
            "app.lab.examples",
            "app.lab.links",
            "app.lab.link_spec",
        ),
        ("app.store", "app.views.pages.lab", "app.web", *WEB),
    ),
    "stores know no view or web": (within("app.store"), ("app.views.pages.lab", "app.web", *WEB)),
    "views know no store or web": (within("app.views.pages.lab"), ("app.store", "app.web", *WEB)),
    "only web and main know the framework": (
        [m for m in MODULES if not under(m, "app.web", "app.main")],
        WEB,
    ),
    "only web, store and main know their libraries": (
        [m for m in MODULES if not under(m, "app.web", "app.main", "app.settings")],
        ("pydantic", "pydantic_settings", "jinja2", "markupsafe", "anyio"),
    ),
    "nothing knows main": (list(MODULES), ("app.main",)),
    "only main chooses a store": (
        [m for m in MODULES if not under(m, "app.main", "app.store")],
        ("app.store.sqlite", "app.store.redis", "sqlite3", "redis"),
    ),
    "nothing knows the tests": (list(MODULES), ("tests",)),
}


@pytest.mark.parametrize(("modules", "forbidden"), RULES.values(), ids=RULES)
def test_imports_go_one_way(modules: list[str], forbidden: tuple[str, ...]) -> None:
    assert modules
    assert not offenders(modules, *forbidden)


def test_no_module_imports_itself_by_a_detour() -> None:
    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path, module])
        if module not in done:
            for name in sorted(imports(module) & MODULES.keys()):
                visit(name, (*path, module))
            done.add(module)

    done: set[str] = set()
    for module in MODULES:
        visit(module, ())


# --- sizes ------------------------------------------------------------------------------------

MOST_LINES = 320
MOST_LINES_OF_A_FUNCTION = 45
MOST_SCRIPT = 10_000
MOST_ENGINE = 2_150


def length(module: str, *, blank: bool = True) -> int:
    lines = MODULES[module].read_text(encoding="utf-8").splitlines()
    return sum(blank or bool(line.strip()) for line in lines)


def test_files_are_short() -> None:
    found = {module: length(module) for module in MODULES}
    assert not {module: lines for module, lines in found.items() if lines > MOST_LINES}


def docstring(node: ast.AST) -> ast.Expr | None:
    """A module's, class's or function's docstring."""
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first if isinstance(first.value.value, str) else None
    return None


def functions(module: str) -> Iterator[tuple[str, int]]:
    """Every function of a module and its lines, the docstring not counted."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = docstring(node)
            spoken = (said.end_lineno or 0) - said.lineno + 1 if said else 0
            yield f"{module}.{node.name}", (node.end_lineno or 0) - node.lineno + 1 - spoken


def test_functions_are_short() -> None:
    found = dict(one for module in MODULES for one in functions(module))
    assert not {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_A_FUNCTION}


def test_the_script_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "static").glob("*.js")}
    assert sizes
    assert sum(sizes.values()) < MOST_SCRIPT, sizes


def test_the_engine_reads_in_one_sitting() -> None:
    lines = sum(length(module, blank=False) for module in within("app.engine"))
    assert lines < MOST_ENGINE


# --- words ------------------------------------------------------------------------------------


def is_for_programmers(node: ast.AST) -> bool:
    """Whether a node is a docstring, or tells an exception what went wrong."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "__init__"
    return isinstance(node, ast.Raise | ast.Assert)


def sentences(module: str) -> list[str]:
    """Every string of two words or more that is not for programmers."""
    every = list(ast.walk(tree(module)))
    apart = {inner for node in every if is_for_programmers(node) for inner in ast.walk(node)}
    strings = [n.value for n in every if n not in apart and isinstance(n, ast.Constant)]
    words = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
    tag = re.compile(r"<[^>]*>?")
    return [s for s in strings if isinstance(s, str) and words.search(tag.sub("", s))]


@pytest.mark.parametrize(
    "package", ["app.engine", "app.explain", "app.views.diagram.layout", "app.lab.timeline"]
)
def test_the_core_says_nothing_to_people(package: str) -> None:
    assert not {module: found for module in within(package) if (found := sentences(module))}


# --- templates --------------------------------------------------------------------------------

ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
MARKUP = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "a script within the page": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"\s(hx-)?on[a-z:-]*\s*=",
    "an address that is a script": r"javascript:",
    "an address that starts at the root": r"""(?:href|src|action|hx-post|hx-get)=["']/""",
    "another host": r"""(?:href|src|action)=["'](?:https?:)?//""",
    "trust in what a person typed": r"\|\s*safe\b|autoescape|Markup",
}


def parsed(name: str) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return environment.parse(TEMPLATES[name])


def test_the_templates_are_found() -> None:
    assert {"base.html", "lab.html", "partials/network.html"} <= TEMPLATES.keys()


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_compute_nothing(name: str) -> None:
    found = [
        f"{name}:{node.lineno} {type(node).__name__}" for node in parsed(name).find_all(ARITHMETIC)
    ]
    assert not found


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_scrolls_can_be_scrolled_by_keyboard(name: str) -> None:
    scrollers = re.findall(r'<div class="scroller".*', TEMPLATES[name])
    for needed in ('role="group"', 'tabindex="0"', "aria-label="):
        assert not [tag[:80] for tag in scrollers if needed not in tag]


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("pattern", MARKUP.values(), ids=MARKUP)
def test_templates_contain_no(name: str, pattern: str) -> None:
    found = [
        f"{name}:{number} {line.strip()[:80]}"
        for number, line in enumerate(TEMPLATES[name].splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not found

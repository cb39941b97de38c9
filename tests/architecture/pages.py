"""Rules about templates, page contexts and the map. Each returns what breaks it."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from jinja2 import Environment, nodes

from tests.architecture.code import docstring_of
from tests.architecture.source import Module, Source

Found = dict[str, str]

ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
_TEMPLATE = re.compile(r"[\w/.]+\.(html|jinja)")
REFERENCES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
_SLOTTED = ("filled", "figures")

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
# What stands still, or is for one language, belongs to the frame of a page, not to its figures.
FRAME = {"text to translate": r"{%-?\s*trans\b|\b_\(", "a link": r"\bhref="}


def parsed(text: str) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return environment.parse(text)


def arithmetic(templates: Mapping[str, str]) -> Found:
    """Calculations in templates: views compute, templates print."""
    return {
        f"{name}:{node.lineno}": type(node).__name__
        for name, text in templates.items()
        for node in parsed(text).find_all(ARITHMETIC)
    }


def forbidden(templates: Mapping[str, str], patterns: Mapping[str, str]) -> Found:
    """Lines of templates that match a pattern."""
    return {
        f"{name}:{number}": f"{what}: {line.strip()[:80]}"
        for name, text in templates.items()
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in patterns.items()
        if re.search(pattern, line)
    }


def unreachable(templates: Mapping[str, str]) -> Found:
    """Elements that scroll, but not by keyboard or without a name."""
    return {
        f"{name}: {tag[:60]}": f"has no {needed}"
        for name, text in templates.items()
        for tag in re.findall(r'<div class="scroller".*', text)
        for needed in ('role="group"', 'tabindex="0"', "aria-label=")
        if needed not in tag
    }


# --- who renders what -------------------------------------------------------------------------


def unrendered(templates: Mapping[str, str], source: Source) -> Found:
    """Templates that no module renders and no template includes, and names of none."""
    used = {name for module in source for name in _named(module, templates)}
    for text in templates.values():
        used |= set(_included(text))
    orphans, missing = templates.keys() - used, used - templates.keys()
    return dict.fromkeys(orphans, "nobody renders it") | dict.fromkeys(missing, "is no template")


def _included(text: str) -> Iterator[str]:
    for node in parsed(text).find_all(REFERENCES):
        named: nodes.Expr = node.template  # type: ignore[attr-defined]
        parts = [named] if isinstance(named, nodes.Const) else named.find_all(nodes.Const)
        yield from (part.value for part in parts)
    for call in parsed(text).find_all(nodes.Call):
        # Templates with slots are written by a function.
        if isinstance(call.node, nodes.Name) and call.node.name in _SLOTTED:
            yield from (arg.value for arg in call.args[:1] if isinstance(arg, nodes.Const))


def _named(module: Module, templates: Iterable[str]) -> set[str]:
    """The templates that a module names; what an f-string fills in may be any word."""
    inside = {n for node in module.nodes if isinstance(node, ast.JoinedStr) for n in ast.walk(node)}
    found: set[str] = set()
    for node in module.nodes:
        if isinstance(node, ast.JoinedStr):
            pattern = "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                for part in node.values
            )
            if pattern.endswith((r"\.html", r"\.jinja")):
                found |= {name for name in templates if re.fullmatch(pattern, name)}
        elif isinstance(node, ast.Constant) and node not in inside:
            found |= {str(node.value)} if _TEMPLATE.fullmatch(str(node.value)) else set()
    return found


def foreign(
    templates: Mapping[str, str], source: Source, renderers: Mapping[str, set[str]]
) -> Found:
    """Templates that a module of another room renders.

    A folder of templates belongs to the modules and rooms of app/ that have its name, and to
    those that ``renderers`` adds.
    """
    found = {}
    for module in source:
        for name in sorted(_named(module, templates)):
            folder = name.rpartition("/")[0].partition("/")[0]
            owners = {folder} | renderers.get(folder, set())
            if folder and not owners & ({module.name} | set(module.name.split("."))):
                found[f"{module.name} -> {name}"] = f"belongs to {', '.join(sorted(owners))}"
    return found


# --- contexts ---------------------------------------------------------------------------------


def unread_fields(source: Source, templates: Mapping[str, str], contexts: str) -> Found:
    """Fields of the frozen values that pages print, below ``contexts``, that nothing reads.

    A field is read where a template or a module of views or web names it after a point.
    """
    read = {name for text in templates.values() for name in _attributes(text)}
    for module in source:
        if module.name.startswith(("app.views", "app.web")):
            read |= {n.attr for n in module.nodes if _is_read(n)}  # type: ignore[attr-defined]
    return {
        f"{module.name}.{node.name}.{field}": "is read by nothing"
        for module in source
        if module.name.startswith(contexts)
        for node in module.classes
        for field in _fields(node)
        if field not in read
    }


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)


def _attributes(text: str) -> Iterator[str]:
    for node in parsed(text).find_all((nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Getattr):
            yield node.attr
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            yield str(node.arg.value)


def _fields(node: ast.ClassDef) -> Iterator[str]:
    decorated = any("dataclass" in ast.unparse(one) for one in node.decorator_list)
    if decorated or any(ast.unparse(base) == "NamedTuple" for base in node.bases):
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                yield statement.target.id


# --- the map ----------------------------------------------------------------------------------


def rooms_of(source: Source) -> dict[str, str]:
    """Every package of app/ and every module at its top, with the first line that it says."""
    found = {}
    for module in source:
        if module.name == "app" or not (module.is_package or module.room == "app"):
            continue
        text = docstring_of(module.tree)
        line = str(text.value.value).splitlines()[0] if text else ""  # type: ignore[attr-defined]
        found[module.name.replace(".", "/") + ("/" if module.is_package else ".py")] = line
    return found


def rooms_in(text: str) -> dict[str, str]:
    """The rooms that a document lists: lines of a table like "| `app/lab/` | what it is |"."""
    rows = re.findall(r"^\| `(app/[\w/.]+)` \| (.*?) *\|$", text, re.MULTILINE)
    return {room: line.replace(r"\|", "|") for room, line in rows}


# --- the tests --------------------------------------------------------------------------------


def strays(tests: Iterable[str], source: Source) -> Found:
    """Tests whose place and name are no module's or package's."""
    found = {}
    for path in tests:
        meant = path.replace("tests/", "app/", 1).replace("/test_", "/").removesuffix(".py")
        if meant.replace("/", ".") not in source.modules:
            found[path] = "names no module"
    return found

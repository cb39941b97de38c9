"""Every rule of the architecture finds what breaks it, shown on made-up files."""

from collections.abc import Mapping
from textwrap import dedent

import pytest

from tests.architecture import code, imports, pages
from tests.architecture.source import Source

PLAN = imports.Plan(
    floors=(("engine", "messages"), ("lab",), ("web",), ("main",)),
    rooms={"web": (("http",), ("api", "pages"))},
)


def source(files: Mapping[str, str]) -> Source:
    return Source({path: dedent(text) for path, text in files.items()})


def one(text: str, path: str = "app/lab/lab.py") -> Source:
    return source({path: text})


# --- who imports whom -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["app/cellar.py", "app/cellar/x.py", "app/web/attic/x.py"])
def test_a_new_room_needs_a_floor(path: str) -> None:
    name = path.removesuffix(".py").replace("/", ".")
    assert list(imports.homeless(one("X = 1", path), PLAN)) == [name]


def test_a_module_between_rooms_needs_a_floor_unless_it_is_empty() -> None:
    files = {"app/web/__init__.py": '"""HTTP."""', "app/web/x.py": "X = 1", "app/main.py": ""}
    assert list(imports.homeless(source(files), PLAN)) == ["app.web.x"]


@pytest.mark.parametrize(
    ("importer", "line", "imported"),
    [
        ("app/engine/x.py", "from app.lab.y import Y", "app/lab/y.py"),
        ("app/engine/x.py", "import app.lab.y", "app/lab/y.py"),
        ("app/engine/x.py", "from app.lab import y", "app/lab/y.py"),
        ("app/engine/x.py", "def f():\n    from app.lab.y import Y", "app/lab/y.py"),
        ("app/engine/x.py", "if TYPE_CHECKING:\n    from app.lab.y import Y", "app/lab/y.py"),
        ("app/engine/x.py", "import_module('app.lab.y')", "app/lab/y.py"),
        ("app/engine/x.py", "from app.messages.y import Y", "app/messages/y.py"),
        ("app/lab/x.py", "from app.main import main", "app/main.py"),
        ("app/web/http/x.py", "from app.web.api.y import Y", "app/web/api/y.py"),
        ("app/web/api/x.py", "from app.web.pages.y import Y", "app/web/pages/y.py"),
    ],
)
def test_an_import_goes_down(importer: str, line: str, imported: str) -> None:
    files = {importer: line, imported: "Y = main = 1"}
    here, there = (path.removesuffix(".py").replace("/", ".") for path in files)
    assert list(imports.upward(source(files), PLAN)) == [f"{here} -> {there}"]
    # The other way is fine, but between rooms of one floor.
    back = source({importer: "X = 1", imported: f"import {here}"})
    same_floor = {("engine", "messages"), ("web.api", "web.pages")}
    rooms = tuple(".".join(name.split(".")[1:-1]) for name in (here, there))
    assert bool(imports.upward(back, PLAN)) == (rooms in same_floor)


def test_a_room_uses_what_it_may() -> None:
    files = {
        "app/lab/x.py": "import numpy as np\nfrom fastapi.routing import APIRoute\nimport json",
        "app/lab/deep/y.py": "import numpy\nimport numba",
        "app/store/z.py": "import sqlite3",
    }
    may = {"app.lab": {"numpy"}, "app.lab.deep": {"numba"}}
    assert set(imports.strangers(source(files), may)) == {
        "app.lab.x -> fastapi",
        "app.lab.deep.y -> numpy",
        "app.store.z -> sqlite3",
    }


def test_only_main_chooses() -> None:
    files = {
        "app/store/sqlite.py": "",
        "app/main.py": "import app.store.sqlite",
        "app/web/x.py": "from app.store.sqlite import SqliteStore",
    }
    found = imports.chosen_elsewhere(source(files), {"app.store.sqlite": {"app.main"}})
    assert list(found) == ["app.web.x -> app.store.sqlite"]


def test_relative_imports_are_found() -> None:
    assert list(imports.relative(one("X = 1\nfrom .edits import Edit"))) == ["app.lab.lab:2"]


def test_cycles_are_found_between_modules_and_between_packages() -> None:
    files = {
        "app/lab/a.py": "import app.lab.b",
        "app/lab/b.py": "import app.lab.c",
        "app/lab/c.py": "def f():\n    import app.lab.a",
        "app/lab/d.py": "import app.lab.a",
        "app/web/http/e.py": "import app.web.api.f",
        "app/web/api/f.py": "",
        "app/web/api/g.py": "import app.web.http.h",
        "app/web/http/h.py": "",
    }
    found = imports.cycles(source(files).graph)
    assert found == {"app.lab.a": "app.lab.a and app.lab.b and app.lab.c"}
    assert imports.cycles(imports.grouped(source(files), 1)) == {}
    assert list(imports.cycles(imports.grouped(source(files), 2))) == ["app.web.api"]


@pytest.mark.parametrize(
    "text",
    [
        "from app.lab.a import N",
        "from app.lab import a\nx = a.N",
        "from app.lab.b import N as N",
    ],
)
def test_a_name_that_is_passed_on_is_found(text: str) -> None:
    files = {"app/lab/a.py": "from app.lab.b import N\nM = N", "app/lab/b.py": "N = 1"}
    assert len(imports.passed_on(source({**files, "app/lab/c.py": text}))) == 1
    fine = "from app.lab.a import M\nfrom app.lab.b import N\nfrom app.lab import b\ny = b.N"
    assert imports.passed_on(source({**files, "app/lab/c.py": fine})) == {}


# --- sizes and names --------------------------------------------------------------------------


def test_large_rooms_files_and_functions_are_found() -> None:
    files = {f"app/lab/m{n}.py": "X = 1" for n in range(3)} | {"app/lab/__init__.py": ""}
    assert list(code.crowded(source(files), 2)) == ["app.lab"]
    assert code.crowded(source(files), 3) == {}
    assert list(code.long_files(one("X = 1\n" * 4), 3)) == ["app.lab.lab"]
    text = 'class C:\n    def f(self):\n        """A.\n\n        B.\n        """\n        x = 1\n'
    assert list(code.long_functions(one(text), 1)) == ["app.lab.lab.f"]
    assert code.long_functions(one(text), 2) == {}


def test_a_second_class_and_a_third_function_of_a_name_are_found() -> None:
    text = "class Axis: ...\ndef run(): ...\ndef _own(): ...\nclass C:\n    def fine(self): ..."
    files = {path: text.replace("C:", f"C{n}:") for n, path in enumerate(
        ["app/a/x.py", "app/b/x.py", "app/c/x.py"])}  # fmt: skip
    assert list(code.twin_classes(source(files))) == ["Axis"]
    assert list(code.common_functions(source(files), 2)) == ["run"]
    assert code.common_functions(source(files), 3) == {}


# --- state ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "kept = {}",
        "kept: list[int] = []",
        "kept = [n for n in range(3)]",
        "kept = make()",
        "KEPT = deque()",
        "KEPT = anyio.CapacityLimiter(1)",
        "class Cache: ...\nKEPT = Cache()",
        "KEPT = {}\ndef f(): KEPT['a'] = 1",
        "KEPT = {}\ndef f(): del KEPT['a']",
        "KEPT = []\ndef f(): KEPT.append(1)",
        "KEPT = 0\ndef f():\n    global KEPT\n    KEPT = 1",
    ],
)
def test_state_of_a_module_is_found(text: str) -> None:
    assert [name.lower() for name in code.module_state(one(text))] == ["app.lab.lab.kept"]


@pytest.mark.parametrize(
    "text",
    [
        "KEPT = {'a': 1}",
        "_KEPT: Mapping[str, int] = {'a': 1}\ndef f(): return _KEPT['a']",
        "T = TypeVar('T')\nKind = Literal['a']",
        "@dataclass(frozen=True)\nclass Style: ...\nFULL = Style()",
        "class Style(NamedTuple): ...\nFULL = Style()",
        "KEPT = ()\ndef f(KEPT): KEPT.append(1)",
        "__all__ = ['a']",
    ],
)
def test_constants_are_no_state(text: str) -> None:
    assert code.module_state(one(text)) == {}


def test_routers_may_be_filled_while_their_module_is_read() -> None:
    routes = one("router = APIRouter()\nother = APIRouter()")
    assert list(code.module_state(routes, frozenset({"router"}))) == ["app.lab.lab.other"]


@pytest.mark.parametrize(
    "text",
    [
        "@cache\ndef f(x): ...",
        "@lru_cache\ndef f(x): ...",
        "@lru_cache(maxsize=None)\ndef f(x: int): ...",
        "@functools.lru_cache(maxsize=64)\ndef f(x: Spec): ...",
        "@lru_cache(maxsize=64)\ndef f(x: 'Spec | None'): ...",
        "@lru_cache(64)\ndef f(*, x: tuple[Lab, ...]): ...",
    ],
)
def test_caches_that_grow_or_keep_much_are_found(text: str) -> None:
    assert list(code.caches(one(text), frozenset({"Spec", "Lab"}))) == ["app.lab.lab.f"]


@pytest.mark.parametrize(
    "text", ["@cache\ndef f(): ...", "@lru_cache(maxsize=64)\ndef f(x: int) -> Spec: ..."]
)
def test_small_caches_are_fine(text: str) -> None:
    assert code.caches(one(text), frozenset({"Spec", "Lab"})) == {}


def test_sentences_for_people_are_found() -> None:
    said = one('"""A module of words."""\nTEXT = "not for people"\nraise ValueError("not a row")')
    assert list(code.talkative(said, "app.lab")) == ["app.lab.lab"]
    assert code.talkative(said, "app.la", "app.web") == {}


# --- templates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["{{ 1 + x }}", "{% set a = x * 2 %}", "{% if a % 2 %}{% endif %}"]
)
def test_arithmetic_in_templates_is_found(text: str) -> None:
    assert list(pages.arithmetic({"a.html": text})) == ["a.html:1"]


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a style attribute", "<p style='x'>"),
        ("a style element", "<style>"),
        ("a script within the page", "<script type='module'>"),
        ("an event handler", "<p onclick='x'>"),
        ("an event handler", "<p hx-on:click='x'>"),
        ("an address that is a script", "<a href='javascript:x'>"),
        ("an address that starts at the root", "<form hx-post='/x'>"),
        ("another host", "<img src='//example.org/x'>"),
        ("trust in what a person typed", "{{ x | safe }}"),
    ],
)
def test_forbidden_markup_is_found(what: str, line: str) -> None:
    found = pages.forbidden({"a.html": f"<p>\n{line}"}, pages.MARKUP)
    assert list(found) == ["a.html:2"]
    assert pages.forbidden({"a.html": line}, {what: pages.MARKUP[what]})


@pytest.mark.parametrize("line", ["{% trans %}x{% endtrans %}", "{{ _('x') }}", "<a href='?x'>"])
def test_what_belongs_to_the_frame_is_found(line: str) -> None:
    assert pages.forbidden({"figures.html": line}, pages.FRAME)
    assert not pages.forbidden({"figures.html": "{{ head }}{{ text }}"}, pages.FRAME)


def test_what_cannot_be_scrolled_by_keyboard_is_found() -> None:
    fine = '<div class="scroller" role="group" tabindex="0" aria-label="{{ x }}">'
    assert pages.unreachable({"a.html": fine}) == {}
    assert pages.unreachable({"a.html": fine.replace('tabindex="0"', "")})


def test_a_template_that_nobody_renders_and_one_that_is_missing_are_found() -> None:
    templates = {
        "lab/page.html": "{% include 'lab/part.html' %}{% import 'gone.html' as m %}",
        "lab/part.html": "",
        "lab/old.html": "",
        "lab/embed_update.html": "",
    }
    text = "A = 'lab/page.html'\nB = f'lab/{kind}_update.html'"
    found = pages.unrendered(templates, one(text, "app/web/pages/lab.py"))
    assert found == {"lab/old.html": "nobody renders it", "gone.html": "is no template"}


def test_a_template_of_another_room_is_found() -> None:
    text = "A = 'lab/page.html', 'base.html'"
    for path, found in (("app/web/pages/share.py", 1), ("app/web/pages/lab.py", 0)):
        files = one(text, path)
        assert len(pages.foreign({}, files, {})) == found
    assert pages.foreign({}, one(text, "app/web/pages/share.py"), {"lab": {"share"}}) == {}


def test_a_field_that_nothing_reads_is_found() -> None:
    text = """
        @dataclass(frozen=True)
        class LabPage:
            step: int
            said_of_phase: str
            rail: tuple[str, ...]
            notes: str

        class Row(NamedTuple):
            name: str
            forgotten: int

        def page(lab):
            return LabPage(step=lab.step, said_of_phase="", rail=(), notes="")
    """
    files = {"app/views/pages/lab.py": text, "app/web/pages/lab.py": "print(page.rail)"}
    templates = {"lab/page.html": "{{ view.step }}{{ row['name'] }}{% if view.notes %}{% endif %}"}
    found = pages.unread_fields(source(files), templates, "app.views")
    assert {name.rpartition(".")[2] for name in found} == {"said_of_phase", "forgotten"}


def test_the_map_is_read() -> None:
    files = {
        "app/__init__.py": "",
        "app/main.py": '"""The root."""',
        "app/lab/__init__.py": '"""Over time.\n\nMore.\n"""',
        "app/lab/lab.py": '"""Not in the map."""',
    }
    text = "| where | what |\n| `app/lab/` | Over time. |\n| `app/main.py` | The root. |"
    assert pages.rooms_in(text) == pages.rooms_of(source(files))
    assert pages.rooms_in(text.replace("Over", "In")) != pages.rooms_of(source(files))


def test_a_test_of_no_module_is_found() -> None:
    files = source(
        {"app/lab/lab.py": "", "app/engine/numba_backend/loops.py": "", "app/main.py": ""}
    )
    fine = ["tests/lab/test_lab.py", "tests/test_main.py"]
    found = pages.strays([*fine, "tests/test_lab.py", "tests/lab/test_labs.py"], files)
    assert list(found) == ["tests/test_lab.py", "tests/lab/test_labs.py"]

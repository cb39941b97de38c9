"""The house: who may import whom, how large things are, what a name says, what templates hold.

The rules are in ``tests/architecture``; here stands what they are asked to allow. An exception
that no rule needs any more has to go.
"""

import re
from collections.abc import Mapping

import pytest

from app.web.http.assets import sent
from tests.architecture import code, imports, pages
from tests.architecture.source import ROOT, Source, read

SOURCE = Source(read("app", ".py"))
TEMPLATES = {
    path.removeprefix("templates/"): text
    for path, text in read("templates", ".html", ".jinja").items()
}
PAGES = {name: text for name, text in TEMPLATES.items() if name.endswith(".html")}

# --- the plan ---------------------------------------------------------------------------------

# Each floor knows those before it. Rooms of one floor do not know each other.
PLAN = imports.Plan(
    floors=(
        ("errors",),
        ("engine", "messages"),
        ("data", "explain"),
        ("lab",),
        ("views", "store"),
        ("web",),
        ("server",),
        ("settings",),
        ("hosting",),
        ("main",),
    ),
    rooms={
        "engine": (("",), ("numba_backend",)),
        "data": (("numbers",), ("text",), ("",)),
        "explain": (("",), ("writers",)),
        "lab": (("",), ("asking", "homework", "links")),
        "views": (
            ("",),
            ("text", "downloads"),
            ("diagram", "plots", "derivation"),
            ("pages", "lesson"),
        ),
        "web": (
            ("budgets",),
            ("http",),
            ("networks", "files"),
            ("api", "pages"),
            ("builder", "classroom"),
        ),
    },
)

# Packages of other people, and of the standard library those that start threads or open files.
MAY_USE = {
    "app.engine": {"numpy"},
    "app.engine.numba_backend.compiling": {"numpy", "numba"},
    "app.data": {"numpy"},
    "app.data.text.encodings": {"charset_normalizer"},
    "app.lab": {"numpy", "orjson"},
    "app.store": {"numpy", "orjson", "sqlite3", "threading"},
    "app.store.valkey_server": {"asyncio", "valkey"},
    "app.views": {"numpy", "contourpy"},
    "app.web": {"fastapi", "starlette", "pydantic", "pydantic_core", "anyio", "asyncio", "orjson"},
    "app.web.api": {"fastapi", "starlette", "pydantic", "orjson", "numpy"},
    "app.web.http": {"fastapi", "starlette", "pydantic", "pydantic_core", "anyio", "asyncio"}
    | {"threading", "jinja2", "markupsafe", "brotli", "orjson", "limits", "python_multipart"},
    "app.web.budgets": {"starlette", "anyio", "asyncio", "limits"},
    "app.web.budgets.pool": {"starlette", "anyio", "asyncio", "threading"},
    "app.web.files.programs": {"jinja2"},
    "app.web.files.png": {"resvg_py"},
    "app.web.classroom.join": {"segno", "starlette"},
    "app.views.options": {"pydantic", "pydantic_core"},  # the reader's options, from the address
    "app.settings": {"limits", "platformdirs", "pydantic", "pydantic_settings"},
    "app.hosting": {"threading"},
    "app.hosting.logs": {"pythonjsonlogger"},
    "app.hosting.metrics": {"asyncio", "prometheus_client"},
    "app.hosting.check": {"asyncio", "sqlite3"},
    "app.hosting.backup": {"sqlite3"},
    "app.server.workers": {"threading"},
    "app.server": {"anyio", "asyncio", "h11", "orjson", "starlette", "uvicorn"},
    "app.main": {"fastapi", "starlette", "pydantic", "limits"},
}

# Where there are several of a kind, the composition root chooses.
CHOSEN_BY = {
    "app.store.sqlite": {"app.main", "app.store.sqlite_classrooms"},
    "app.store.valkey": {"app.main", "app.store.valkey_runs"},
    "app.engine.numba_backend": {"app.main"},
}

# Folders of templates that other modules than those of the same name render.
RENDERERS = {
    "compare": {"comparison"},
    "diagram": {"downloads", "parts"},
    "examples": {"lab"},
    "import": {"imports"},
    "lab": {"lab_answers", "parts", "runs"},
    "menus": {"parts"},
    "plots": {"parts"},
    "published": {"comparison"},
    "worksheet": {"downloads"},
}

MOST_MODULES, MOST_LINES, MOST_LINES_OF_A_FUNCTION = 20, 320, 45
# With schedules, clipping and the conventions of three frameworks, in NumPy and compiled.
MOST_ENGINE, MOST_SCRIPT = 2_750, 20_000
MOST_HOMES_OF_A_FUNCTION_NAME = 2
# Filled while their modules are read, or without any state: the names of such objects.
CONSTANT_OBJECTS = frozenset({"router", "_log"})
# What must not be kept alive by a cache of the whole process.
HEAVY = frozenset({"Spec", "Lab", "Moment", "Trace"})

# --- exceptions, each with its reason ---------------------------------------------------------

UPWARD: Mapping[str, str] = {}
STRANGERS: Mapping[str, str] = {}
CHOSEN_ELSEWHERE: Mapping[str, str] = {}
CYCLES: Mapping[str, str] = {}
TWIN_CLASSES: Mapping[str, str] = {}
COMMON_FUNCTIONS = {
    "run": "until the two backends are objects; it is the endpoint's and the command's name too",
}
MODULE_STATE = {
    "app.engine.activations._erfc": "a ufunc, which has no state",
    "app.web.http.observation._current": "a ContextVar: each request has one of its own",
    "app.engine.training._backend": "main hands it over, once a process",
}
CACHES: Mapping[str, str] = {}


def assert_only(found: Mapping[str, str], excused: Mapping[str, str]) -> None:
    """What a rule found is excused, and every excuse is needed."""
    assert not {name: how for name, how in found.items() if name not in excused}
    assert not {name: "is needed no more" for name in excused if name not in found}


# --- who imports whom -------------------------------------------------------------------------


def test_the_modules_are_found() -> None:
    assert {"app.main", "app.lab.lab", "app.engine.backprop"} <= SOURCE.modules.keys()
    routes = SOURCE.modules["app.web.api.networks"]
    assert "app.web.networks.commands" in SOURCE.imports(routes)
    assert "fastapi" in SOURCE.outside(routes)
    assert code.sentences(SOURCE.modules["app.messages"]), "the search finds what is for people"


def test_every_module_stands_on_a_floor() -> None:
    assert_only(imports.homeless(SOURCE, PLAN), {})


def test_imports_go_down() -> None:
    assert_only(imports.upward(SOURCE, PLAN), UPWARD)


def test_a_room_uses_few_packages_of_other_people() -> None:
    assert_only(imports.strangers(SOURCE, MAY_USE), STRANGERS)


def test_main_alone_chooses_the_store_and_the_backend() -> None:
    assert_only(imports.chosen_elsewhere(SOURCE, CHOSEN_BY), CHOSEN_ELSEWHERE)


def test_imports_are_absolute() -> None:
    assert_only(imports.relative(SOURCE), {})


@pytest.mark.parametrize(("depth", "excused"), [(1, {}), (2, CYCLES)], ids=["top", "within"])
def test_packages_do_not_import_each_other(depth: int, excused: Mapping[str, str]) -> None:
    assert_only(imports.cycles(imports.grouped(SOURCE, depth)), excused)


def test_modules_do_not_import_each_other() -> None:
    assert_only(imports.cycles(SOURCE.graph), {})


def test_a_name_is_imported_from_where_it_lives() -> None:
    assert_only(imports.passed_on(SOURCE), {})


# --- sizes ------------------------------------------------------------------------------------


def test_rooms_are_small() -> None:
    assert_only(code.crowded(SOURCE, MOST_MODULES), {})


def test_files_are_short() -> None:
    assert_only(code.long_files(SOURCE, MOST_LINES), {})


def test_functions_are_short() -> None:
    assert_only(code.long_functions(SOURCE, MOST_LINES_OF_A_FUNCTION), {})


def test_the_script_is_small() -> None:
    scripts = (ROOT / "static").glob("*.js")
    sizes = {path.name: len(sent(path.name, path.read_bytes())) for path in scripts}
    assert sizes
    assert sum(sizes.values()) < MOST_SCRIPT, sizes


def test_the_engine_reads_in_one_sitting() -> None:
    engine = [module for module in SOURCE if module.name.startswith("app.engine")]
    lines = [line for module in engine for line in module.text.splitlines() if line.strip()]
    assert len(lines) < MOST_ENGINE


# --- names, state, words ----------------------------------------------------------------------


def test_a_class_name_stands_once() -> None:
    assert_only(code.twin_classes(SOURCE), TWIN_CLASSES)


def test_few_functions_are_named_alike() -> None:
    assert_only(code.common_functions(SOURCE, MOST_HOMES_OF_A_FUNCTION_NAME), COMMON_FUNCTIONS)


def test_modules_keep_no_state() -> None:
    assert_only(code.module_state(SOURCE, CONSTANT_OBJECTS), MODULE_STATE)


def test_caches_of_the_process_are_small() -> None:
    assert_only(code.caches(SOURCE, HEAVY), CACHES)


def test_the_core_says_nothing_to_people() -> None:
    core = ("app.engine", "app.explain", "app.views.diagram.layout", "app.lab.timeline")
    assert all(any(m.name.startswith(room) for m in SOURCE) for room in core)
    assert_only(code.talkative(SOURCE, *core), {})


# --- templates and contexts -------------------------------------------------------------------


def test_the_templates_are_found() -> None:
    assert "base.html" in PAGES
    assert len(PAGES) > 30
    assert any(name.endswith(".jinja") for name in TEMPLATES)


def test_templates_compute_nothing() -> None:
    assert_only(pages.arithmetic(PAGES), {})


def test_templates_hold_no_markup_that_the_policy_forbids() -> None:
    assert_only(pages.forbidden(PAGES, pages.MARKUP), {})


def test_figures_hold_numbers_only() -> None:
    figures = {name: text for name, text in PAGES.items() if name.endswith("figures.html")}
    assert_only(pages.forbidden(figures, pages.FRAME), {})


def test_what_scrolls_can_be_scrolled_by_keyboard() -> None:
    assert_only(pages.unreachable(PAGES), {})


def test_a_class_and_the_lab_call_no_two_things_alike() -> None:
    """The desk has the lab's parts beside its own, and one style sheet has the ids of both."""
    ids = {name: set(re.findall(r'(?<![-\w])id="([\w-]+)"', text)) for name, text in PAGES.items()}
    of_class = {one for name in ids if name.startswith("classroom/") for one in ids[name]}
    others = {one for name in ids if not name.startswith("classroom/") for one in ids[name]}
    stands_for_the_lab_s = {"expect", "notice", "rail", "said", "stage", "toolbar"}
    stands_for_the_lab_s |= {"view-notation", "view-theme", "present"}
    assert of_class & others == stands_for_the_lab_s


def test_every_template_is_rendered() -> None:
    assert_only(pages.unrendered(TEMPLATES, SOURCE), {})


def test_a_template_is_rendered_by_its_own_room() -> None:
    assert_only(pages.foreign(TEMPLATES, SOURCE, RENDERERS), {})


def test_every_field_that_a_page_gets_is_read() -> None:
    assert_only(pages.unread_fields(SOURCE, TEMPLATES, "app.views"), {})


# --- the map ----------------------------------------------------------------------------------

MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_map_names_every_room_as_it_names_itself() -> None:
    assert pages.rooms_in(MAP) == pages.rooms_of(SOURCE)


def test_the_map_names_files_that_exist() -> None:
    named = set(re.findall(r"`((?:app|docs|static|templates|tests)/[\w./-]*)`", MAP))
    assert len(named) > 50
    assert not {path for path in named if not (ROOT / path).exists()}


def test_the_path_of_a_click_is_short() -> None:
    click = MAP.partition("## The path of a click")[2].partition("\n## ")[0]
    assert (
        10 <= len(set(re.findall(r"`(app/[\w/]+\.py)`", click.partition("The JSON API")[0]))) <= 15
    )


# --- the tests --------------------------------------------------------------------------------

# Tests that are about more than one module of their room, and what they are about.
TESTS_OF_MORE = {
    "tests/test_architecture.py": "all of app/",
    "tests/architecture/test_rules.py": "the rules of this test",
    "tests/engine/test_golden.py": "every number of the worked examples",
    "tests/engine/test_frameworks.py": "losses and steps, as frameworks print them",
    "tests/engine/test_gradients.py": "backprop, by central differences",
    "tests/engine/test_hidden_deltas.py": "a convention that backprop and optimizers share",
    "tests/engine/test_oracle.py": "whole steps, as PyTorch took them",
    "tests/test_faults.py": "what breaks, and what is lost",
    "tests/test_load.py": "a class beside attacks",
    "tests/engine/test_published.py": "what the sources of the examples printed",
    "tests/explain/test_derivations.py": "every derivation of random networks",
    "tests/lab/test_lab_machine.py": "any sequence of a Lab's commands",
    "tests/views/diagram/test_large_networks.py": "folds, bundles and the diagram",
    "tests/views/downloads/test_programs.py": "what the programs print when they run",
    "tests/web/test_hostile.py": "any request, to any address",
    "tests/web/pages/test_own_fields.py": "what the panel and the tables take in a table's units",
    "tests/web/pages/test_large_networks.py": "pages and tables of large networks",
    "tests/web/pages/test_plots.py": "plots in pages, by their addresses",
}
# Rooms of tests that mirror none of app/.
OWN_ROOMS = ("tests/browser/", "tests/oracle/", "tests/tooling/")


def test_tests_lie_where_their_modules_lie() -> None:
    tests = {path for path in read("tests", ".py") if path.rpartition("/")[2].startswith("test_")}
    mirrored = {path for path in tests if not path.startswith(OWN_ROOMS)}
    assert len(mirrored) > 50
    assert_only(pages.strays(mirrored, SOURCE), TESTS_OF_MORE)

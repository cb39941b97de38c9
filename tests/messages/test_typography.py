"""Signs in what people read: typographic apostrophes, three points in one sign, one blank."""

import ast
import re
from collections.abc import Iterator

from jinja2 import Environment

from tests.support import ROOT

_PLAIN = re.compile(r"(?<=[a-zA-Z}])'(?=[a-z])|(?<=s)'(?= )|\.\.\.|(?<=\S)  +(?=\S)")


def _of_templates() -> Iterator[str]:
    extracting = Environment(extensions=["jinja2.ext.i18n"])
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for _, _, text in extracting.extract_translations(path.read_text("utf-8")):
            forms = (text,) if isinstance(text, str) else text
            yield from (" ".join(form.split()) for form in forms if form)


def _of_modules() -> Iterator[str]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                yield from (str(ast.literal_eval(one)) for one in node.args)


def test_what_people_read_is_set_as_print_sets_it() -> None:
    texts = {*_of_templates(), *_of_modules()}
    assert len(texts) > 1_000
    assert {text for text in texts if _PLAIN.search(text)} == set()

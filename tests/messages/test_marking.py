"""Whole numbers in sentences, and the signs of all sentences."""

import ast
import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from app.messages.marking import Count, counted
from tests.support import ROOT

_PLAIN = re.compile(r"(?<=[a-zA-Z}])'(?=[a-z])|(?<=s)'(?= )|\.\.\.|(?<=\S)  +(?=\S)")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (1000, "1,000 steps"), (-1, "-1 steps")],
)
def test_a_noun_follows_its_number(number: int, text: str) -> None:
    assert f"{Count(number):step|steps}" == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "61 seconds"),
        (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes"), (3600, "1 hour"),
        (3601, "61 minutes"), (7200, "2 hours"), (86_375, "24 hours"),
    ],
)  # fmt: skip
def test_seconds_are_told_in_the_largest_unit_that_they_fill(seconds: int, text: str) -> None:
    assert f"{Count(seconds):second|seconds|minute|minutes|hour|hours}" == text


def test_thousands_are_separated_unless_a_form_says_otherwise() -> None:
    assert "{n} {n:d} {n:06d}".format(n=Count(12345)) == "12,345 12345 012345"


def test_only_whole_numbers_are_counted() -> None:
    values = counted({"a": 1234, "b": 1234.5, "c": "1234", "d": True})
    assert "{a} {b} {c} {d}".format(**values) == "1,234 1234.5 1234 True"


def _of_templates() -> Iterator[str]:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for _, _, text in extract_from_ast(environment.parse(path.read_text("utf-8"))):
            forms = (text,) if isinstance(text, str) else text or ()
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

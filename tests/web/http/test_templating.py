"""Templates: texts without variables are translated once, when a template is compiled."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from app.web.http.templating import CompiledTemplates, LanguageEnvironment
from tests.support import ROOT

TEXTS = {"{% trans %}One & two, 5 %{% endtrans %}": "<Eins & zwei, 5 %>",
         "{{ _('Step') }}": "<Step>",
         "{{ _('Step') ~ '&' }}": "<Step>&amp;",
         "{{ gettext('5 %% off') }}": "<5 % off>",
         "{% trans n=3 %}{{ n }} steps{% endtrans %}": "<3 steps>",
         "{% trans n=3 %}one{% pluralize %}{{ n }} steps{% endtrans %}": "3 steps!"}  # fmt: skip


def environment(asked: list[str]) -> LanguageEnvironment:
    """An environment whose language puts texts in angles, and which notes what it is asked for."""

    def translate(text: str) -> str:
        asked.append(text)
        return f"<{text.replace('One', 'Eins').replace('two', 'zwei')}>"

    def translate_plural(one: str, many: str, count: int) -> str:
        return f"{one if count == 1 else many}!"

    return LanguageEnvironment(Path(), translate, translate_plural)


@pytest.mark.parametrize(("source", "expected"), TEXTS.items(), ids=range(len(TEXTS)))
def test_a_text_is_translated(source: str, expected: str) -> None:
    template = environment([]).from_string(source)
    assert template.render() == template.render() == expected


def test_a_text_without_variables_is_translated_when_its_template_is_compiled() -> None:
    asked: list[str] = []
    template = environment(asked).from_string("{% trans %}Step{% endtrans %}{{ _('Back') }}")
    assert asked == ["Step", "Back"]
    assert template.render() == "<Step><Back>"
    assert asked == ["Step", "Back"]


def test_a_template_is_compiled_once_for_a_language(tmp_path: Path) -> None:
    (tmp_path / "step.html").write_text("{{ _('Step') }} {{ n }}", encoding="utf-8")
    asked: list[str] = []

    def translate(text: str) -> str:
        asked.append(text)
        return "Schritt"

    english, german = CompiledTemplates(), CompiledTemplates()

    def said(compiled: CompiledTemplates, speaks: Callable[[str], str]) -> str:
        one = LanguageEnvironment(tmp_path, speaks, lambda one, many, n: one, compiled)
        return one.get_template("step.html").render(n=1)

    assert said(german, translate) == "Schritt 1"
    assert said(english, str) == "Step 1"
    assert said(german, translate) == "Schritt 1"
    assert asked == ["Step"]
    (tmp_path / "step.html").write_text("{{ n }} {{ _('Back') }}", encoding="utf-8")
    assert said(english, str) == "1 Back"


def test_a_translated_text_is_escaped_as_before() -> None:
    source = "{% set a = _('Back') %}{{ a }}<p title=\"{{ _('5 % & more') | upper }}\">"
    plain = Environment(loader=DictLoader({}), autoescape=True, extensions=["jinja2.ext.i18n"])
    plain.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    folded = LanguageEnvironment(ROOT, str, lambda one, many, n: one if n == 1 else many)
    unmarked = source.replace("5 %", "5 %%")
    assert folded.from_string(unmarked).render() == plain.from_string(unmarked).render()

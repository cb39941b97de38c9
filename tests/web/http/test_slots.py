"""Templates with slots: all that they write, and the figures alone."""

import pytest
from jinja2 import DictLoader, Environment

from app.web.http.slots import SlotTemplates, figures_of

ROW = (
    '<p id="row" class="wide {{ slot }}">w = <b id="old">{{ slot }}</b> → '
    '<data id="new" value="{{ slot }}">{{ slot }}</data></p><hr id="still">'
)
TEXTS = ("narrow", "0.1", "0.25", "0.3")


@pytest.fixture
def slots() -> SlotTemplates:
    return SlotTemplates(Environment(loader=DictLoader({"row.html": ROW}), autoescape=True))


def test_a_page_gets_all_and_a_page_in_view_its_figures(slots: SlotTemplates) -> None:
    assert slots.filled("row.html", 1, TEXTS) == (
        '<p id="row" class="wide narrow">w = <b id="old">0.1</b> → '
        '<data id="new" value="0.25">0.3</data></p><hr id="still">'
    )
    assert slots.figures("row.html", 1, TEXTS) == (
        '<i id="row" class="wide narrow"></i><b id="old">0.1</b><b id="new" value="0.25">0.3</b>'
    )


@pytest.mark.parametrize("texts", [TEXTS[1:], (*TEXTS, "more")])
def test_texts_and_slots_are_as_many(slots: SlotTemplates, texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="assign sequence"):
        slots.filled("row.html", 1, texts)


@pytest.mark.parametrize(
    "written",
    ["<p>\0</p>", '<p class="\0" id=""><b>x</b>\0</p>', '<p id="a">\0 <b>x</b></p>', "\0"],
)
def test_a_slot_that_no_figure_can_reach_is_an_error(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        figures_of(written)


def test_a_page_in_view_gets_what_differs_with_its_own_texts() -> None:
    row = '{% for name in names %}<p id="{{ name }}"><b>{{ slot }}</b>{{ also }}</p>{% endfor %}'
    slots = SlotTemplates(Environment(loader=DictLoader({"rows.html": row}), autoescape=True))

    def differences(texts: tuple[str, ...], also: str) -> str:
        return str(
            slots.differences(
                "rows.html", ("", also), iter(texts),
                lambda: {"names": "ab", "also": ""}, lambda: {"names": "ab", "also": also},
            )
        )  # fmt: skip

    assert differences(("1", "2"), "") == ""
    assert differences(("1", "2"), "!") == (
        '<hx-partial hx-target="#a" hx-swap="outerMorph"><p id="a"><b>1</b>!</p></hx-partial>'
        '<hx-partial hx-target="#b" hx-swap="outerMorph"><p id="b"><b>2</b>!</p></hx-partial>'
    )
    with pytest.raises(ValueError, match="slots"):
        differences(("1", "2", "3"), "!")

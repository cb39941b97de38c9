"""What a page gets that shows some markup and is to show other markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.http.differences import SLOT, differing
from tests.web.support import Page

PICTURE = (
    '<svg id="network"><g id="wires"><path class="{0}"/></g><a id="w1" aria-label="{1}"><text>w1'
    '</text></a><a id="s-w1" aria-label="small"><text>w1</text></a><g><text>{2}</text>{3}</g></svg>'
)


def picture(sign: str = "pos", label: str = "w1", number: str = SLOT, more: str = "") -> str:
    return PICTURE.format(sign, label, number, more)


def after(shown: str, wanted: str) -> Page:
    """The page that shows ``shown`` once it has the answer; slots are texts as well."""
    page = Page(f'<main id="main">{shown}</main>'.replace(SLOT, "?"))
    page.swap(Page(differing(shown, wanted)[0].replace(SLOT, "?")))
    return page


texts = st.sampled_from(("pos", "neg", "w1", SLOT, "<b>0.5</b>", f"<b>{SLOT}</b><i>1</i>", ""))
pictures = st.builds(picture, st.sampled_from(("pos", "neg")), st.sampled_from("ab"), texts, texts)


@given(shown=pictures, wanted=pictures)
def test_the_answer_makes_of_one_markup_the_other(shown: str, wanted: str) -> None:
    expected = Page(f'<main id="main">{wanted}</main>'.replace(SLOT, "?"))
    assert after(shown, wanted).root.source() == expected.root.source()


def test_what_is_the_same_is_not_sent() -> None:
    assert differing(picture(), picture()) == ("", [])


def test_an_attribute_is_set_and_not_copied_to_the_small_drawing() -> None:
    answer, slots = differing(picture(), picture(label="w1 and its gradient"))
    assert answer == (
        '<hx-partial hx-target="#main" hx-swap="figures">'
        '<i id="w1" aria-label="w1 and its gradient"></i><i id="s-w1" aria-label="small"></i>'
        "</hx-partial>"
    )
    assert slots == []


def test_an_element_without_an_id_is_named_by_its_place_and_brings_its_numbers() -> None:
    more = f"<text>{SLOT}</text>"
    answer, slots = differing(picture(), picture(more=more))
    assert answer == (
        '<hx-partial hx-target="#network>:nth-child(4)" hx-swap="outerMorph strip:true">'
        f"<svg><g><text>{SLOT}</text>{more}</g></svg></hx-partial>"
    )
    assert slots == [0, 1]


def test_other_elements_are_no_differences() -> None:
    with pytest.raises(ValueError, match="other elements"):
        differing('<p id="one"></p>', '<p id="two"></p>')

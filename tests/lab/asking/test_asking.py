"""What can be asked about a moment, and what is true there."""

from collections.abc import Callable

import pytest

from app.errors import InvalidInput
from app.explain.quantities import UnknownQuantity, find
from app.explain.slips import is_near
from app.explain.step_numbers import entry
from app.lab import walking
from app.lab.asking.asking import MOST_CHOICE, MOST_TEXT, Asking
from app.lab.asking.questions import Form
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import phases_for
from app.lab.visibility import Visibility


def fresh(slug: str = "mazur-2-2-2") -> Lab:
    return Lab.fresh(EXAMPLES[slug].spec, slug)


@pytest.mark.parametrize(
    ("key", "choices", "right", "phase"),
    [
        ("direction:w5", ("up", "down", "stays"), 1, "update"),
        ("direction:w7", ("up", "down", "stays"), 0, "update"),
        ("direction:b1", ("up", "down", "stays"), 2, "update"),
        ("sign:o1", ("positive", "negative", "zero"), 0, "delta:2"),
        ("sign:o2", ("positive", "negative", "zero"), 1, "delta:2"),
        ("largest", ("w1", "w2", "w5", "w6", "w7", "w8"), 3, "update"),
    ],
)
def test_the_truth_is_the_next_steps(
    key: str, choices: tuple[str, ...], right: int, phase: str
) -> None:
    asked = Asking(fresh()).question(key)
    assert (asked.choices, asked.right, asked.phase) == (choices, right, phase)
    assert asked.key == key
    assert type(asked).read(asked.written()) == asked


def test_a_number_is_that_of_the_step_from_here() -> None:
    lab = fresh().stepped(7)
    asked = Asking(lab, 9).question("value:new:w5", "0.1")
    assert asked.value == lab.stepped().parameters.weights[1][0, 0]
    assert (asked.step, asked.before, asked.version) == (7, "pre_activation:1", 9)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_each_phase_has_three_to_five_proposals_that_lie_ahead(slug: str) -> None:
    lab = fresh(slug)
    for place, phase in enumerate(phases_for(lab.present)):
        proposals = Asking(lab).proposals()
        assert 3 <= len({one.key for one in proposals}) == len(proposals) <= 5
        keys = [one.key for one in phases_for(lab.present)]
        assert all(keys.index(one.phase) >= place for one in proposals)
        assert phase.key in {one.phase for one in proposals}
        numbers = [one for one in proposals if one.form == Form.VALUE]
        assert all(one.slips for one in numbers), "of those whose slips differ"
        lab = walking.next_phase(lab)


@pytest.mark.parametrize("steps", [1, 3, 400])
@pytest.mark.parametrize("slug", EXAMPLES)
def test_no_proposal_has_its_answer_in_view(slug: str, steps: int) -> None:
    """At rest the page has the numbers of the update before, which may be right once more."""
    lab = fresh(slug).stepped(steps)
    for _ in phases_for(lab.present):
        view = Visibility.of(lab)
        proposals = Asking(lab).proposals()
        for asked in proposals:
            if asked.form == Form.VALUE and asked.value is not None:
                quantity = find(asked.about, lab.present)
                seen = view.value(quantity)
                if quantity.kind == "new":
                    seen = entry(lab.parameters, quantity)
                assert seen is None or not is_near(seen, asked.value, asked.tolerance), asked.key
            if asked.form == Form.SIGN:
                delta = view.value(find(f"delta:{asked.about.rpartition(':')[2]}", lab.present))
                assert delta is None or (0 if delta > 0 else 1) != asked.right, asked.key
        assert len(proposals) >= 3
        lab = walking.next_phase(lab)


def test_what_is_computed_or_has_no_single_answer_is_not_asked() -> None:
    lab = walking.onward_to(fresh(), "delta:2")
    for key, code in [
        ("value:net:h1", "computed_already"),
        ("sign:o1", "computed_already"),
        ("value:i1", "not_askable"),
        ("value:t1", "not_askable"),
        ("value:value:w5", "not_askable"),
        ("height:w5", "choice"),
        ("", "choice"),
    ]:
        with pytest.raises(InvalidInput) as refused:
            Asking(lab).question(key)
        assert refused.value.code == code, key
    with pytest.raises(UnknownQuantity):
        Asking(lab).question("direction:w99")
    with pytest.raises(InvalidInput):
        Asking(lab).question("value:w1", "3")


def own(text: str = "Why?", *choices: str, right: int | None = None) -> Callable[[], object]:
    return lambda: Asking(fresh()).own(text, choices, right)


@pytest.mark.parametrize(
    ("asking", "code"),
    [
        (own("", "a", "b"), "missing"),
        (own("\u202e\u200b\x07", "a", "b"), "missing"),
        (own("x" * (MOST_TEXT + 1), "a", "b"), "max_characters"),
        (own("x", "a"), "min_length"),
        (own("x", "a", " "), "min_length"),
        (own("x", *"abcdefg"), "max_length"),
        (own("x", "a", "y" * (MOST_CHOICE + 1)), "max_characters"),
        (own("x", "a", "a "), "choices_twice"),
        (own("x", "a", "b", "", right=2), "no_such_choice"),
        (own("x", "a", "b", right=-1), "no_such_choice"),
    ],
)
def test_an_own_question_has_limits(asking: Callable[[], object], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asking()
    assert refused.value.code == code


def test_an_own_question_keeps_its_words_and_no_marks_that_nobody_sees() -> None:
    asked = Asking(fresh()).own(" A\u202eB\n می\u200cخواهم ", ("", "ja", "", "нет"), 3)
    assert asked.text == "AB می\u200cخواهم"
    assert (asked.choices, asked.right, asked.phase) == (("ja", "нет"), 1, "")

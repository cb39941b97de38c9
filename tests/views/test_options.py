"""The reader's options: out of a query, and back into one."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.explain.notation import NOTATIONS
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.views.options import (
    CONTROLS,
    DIGITS,
    OF_A_FRAME,
    PICTURES,
    TABS,
    THEMES,
    USUAL_CONTROLS,
    ViewOptions,
)

WORDS = st.text(max_size=40)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "notation": st.sampled_from([*NOTATIONS]),
        "biases": st.just("nodes"),
        "theme": st.sampled_from(THEMES),
        "scale": st.sampled_from(("linear", "log")),
        "edit": st.just("on"),
        "check": st.just("on"),
        "tab": st.sampled_from(TABS),
        "pictures": st.sampled_from(PICTURES),
        "rest": st.sampled_from(("mean", "sample")),
        "digits": st.sampled_from(DIGITS),
        "open": WORDS,
        "across": WORDS,
        "up": WORDS,
        "sample": st.integers(0, 999_999_999).map(str),
        "unfold": st.sets(st.integers(0, 99), max_size=13).map(
            lambda layers: "-".join(map(str, sorted(layers)))
        ),
        "into": WORDS,
        "controls": st.sets(st.sampled_from(CONTROLS)).map(",".join),
        "phase": WORDS,
    },
)


@given(QUERIES, st.booleans())
def test_options_come_back_from_their_own_query(query: dict[str, str], framed: bool) -> None:
    options = ViewOptions.from_query(query, framed=framed)
    text = options.query()
    written = dict(parse_qsl(text[1:], keep_blank_values=True))
    assert options == ViewOptions.from_query(written, framed=framed)
    assert written == options.fields()
    assert [*written] == [name for name in ViewOptions.model_fields if name in written]
    for name, value in written.items():
        if name == "controls":
            assert set(value.split(",")) == set(query[name].split(","))
        else:
            assert value == query[name]
    for name in query.keys() - written.keys() - ({"edit"} if framed else {*OF_A_FRAME}):
        default = ViewOptions.model_fields[name].default
        assert query[name] in ("", str(default)) or name == "controls"


@given(QUERIES)
def test_a_change_is_the_same_in_the_query_and_in_the_options(query: dict[str, str]) -> None:
    options = ViewOptions.from_query(query)
    for name, text in {"theme": "dark", "digits": "4", "sample": "7", "open": None}.items():
        assert options.query(**{name: text}) == options.changed(**{name: text}).query()


def test_defaults_stand_in_no_query() -> None:
    assert ViewOptions().query() == ""
    assert ViewOptions().query(theme="auto", digits="4", scale=None, into="") == ""
    assert ViewOptions().opening == "?open="
    assert ViewOptions(digits=6).opening == "?digits=6&open="
    assert ViewOptions(framed=True, controls=()).query() == "?controls="
    assert ViewOptions(framed=True, controls=("curve", "step")).query() == "?controls=step,curve"


def test_the_site_has_every_control_and_frames_have_what_they_name() -> None:
    query = {"controls": "step", "phase": "forward", "edit": "on"}
    site, frame = (ViewOptions.from_query(query, framed=framed) for framed in (False, True))
    assert (site.shown_controls, site.query()) == (CONTROLS, "?edit=on")
    assert (frame.shown_controls, frame.query()) == (("step",), "?controls=step&phase=forward")
    assert ViewOptions.from_query({}, framed=True).shown_controls == USUAL_CONTROLS
    assert ViewOptions.from_query({"framed": "1"}).framed is False


def test_another_network_keeps_what_means_the_same_there() -> None:
    chosen = ViewOptions(
        theme="dark", open="w5", sample=3, unfold=frozenset({1}), into="h1", across="x1"
    )
    assert chosen.elsewhere == "?theme=dark"
    assert chosen.changed(open="loss").elsewhere == "?theme=dark&open=loss"
    assert chosen.folding(1) == "?theme=dark&open=w5&across=x1&sample=3&into=h1"
    assert chosen.fields("sample", "unfold", "into") == {
        "theme": "dark", "open": "w5", "across": "x1"
    }  # fmt: skip


def test_a_notation_that_nobody_chose_is_the_examples_own() -> None:
    for example in EXAMPLES.values():
        lab = Lab.fresh(example.spec, example.slug)
        assert ViewOptions().notation_for(lab).key == example.notation
        assert ViewOptions(notation="z").notation_for(lab).key == "z"
        assert ViewOptions().notation_for(Lab.fresh(example.spec)).key == "net"


def test_options_do_not_change() -> None:
    with pytest.raises(ValidationError):
        ViewOptions().theme = "dark"  # type: ignore[misc]


def test_the_key_d_asks_for_3_to_6_digits_in_turn() -> None:
    asked = {digits: ViewOptions(digits=digits).digits_by_key for digits in (3, 4, 5, 6, 9)}
    assert asked == {3: "4", 4: "5", 5: "6", 6: "3", 9: "3"}

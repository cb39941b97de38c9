"""A link is the moment in view: every digit of it comes back, and nothing else gets in."""

import base64
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.lab.links.codec as links
from app.engine.network import BIAS_UPDATES, HIDDEN_DELTAS, Spec
from app.errors import InvalidInput, LinkTooLarge, TakebackError, UnusableLink
from app.lab import walking
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.limits import MAX_STEPS
from app.lab.links.codec import MAX_LENGTH, decode, encode
from app.lab.phases import phases_for
from app.lab.spec_json import spec_from_data
from app.store import codec
from app.views.options import ViewOptions
from app.views.pages.lab import lab_page
from app.web.api.state import state
from app.web.builder.draft import draft_of
from app.web.builder.fields import fingerprint
from app.web.networks.lookup import vet
from tests.strategies import THOROUGH, spec_data, specs

GREEK = {"inputs": ["α", "ξ_1"], "hidden": [["ηidden'", "μ2"]], "outputs": ["Ω"], "targets": ["τ"]}


def seen(lab: Lab) -> dict[str, Any]:
    """The State without what a link does not keep: the past, and what comes of it."""
    found: dict[str, Any] = orjson.loads(
        orjson.dumps(state("", 0, lab), option=orjson.OPT_SERIALIZE_NUMPY)
    )
    # A link begins at the step of the update in view, or here: in a walk the loss here may be
    # unknown yet, and the last one of the history is then of a step that the link has not.
    kept = lab.step - (lab.before is not None) - lab.first_step
    found["loss_history"] = found["loss_history"][kept:]
    for key in ("first_step", "last_step", "branch", "branches"):
        del found[key]
    for key in ("weights", "biases"):
        del found["spec"][key]
    return found


def assert_same(lab: Lab) -> Lab:
    """The Lab of the link of ``lab``: the same digits on the page and in the State."""
    link = encode(lab)
    back = decode(link, vet)
    assert seen(back) == seen(lab)
    assert back.parameters.data == lab.parameters.data
    assert encode(back) == link
    stored = codec.decode(codec.encode(back))
    assert seen(stored) == seen(lab)
    assert stored.reset().parameters.data == back.reset().parameters.data
    return back


def xor(seed: int = 3) -> Spec:
    return spec_from_data(
        {
            "layers": [2, 2, 1],
            "activations": ["sigmoid", "sigmoid"],
            "data": {"name": "xor"},
            "initialization": {"scheme": "xavier_uniform", "seed": seed},
        }
    )


# --- there and back ---------------------------------------------------------------------------


@st.composite
def labs(draw: st.DrawFn) -> Lab:
    """A network after some commands; those that would run away are left out."""
    lab = Lab.fresh(draw(specs(most_layers=4, most_units=3)))
    names = [name for rows in lab.spec.names.weights for row in rows for name in row]
    moves = {
        "step": lambda lab: lab.stepped(draw(st.integers(1, 4))),
        "forward": lambda lab: lab.forwarded(),
        "walk": walking.next_phase,
        "walk back": walking.previous_phase,
        "take back": lambda lab: lab.taken_back(),
        "rate": lambda lab: lab.edited(Edit(learning_rate=draw(st.sampled_from([0.01, 1 / 3])))),
        "weight": lambda lab: lab.edited(Edit(weights={draw(st.sampled_from(names)): 0.1 + 0.2})),
        "inputs": lambda lab: lab.edited(Edit(inputs=[1 / 7] * lab.spec.layers[0])),
        "biases": lambda lab: lab.edited(Edit(bias_update=draw(st.sampled_from(BIAS_UPDATES)))),
        "deltas": lambda lab: lab.converted(
            Edit(hidden_deltas=draw(st.sampled_from(HIDDEN_DELTAS)))
        ),
        "reset": lambda lab: lab.reset(),
    }
    for name in draw(st.lists(st.sampled_from(sorted(moves)), max_size=8)):
        try:
            lab = moves[name](lab)
        except (InvalidInput, TakebackError):
            continue
    return lab


@THOROUGH
@given(labs())
def test_a_link_holds_the_moment_in_view(lab: Lab) -> None:
    if not (lab.is_finite and lab.shown.forward.is_finite):
        return
    assert_same(lab)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_phase_of_every_example_travels(slug: str) -> None:
    example = EXAMPLES[slug]
    lab = Lab.fresh(example.spec, slug).stepped(2)
    wish = ViewOptions(notation="z", digits=10, open=example.spec.names.weights[0][0][0])
    for _ in range(len(phases_for(lab.present)) + 1):
        back = assert_same(lab)
        ours, theirs = lab_page(lab, wish), lab_page(back, wish)
        known = replace(theirs, curve=ours.curve, can_take_back=ours.can_take_back)
        assert known == ours
        lab = walking.next_phase(lab)


def test_names_in_greek_travel() -> None:
    data = {
        "layers": [2, 2, 1],
        "activations": ["tanh", "sigmoid"],
        "samples": [{"inputs": [0.1, -0.0], "targets": [1e-300]}],
        "names": GREEK,
        "biases": [[0.1, 0.2], [0.3]],
        "bias_update": "none",
    }
    lab = assert_same(Lab.fresh(spec_from_data(data)).stepped(2))
    assert lab.spec.names.units == (("α", "ξ_1"), ("ηidden'", "μ2"), ("Ω",))


def test_names_of_biases_may_be_longer_than_those_a_person_gives() -> None:
    data = {
        "layers": [1, 2, 1],
        "activations": ["tanh", "sigmoid"],
        "samples": [{"inputs": [1.0], "targets": [0.0]}],
        "names": {"hidden": [["h" * 16, "g" * 16]], "biases": ["b" * 16, "c" * 16]},
    }
    lab = assert_same(Lab.fresh(spec_from_data(data)).stepped())
    assert lab.spec.names.biases[0][0] == "b" * 16 + "_" + "h" * 16


def test_what_the_optimizer_remembers_travels() -> None:
    data = {**_plain(xor()), "optimizer": {"name": "adam", "learning_rate": 0.05}}
    lab = Lab.fresh(spec_from_data(data)).stepped(7)
    back = assert_same(lab)
    assert back.parameters.age == 7
    assert back.stepped(30).parameters.data == lab.stepped(30).parameters.data
    assert back.reset().parameters.age == 6


def _plain(spec: Spec) -> dict[str, Any]:
    return {"layers": list(spec.layers), "activations": list(spec.activations),
            "data": {"name": "xor"}}  # fmt: skip


def test_a_rule_changed_after_the_update_in_view_travels_with_it() -> None:
    lab = Lab.fresh(xor()).stepped(5).edited(Edit(learning_rate=0.125))
    back = assert_same(lab)
    assert back.trace is not None
    assert back.trace.learning_rate == 0.5
    assert back.present.optimizer.learning_rate == 0.125
    assert back.taken_back().present.optimizer.learning_rate == 0.5
    assert back.stepped(3).parameters.data == lab.stepped(3).parameters.data


PRICES = "area,price\n30,150\n60,310\n90,420\n120,500"


def test_a_tables_means_and_scales_travel_to_the_last_digit() -> None:
    draft = draft_of({"dataset": "own", "table": PRICES})
    assert draft.lab
    data = assert_same(draft.lab.stepped(5)).present.data
    assert data is not None
    assert (data.target_means, data.target_scales) == ((345.0,), (float(np.std(YIELD)),))


YIELD = [150, 310, 420, 500]


@pytest.mark.parametrize(("link", "name", "targets"), [
    ("1G5WqqwZxTJBtQHjLEBj2hjjDHp5JEGGNpWzESGSGWNMXEekGLcYgZRAkkxig5yoDrDmvOKM0LS0HzkU"
     "q74DaEkH-QCq5C4oyk1NBYiAXgkTMTfXACTQ5MQdcHBob65maGBoYWpqZGZlYmlmYxEITNzh2TYwMIDn"
     "C2BDKMDSFMkwNDEBKgQnB0LgWANrtv8Uln9w_2u2_xSWf3L9j8k9UXHf1v2PyT1Rcd_U__C9O43OmOUD"
     "zYcBjBdQ_QKSh-Whm3xhAM_G0KAZWLEA9zhdslqdbQJrN0hP9PVRACMsQlsy-T0AWCwqNdQ9PQM-E2f-"
     "hV0xAF1wh5Q8TUkDtF2whniYwQBjF1R5LBkFAjvxDt6XZZkA", "own", YIELD),
    ("1-Q1pqwZxTJBtQHjLEBj2hjjDHp5JEGGNpWzESGQgi7EkMCISDlqUQXIDLMsYGmHJbKCYAoa3oTE4iM0"
     "MzU3MawE74ODpT7PiP71n2KIqAMi_y6l5JXt977_jyAzWp7Hvv8EA4UEqqOs_XZhD9YGp5z9AAskn_e6"
     "7vyArJmjIz8M_VIVUw7vsvT-VhuC7-J3DP48xelzVupA_TXgfE-vKqz_OEOFaAO_FPw", "curve", None),
])  # fmt: skip
def test_links_made_before_targets_were_standardised_open(
    link: str, name: str, targets: list[float] | None
) -> None:
    lab = decode(link, vet)
    data = lab.present.data
    assert data is not None
    assert (lab.step, data.name, data.options["standardise"]) == (5, name, True)
    assert len(data.means) == 1
    assert (data.target_means, data.target_scales) == ((), ())
    assert targets is None or sorted(lab.present.targets.ravel().tolist()) == targets
    again = encode(lab)
    assert again == link or name == "own"
    assert len(again) <= len(link), "an own table is shorter by now, and the same"
    assert decode(again, vet).present.inputs.tobytes() == lab.present.inputs.tobytes()


# --- a timeline that begins later -------------------------------------------------------------


def test_the_past_before_a_link_is_not_in_it() -> None:
    lab = decode(encode(Lab.fresh(xor()).stepped(10)), vet)
    assert (lab.first_step, lab.step, lab.last_step) == (9, 10, 10)
    back = lab.taken_back()
    assert (back.step, back.trace) == (9, None)
    with pytest.raises(InvalidInput) as caught:
        back.taken_back()
    assert caught.value.code == "nothing_to_take_back"
    with pytest.raises(InvalidInput) as caught:
        lab.rewound(3)
    assert caught.value.values == {"minimum": 9}
    with pytest.raises(InvalidInput) as caught:
        lab.taken_back(2)
    assert caught.value.values == {"maximum": 1}


def test_reset_returns_to_where_the_link_begins() -> None:
    start = Lab.fresh(xor()).stepped(9)
    lab = decode(encode(start.stepped()), vet).stepped(20)
    reset = lab.reset()
    assert (reset.step, reset.phase, reset.last_step) == (9, "start", 30)
    assert reset.parameters.data == start.parameters.data
    edited = reset.edited(Edit(weights={"w1": 5.0}))
    assert edited.branches[1].start == 9
    assert edited.reset().parameters.data == start.parameters.data
    assert lab.reset(forget=True).last_step == 9


def test_the_curve_of_a_link_begins_where_it_does() -> None:
    lab = Lab.fresh(xor()).stepped(12)
    losses = lab.all_losses
    later = decode(encode(lab.rewound(10)), vet).stepped(2)
    assert later.all_losses.tolist() == losses[9:].tolist()
    curve = lab_page(later, ViewOptions(notation="net")).curve
    assert (curve.first, curve.steps, curve.step) == (9, 12, 12)
    whole = lab_page(lab, ViewOptions(notation="net")).curve
    assert curve.values.split()[0] == whole.values.split()[9]
    assert curve.values.startswith("9:")
    assert curve.points.startswith("0.0,")
    assert curve.x == "460.0"


# --- sizes ------------------------------------------------------------------------------------


def example(slug: str) -> Lab:
    return Lab.fresh(EXAMPLES[slug].spec, slug)


MOONS = spec_from_data(
    {
        "layers": [2, 4, 1],
        "activations": ["tanh", "sigmoid"],
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "batch": {"size": 10, "reduction": "mean"},
        "data": {"name": "moons", "size": 200, "seed": 4, "test_share": 0.25},
    }
)


@pytest.mark.parametrize(
    ("lab", "most"),
    [
        (example("afteracademy-2-2-2"), 24),
        (example("afteracademy-2-2-2").stepped(), 26),
        (example("mazur-2-2-2").stepped(10), 130),
        (example("han-kamber-3-2-1").stepped(10), 145),
        (Lab.fresh(xor()).stepped(10), 140),
        (Lab.fresh(MOONS).stepped(50), 700),
    ],
    ids=lambda value: value if isinstance(value, int) else "-".join(map(str, value.spec.layers)),
)
def test_links_are_small_enough_for_a_message(lab: Lab, most: int) -> None:
    assert len(encode(lab)) <= most


def test_a_data_set_travels_as_its_name_only_while_it_is_the_same() -> None:
    lab = Lab.fresh(MOONS).stepped(3)
    moved = lab.edited(Edit(inputs=[0.5, 0.5]))
    assert len(encode(moved)) > len(encode(lab)) + 1000
    assert assert_same(moved).present.data == MOONS.data
    assert decode(encode(lab), vet).present.inputs.tobytes() == MOONS.inputs.tobytes()


def test_a_network_that_is_too_large_is_refused_with_its_size() -> None:
    data = {
        "layers": [16, 16, 16, 16, 16],
        "activations": ["tanh"] * 4,
        "samples": [{"inputs": [0.1] * 16, "targets": [0.1] * 16}],
    }
    with pytest.raises(LinkTooLarge) as caught:
        encode(Lab.fresh(spec_from_data(data)))
    assert caught.value.values["limit"] == MAX_LENGTH
    assert isinstance(caught.value.values["count"], int)


# --- what people and programs send ------------------------------------------------------------

LINK = encode(Lab.fresh(xor()).stepped(3))


def refusal(link: str) -> str:
    with pytest.raises(UnusableLink) as caught:
        decode(link, vet)
    return caught.value.code


@pytest.mark.parametrize("length", range(len(LINK)))
def test_a_link_that_is_cut_off_says_so(length: int) -> None:
    assert refusal(LINK[:length]) == "link_damaged"


@pytest.mark.parametrize("place", range(1, len(LINK)))
def test_a_changed_character_is_found(place: int) -> None:
    other = "A" if LINK[place] != "A" else "B"
    assert refusal(LINK[:place] + other + LINK[place + 1 :]) == "link_damaged"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("", "link_damaged"),
        ("1", "link_damaged"),
        ("hello", "link_damaged"),
        ("1" + "é" * 9, "link_damaged"),
        ("1\x00\x00", "link_damaged"),
        (LINK + "=", "link_damaged"),
        (LINK + ".", "link_damaged"),
        ("2" + LINK[1:], "link_format"),
        ("1" + "A" * MAX_LENGTH, "link_too_long"),
    ],
)
def test_garbage_is_refused(link: str, code: str) -> None:
    assert refusal(link) == code


def forged(content: Any, pool: bytes = b"") -> str:
    """A link with a checksum that fits."""
    return links._wrapped(content if isinstance(content, bytes) else orjson.dumps(content), pool)


def parts() -> tuple[dict[str, Any], bytes]:
    content, pool = links._unwrapped(LINK)
    return orjson.loads(content), pool


def test_forging_works_as_it_is_meant_to() -> None:
    content, pool = parts()
    assert forged(content, pool) == LINK


NAN = b"\x00\x00\x00\x00\x00\x00\xf8\x7f"
CONTENTS: list[dict[str, Any]] = [
    {"k": -1}, {"k": MAX_STEPS}, {"k": 2**63}, {"k": True}, {"k": "1"}, {"u": 2}, {"n": 99},
    {"n": 3}, {"w": "yes"}, {"o": "unknown"}, {"o": ["x"]}, {"o": 7}, {"d": 1}, {"d": [1]},
    {"p": 10}, {"p": 10**18}, {"p": -9}, {"p": [None] * 10}, {"p": ["1"] * 9}, {"p": [2**63] * 9},
    {"p": [True] * 9}, {"p": {}}, {"s": []}, {"s": {}},
    {"t": {"layers": [2, 3, 1]}}, {"t": {"optimizer": 5}}, {"t": []}, {"t": {"loss": "none"}},
]  # fmt: skip
SPECS: list[dict[str, Any]] = [
    {"layers": [10**9, 10**9]}, {"layers": [64] * 10}, {"layers": [2]}, {"layers": []},
    {"layers": "221"}, {"layers": [2, -2, 1]}, {"layers": [2.0, 2, 1]}, {"layers": [2, True, 1]},
    {"activations": ["sigmoid"]}, {"activations": ["eval"] * 2}, {"loss": "softmax_cross_entropy"},
    {"optimizer": {"learning_rate": -1}}, {"optimizer": {"name": "adam"}}, {"optimizer": []},
    {"optimizer": {"x": 1}}, {"names": {"inputs": ["<b>", "x"]}}, {"names": []},
    {"names": {"biases": [["<script>", "x"], ["y"]]}}, {"names": {"biases": 7}},
    {"data": {"name": "xor", "size": 10**9}}, {"data": {"name": "own"}}, {"data": []},
    {"data": {"name": "iris"}}, {"data": {"name": "xor", "noise": 1e300}},
    {"x": [0, 1]}, {"x": [0, 1, 1e300]}, {"x": 300}, {"x": [0, 1, 1] * 5001}, {"x": "0"},
    {"batch": {"size": 0}}, {"batch": 3}, {"weights": [[[1]]]}, {"initialization": {"seed": 1}},
    {"r": [0]}, {"r": "x"}, {"r": 5}, {"r": [99]}, {"r": [None]},
    {"unknown": 1}, {"hidden_deltas": None}, {"leaky_slope": 2}, {"samples": [1]}, {"samples": []},
]  # fmt: skip


@pytest.mark.parametrize("change", [*CONTENTS, *({"s": change} for change in SPECS)], ids=str)
def test_what_cannot_be_is_refused(change: dict[str, Any]) -> None:
    content, pool = parts()
    if isinstance(change.get("s"), dict) and change["s"]:
        change = {"s": {**content["s"], **change["s"]}}
    assert refusal(forged({**content, **change}, pool)) in ("link_refused", "link_outdated")


def test_numbers_that_are_none_or_too_many_are_refused() -> None:
    content, pool = parts()
    assert refusal(forged(content, NAN + pool[8:])) == "link_refused"
    assert refusal(forged(content, pool[:-8])) == "link_refused"
    assert refusal(forged(content, pool + pool[:8])) == "link_refused"
    assert refusal(forged(content, pool + b"x")) == "link_refused"
    huge = bytes.fromhex("ffffffffffffef7f")
    assert refusal(forged({**content, "p": 9}, huge * 9)) == "link_refused"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"7", b"[" * 5000, b'{"k":NaN}', b'{"k":1' + b"0" * 400 + b"}"],
)
def test_content_that_is_no_object_is_refused(content: bytes) -> None:
    assert refusal(forged(content)) == "link_refused"


def test_a_bomb_is_not_unpacked() -> None:
    bomb = forged(b'{"s":"' + b" " * 40_000_000 + b'"}')
    assert len(bomb) < 60_000
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b" " * 4_000_000) + body.flush()
    text = base64.urlsafe_b64encode(links._check(packed) + packed).rstrip(b"=").decode()
    assert len(text) < MAX_LENGTH
    assert refusal("1" + text) == "link_refused"


def test_an_example_or_data_set_that_was_changed_since_is_noticed() -> None:
    content, pool = parts()
    assert refusal(forged({**content, "d": content["d"] ^ 1}, pool)) == "link_outdated"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@THOROUGH
@given(st.sampled_from(["o", "k", "s", "u", "t", "n", "w", "p", "d"]), VALUES)
def test_any_value_anywhere_is_taken_or_refused(key: str, value: Any) -> None:
    content, pool = parts()
    _tried({**content, key: value}, pool)


@THOROUGH
@given(st.sampled_from([*parts()[0]["s"], "x", "y", "names", "optimizer", "batch"]), VALUES)
def test_any_value_in_the_spec_is_taken_or_refused(key: str, value: Any) -> None:
    content, pool = parts()
    _tried({**content, "s": {**content["s"], key: value}}, pool)


def _tried(content: dict[str, Any], pool: bytes) -> None:
    try:
        link = forged(orjson.dumps(content), pool)
    except (TypeError, ValueError):
        return  # not JSON
    try:
        lab = decode(link, vet)
    except UnusableLink:
        return
    assert lab.is_finite


@THOROUGH
@given(spec_data(most_layers=3, most_units=3))
def test_a_link_is_as_strict_as_the_api(data: dict[str, Any]) -> None:
    lab = Lab.fresh(spec_from_data(data))
    if lab.is_finite:
        assert decode(encode(lab), vet).spec.names == lab.spec.names


@pytest.mark.parametrize("kind", ["values", "classes", "words"])
def test_an_own_table_of_200_rows_fits_into_2500_characters(kind: str) -> None:
    rng = np.random.default_rng(7)

    def number() -> str:
        return f"{rng.uniform(1, 9.9):.1f}"

    def word() -> str:
        return ("red", "blue")[rng.integers(2)]

    first, last = (word if kind == "words" else number), (word if kind == "classes" else number)
    rows = [[first(), number(), number(), last()] for _ in range(200)]
    text = "\n".join(["a,b,c,d", *map(",".join, rows)])
    typed = {"dataset": "own", "table": text, "test_share": "0.2"}
    roles = {"roles_of": fingerprint(tuple("abcd")), "role.1": "input"}
    lab = draft_of({**typed, **roles}).lab
    assert lab is not None
    for one in (lab, lab.stepped()):
        link = encode(one)
        assert len(link) < 2_500
        back = decode(link, vet)
        for name in ("inputs", "targets", "test_inputs", "test_targets"):
            assert getattr(back.spec, name).tobytes() == getattr(one.spec, name).tobytes()
        assert back.spec.data == one.spec.data
        assert back.parameters.data == one.parameters.data

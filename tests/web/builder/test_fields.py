"""The table of the builder's fields agrees with its words and with the request models."""

import pytest
from pydantic import ValidationError

from app.lab.builder import KEEP
from app.messages.builder import FORM_LABELS, OPTIONS
from app.web.builder.fields import _ADAPTERS, FIELDS, field_at, read_fields


@pytest.mark.parametrize("name", [name for name in FIELDS if name.partition(".")[0] in OPTIONS])
def test_every_option_in_words_can_be_chosen(name: str) -> None:
    for value in OPTIONS[name.partition(".")[0]]:
        _ADAPTERS[name].validate_python(value)
    with pytest.raises(ValidationError) as refused:
        _ADAPTERS[name].validate_python("99")
    allowed = refused.value.errors()[0].get("ctx", {}).get("allowed")
    if allowed:
        assert set(allowed.split(", ")) - {KEEP} == OPTIONS[name.partition(".")[0]].keys()


def test_every_field_has_a_name_in_errors() -> None:
    assert {f"/new/{name}" for name in FIELDS if name != "more"} <= FORM_LABELS.keys()


def test_pointers_lead_back_to_their_fields() -> None:
    for name, field in FIELDS.items():
        if field.pointer:
            assert field_at(f"/spec{field.pointer}", 1) == name
    found = [
        field_at(at, 2)
        for at in ("/layers/1", "/layers/3", "/activations/1", "/activations/2", "/samples/0",
                   "/initialization", "/names", "/table", "/new/noise")
    ]  # fmt: skip
    assert found == ["units.1", "outputs", "activation.2", "output_activation", "loss",
                     "scheme", "all", "table", "noise"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("noise", "nan", "finite"),
        ("noise", "2.5", "maximum"),
        ("momentum", "1", "below"),
        ("init_scale", "1e7", "maximum"),
        ("leaky_slope", "-0.1", "minimum"),
        ("outputs", "65", "maximum"),
        ("standardise", "maybe", "choice"),
    ],
)
def test_ranges_are_those_of_the_request_models(name: str, text: str, code: str) -> None:
    chosen, wrong = read_fields({name: text, "dataset": "moons", "optimizer": "momentum"})
    assert wrong[name].code == code
    assert name not in chosen

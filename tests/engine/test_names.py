"""Where names point."""

import numpy as np
import pytest

from app.engine.names import KINDS, NamedPart
from app.engine.network import Spec, kept
from app.lab.examples import EXAMPLES
from app.lab.spec_json import spec_from_data

SHARED = spec_from_data(
    {
        "layers": [2, 3, 2],
        "activations": ["tanh", "sigmoid"],
        "bias_update": "shared",
        "samples": [{"inputs": [0.0, 1.0], "targets": [0.0, 1.0]}],
        "names": {"biases": ["c", ["d1", "d2"]]},
    }
)
SPECS = {**{slug: example.spec for slug, example in EXAMPLES.items()}, "shared": SHARED}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_every_parameter_has_one_name_and_is_found_by_it(spec: Spec) -> None:
    names, initial = spec.names, spec.initial
    parts = names.parameters()
    assert len({part.name for part in parts}) == len(parts)
    assert all(names.find(part.name) is part for part in parts)
    weights = [part.of(initial) for part in parts if part.kind == "weight"]
    assert weights == np.concatenate([array.ravel() for array in initial.weights]).tolist()
    for part in parts:
        arrays = initial.weights if part.kind == "weight" else initial.biases
        assert np.all(arrays[part.layer][spec.entry(part)] == part.of(initial))


def test_parts_of_each_kind() -> None:
    names = SHARED.names
    assert names.find("x2") == NamedPart("x2", "unit", 0, 1)
    assert names.find("y1") == NamedPart("y1", "target", 2, 0)
    assert names.find("w4") == NamedPart("w4", "weight", 0, 1, 1)
    assert names.find("c") == NamedPart("c", "bias", 0, 0)
    assert names.find("d2") == NamedPart("d2", "bias", 1, 1)
    assert names.find("nothing") is None
    assert [len(names.parts(kind)) for kind in KINDS] == [7, 2, 12, 3]
    # A bias that its layer shares is set as a whole, by whichever of its names.
    for name in ("c", "d2"):
        part = names.find(name)
        assert part is not None
        assert SHARED.entry(part) == slice(None)


def test_what_is_kept_by_a_spec_is_computed_once_for_each() -> None:
    calls = []

    @kept
    def layers(spec: Spec) -> int:
        """How many."""
        calls.append(spec)
        return len(spec.layers)

    other = EXAMPLES["han-kamber-3-2-1"].spec
    assert [layers(SHARED), layers(SHARED), layers(other), layers(other)] == [3, 3, 3, 3]
    assert calls == [SHARED, other]

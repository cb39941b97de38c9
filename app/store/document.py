"""A Lab as a JSON document and back, exactly: what the page's Export saves and Import opens.

    {"format": "takeback-network", "version": 1, "origin", "spec", "initial",
     "variants": what edits changed of the spec,
     "branches": [{"parent", "start", "segments": [{"start", "spec", "checkpoints", "losses"}]}],
     "standing": {"branch", "step", "position", "walking", "parameters", "before"}}

Parameters are one row of numbers, in the order of ``Parameters.data``. A segment's ``spec``
is 0 for the spec, 1 for the first variant, and so on. ``initial`` holds the spec's parameters with
what the optimizer remembers where the timeline begins, or null where that is nothing.

A document is read as what anybody may have written: its types are checked before
(``app.web.networks.export_body``), whether it holds together is here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters
from app.engine.validation import SpecError
from app.errors import InvalidInput
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.limits import MAX_STEPS, check_within
from app.lab.phases import forward_position, phases_for
from app.lab.spec_json import given_bias_names, spec_from_data, spec_to_data
from app.lab.timeline import CHECKPOINT_EVERY, Branch, Segment, Series, read_parameters, stored_size
from app.store.codec import variant_from_data, variants_to_data

FORMAT, VERSION = "takeback-network", 1
_LONGEST_NAME = 16  # of a bias in a Spec; longer ones are made of a given one and the unit's
_OLDEST = 2**31
Data = Mapping[str, Any]


def document_of(lab: Lab) -> dict[str, Any]:
    """All of ``lab`` as data for JSON; of a segment's numbers, which may be many, arrays."""
    specs = lab.specs
    places = {id(spec): index for index, spec in enumerate(specs)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "origin": lab.origin,
        "spec": _spec_to_data(lab.spec),
        "initial": _numbers(lab.spec.initial.data) if lab.spec.initial.moments else None,
        "variants": variants_to_data(specs),
        "branches": [
            {
                "parent": branch.parent,
                "start": branch.start,
                "segments": [_segment(one, places[id(one.spec)]) for one in branch.segments],
            }
            for branch in lab.branches
        ],
        "standing": {
            **{key: getattr(lab, key) for key in ("branch", "step", "position", "walking")},
            "parameters": _numbers(lab.parameters.data),
            "before": None if lab.before is None else _numbers(lab.before.data),
        },
    }


def _spec_to_data(spec: Spec) -> dict[str, Any]:
    """The Spec; a layer's long bias names by the one name that they were made of."""
    data = spec_to_data(spec)
    biases = zip(data["names"]["biases"], given_bias_names(spec.names), strict=True)
    data["names"]["biases"] = [
        given if not isinstance(row, str) and max(map(len, row)) > _LONGEST_NAME else row
        for row, given in biases
    ]
    return data


def _segment(segment: Segment, place: int) -> dict[str, Any]:
    return {
        "start": segment.start,
        "spec": place,
        "checkpoints": np.array([_numbers(one) for one in segment.checkpoints]),
        "losses": segment.losses.array(),
    }


def _numbers(data: bytes) -> list[float]:
    numbers: list[float] = np.frombuffer(data, dtype="<f8").tolist()
    return numbers


# --- reading ----------------------------------------------------------------------------------


def lab_from_document(data: Data) -> Lab:
    """The Lab that ``document_of`` wrote; types, ranges and lengths of lists are checked already.

    Raises InvalidInput if its parts do not hold together; the pointer names the one to blame.
    """
    try:
        first = spec_from_data(data["spec"])
    except SpecError as error:
        raise error.under("/spec") from None
    spec = _remembering(first, data["initial"])
    origin = _origin(data["origin"], spec)
    branches = _branches(data["branches"], _variants(spec, data["variants"]))
    lab = _standing(Lab(spec, branches, 0, 0, 0, spec.initial, origin=origin), data["standing"])
    if not (lab.is_finite and lab.parameters.is_finite()):
        raise InvalidInput("loss_not_finite", pointer="/standing/parameters")
    return lab


def _remembering(spec: Spec, initial: Sequence[float] | None) -> Spec:
    """``spec`` with what its optimizer remembers at the start."""
    if initial is None:
        return spec
    if not slots_of(spec.optimizer):
        raise InvalidInput("must_be", pointer="/initial", expected="null")
    found = _read_parameters("/initial", spec, initial, _OLDEST)
    if replace(found, moments=()).data != spec.initial.data:
        raise InvalidInput("does_not_follow", pointer="/initial")
    return replace(spec, initial=found)


def _origin(slug: str | None, spec: Spec) -> str | None:
    if slug is None:
        return None
    if slug not in EXAMPLES:
        raise InvalidInput("choice", pointer="/origin", allowed=", ".join(EXAMPLES))
    # A link to a later moment keeps the example's name, with other values and rules.
    if spec.layers != EXAMPLES[slug].spec.layers:
        raise InvalidInput("origin_differs", pointer="/origin", name=slug)
    return slug


def _variants(spec: Spec, variants: Sequence[Data]) -> tuple[Spec, ...]:
    specs = [spec]
    for index, variant in enumerate(variants):
        where = f"/variants/{index}"
        for key, table in (("inputs", spec.inputs), ("targets", spec.targets)):
            _check_table(f"{where}/{key}", variant[key], table.shape, index)
        _check_bias_names(f"{where}/bias_names", variant, spec)
        try:
            specs.append(variant_from_data(specs, variant))
        except SpecError as error:
            raise error.under(where) from None
    return tuple(specs)


def _check_table(pointer: str, table: Any, shape: tuple[int, ...], index: int) -> None:
    """A table of samples, or the number of an earlier Spec that has it."""
    if isinstance(table, int):
        if not 0 <= table <= index:
            raise InvalidInput("maximum", pointer=pointer, maximum=index)
        return
    _check_equal(pointer, len(table), shape[0], "length")
    for row, numbers in enumerate(table):
        _check_equal(f"{pointer}/{row}", len(numbers), shape[1], "length")


def _check_bias_names(pointer: str, variant: Data, spec: Spec) -> None:
    """Names of biases, which stand where another rule for biases holds, and only there."""
    changed = variant["bias_update"] != spec.bias_update
    if changed != ("bias_names" in variant):
        raise InvalidInput("missing" if changed else "unknown_field", pointer=pointer)
    if not changed:
        return
    nodes, rows = variant["bias_names"]
    for side, given in enumerate((nodes, rows)):
        _check_equal(f"{pointer}/{side}", len(given), len(spec.layers) - 1, "length")
    for layer, (node, row) in enumerate(zip(nodes, rows, strict=True)):
        _check_equal(f"{pointer}/1/{layer}", len(row), spec.layers[layer + 1], "length")
        if node is not None and variant["bias_update"] == "per_neuron":
            raise InvalidInput("must_be", pointer=f"{pointer}/0/{layer}", expected="null")


def _branches(data: Sequence[Data], specs: tuple[Spec, ...]) -> tuple[Branch, ...]:
    branches: list[Branch] = []
    for index, one in enumerate(data):
        where, parent, start = f"/branches/{index}", one["parent"], one["start"]
        if index and start < branches[0].start:
            raise InvalidInput("minimum", pointer=f"{where}/start", minimum=branches[0].start)
        if parent is None:
            _check_equal(f"{where}/start", start, branches[0].start if branches else start)
        elif parent >= index:
            raise InvalidInput("parent_first", pointer=f"{where}/parent")
        else:
            check_within(f"{where}/start", start, branches[parent].end)
        segments = _segments(f"{where}/segments", start, one["segments"], specs)
        branches.append(Branch(parent, start, segments))
    return tuple(branches)


def _segments(
    where: str, start: int, data: Sequence[Data], specs: tuple[Spec, ...]
) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for index, one in enumerate(data):
        segments.append(_read_segment(f"{where}/{index}", start, one, specs))
        pointer, start = f"{where}/{index}/losses", segments[-1].end
        if not one["losses"] and index + 1 < len(data):
            raise InvalidInput("min_length", pointer=pointer, minimum=1)
        if start > MAX_STEPS:
            raise InvalidInput("too_many_steps", pointer=pointer, limit=MAX_STEPS)
    return tuple(segments)


def _read_segment(where: str, start: int, one: Data, specs: tuple[Spec, ...]) -> Segment:
    _check_equal(f"{where}/start", one["start"], start)
    check_within(f"{where}/spec", one["spec"], len(specs) - 1)
    spec = specs[one["spec"]]
    expected = len(one["losses"]) // CHECKPOINT_EVERY + 1
    _check_equal(f"{where}/checkpoints", len(one["checkpoints"]), expected, "length")
    for index, numbers in enumerate(one["checkpoints"]):
        step = start + index * CHECKPOINT_EVERY
        _read_parameters(f"{where}/checkpoints/{index}", spec, numbers, step)
    checkpoints = tuple(np.array(row, dtype="<f8").tobytes() for row in one["checkpoints"])
    return Segment(start, spec, checkpoints, Series().extended(one["losses"]))


def _read_parameters(where: str, spec: Spec, numbers: Sequence[float], step: int) -> Parameters:
    """Parameters that could be those of ``spec`` at ``step``."""
    _check_equal(where, len(numbers), stored_size(spec) // 8, "length")
    oldest = spec.initial.age + step
    age = numbers[-1]  # it counts updates
    if slots_of(spec.optimizer) and not (0 <= age <= oldest and float(age).is_integer()):
        raise InvalidInput("age_of_step", pointer=f"{where}/{len(numbers) - 1}", maximum=oldest)
    found = read_parameters(spec, np.array(numbers, dtype="<f8").tobytes(), 0)
    for layer, biases in enumerate(found.biases):
        one = spec.bias_update == "shared" or spec.names.bias_nodes[layer] is not None
        if one and np.any(biases != biases[0]):
            raise InvalidInput("biases_differ", pointer=where, layer=layer + 1)
    return found


def _standing(lab: Lab, data: Data) -> Lab:
    check_within("/standing/branch", data["branch"], len(lab.branches) - 1)
    lab, step = replace(lab, branch=data["branch"]), data["step"]
    check_within("/standing/step", step, lab.last_step, lab.first_step)
    lab = replace(lab, step=step)
    spec, before = lab.present, data["before"]
    parameters = _read_parameters("/standing/parameters", spec, data["parameters"], step)
    if before is not None:
        if step == lab.first_step:
            raise InvalidInput("must_be", pointer="/standing/before", expected="null")
        before = _read_parameters("/standing/before", spec, before, step - 1)
    position, walking = data["position"], data["walking"]
    forward = forward_position(spec.layers)
    if not walking and position not in (0, forward):
        raise InvalidInput("must_be", pointer="/standing/position", expected=f"0 / {forward}")
    check_within("/standing/position", position, len(phases_for(spec)) - 1)
    return replace(lab, position=position, walking=walking, parameters=parameters, before=before)


def _check_equal(pointer: str, found: int, expected: int, code: str = "must_be") -> None:
    if found != expected:
        raise InvalidInput(code, pointer=pointer, expected=expected)

"""A Lab as bytes and back, exactly: no pickle, a JSON header and raw little-endian float64.

magic "TB", format 2, sizes of the two headers        12 bytes
fixed header    JSON: the Spec, and what edits changed of it (rarely changes, parsed once)
moving header   JSON: where the Lab stands, and the layout of the branches and segments
payload         parameters now, before, then each segment's checkpoints and losses
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from app.engine.network import Spec
from app.engine.parameters import Parameters, frozen_array
from app.lab.branches import Branch
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data, spec_to_data
from app.lab.timeline import Segment, Series, read_parameters, stored_size

_HEAD = struct.Struct("<2sHII")
_MAGIC = b"TB"
_FORMAT = 2
_RULES = ("loss", "bias_update", "hidden_deltas", "slope_at_zero", "leaky_slope")


def encode(lab: Lab) -> bytes:
    """All of ``lab`` as bytes."""
    specs = specs_of(lab)
    fixed = _fixed_header(specs)
    places = {id(spec): index for index, spec in enumerate(specs)}
    payload = [lab.parameters.to_bytes(), b"" if lab.before is None else lab.before.to_bytes()]
    layout = []
    for branch in lab.branches:
        rows = []
        for segment in branch.segments:
            losses = segment.losses
            payload += [segment.checkpoints, *losses.blocks, losses.tail]
            sizes = [len(block) for block in losses.blocks]
            place = places[id(segment.spec)]
            rows.append([segment.start, place, len(segment.checkpoints), sizes, len(losses.tail)])
        layout.append([branch.parent, branch.start, rows])
    stands = [lab.branch, lab.step, lab.position, lab.walking, lab.before is not None]
    moving = orjson.dumps([lab.origin, stands, layout])
    head = _HEAD.pack(_MAGIC, _FORMAT, len(fixed), len(moving))
    return b"".join([head, fixed, moving, *payload])


def specs_of(lab: Lab) -> tuple[Spec, ...]:
    """Every Spec of ``lab``: the one that it was created with, then those of its segments."""
    own = [segment.spec for branch in lab.branches for segment in branch.segments]
    return tuple({id(spec): spec for spec in (lab.spec, *own)}.values())


def decode(data: bytes) -> Lab:
    """The inverse of ``encode``.

    Raises:
        ValueError: the bytes are not a Lab of a known format.
    """
    magic, version, fixed_size, moving_size = _HEAD.unpack_from(data)
    if magic != _MAGIC or version != _FORMAT:
        raise ValueError(f"not a network of format {_FORMAT}")
    moving_at = _HEAD.size + fixed_size
    specs = _specs(data[_HEAD.size : moving_at])
    payload_at = moving_at + moving_size
    origin, stands, layout = orjson.loads(data[moving_at:payload_at])
    branch, step, position, walking, has_before = stands
    spec = specs[0]
    size = stored_size(spec)
    parameters = read_parameters(spec, data, payload_at)
    before = read_parameters(spec, data, payload_at + size) if has_before else None
    own = _segments(data, payload_at + size * (2 if has_before else 1), specs, layout)
    branches = tuple(
        Branch(parent, start, tuple(next(own) for _ in rows)) for parent, start, rows in layout
    )
    return Lab(spec, branches, branch, step, position, parameters, before, origin, walking)


def _segments(
    data: bytes, at: int, specs: tuple[Spec, ...], layout: list[Any]
) -> Iterator[Segment]:
    def take(size: int) -> bytes:
        nonlocal at
        at += size
        return data[at - size : at]

    rows = (row for _, _, rows in layout for row in rows)
    for start, place, checkpoint_size, block_sizes, tail_size in rows:
        checkpoints = take(checkpoint_size)
        blocks = tuple(take(size) for size in block_sizes)
        yield Segment(start, specs[place], checkpoints, Series(blocks, take(tail_size)))


@lru_cache(maxsize=256)
def _fixed_header(specs: tuple[Spec, ...]) -> bytes:
    first, variants = specs[0], variants_to_data(specs)
    # Data has no place for what an optimizer remembers where the timeline begins.
    kept = {"initial": first.initial.to_bytes().hex()} if first.initial.moments else {}
    return orjson.dumps({"spec": spec_to_data(first), **kept, "variants": variants})


def variants_to_data(specs: Sequence[Spec]) -> list[dict[str, Any]]:
    """What edits changed of the first Spec in each of the others.

    A table of samples that an earlier Spec has is written as that Spec's number.
    """
    first, *others = specs
    variants: list[dict[str, Any]] = []
    known = {id(first.inputs): 0, id(first.targets): 0}
    for index, spec in enumerate(others, start=1):
        variant: dict[str, Any] = {"learning_rate": spec.optimizer.learning_rate}
        variant |= {rule: getattr(spec, rule) for rule in _RULES}
        if spec.bias_update != first.bias_update:
            variant["bias_names"] = [spec.names.bias_nodes, spec.names.biases]
        for key, table in (("inputs", spec.inputs), ("targets", spec.targets)):
            source = known.setdefault(id(table), index)
            variant[key] = table.tolist() if source == index else source
        variants.append(variant)
    return variants


@lru_cache(maxsize=256)
def _specs(fixed: bytes) -> tuple[Spec, ...]:
    content = orjson.loads(fixed)
    specs = [spec_from_data(content["spec"])]
    if "initial" in content:
        initial = read_parameters(specs[0], bytes.fromhex(content["initial"]), 0)
        specs = [replace(specs[0], initial=initial)]
    for variant in content["variants"]:
        specs.append(variant_from_data(specs, variant))
    return tuple(specs)


def variant_from_data(specs: Sequence[Spec], variant: Mapping[str, Any]) -> Spec:
    """One of the others, from ``variants_to_data``.

    Args:
        specs: the first Spec and those between, in order.
        variant: what was changed.

    Raises:
        SpecError: the changes do not fit the first Spec.
    """
    inputs, targets = (
        getattr(specs[variant[key]], key)
        if isinstance(variant[key], int)
        else frozen_array(variant[key])
        for key in ("inputs", "targets")
    )
    changes = {rule: variant[rule] for rule in _RULES}
    if "bias_names" in variant:
        changes |= _bias_changes(specs[0], *variant["bias_names"])
    optimizer = replace(specs[0].optimizer, learning_rate=variant["learning_rate"])
    changes |= {"optimizer": optimizer, "inputs": inputs, "targets": targets}
    return replace(specs[0], **changes)


def _bias_changes(spec: Spec, nodes: list[str | None], rows: list[list[str]]) -> dict[str, Any]:
    """What another rule for biases changes: their names, and step 0's, which must fit it."""
    names = replace(spec.names, bias_nodes=tuple(nodes), biases=tuple(map(tuple, rows)))
    equal = tuple(frozen_array(np.full_like(biases, biases[0])) for biases in spec.initial.biases)
    return {"names": names, "initial": Parameters(spec.initial.weights, equal)}

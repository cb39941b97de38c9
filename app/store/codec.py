"""A Lab as bytes and back, exactly: no pickle, JSON headers and raw little-endian float64.

A Lab is one row of data that each step writes, and blocks beside it that are written once:

data            magic "TB", format 3, 0, size of the header (12 bytes)
                header, JSON: where the Lab stands, and the layout of the branches and segments
                parameters now, before, then each segment's last checkpoint and unpacked losses
block "spec"    JSON: the Spec, and what edits changed of it
block "b.s.i"   256 steps of segment s of branch b: the checkpoint they begin at, packed losses

Format 2, which is still read, had all of it in the data: the JSON of the Spec before the header,
then for each segment all checkpoints and all losses.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import orjson

from app.engine.network import Spec
from app.engine.parameters import Parameters, frozen_array
from app.lab.lab import Lab
from app.lab.spec_json import frozen_by, spec_from_data, spec_to_data
from app.lab.timeline import Branch, Segment, Series, read_parameters, stored_size

_HEAD = struct.Struct("<2sHII")
MAGIC = b"TB"
_WHOLE, _FORMAT = 2, 3
_SPEC = "spec"
_RULES = ("loss", "bias_update", "hidden_deltas", "slope_at_zero", "leaky_slope")


class Content(NamedTuple):
    """A Lab as a store keeps it: ``data`` that each step changes, and ``blocks`` that stay.

    When a Lab is written, ``blocks`` are only those that the store does not have. ``alone`` says
    that what the store has under other names no longer belongs to the Lab.
    """

    data: bytes
    blocks: Mapping[str, bytes]
    alone: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether it is of format 2, which has no blocks."""
        return self.data[2:4] == _WHOLE.to_bytes(2, "little")


def encode(lab: Lab, stored: Lab | None = None) -> Content:
    """All of ``lab``, but for the blocks of ``stored``, which the store has."""
    specs = lab.specs
    places = {id(spec): index for index, spec in enumerate(specs)}
    now, before = _by_place(lab), _by_place(stored) if stored else {}
    if not all(place in now and _continues(now[place], old) for place, old in before.items()):
        before = {}
    blocks = {} if before and stored and specs == stored.specs else {_SPEC: spec_bytes(specs)}
    payload = [lab.parameters.data, b"" if lab.before is None else lab.before.data]
    layout: list[Any] = [[branch.parent, branch.start, []] for branch in lab.branches]
    for (branch, index), segment in now.items():
        full, losses = len(segment.losses.blocks), segment.losses
        known = len(before[branch, index].losses.blocks) if (branch, index) in before else 0
        for at in range(known, full):
            packed = losses.blocks[at].packed
            blocks[f"{branch}.{index}.{at}"] = segment.checkpoints[at] + packed
        payload += [segment.checkpoints[full], losses.tail]
        place = places[id(segment.spec)]
        layout[branch][2].append([segment.start, place, full, len(losses.tail)])
    stands = [lab.branch, lab.step, lab.position, lab.walking, lab.before is not None]
    header = orjson.dumps([lab.origin, stands, layout])
    head = _HEAD.pack(MAGIC, _FORMAT, 0, len(header))
    return Content(b"".join([head, header, *payload]), blocks, not before)


def _by_place(lab: Lab) -> dict[tuple[int, int], Segment]:
    """Every segment by the number of its branch and its own."""
    return {
        (branch, index): segment
        for branch, one in enumerate(lab.branches)
        for index, segment in enumerate(one.segments)
    }


def _continues(segment: Segment, old: Segment) -> bool:
    """Whether a segment begins with all blocks of another one."""
    full = len(old.losses.blocks)
    return full == 0 or (
        len(segment.losses.blocks) >= full
        and segment.losses.blocks[full - 1] is old.losses.blocks[-1]
        and segment.checkpoints[full - 1] == old.checkpoints[full - 1]
    )


def size_of(lab: Lab) -> int:
    """How many bytes ``lab`` takes in a store, about."""
    segments = sum(segment.size for branch in lab.branches for segment in branch.segments)
    return len(spec_bytes(lab.specs)) + segments


def decode(content: Content) -> Lab:
    """The inverse of ``encode``; ValueError if the bytes are not a Lab of a known format."""
    data = content.data
    magic, version, fixed_size, moving_size = _HEAD.unpack_from(data)
    if magic != MAGIC or version not in (_WHOLE, _FORMAT):
        raise ValueError(f"not a network of format {_WHOLE} or {_FORMAT}")
    moving_at = _HEAD.size + fixed_size
    specs = _specs(data[_HEAD.size : moving_at] or content.blocks[_SPEC])
    spec, at, size = specs[0], moving_at + moving_size, stored_size(specs[0])
    origin, stands, layout = orjson.loads(data[moving_at:at])
    branch, step, position, walking, has_before = stands
    parameters = read_parameters(spec, data, at)
    before = read_parameters(spec, data, at + size) if has_before else None
    at += size * (2 if has_before else 1)
    read = _whole_segments if version == _WHOLE else _segments
    own = read(content, at, specs, layout)
    branches = tuple(
        Branch(parent, start, tuple(next(own) for _ in rows)) for parent, start, rows in layout
    )
    return Lab(spec, branches, branch, step, position, parameters, before, origin, walking)


def _segments(
    content: Content, at: int, specs: tuple[Spec, ...], layout: list[Any]
) -> Iterator[Segment]:
    size = stored_size(specs[0])
    for branch, (_, _, rows) in enumerate(layout):
        for index, (start, place, full, tail_size) in enumerate(rows):
            blocks = [content.blocks[f"{branch}.{index}.{number}"] for number in range(full)]
            last, tail_at = content.data[at : at + size], at + size
            at = tail_at + tail_size
            checkpoints = (*(block[:size] for block in blocks), last)
            losses = Series.of([block[size:] for block in blocks], content.data[tail_at:at])
            yield Segment(start, specs[place], checkpoints, losses)


def _whole_segments(
    content: Content, at: int, specs: tuple[Spec, ...], layout: list[Any]
) -> Iterator[Segment]:
    """The segments of format 2."""

    def take(size: int) -> bytes:
        nonlocal at
        at += size
        return content.data[at - size : at]

    size = stored_size(specs[0])
    for start, place, checkpoint_size, block_sizes, tail_size in (r for b in layout for r in b[2]):
        checkpoints = tuple(take(size) for _ in range(checkpoint_size // size))
        blocks = [take(block_size) for block_size in block_sizes]
        yield Segment(start, specs[place], checkpoints, Series.of(blocks, take(tail_size)))


def spec_bytes(specs: tuple[Spec, ...]) -> bytes:
    """The Specs of a Lab as JSON; remembered by the last of them."""
    kept: tuple[tuple[Spec, ...], bytes] | None = specs[-1].derived.get(spec_bytes)
    if kept is None or kept[0] != specs:
        first, variants = specs[0], variants_to_data(specs)
        # Data has no place for what an optimizer remembers where the timeline begins.
        initial = {"initial": first.initial.data.hex()} if first.initial.moments else {}
        data = orjson.dumps({"spec": spec_to_data(first), **initial, "variants": variants})
        kept = specs[-1].derived[spec_bytes] = (specs, data)
        for earlier in specs[1:-1]:  # each of many edits would keep all before it
            earlier.derived.pop(spec_bytes, None)
    return kept[1]


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
    """The Spec after ``specs``, from its entry of ``variants_to_data``.

    Raises SpecError if the changes do not fit the first Spec.
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
    initial = Parameters(spec.initial.weights, equal)
    return {"names": names, "initial": initial, "frozen": frozen_by(spec, names)}

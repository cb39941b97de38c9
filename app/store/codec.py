"""A Lab as bytes and back, exactly: no pickle, a JSON header and raw little-endian float64.

magic "TB", format 1, sizes of the two headers        12 bytes
fixed header    JSON: the Spec, and what edits changed of it (rarely changes, parsed once)
moving header   JSON: step, phase and the layout of the segments
payload         parameters now, before, then each segment's checkpoints and losses
"""

import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson

from app.engine.network import Parameters, Spec, frozen_array, parameter_count
from app.lab import Lab, Phase
from app.specs import spec_from_data, spec_to_data
from app.timeline import Segment, Series

_HEAD = struct.Struct("<2sHII")
_MAGIC = b"TB"
_FORMAT = 1


def encode(lab: Lab) -> bytes:
    """All of ``lab`` as bytes."""
    specs = list({id(spec): spec for spec in (lab.spec, *(s.spec for s in lab.segments))}.values())
    fixed = _fixed_header(tuple(specs))
    places = {id(spec): index for index, spec in enumerate(specs)}
    payload = [lab.parameters.to_bytes(), b"" if lab.before is None else lab.before.to_bytes()]
    layout = []
    for segment in lab.segments:
        losses = segment.losses
        payload += [segment.checkpoints, *losses.blocks, losses.tail]
        sizes = [len(block) for block in losses.blocks]
        place = places[id(segment.spec)]
        layout.append([segment.start, place, len(segment.checkpoints), sizes, len(losses.tail)])
    moving = orjson.dumps([lab.origin, lab.step, lab.phase.value, lab.before is not None, layout])
    head = _HEAD.pack(_MAGIC, _FORMAT, len(fixed), len(moving))
    return b"".join([head, fixed, moving, *payload])


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
    origin, step, phase, has_before, layout = orjson.loads(data[moving_at:payload_at])
    spec = specs[0]
    size = 8 * parameter_count(spec.layers)
    parameters = Parameters.from_bytes(spec.layers, data, payload_at)
    before = Parameters.from_bytes(spec.layers, data, payload_at + size) if has_before else None
    segments_at = payload_at + size * (2 if has_before else 1)
    segments = tuple(_segments(data, segments_at, specs, layout))
    return Lab(spec, segments, step, Phase(phase), parameters, before, origin)


def _segments(
    data: bytes, at: int, specs: tuple[Spec, ...], layout: list[Any]
) -> Iterator[Segment]:
    def take(size: int) -> bytes:
        nonlocal at
        at += size
        return data[at - size : at]

    for start, place, checkpoint_size, block_sizes, tail_size in layout:
        checkpoints = take(checkpoint_size)
        blocks = tuple(take(size) for size in block_sizes)
        yield Segment(start, specs[place], checkpoints, Series(blocks, take(tail_size)))


@lru_cache(maxsize=256)
def _fixed_header(specs: tuple[Spec, ...]) -> bytes:
    """The first Spec whole; of the others what an edit can change."""
    first, *others = specs
    variants: list[dict[str, Any]] = []
    known = {id(first.inputs): 0, id(first.targets): 0}
    for index, spec in enumerate(others, start=1):
        variant: dict[str, Any] = {"learning_rate": spec.optimizer.learning_rate}
        for key, table in (("inputs", spec.inputs), ("targets", spec.targets)):
            source = known.setdefault(id(table), index)
            variant[key] = table.tolist() if source == index else source
        variants.append(variant)
    return orjson.dumps({"spec": spec_to_data(first), "variants": variants})


@lru_cache(maxsize=256)
def _specs(fixed: bytes) -> tuple[Spec, ...]:
    content = orjson.loads(fixed)
    specs = [spec_from_data(content["spec"])]
    for variant in content["variants"]:
        rate = variant["learning_rate"]
        inputs, targets = (
            getattr(specs[variant[key]], key)
            if isinstance(variant[key], int)
            else frozen_array(variant[key])
            for key in ("inputs", "targets")
        )
        optimizer = replace(specs[0].optimizer, learning_rate=rate)
        specs.append(replace(specs[0], optimizer=optimizer, inputs=inputs, targets=targets))
    return tuple(specs)

"""A Lab as a short text for an address, and back, exactly: no store has to remember it.

A link is "1" (the format), then in base64 without padding: a checksum of three bytes, a JSON
object deflated with a dictionary that both sides know, and the numbers that are too long as text,
as little-endian float64. The object holds

    o  the worked example that it began as      k  the step that the timeline begins with
    s  the Spec, as ``shortened`` has it        p  the parameters there, as ``NumberPool``
    u  1 where the step from there led here     t  what was changed after that step
    n, w  the phases computed, and whether they are walked
    d  a digest of what the link only names: samples of a data set, a worked example

Of the timeline a link keeps the update that led to the moment in view, which is taken again.
"""

import base64
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import orjson

from app.engine.learning import Optimizer
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters, parameter_count
from app.errors import LinkTooLarge, TakebackError, UnusableLink
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.limits import MAX_STEPS
from app.lab.links.short_spec import (
    NumberPool,
    allowed,
    base_of,
    object_of,
    reference_of,
    restored,
    shortened,
)
from app.lab.phases import forward_position, phases_for
from app.lab.spec_json import spec_from_data, spec_to_data
from app.lab.timeline import Segment, with_end
from app.lab.walking import to_phase

MAX_LENGTH = 8_000
"""The most characters of a link: what proxies let through in one line of a request."""
_FORMAT = "1"
_MOST_JSON = 64 * 1024
_CHECK = 3
_LASTING = ("layers", "activations", "batch", "huber_delta", "label_smoothing")
# What links contain most often stands last. This belongs to the format: it never changes.
_DICTIONARY = (
    b'"momentum_form":"accumulated","averaged","epsilon_form":"inside","weight_decay_form":'
    b'"decoupled","decay_biases":true,"weight_decay":0.01"slope_at_zero":0.5"leaky_slope":0.2'
    b'"mean_binary_cross_entropy""mean_absolute_error""mean_squared_error""squared_error"'
    b'"targets":["t1","t2"],"outputs":["o1","o2","o3"],"hidden":[["h1","h2","h3"]],'
    b'"inputs":["i1","i2"],"weights":[[["w1","w2"],["w3","w4"]],[["w5","w6"],["w7","w8"]]],'
    b'"biases":["b1","b2"],"columns":["x1","x2"],"classes":["0","1"],"own","name":"rmsprop",'
    b'"name":"nesterov","decay":0.9,"momentum":0.9,"beta1":0.9,"beta2":0.999,"name":"momentum",'
    b'"name":"adam","hidden_deltas":"updated","bias_update":"shared","bias_update":"none",'
    b'"leaky_relu""gelu""softplus""identity""softmax"],"loss":"softmax_cross_entropy",'
    b'"data":{"name":"iris","standardise":true,"test_share":0.2,"noise":0.1,"size":200,"seed":3},'
    b'{"name":"curve"},{"name":"blobs3"},{"name":"spiral"},{"name":"circles"},{"name":"moons"},'
    b'"batch":{"size":"full","reduction":"mean"},null,null,null,null,null,null,null,null,'
    b'"optimizer":{"learning_rate":0.1},"x":[0,0,0,0,1,1,1,0,1,1,1,0],'
    b'"s":{"layers":[2,4,4,3],"activations":["tanh","relu","sigmoid","sigmoid"],'
    b'"loss":"binary_cross_entropy","data":{"name":"xor"}},"t":{"optimizer":{"learning_rate":0.5}},'
    b'"s":{"layers":[2,2,1],"activations":["sigmoid","sigmoid"],"p":[null,0.35,0.6],"d":'
    b'{"o":"hankamber-3-2-1","k":1,"u":1,"s":{},{"o":"mazur-2-2-2","k":1,"n":5,"w":true,'
    b'{"o":"afteracademy-2-2-2","k":10,"u":1'
)

Vet = Callable[[dict[str, Any]], dict[str, Any]]


# --- writing --------------------------------------------------------------------------------


def encode(lab: Lab) -> str:
    """The moment in view as a link. Raises LinkTooLarge if it would be over ``MAX_LENGTH``."""
    updated = lab.before is not None
    spec, start = lab.spec_before if updated else lab.present, lab.before or lab.parameters
    spec = replace(spec, initial=start)
    numbers, base = NumberPool(), base_of(lab.origin, list(spec.layers))
    content: dict[str, Any] = {"o": lab.origin} if lab.origin in EXAMPLES else {}
    content |= {"k": lab.step - updated, "u": int(updated), "s": shortened(spec, base, numbers)}
    if updated and lab.present is not lab.spec_before:
        content["t"] = _later(lab.spec_before, lab.present)
    content |= {"n": lab.position, "w": lab.walking}
    if start.data != _first(base, spec.layers, spec.optimizer).data:
        content["p"] = numbers.put(np.frombuffer(start.data, dtype="<f8"))
    if base or reference_of(spec):
        content["d"] = _digest(spec, whole="p" not in content)
    kept = {key: value for key, value in content.items() if value}
    link = _wrapped(orjson.dumps(kept), numbers.pool)
    if len(link) > MAX_LENGTH:
        raise LinkTooLarge(count=len(link), limit=MAX_LENGTH)
    return link


def _later(before: Spec, present: Spec) -> dict[str, Any]:
    """The rules that were changed after the step in view."""
    old, new = spec_to_data(before), spec_to_data(present)
    apart = ("weights", "biases", "samples", "test_samples", "data")
    return {key: new[key] for key in new if key not in apart and new[key] != old.get(key)}


def _first(base: Spec | None, layers: Sequence[int], optimizer: Optimizer) -> Parameters:
    """The parameters that a link need not tell: the example's own, or zeros."""
    slots = len(slots_of(optimizer))
    if base:
        return base.initial.remembering(slots)
    zeros = bytes(8 * parameter_count(layers))
    return Parameters.from_bytes(layers, zeros).remembering(slots)


def _digest(spec: Spec, *, whole: bool) -> int:
    """Of what a link may only name, as far as any machine draws it alike.

    The parameters are named only, too, where they are the ``whole`` example's or defaults.
    """
    named = tuple(spec.initial.arrays()) if whole else ()
    tables = (spec.inputs, spec.targets, spec.test_inputs, spec.test_targets, *named)
    rounded = b"".join((np.round(table, 6) + 0.0).astype("<f4").tobytes() for table in tables)
    names = orjson.dumps([spec_to_data(spec)["names"], spec.activations, spec.loss])
    return zlib.crc32(names, zlib.crc32(rounded)) & 0xFFFF


def _wrapped(content: bytes, pool: bytes) -> str:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    body = squeeze.compress(content) + squeeze.flush() + pool
    return _FORMAT + _base64(_check(body) + body)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _check(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(4, "big")[:_CHECK]


# --- reading --------------------------------------------------------------------------------


def decode(link: str, vet: Vet) -> Lab:
    """The inverse of ``encode``, for what a person sent: anything at all.

    ``vet`` is given a Spec in the API's JSON shape without parameters. It returns it if types,
    ranges and sizes can be used; else it raises ValueError or TakebackError. Raises UnusableLink
    if the link is cut off, changed, of another format, or holds what cannot be.
    """
    content, pool = _unwrapped(link)
    try:
        return _lab(object_of(orjson.loads(content)), NumberPool(pool), vet)
    except UnusableLink:
        raise
    except (ValueError, TakebackError) as error:
        raise UnusableLink("link_refused") from error


def _unwrapped(link: str) -> tuple[bytes, bytes]:
    """The JSON of a link, and its pool of numbers."""
    if len(link) > MAX_LENGTH:
        raise UnusableLink("link_too_long", limit=MAX_LENGTH)
    if link[:1].isdigit() and link[0] != _FORMAT:
        raise UnusableLink("link_format")
    text = link.removeprefix(_FORMAT)
    inflate = zlib.decompressobj(-15, _DICTIONARY)
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        body = data[_CHECK:]
        if _FORMAT + _base64(data) != link or data[:_CHECK] != _check(body):
            raise UnusableLink
        content = inflate.decompress(body, _MOST_JSON)
    except (ValueError, zlib.error):
        raise UnusableLink from None
    if not inflate.eof:
        raise UnusableLink("link_refused")
    return content, inflate.unused_data


def _lab(content: dict[str, Any], numbers: NumberPool, vet: Vet) -> Lab:
    origin = content.get("o")
    if origin is not None and not (isinstance(origin, str) and origin in EXAMPLES):
        raise UnusableLink("link_outdated")
    found = object_of(content.get("s", {}))
    base = base_of(origin, found.get("layers"))
    if origin and base is None:
        raise UnusableLink("link_outdated")
    data = vet(restored(found, base, numbers))
    spec = _with_start(content, data, base, numbers)
    if numbers.pool:
        raise ValueError("more numbers than are used")
    if content.get("d") is not None and content["d"] != _digest(spec, whole="p" not in content):
        raise UnusableLink("link_outdated")
    updated = _whole(content, "u", 1)
    lab = Lab.fresh(spec, origin, _whole(content, "k", MAX_STEPS - updated))
    if not lab.is_finite:
        raise ValueError("not finite")
    if updated:
        lab = lab.stepped()
        if "t" in content:
            lab = _changed(lab, data, allowed(object_of(content["t"])), vet)
    return _placed(lab, _whole(content, "n", len(phases_for(lab.present)) - 1), content.get("w"))


def _with_start(
    content: dict[str, Any], data: dict[str, Any], base: Spec | None, numbers: NumberPool
) -> Spec:
    """The Spec of ``data`` with the parameters of the link."""
    layers, optimizer = tuple(data["layers"]), Optimizer(**(data.get("optimizer") or {}))
    start = _first(base, layers, optimizer)
    if "p" in content:
        flat, slots = numbers.take(content["p"]), len(slots_of(optimizer))
        if 8 * len(flat) != len(start.data):
            raise ValueError("another number of parameters")
        start = Parameters.from_bytes(layers, flat.astype("<f8").tobytes(), 0, slots)
        if not (0 <= start.age <= MAX_STEPS and (not slots or flat[-1] == start.age)):
            raise ValueError("no such age")
    spec = spec_from_data({**data, "weights": start.weights, "biases": start.biases})
    return replace(spec, initial=start)


def _changed(lab: Lab, data: dict[str, Any], later: dict[str, Any], vet: Vet) -> Lab:
    """``lab``, a network of ``data``, with the rules ``later`` from the moment in view on."""
    now, found = lab.parameters, vet(data | later)
    if "names" not in later:  # they stay, whatever others would follow from the new rules
        found = {**found, "names": spec_to_data(lab.present)["names"]}
    spec = spec_from_data({**found, "weights": now.weights, "biases": now.biases})
    kept = ("inputs", "targets", "test_inputs", "test_targets", "data")
    spec = replace(spec, **{name: getattr(lab.present, name) for name in kept})
    rate = spec.optimizer.learning_rate
    if spec.optimizer != replace(lab.present.optimizer, learning_rate=rate) or any(
        getattr(spec, rule) != getattr(lab.present, rule) for rule in _LASTING
    ):
        raise ValueError("what no edit changes")
    held = now.remembering(len(slots_of(spec.optimizer)))
    tip = Segment(lab.step, spec, (held.data,))
    return replace(lab, branches=with_end(lab.branches, lab.branch, tip))


def _placed(lab: Lab, position: int, walking: object) -> Lab:
    """``lab`` with so many phases of the next step computed."""
    if walking not in (None, True):
        raise ValueError("neither walking nor at rest")
    if not position:
        return replace(lab, walking=bool(walking))
    forward = forward_position(lab.present.layers)
    rested = replace(lab, position=forward, walking=False, _trace=None)
    if walking:
        return to_phase(rested, phases_for(lab.present)[position - 1].key)
    if position != forward:
        raise ValueError("at rest within a step")
    return rested


def _whole(content: dict[str, Any], key: str, most: int) -> int:
    """A number of the link; ValueError unless it is an integer from 0 to ``most``."""
    value = content.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{key} is not from 0 to {most}")
    return value

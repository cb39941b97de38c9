"""A Spec in few words: what differs from a worked example, or from what is left out by default.

Parameters are not part of it; samples are, as a reference where a data set draws just these. The
columns ``r`` of a table that was standardised stand as they were before, which is short, beside
their means and scales.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import orjson

from app.data.catalog import (
    OPTIONS,
    dataset_named,
    sampled,
    samples_to_data,
    source_to_data,
)
from app.data.csv_table import MAX_ROWS
from app.engine.activations import Array
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.examples import EXAMPLES
from app.lab.spec_json import BIAS_UPDATE, all_samples, spec_from_data, spec_to_data

Data = dict[str, Any]
_APART = ("samples", "test_samples", "data", "weights", "biases", "names", "optimizer")
_MOST_CHARACTERS = 8


@dataclass(slots=True)
class NumberPool:
    """A row of numbers: short decimals as text, the others in order as float64 in a ``pool``."""

    pool: bytes = b""

    def put(self, values: Array) -> "list[float | int | None] | int":
        """What stands for ``values``: None for one in the pool; only their count if all are."""
        flat = np.ascontiguousarray(values, dtype="<f8").ravel()
        row = [_short(value) for value in flat.tolist()]
        long = [index for index, value in enumerate(row) if value is None]
        self.pool += flat[long].tobytes()
        return len(row) if len(long) == len(row) else row

    def take(self, row: object) -> Array:
        """The inverse of ``put``, for the next numbers of the pool.

        Raises ValueError if it is no such row, the pool is too short, or a number is not finite.
        """
        if _is_whole(row):
            row = [None] * min(int(row), len(self.pool) // 8 + 1)  # type: ignore[call-overload]
        if not isinstance(row, list):
            raise ValueError("not a row of numbers")
        if not all(value is None or isinstance(value, float) or _is_whole(value) for value in row):
            raise ValueError("not a number")
        pooled = sum(value is None for value in row)
        if len(self.pool) < 8 * pooled:
            raise ValueError("too few numbers")
        taken = iter(np.frombuffer(self.pool[: 8 * pooled], dtype="<f8").tolist())
        self.pool = self.pool[8 * pooled :]
        found = np.array([next(taken) if value is None else float(value) for value in row])
        if not np.isfinite(found).all():
            raise ValueError("not finite")
        return found


def _short(value: float) -> float | int | None:
    """``value`` if it is short as text; a whole number without its point."""
    if value.is_integer() and abs(value) < 10**_MOST_CHARACTERS and str(value) != "-0.0":
        return int(value)
    return value if len(repr(value)) <= _MOST_CHARACTERS else None


def _is_whole(value: object) -> bool:
    """Whether it is an int that a float can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= abs(value) < 2**53


def base_of(origin: str | None, layers: object = None) -> Spec | None:
    """The worked example that a network is told by, if it has its layers (or tells none)."""
    example = EXAMPLES.get(origin or "")
    if example is None or layers not in (None, list(example.spec.layers)):
        return None
    return example.spec


def shortened(spec: Spec, base: Spec | None, numbers: NumberPool) -> Data:
    """What ``spec`` has that ``base``, or if that is None a Spec's defaults, has not.

    ``base`` is a worked example's, of the same layers; ``numbers`` takes what is not short.
    """
    known = base or _defaults(spec)
    ours, theirs = _plain(spec_to_data(spec)), _plain(spec_to_data(known))
    if base is None:
        # These the defaults were given, as their names depend on them.
        theirs |= {"layers": None, "activations": None, "bias_update": BIAS_UPDATE}
    rules = changes(theirs, ours)
    found = {key: value for key, value in rules.items() if key not in _APART}
    optimizer = changes(asdict(known.optimizer), asdict(spec.optimizer))
    names = changes(theirs["names"], ours["names"])
    found |= {key: part for key, part in (("optimizer", optimizer), ("names", names)) if part}
    if reference := reference_of(spec):
        return found | {"data": reference}
    if spec.data:
        found["data"] = {key: value for key, value in ours["data"].items() if value not in ([], "")}
    same = all(theirs.get(key) == ours.get(key) for key in ("samples", "test_samples"))
    if spec.data or not (base and same):
        tables = {
            "x": np.hstack([spec.inputs, spec.targets]),
            "y": np.hstack([spec.test_inputs, spec.test_targets]),
        }
        tables, raw = _unscaled(spec, {k: table for k, table in tables.items() if table.size})
        found |= {key: numbers.put(table) for key, table in tables.items()}
        found |= {"r": raw} if raw else {}
    return found


def restored(found: Data, base: Spec | None, numbers: NumberPool) -> Data:
    """The inverse of ``shortened``, without parameters; ValueError if a part has another type."""
    data: Data = {}
    if base:
        data = _plain(spec_to_data(base)) | {"optimizer": asdict(base.optimizer)}
        del data["weights"], data["biases"]
    rest = {key: value for key, value in allowed(found).items() if key not in ("x", "y", "r")}
    for key in ("optimizer", "names"):
        if key in rest:
            rest[key] = object_of(data.get(key, {})) | object_of(rest[key])
    data |= rest
    if "r" in found and "x" not in found:
        raise ValueError("columns of no table")
    if "data" in found or "x" in found:
        data.pop("samples", None)
        data.pop("test_samples", None)
    for key, field in (("x", "samples"), ("y", "test_samples")):
        if key in found:
            flat = _scaled(numbers.take(found[key]), data, found.get("r", []))
            data[field] = _samples(flat, data.get("layers"))
    return data


_MOST_DECIMALS = 6


def _moments(data: Mapping[str, Any], inputs: int, outputs: int) -> tuple[Array, Array] | None:
    """Mean and scale of each input and target, 0 and 1 for those that were not standardised."""
    found = np.array([[0.0] * (inputs + outputs), [1.0] * (inputs + outputs)])
    for keys, columns in (
        (("means", "scales"), slice(0, inputs)),
        (("target_means", "target_scales"), slice(inputs, None)),
    ):
        told = [one if isinstance(one := data.get(key), list) else [] for key in keys]
        if any(told):
            if not all(isinstance(n, float) or _is_whole(n) for one in told for n in one):
                raise ValueError("not a number")
            if {len(one) for one in told} != {found[0, columns].size}:
                return None
            found[:, columns] = told
    return found[0], found[1]


def _unscaled(spec: Spec, tables: dict[str, Array]) -> tuple[dict[str, Array], list[int]]:
    """The tables with short values where these give the standardised ones bit by bit; and where."""
    source = source_to_data(spec.data) if spec.data else {}
    moments = _moments(source, spec.inputs.shape[1], spec.targets.shape[1])
    if moments is None:
        return tables, []
    found = {key: table.copy() for key, table in tables.items()}
    columns: list[int] = []
    for i, (mean, scale) in enumerate(zip(*moments, strict=True)):
        if (mean, scale) == (0.0, 1.0):
            continue
        short = [_short_values(table[:, i], mean, scale) for table in tables.values()]
        if all(values is not None for values in short):
            columns.append(i)
            for table, values in zip(found.values(), short, strict=True):
                table[:, i] = values
    return found, columns


def _short_values(column: Array, mean: float, scale: float) -> Array | None:
    for decimals in range(_MOST_DECIMALS + 1):
        values: Array = np.round(column * scale + mean, decimals) + 0.0
        if ((values - mean) / scale).tobytes() == column.tobytes():
            return values
    return None


def _scaled(flat: Array, data: Mapping[str, Any], columns: object) -> Array:
    """The inverse of ``_unscaled``; ValueError if the columns have no means and scales."""
    if not columns:
        return flat
    n_in, n_out = _ends(data.get("layers"))
    width = n_in + n_out
    if len(flat) % width or not isinstance(columns, list):
        raise ValueError("no columns")
    if not all(_is_whole(i) and 0 <= i < width for i in columns):
        raise ValueError("no such column")
    moments = _moments(object_of(data.get("data")), n_in, n_out)
    if moments is None or not np.all(moments[1] > 0):
        raise ValueError("no means and scales")
    table = flat.reshape(-1, width).copy()
    with np.errstate(all="ignore"):  # what is not finite is refused with the samples
        table[:, columns] = (table[:, columns] - moments[0][columns]) / moments[1][columns]
    return table.ravel()


def _ends(layers: object) -> tuple[int, int]:
    """How many inputs and outputs there are; ValueError if that cannot be."""
    if not isinstance(layers, list) or len(layers) < 2 or not all(map(_is_whole, layers)):
        raise ValueError("no layers")
    if min(layers[0], layers[-1]) < 1:
        raise ValueError("no inputs, or no outputs")
    return layers[0], layers[-1]


def _samples(flat: Array, layers: object) -> list[Data]:
    n_in, n_out = _ends(layers)
    if len(flat) % (n_in + n_out) or len(flat) > MAX_ROWS * (n_in + n_out):
        raise ValueError("no whole samples, or too many")
    table = flat.reshape(-1, n_in + n_out)
    return samples_to_data(table[:, :n_in], table[:, n_in:])


def _defaults(spec: Spec) -> Spec:
    """A Spec of the same shape, with all else left out."""
    same = {key: getattr(spec, key) for key in ("layers", "activations", "bias_update")}
    same |= {"weights": spec.initial.weights, "biases": spec.initial.biases}
    return spec_from_data({**same, "samples": samples_to_data(spec.inputs[:1], spec.targets[:1])})


def reference_of(spec: Spec) -> Data | None:
    """The data set and the options that draw the samples of ``spec``, bit for bit, or None."""
    source = spec.data
    if source is None or source.name not in OPTIONS:
        return None
    usual = {key: option.default for key, option in OPTIONS[source.name].items()}
    options = changes(usual, source.options)
    try:
        again = sampled(source.name, dataset_named(source.name, options), options, spec.layers)
    except (ValueError, InvalidInput):
        return None
    ours = orjson.dumps(all_samples(spec), option=orjson.OPT_SORT_KEYS)
    same = ours == orjson.dumps(again, option=orjson.OPT_SORT_KEYS)
    return {"name": source.name, **options} if same else None


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Data:
    """What ``new`` has that ``old`` has not."""
    return {key: value for key, value in new.items() if key not in old or old[key] != value}


def object_of(value: object) -> Data:
    """``value``; ValueError if it is no JSON object."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def allowed(found: Data) -> Data:
    """``found``; ValueError if it names samples or parameters, which stand elsewhere in a link."""
    if found.keys() & {"samples", "test_samples", "weights", "biases", "initialization"}:
        raise ValueError("samples and parameters are told apart")
    return found


def _plain(data: Mapping[str, Any]) -> Data:
    """``data`` as JSON reads it: lists for tuples."""
    read: Data = orjson.loads(orjson.dumps(data))
    return read

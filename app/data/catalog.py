"""Where samples come from: data sets by name, split, standardised and put into a Spec's data."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from app.data.generated import RECIPES, Dataset, SampleIndices, dataset, one_hot
from app.data.numbers.written_dates import DATES, ORDERS
from app.engine.activations import Array
from app.engine.network import Provenance
from app.engine.parameters import frozen_array
from app.engine.validation import SpecError, check_choice

OWN, IRIS = "own", "iris"
IRIS_SOURCE = (
    "R. A. Fisher, The use of multiple measurements in taxonomic problems, "
    "Annals of Eugenics 7 (1936) 179-188; the copy that scikit-learn distributes"
)
_IRIS_COLUMNS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
MAX_NOISE, MAX_SIZE, MAX_SEED, MAX_TEST_SHARE = 2.0, 500, 2**32 - 1, 0.9
MIN_SIZE = 4


@dataclass(frozen=True, slots=True)
class DatasetOption:
    """An option of a data set: what it is by default, and its limits."""

    default: float | bool
    minimum: float | None = None
    maximum: float | None = None


_SHARED: Mapping[str, DatasetOption] = {
    "seed": DatasetOption(0, 0, MAX_SEED),
    "test_share": DatasetOption(0.0, 0.0, MAX_TEST_SHARE),
    "standardise": DatasetOption(False),
}
OPTIONS: Mapping[str, Mapping[str, DatasetOption]] = {
    **{
        name: {
            "noise": DatasetOption(recipe.noise, 0.0, MAX_NOISE),
            "size": DatasetOption(recipe.size, MIN_SIZE, MAX_SIZE),
            **_SHARED,
        }
        for name, recipe in RECIPES.items()
    },
    IRIS: _SHARED,
}
"""Every data set that can be named, with its options."""
OWN_OPTIONS: Mapping[str, DatasetOption] = {**_SHARED, "shuffle": DatasetOption(False)}
"""Those of a table of one's own: its samples are taken in its order, or shuffled by the seed."""


def dataset_named(name: str, options: Mapping[str, Any]) -> Dataset:
    """The data set ``name`` with ``options``; what is left out has its default.

    Raises SpecError if the name is unknown, or has no such option.
    """
    check_choice("/data/name", name, OPTIONS)
    full = _filled(name, options)
    if name == IRIS:
        return iris()
    return dataset(name, full["noise"], full["size"], full["seed"])


@lru_cache(maxsize=1)
def iris() -> Dataset:
    """Fisher's iris from ``iris.csv``, as scikit-learn has it: 150 flowers, species in turns."""
    text = Path(__file__).with_name("iris.csv").read_text(encoding="ascii")
    _, *rows = csv.reader(text.splitlines())
    species = tuple(dict.fromkeys(row[-1] for row in rows))
    kinds = [[row for row in rows if row[-1] == name] for name in species]
    by_turns = [row for turn in zip(*kinds, strict=True) for row in turn]
    inputs = [[float(cell) for cell in row[:-1]] for row in by_turns]
    targets = one_hot([species.index(row[-1]) for row in by_turns], len(species))
    return Dataset(frozen_array(inputs), targets, _IRIS_COLUMNS, ("species",), species)


def _filled(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    known = OPTIONS.get(name, OWN_OPTIONS)
    for option in options:
        if option not in known:
            raise SpecError(f"/data/{option}", "unknown_option", allowed=", ".join(known))
    return {key: options.get(key, choice.default) for key, choice in known.items()}


# --- into a Spec's data ---------------------------------------------------------------------


def drawn(data: Mapping[str, Any], layers: Sequence[int]) -> Mapping[str, Any]:
    """A Spec's data with the samples of the data set that it names, if it gives none itself.

    The data has the API's JSON shape. Raises SpecError if it gives neither samples nor a data set,
    or what does not fit the layers.
    """
    if "samples" in data:
        return data
    if not data.get("data"):
        raise SpecError("/samples", "samples_or_data")
    if "test_samples" in data:
        raise SpecError("/test_samples", "tests_and_data")
    name, known = data["data"]["name"], ("name", *_LISTS, "source", *_SIGNS, "zeros")
    given = {k: value for k, value in data["data"].items() if value is not None and k not in known}
    return {**data, **sampled(name, dataset_named(name, given), given, layers)}


def sampled(
    name: str, found: Dataset, options: Mapping[str, Any], layers: Sequence[int],
    *, targets_too: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """``samples``, ``test_samples`` and ``data`` of a Spec's data.

    ``found`` are all samples of the data set ``name``. Of the options all have ``seed``,
    ``test_share`` and ``standardise``; ``targets_too`` says whether the last is meant for targets
    as well. Those of a data set that can be named never are: links only name it, and its values
    are small. Two classes fit one output or two; raises SpecError if the layers do not fit.
    """
    full = _filled(name, options)
    inputs, targets = found.inputs, found.targets
    if layers[-1] == 2 and len(found.classes) == 2:
        targets = np.column_stack([1.0 - targets, targets])
    for place, expected in ((0, inputs.shape[1]), (len(layers) - 1, targets.shape[1])):
        if layers[place] != expected:
            raise SpecError(f"/layers/{place}", "layer_of_data", expected=expected, name=name)
    train, tests = split(len(inputs), full["test_share"], full["seed"])
    if full.get("shuffle"):
        train = np.random.Generator(np.random.PCG64([full["seed"], 2])).permutation(train)
    wanted = bool(full["standardise"])
    of_inputs, of_targets = found.shares
    inputs, means, scales = _standardised(inputs, train, of_inputs, wanted=wanted)
    targets, *others = _standardised(targets, train, of_targets, wanted=wanted and targets_too)
    source = Provenance(
        name, full, found.columns, found.target_columns, found.classes, means, scales,
        others[0], others[1], IRIS_SOURCE if name == IRIS else "", found.decimal, found.zeros,
        found.dates,
    )  # fmt: skip
    rest = {"test_samples": samples_to_data(inputs[tests], targets[tests])} if len(tests) else {}
    samples = samples_to_data(inputs[train], targets[train])
    return {"samples": samples, **rest, "data": source_to_data(source)}


def _standardised(
    values: Array, train: SampleIndices, shares: Sequence[float], *, wanted: bool
) -> tuple[Array, tuple[float, ...], tuple[float, ...]]:
    """Columns by the training samples' means and standard deviations, and these, if ``wanted``.

    A constant column's scale is 1. What goes back to the table is multiplied by its ``shares``.
    """
    if not wanted:
        return values, (0.0,) * len(shares), tuple(shares)
    means, spread = values[train].mean(axis=0), values[train].std(axis=0)
    constant = spread <= 1e-12 * np.abs(values[train]).max(axis=0)
    scales = np.where(constant, 1.0, spread)
    back = np.array(shares or 1.0)
    told = tuple((means * back).tolist()), tuple((scales * back).tolist())
    return (values - means) / scales, *told


def split(samples: int, test_share: float, seed: int) -> tuple[SampleIndices, SampleIndices]:
    """Which samples train and which test, each in their order; at least one trains."""
    tests = min(round(samples * test_share), samples - 1)
    shuffled = np.random.Generator(np.random.PCG64([seed, 1])).permutation(samples)
    return np.sort(shuffled[tests:]), np.sort(shuffled[:tests])


def samples_to_data(inputs: Array, targets: Array) -> list[dict[str, Any]]:
    """Samples in the API's JSON shape."""
    pairs = zip(inputs.tolist(), targets.tolist(), strict=True)
    return [{"inputs": one, "targets": other} for one, other in pairs]


_LISTS = ("columns", "targets", "classes", "means", "scales", "target_means", "target_scales")

_SIGNS = {"decimal": re.compile("[.,]+"), "dates": re.compile("|".join((*ORDERS, DATES)))}
"""How the table is written, where that is told, and what that may be."""


def source_to_data(source: Provenance) -> dict[str, Any]:
    """A Provenance in the API's JSON shape: its options stand beside its name."""
    lists = {key: list(getattr(source, key)) for key in _LISTS}
    signs = {key: sign for key in _SIGNS if (sign := getattr(source, key))}
    zeros = {"zeros": [*source.zeros]} if source.zeros else {}
    return {
        "name": source.name, **source.options, **lists, "source": source.source, **signs, **zeros,
    }  # fmt: skip


def source_from_data(data: Mapping[str, Any] | None) -> Provenance | None:
    """The inverse of ``source_to_data``; what is left out is empty."""
    if not data:
        return None
    lists = {key: tuple(data.get(key) or ()) for key in (*_LISTS, "zeros")}
    known = ("noise", "size", *OWN_OPTIONS)
    options = {key: data[key] for key in known if data.get(key) is not None}
    told = {key: str(data.get(key) or "") for key in _SIGNS}
    decimal, dates = (s if _SIGNS[key].fullmatch(s) else "" for key, s in told.items())
    source = data.get("source") or ""
    return Provenance(data["name"], options, **lists, source=source, decimal=decimal, dates=dates)

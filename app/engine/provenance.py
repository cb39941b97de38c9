"""Where a network's samples came from."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the samples of a Spec come from: the name of a data set, or "own".

    Attributes:
        options: what it was drawn, split and standardised with, by name.
        columns, targets: the names of the inputs and of the target columns.
        classes: the names of the classes; () where targets are values.
        means, scales: what each input was lessened, then divided by; () if not standardised.
        target_means, target_scales: the same of each target.
        source: who published it, "" for one that is drawn.
    """

    name: str
    options: Mapping[str, float | bool]
    columns: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    means: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    target_means: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()
    source: str = ""

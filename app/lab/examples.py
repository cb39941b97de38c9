"""Worked examples by other authors, as data: their numbers, their names, what they printed.

Each is one JSON file in ``worked_examples``. What a source printed stands beside the exact value,
with a verdict; the exact values are checked against the engine in the tests.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from app.engine.network import Spec
from app.lab.spec_json import spec_from_data

DEFAULT = "afteracademy-2-2-2"


@dataclass(frozen=True, slots=True)
class Published:
    """A number that a source printed, beside what it should be: a float64, or words.

    ``verdict`` is "agrees", "rounding", "cut off, not rounded", "off by one", "true, but too
    modest" or "wrong", and ``why`` its reason or "". ``quantity`` is the number of the first step
    that it is, as derivations name it, or None; ``negated`` says whether it has the other sign.
    """

    what: str
    printed: str
    exact: float | str
    verdict: str
    why: str
    quantity: str | None = None
    negated: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a single number was printed."""
        return not isinstance(self.exact, str)

    @property
    def exact_text(self) -> str:
        """The exact value in plain decimals of 12 digits, to be compared digit by digit."""
        return self.exact if isinstance(self.exact, str) else f"{Decimal(f'{self.exact:.12g}'):f}"

    @property
    def digits(self) -> tuple[tuple[str, bool], ...]:
        """The printed digits in runs, each with whether it differs from the rounded exact ones."""
        if isinstance(self.exact, str):
            return ((self.printed, False),)
        places = Decimal(self.printed)
        right = f"{Decimal(repr(self.exact)).quantize(places):f}".rjust(len(self.printed))
        flags = [a != b for a, b in zip(self.printed, right, strict=True)]
        first = flags.index(True) if True in flags else len(flags)
        runs = ((self.printed[:first], False), (self.printed[first:], True))
        return tuple(run for run in runs if run[0])

    @property
    def key(self) -> str:
        """A name for addresses."""
        return "".join(c if c.isalnum() else "-" for c in self.what.lower()).strip("-")

    @property
    def agrees(self) -> bool:
        """Whether the printed digits are those of the exact value."""
        return self.verdict == "agrees"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: ``title`` is the source's, ``short_title`` the network's.

    ``slug`` is its name in URLs, ``url`` that of the source or "", ``notation`` says how it writes
    pre-activations ("net" or "z"), ``story`` what became of the printed digits, in paragraphs.
    """

    slug: str
    title: str
    short_title: str
    source: str
    url: str
    about: str
    notation: str
    spec: Spec
    published: tuple[Published, ...]
    notes: tuple[str, ...]
    story: tuple[str, ...]

    @property
    def agreeing(self) -> int:
        """How many of the printed values are exact."""
        return sum(row.agrees for row in self.published)

    def printed_for(self, *quantities: str) -> tuple[Published, ...]:
        """What was printed for these numbers of the first step."""
        return tuple(row for row in self.published if row.quantity in quantities)


def _load(data: dict[str, Any]) -> Example:
    data["spec"] = spec_from_data(data["spec"])
    data["published"] = tuple(Published(**row) for row in data["published"])
    data["notes"], data["story"] = tuple(data["notes"]), tuple(data["story"])
    return Example(**data)


def _load_all() -> Mapping[str, Example]:
    found = [
        _load(json.loads(entry.read_text(encoding="utf-8")))
        for entry in (files("app.lab") / "worked_examples").iterdir()
        if entry.name.endswith(".json")
    ]
    found.sort(key=lambda example: (example.slug != DEFAULT, example.title, example.slug))
    return MappingProxyType({example.slug: example for example in found})


EXAMPLES: Mapping[str, Example] = _load_all()

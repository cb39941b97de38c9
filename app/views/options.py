"""How a reader wants to see the pages: the parameters of a page's address, which nothing stores."""

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, Self
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.explain.notation import NOTATIONS, Notation
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.lab.examples import EXAMPLES
from app.lab.moment import Moment
from app.lab.sample_in_view import SampleInView, sample_in_view

THEMES = ("auto", "light", "dark")
DIGITS = tuple(str(n) for n in range(LEAST_DIGITS, MOST_DIGITS + 1))
DEFAULT_DIGITS = 4
CONVENTIONS = "conventions"
REGIONS, LOSS, DISTRIBUTIONS, OFF = "regions", "loss", "distributions", "off"
PICTURES = (REGIONS, LOSS, DISTRIBUTIONS, OFF)
MEAN, SAMPLE = "mean", "sample"
CONTROLS = (
    "step", "take-back", "redo", "reset", "forward", "rate", "run", "phases", "samples", "panel",
    "numbers", "edit", "curve",
)  # fmt: skip
USUAL_CONTROLS = ("step", "take-back", "redo", "reset", "forward", "phases", "samples", "panel")
OF_A_NETWORK = ("sample", "unfold", "into")
"""What is chosen of one network and means nothing to another."""
OF_A_FRAME = ("controls", "phase")
"""What is chosen of a frame of another site; the site's own pages ignore it."""
_EVERYWHERE = ("loss", CONVENTIONS)
"""What can be opened beside any network."""
_MOST_CHARACTERS = 40


# --- the types of the parameters --------------------------------------------------------------


def one_of(allowed: Collection[str]) -> BeforeValidator:
    """Require a text out of ``allowed``."""

    def check(value: object) -> object:
        if str(value) not in allowed:
            raise PydanticCustomError("bad_query", "choice", {"allowed": ", ".join(allowed)})
        return value

    return BeforeValidator(check)


def some_of(allowed: Collection[str]) -> AfterValidator:
    """Require texts out of ``allowed``, and put them into its order."""

    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(allowed):
            raise PydanticCustomError("bad_query", "choice", {"allowed": ", ".join(allowed)})
        return tuple(name for name in allowed if name in value)

    return AfterValidator(check)


def whole_number(most_digits: int) -> BeforeValidator:
    """Require a number in decimal digits only; an empty text is None."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        if value and not (value.isascii() and value.isdigit() and len(value) <= most_digits):
            raise PydanticCustomError("whole_number", "whole number")
        return value or None

    return BeforeValidator(check)


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
        raise PydanticKnownError("string_too_long", {"max_length": _MOST_CHARACTERS})
    return value


def _layers(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch("([0-9]{1,2}(-[0-9]{1,2})*)?", value):
        raise PydanticCustomError("whole_number", "whole numbers")
    return filter(None, value.split("-"))


def _names(value: object) -> object:
    return tuple(filter(None, value.split(","))) if isinstance(value, str) else value


Digits = Annotated[int, one_of(DIGITS)]
NotationKey = Annotated[str, one_of(NOTATIONS)]
SampleNumber = Annotated[int | None, whole_number(9), BeforeValidator(_short)]
Layers = Annotated[
    frozenset[int],
    BeforeValidator(_layers),
    BeforeValidator(_short),
    PlainSerializer(lambda layers: "-".join(map(str, sorted(layers)))),
]
Controls = Annotated[
    tuple[str, ...], some_of(CONTROLS), BeforeValidator(_names), PlainSerializer(",".join)
]
_Text = Annotated[str, Field(max_length=_MOST_CHARACTERS)]


# --- the options ------------------------------------------------------------------------------


class ViewOptions(BaseModel):
    """How a reader wants to see the pages. The fields are the parameters of a page's query.

    Attributes:
        notation: "net" or "z", or None for what the example's source uses.
        theme: "auto", "light" or "dark".
        scale: the loss axis, "linear" or "log".
        edit: "on" where the tables' values are fields.
        check: "on" where the gradient check stands in the table.
        pictures: one of ``PICTURES``, or "" for what suits the network.
        rest: values of the inputs that do not vary in a plot: their means, or the sample in view.
        digits: number of decimals in tables and derivations.
        open: the quantity whose derivation is open, ``CONVENTIONS``, or "".
        across, up: names of the inputs that vary in a plot, or "" for the first two.
        sample: number of the sample in view, counted from 1; None for the step's own.
        unfold: the large layers that are drawn in full.
        into: the unit whose weights a large network's table lists, or "".
        controls: what a page in a frame of another site shows, names out of ``CONTROLS``.
        phase: the phase at which a network that is not stored begins in a frame: a phase's key,
            "start", "forward", "updated", or "" for where its address leaves it.
        framed: whether the page is in a frame of another site; it stands in the path.
    """

    model_config = ConfigDict(frozen=True)

    notation: NotationKey | None = None
    theme: Annotated[str, one_of(THEMES)] = "auto"
    scale: Annotated[str, one_of(("linear", "log"))] = "linear"
    edit: Annotated[str, one_of(("on",))] = ""
    check: Annotated[str, one_of(("on",))] = ""
    pictures: Annotated[str, one_of(PICTURES)] = ""
    rest: Annotated[str, one_of((MEAN, SAMPLE))] = MEAN
    digits: Digits = DEFAULT_DIGITS
    open: _Text = ""
    across: _Text = ""
    up: _Text = ""
    sample: SampleNumber = None
    unfold: Layers = frozenset()
    into: _Text = ""
    controls: Controls = USUAL_CONTROLS
    phase: _Text = ""
    framed: Annotated[bool, Field(exclude=True)] = False

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, framed: bool = False) -> Self:
        """The options that a page's query asks for; unknown parameters are ignored.

        Raises:
            ValidationError: a value cannot be used.
        """
        ignored = () if framed else OF_A_FRAME
        chosen = {name: text for name, text in query.items() if name not in ignored}
        options = cls.model_validate({**chosen, "framed": framed})
        if options.edit and framed and "edit" not in options.controls:
            return options.changed(edit=None)
        return options

    def changed(self, **changes: object) -> Self:
        """These options with ``changes``; None stands for the default."""
        chosen = {**self.model_dump(exclude_defaults=True), "framed": self.framed, **changes}
        return self.model_validate({k: value for k, value in chosen.items() if value is not None})

    @cached_property
    def unframed(self) -> Self:
        """These options on a page of the site's own."""
        return self.changed(framed=None, controls=None, phase=None)

    # --- the way back into a query ----------------------------------------------------------

    def query(self, **changes: str | None) -> str:
        """The query string with ``changes``: "?" and what is not the default, or ""."""
        kept = self.parameters(**changes)
        return "?" + urlencode(kept, safe=",") if kept else ""

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """What is not the default, with ``changes``, by its name in the query."""
        news = {k: None if text in ("", _DEFAULTS[k]) else text for k, text in changes.items()}
        return {k: text for k, text in {**self._texts, **news}.items() if text is not None}

    @cached_property
    def _texts(self) -> dict[str, str | None]:
        """Each parameter as text, in the order of a query; None for the default."""
        chosen = self.model_dump(exclude_defaults=True)
        return dict.fromkeys(_DEFAULTS) | {name: str(value) for name, value in chosen.items()}

    @cached_property
    def elsewhere(self) -> str:
        """The query string for another network: without what is chosen of this one."""
        left = (*OF_A_NETWORK, "across", "up", *(() if self.open in _EVERYWHERE else ("open",)))
        return self.query(**dict.fromkeys(left))

    @cached_property
    def opening(self) -> str:
        """What the address of a quantity's derivation begins with; its key comes last."""
        query = self.query(open=None)
        return f"{query}&open=" if query else "?open="

    def folding(self, layer: int) -> str:
        """The query string that unfolds a layer, or folds it again."""
        layers = self.unfold ^ {layer}
        return self.query(unfold="-".join(map(str, sorted(layers)))) or "?"

    # --- a network as they show it ----------------------------------------------------------

    @property
    def log(self) -> bool:
        """Whether the loss axis is logarithmic."""
        return self.scale == "log"

    @property
    def shown_controls(self) -> tuple[str, ...]:
        """The controls of the page; the site's own pages have all."""
        return self.controls if self.framed else CONTROLS

    def seen(self, lab: Moment) -> SampleInView:
        """The sample in view.

        Raises:
            InvalidInput: the network has no such sample.
        """
        return sample_in_view(lab, self.sample, 1)

    def notation_for(self, lab: Moment) -> Notation:
        """The notation to use for this network."""
        example = EXAMPLES.get(lab.origin or "")
        return NOTATIONS[self.notation or (example.notation if example else "net")]


_DEFAULTS = {
    name: str(field.default) for name, field in ViewOptions.model_fields.items() if name != "framed"
}
BESIDE_THE_NETWORK = _DEFAULTS.keys() - OF_A_NETWORK
"""The parameters that mean the same whatever the network is."""

"""How a reader wants to see the pages: the parameters of a page's address, which nothing stores."""

import re
from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Self
from urllib.parse import quote_plus

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.data.numbers.typed_numbers import typed_whole
from app.engine.losses import LOSSES
from app.explain.notation import NOTATIONS, Notation
from app.explain.quantities import UnknownQuantity, find
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.lab.examples import EXAMPLES
from app.lab.moment import Moment
from app.lab.sample_in_view import SampleInView, sample_in_view

THEMES = ("auto", "light", "dark")
SPEED_OFF, NORMAL = "off", "normal"
SPEEDS = (SPEED_OFF, "slow", NORMAL, "fast")
DIGITS = tuple(str(n) for n in range(LEAST_DIGITS, MOST_DIGITS + 1))
DEFAULT_DIGITS, LAST_BY_KEY = 4, 6
CONVENTIONS = "conventions"
REGIONS, LOSS, DISTRIBUTIONS, OFF = "regions", "loss", "distributions", "off"
PICTURES = (REGIONS, LOSS, DISTRIBUTIONS, OFF)
MEAN, SAMPLE = "mean", "sample"
NODES = "nodes"
PRESENT = "present"
EXPLAIN, NUMBERS, CHARTS, DATA = "explain", "numbers", "charts", "data"
TABS = (EXPLAIN, NUMBERS, CHARTS, DATA)
CONTROLS = (
    "step", "take-back", "redo", "reset", "forward", "rate", "run", "phases", "samples", "panel",
    "numbers", "edit", "curve",
)  # fmt: skip
USUAL_CONTROLS = ("step", "take-back", "redo", "reset", "forward", "phases", "samples", "panel")
OF_A_NETWORK = ("sample", "unfold", "into", "ask", "watch")
"""What is chosen of one network and means nothing to another."""
OF_A_FRAME = ("controls", "phase")
"""What is chosen of a frame of another site; the site's own pages ignore it."""
OF_THE_SITE = ("view", "desk", "left", "me")
"""What frames ignore."""
_EVERYWHERE = ("loss", CONVENTIONS)
"""What can be opened beside any network."""
_MOST_CHARACTERS = 40
_GROUPED = re.compile(
    "[1-9][0-9]{0,2}([ '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}][0-9]{3}){1,2}"
)


# --- the types of the parameters --------------------------------------------------------------


def out_of(allowed: Collection[str]) -> BeforeValidator:
    """Require a text out of ``allowed``, or texts out of it."""

    def check(value: object) -> object:
        texts = value if isinstance(value, list | tuple) else [str(value)]
        if not all(text in allowed for text in texts):
            raise PydanticCustomError("bad_query", "choice", {"allowed": ", ".join(allowed)})
        return value

    return BeforeValidator(check)


def in_digits(pattern: str) -> BeforeValidator:
    """Require whole numbers that are written as ``pattern`` says; an empty text is None."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise PydanticCustomError("whole_number", "whole number")
        return None if value == "" else value

    return BeforeValidator(check)


def _in_figures(value: object) -> object:
    """A whole number whose thousands are grouped, as in 1 000, in figures; others as they are."""
    if isinstance(value, str) and _GROUPED.fullmatch(value):
        return str(*typed_whole(value))
    return value


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
        raise PydanticKnownError("string_too_long", {"max_length": _MOST_CHARACTERS})
    return value


def _parts(separator: str) -> BeforeValidator:
    """Take a text apart."""

    def split(value: object) -> object:
        return [*filter(None, value.split(separator))] if isinstance(value, str) else value or ()

    return BeforeValidator(split)


_Text = Annotated[str, Field(max_length=_MOST_CHARACTERS)]
_SampleNumber = Annotated[
    int | None, in_digits("([0-9]{1,9})?"), BeforeValidator(_in_figures),
    BeforeValidator(_short),
]  # fmt: skip
_Layers = Annotated[
    frozenset[int],
    _parts("-"), in_digits("([0-9]{1,2}(-[0-9]{1,2})*)?"), BeforeValidator(_short),
    PlainSerializer(lambda layers: "-".join(map(str, sorted(layers)))),
]  # fmt: skip
Controls = Annotated[
    tuple[str, ...],
    AfterValidator(lambda names: tuple(name for name in CONTROLS if name in names)),
    out_of(CONTROLS), _parts(","), PlainSerializer(",".join),
]  # fmt: skip


# --- the options ------------------------------------------------------------------------------


class ViewOptions(BaseModel):
    """How a reader wants to see the pages. The fields are the parameters of a page's query.

    ``notation`` is None for what the example's source uses; ``biases`` is "nodes" where a layer's
    one bias is drawn as a source; ``view`` is "present" where the lab is laid out for a room.
    ``speed`` is how fast numbers travel; ``edit`` is "on" where the tables' values are fields,
    ``check`` where the gradient check stands in the panel. ``tab`` is the tab of the panel, "" for
    the one that suits the rest. ``pictures`` is "" for what suits the network; ``across`` and
    ``up`` name the inputs that vary in a plot, and ``rest`` says what the others are: their means,
    or the sample in view; ``watch`` is another loss that charts tell. ``open`` is the quantity
    whose derivation is open, or ``CONVENTIONS``; ``sample`` counts from 1, None for the step's own.
    ``unfold`` are the large layers that are drawn in full, ``into`` is the unit whose weights a
    large network's table lists, and ``ask`` are inputs of the reader's own, in the table's units.
    ``desk`` is "on" where a class is seen to beside the lab, ``left`` the right to watch of the
    room that its reader has stepped out of, ``me`` the mark of the reader's device in that room or
    in the one that is watched.
    A page in a frame of another site (``framed``, as its path says) shows the ``controls``, and
    begins a network that is not stored at a ``phase``: a key, "start", "forward" or "updated".
    """

    model_config = ConfigDict(frozen=True)

    notation: Annotated[str, out_of(NOTATIONS)] | None = None
    biases: Annotated[str, out_of((NODES,))] = ""
    view: Annotated[str, out_of((PRESENT,))] = ""
    desk: Annotated[str, out_of(("on",))] = ""
    left: _Text = ""
    me: _Text = ""
    theme: Annotated[str, out_of(THEMES)] = "auto"
    speed: Annotated[str, out_of(SPEEDS)] = NORMAL
    scale: Annotated[str, out_of(("linear", "log"))] = "linear"
    edit: Annotated[str, out_of(("on",))] = ""
    check: Annotated[str, out_of(("on",))] = ""
    tab: Annotated[str, out_of(TABS)] = ""
    pictures: Annotated[str, out_of(PICTURES)] = ""
    rest: Annotated[str, out_of((MEAN, SAMPLE))] = MEAN
    watch: Annotated[str, out_of((OFF, *LOSSES))] = OFF
    digits: Annotated[int, out_of(DIGITS)] = DEFAULT_DIGITS
    open: _Text = ""
    across: _Text = ""
    up: _Text = ""
    sample: _SampleNumber = None
    unfold: _Layers = frozenset()
    into: _Text = ""
    ask: Annotated[str, Field(max_length=2000)] = ""
    controls: Controls = USUAL_CONTROLS
    phase: _Text = ""
    framed: Annotated[bool, Field(exclude=True)] = False

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, framed: bool = False) -> Self:
        """The options that a page's query asks for, or ValidationError; others are ignored."""
        ignored = OF_THE_SITE if framed else OF_A_FRAME
        known = cls.model_fields.keys() - {"framed", *ignored}
        chosen = tuple((name, text) for name, text in query.items() if name in known)
        return cls._chosen(chosen, framed)

    @classmethod
    @lru_cache(maxsize=1024)
    def _chosen(cls, chosen: tuple[tuple[str, str], ...], framed: bool) -> Self:
        options = cls.model_validate({**dict(chosen), "framed": framed})
        if options.edit and framed and "edit" not in options.controls:
            return options.changed(edit=None)
        return options

    @property
    def digits_by_key(self) -> str:
        """How many digits the key D asks for: one more, and after 6 the fewest."""
        return str(self.digits + 1 if self.digits < LAST_BY_KEY else LEAST_DIGITS)

    def changed(self, **changes: object) -> Self:
        """These options with ``changes``; None stands for the default."""
        chosen = {**self.model_dump(exclude_defaults=True), "framed": self.framed, **changes}
        return self.model_validate({k: value for k, value in chosen.items() if value is not None})

    # --- the way back into a query ----------------------------------------------------------

    def query(self, **changes: str | None) -> str:
        """The query string with ``changes``: "?" and what is not the default, or ""."""
        news = {
            name: f"{name}={quote_plus(text, safe=',')}" if text and text != _DEFAULTS[name] else ""
            for name, text in changes.items()
        }
        query = "&".join(filter(None, {**self._pairs, **news}.values()))
        return f"?{query}" if query else ""

    def fields(self, *chosen: str) -> dict[str, str]:
        """What a form must send beside the parameters that it chooses."""
        return {name: text for name, text in self._texts.items() if name not in chosen}

    @cached_property
    def _texts(self) -> dict[str, str]:
        chosen = self.model_dump(exclude_defaults=True)
        return {name: str(value) for name, value in chosen.items()}

    @cached_property
    def _pairs(self) -> dict[str, str]:
        """Each parameter as it stands in a query, in order; "" for the default."""
        pairs = {name: f"{name}={quote_plus(text, safe=',')}" for name, text in self._texts.items()}
        return dict.fromkeys(_DEFAULTS, "") | pairs

    @cached_property
    def elsewhere(self) -> str:
        """The query string for another network: without what is chosen of this one."""
        left = (*OF_A_NETWORK, "desk", "across", "up", "" if self.open in _EVERYWHERE else "open")
        return self.query(**dict.fromkeys(filter(None, left)))

    @cached_property
    def opening(self) -> str:
        """What the address of a quantity's derivation begins with; its key comes last."""
        query = self.query(open=None, tab=None)
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
    def bias_nodes(self) -> bool:
        """Whether a layer's one bias is drawn as a source."""
        return self.biases == NODES

    @property
    def error_digits(self) -> int:
        """The decimals of the error: two more than of the rest, as a step changes it little."""
        return self.digits + 2

    @cached_property
    def tabs(self) -> tuple[str, ...]:
        """The tabs of the panel; a frame has those of its controls."""
        if not self.framed:
            return TABS
        of_controls = {"panel": EXPLAIN, "numbers": NUMBERS}
        return tuple(tab for name, tab in of_controls.items() if name in self.controls)

    @cached_property
    def shown_tab(self) -> str:
        """The tab that is shown: the one chosen, or the one that the other options are about."""
        if self.view:
            return EXPLAIN
        tab = self.tab or EXPLAIN
        if not self.tab and not self.open and not self.check:
            charts = self.pictures not in ("", OFF) or self.across or self.up
            tab = NUMBERS if self.edit else CHARTS if charts else DATA if self.ask else EXPLAIN
        return tab if tab in self.tabs or not self.tabs else self.tabs[0]

    @property
    def shown_controls(self) -> tuple[str, ...]:
        """The controls of the page; the site's own pages have all."""
        return self.controls if self.framed else CONTROLS

    def seen(self, lab: Moment) -> SampleInView:
        """The sample in view; InvalidInput if the network has no such sample."""
        return sample_in_view(lab, self.sample, 1)

    def fitted(
        self, lab: Moment, changes: Mapping[str, object], edited: int | None, *, keep_sample: bool
    ) -> Self:
        """These options with ``changes``, without what ``lab`` does not have.

        The sample with the number ``edited`` comes into view. A chosen sample that the step in view
        does not use goes, unless ``keep_sample``. InvalidInput if there is no such sample.
        """
        found = dict(changes)
        if edited and edited != self.seen(lab).index + 1:
            found["sample"] = edited
        elif not keep_sample and not self.seen(lab).inside:
            found["sample"] = None
        if self.open not in ("", CONVENTIONS):
            try:
                find(self.open, lab.shown_spec)
            except UnknownQuantity:
                found["open"] = None
        return self.changed(**found) if found else self

    def notation_for(self, lab: Moment) -> Notation:
        """The notation to use for this network."""
        example = EXAMPLES.get(lab.origin or "")
        return NOTATIONS[self.notation or (example.notation if example else "net")]


_DEFAULTS = {
    name: str(field.default) for name, field in ViewOptions.model_fields.items() if name != "framed"
}
BESIDE_THE_NETWORK = _DEFAULTS.keys() - OF_A_NETWORK
"""The parameters that mean the same whatever the network is."""

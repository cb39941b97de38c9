"""How a reader wants to see the pages; it travels in the URL, so nothing is stored."""

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.datastructures import QueryParams

from app.errors import InvalidInput
from app.explain.notation import NOTATIONS, Notation
from app.explain.quantities import UnknownQuantity, find
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.sample_in_view import SampleInView, sample_in_view
from app.views.pages.lab import CONVENTIONS, DEFAULT_DIGITS, Wish
from app.views.plots.options import MEAN, OFF, PICTURES, RESTS, Glance
from app.web.http.embedding import CONTROLS, Embedding, is_embedded
from app.web.http.templating import is_htmx

THEMES = ("auto", "light", "dark")
DIGITS = tuple(str(n) for n in range(LEAST_DIGITS, MOST_DIGITS + 1))


def _query_of(request: Request) -> QueryParams:
    """The page's query. htmx tells the page's own, which may be newer than the form's."""
    address = request.headers.get("hx-current-url")
    if address and request.method == "POST" and is_htmx(request):
        return QueryParams(address.partition("#")[0].partition("?")[2])
    return request.query_params


_CHOICES = {
    "notation": tuple(NOTATIONS),
    "theme": THEMES,
    "scale": ("linear", "log"),
    "edit": ("on",),
    "check": ("on",),
    "pictures": PICTURES,
    "rest": RESTS,
}
_FREE = ("open", "across", "up", "sample", "unfold", "into")
_DEFAULTS = {"theme": "auto", "scale": "linear", "digits": str(DEFAULT_DIGITS), "rest": MEAN}
_MOST_FREE = 40
_PATTERNS = {"sample": "([0-9]{1,9})?", "unfold": "([0-9]{1,2}(-[0-9]{1,2})*)?"}
_KEEPS = ("edit", "forward", "learning-rate")
_EVERYWHERE = ("loss", "conventions")  # what can be opened beside any network
OF_A_NETWORK = ("sample", "unfold", "into")


def _written(query: QueryParams) -> dict[str, str]:
    """What a query says in words of its own.

    Raises:
        InvalidInput: it is too long, or no number where one is needed.
    """
    found = {key: query.get(key, "") for key in _FREE}
    for key, text in found.items():
        if len(text) > _MOST_FREE:
            raise InvalidInput("max_characters", pointer=f"/{key}", maximum=_MOST_FREE)
    for key, pattern in _PATTERNS.items():
        if not re.fullmatch(pattern, found[key]):
            raise InvalidInput("whole_number", pointer=f"/{key}")
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader wants to see the pages.

    Attributes:
        notation: "net" or "z", or None for what the example's source uses.
        theme: "auto", "light" or "dark".
        digits: how many decimals tables and derivations show.
        scale: of the error's axis, "linear" or "log".
        edit: "on" where the tables' values are fields.
        check: "on" where the gradient check stands in the table.
        open: the quantity whose derivation is open, "conventions", or "".
        frame: what a page in a frame of another site shows; None for the site's own pages.
        pictures, across, up, rest: as in ``Glance``.
        sample: the number of the sample in view, counted from 1; "" for the step's own.
        unfold: the large layers that are drawn in full, "1" or "1-3".
        into: the unit whose weights a large network's table lists, or "".
    """

    notation: str | None = None
    theme: str = "auto"
    digits: int = DEFAULT_DIGITS
    scale: str = "linear"
    edit: str = ""
    check: str = ""
    open: str = ""
    frame: Embedding | None = None
    pictures: str = ""
    across: str = ""
    up: str = ""
    rest: str = MEAN
    sample: str = ""
    unfold: str = ""
    into: str = ""

    @classmethod
    def of(cls, request: Request, *, plain: bool = False) -> "Look":
        """The look that the request's query asks for.

        Args:
            request: whose query.
            plain: whether to pass over what is chosen of this very network.

        Raises:
            InvalidInput: a value is unknown.
        """
        query = _query_of(request)
        if plain:
            pairs = [(key, text) for key, text in query.multi_items() if key not in OF_A_NETWORK]
            query = QueryParams(pairs)
        chosen: dict[str, str] = {}
        for key, allowed in _CHOICES.items():
            if (value := query.get(key)) is not None:
                if value not in allowed:
                    raise InvalidInput("bad_query", pointer=f"/{key}", allowed=", ".join(allowed))
                chosen[key] = value
        digits = query.get("digits", str(DEFAULT_DIGITS))
        if digits not in DIGITS:
            raise InvalidInput("bad_query", pointer="/digits", allowed=", ".join(DIGITS))
        chosen |= _written(query)
        frame = Embedding.of(query) if is_embedded(request) else None
        if frame and "edit" not in frame.controls:
            chosen.pop("edit", None)
        return cls(**chosen, digits=int(digits), frame=frame)

    @classmethod
    def of_picture(cls, query: QueryParams) -> "Look":
        """What a query says of the network in the picture, and nothing else.

        Raises:
            InvalidInput: a value is unknown.
        """
        written = _written(query)
        return cls(sample=written["sample"], unfold=written["unfold"])

    def query(self, **changes: str | None) -> str:
        """The query string of this look with ``changes``, "" for the default one."""
        kept = self.kept(**changes) | (self.frame.parameters if self.frame else {})
        return "?" + urlencode(kept, safe=",") if kept else ""

    def kept(self, **changes: str | None) -> dict[str, str]:
        """What of this look with ``changes`` is not the default, by its name in the query."""
        chosen = {key: getattr(self, key) for key in (*_CHOICES, "digits", *_FREE)} | changes
        texts = {key: str(value) for key, value in chosen.items() if value}
        return {key: text for key, text in texts.items() if text != _DEFAULTS.get(key)}

    def fields(self, chosen: str) -> dict[str, str]:
        """What the form that chooses ``chosen`` must send beside it."""
        return {key: value for key, value in self.pairs.items() if key != chosen}

    @property
    def elsewhere(self) -> str:
        """The query string for another network: without what is chosen of this one."""
        left = (*OF_A_NETWORK, "across", "up", *(() if self.open in _EVERYWHERE else ("open",)))
        return self.query(**dict.fromkeys(left))

    def folding(self, layer: int) -> str:
        """The query string that unfolds a layer, or folds it again."""
        layers = self.unfolded ^ {layer}
        return self.query(unfold="-".join(map(str, sorted(layers)))) or "?"

    @property
    def unfolded(self) -> frozenset[int]:
        """The large layers that are drawn in full."""
        return frozenset(map(int, filter(None, self.unfold.split("-"))))

    @property
    def opening(self) -> str:
        """What the address of a quantity's derivation begins with; its key comes last."""
        query = self.query(open=None)
        return f"{query}&open=" if query else "?open="

    @property
    def pairs(self) -> dict[str, str]:
        """This look as the fields of a form."""
        return dict(parse_qsl(self.query()[1:]))

    @property
    def controls(self) -> tuple[str, ...]:
        """Which controls the page has."""
        return self.frame.controls if self.frame else CONTROLS

    @property
    def unframed(self) -> "Look":
        """This look on a page of the site's own."""
        return replace(self, frame=None)

    def arriving(self, lab: Lab, command: str, edited: int | None = None) -> "Look":
        """This look after a command: a sample that the step now in view lacks goes out of sight.

        What only looks, or changes a sample, keeps it in view.

        Args:
            lab: the network after it.
            command: its name.
            edited: the number of the sample whose values the form showed.
        """
        if edited and command == "edit" and edited != self.seen(lab).index + 1:
            return replace(self, sample=str(edited)).fitting(lab)
        if self.sample and command not in _KEEPS and not self.seen(lab).inside:
            return replace(self, sample="").fitting(lab)
        return self.fitting(lab)

    def fitting(self, lab: Lab) -> "Look":
        """This look, without an open quantity or axes that the network (no longer) has."""
        if self.frame and self.frame.phase:
            return replace(self, frame=self.frame.begun).fitting(lab)
        fitting = self
        try:
            self.glance(lab).axes(lab.present)
        except InvalidInput:
            fitting = replace(self, across="", up="")
        if self.open in ("", CONVENTIONS):
            return fitting
        try:
            find(self.open, lab.shown_spec)
        except UnknownQuantity:
            return replace(fitting, open="")
        return fitting

    @property
    def number(self) -> int | None:
        """The number of the sample that was chosen, counted from 1."""
        return int(self.sample) if self.sample else None

    def seen(self, lab: Lab) -> SampleInView:
        """The sample in view.

        Raises:
            InvalidInput: the network has no such sample.
        """
        return sample_in_view(lab, self.number, 1)

    def wish(self, lab: Lab) -> Wish:
        """How this network is to be shown."""
        return Wish(
            self.notation_for(lab), self.digits, self.scale == "log", self.open, self.check == "on",
            self.number, self.unfolded, self.into,
        )  # fmt: skip

    def glance(self, lab: Lab) -> Glance:
        """Which pictures of this network are to be shown; a frame of another site has none."""
        shown = OFF if self.frame else self.pictures
        return Glance(
            self.notation_for(lab), shown, self.across, self.up, self.rest, self.scale == "log"
        )

    def notation_for(self, lab: Lab) -> Notation:
        """The notation to use for this network."""
        example = EXAMPLES.get(lab.origin or "")
        return NOTATIONS[self.notation or (example.notation if example else "net")]

"""How a reader wants to see the pages; it travels in the URL, so nothing is stored."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.datastructures import QueryParams

from app.errors import InvalidInput
from app.examples import EXAMPLES
from app.explain.notation import NOTATIONS, Notation
from app.explain.quantities import UnknownQuantity, find
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.glance import MEAN, OFF, PICTURES, RESTS, Glance
from app.lab import Lab
from app.views import CONVENTIONS, DEFAULT_DIGITS, Wish
from app.web.frame import CONTROLS, Frame, is_embedded
from app.web.templating import is_htmx

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
_FREE = ("open", "across", "up")
_DEFAULTS = {"theme": "auto", "scale": "linear", "digits": str(DEFAULT_DIGITS), "rest": MEAN}
_MOST_FREE = 40


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
    """

    notation: str | None = None
    theme: str = "auto"
    digits: int = DEFAULT_DIGITS
    scale: str = "linear"
    edit: str = ""
    check: str = ""
    open: str = ""
    frame: Frame | None = None
    pictures: str = ""
    across: str = ""
    up: str = ""
    rest: str = MEAN

    @classmethod
    def of(cls, request: Request) -> "Look":
        """The look that the request's query asks for.

        Raises:
            InvalidInput: a value is unknown.
        """
        query = _query_of(request)
        chosen: dict[str, str] = {}
        for key, allowed in _CHOICES.items():
            if (value := query.get(key)) is not None:
                if value not in allowed:
                    raise InvalidInput("bad_query", pointer=f"/{key}", allowed=", ".join(allowed))
                chosen[key] = value
        digits = query.get("digits", str(DEFAULT_DIGITS))
        if digits not in DIGITS:
            raise InvalidInput("bad_query", pointer="/digits", allowed=", ".join(DIGITS))
        for key in _FREE:
            chosen[key] = query.get(key, "")
            if len(chosen[key]) > _MOST_FREE:
                raise InvalidInput("max_characters", pointer=f"/{key}", maximum=_MOST_FREE)
        frame = Frame.of(query) if is_embedded(request) else None
        if frame and "edit" not in frame.controls:
            chosen.pop("edit", None)
        return cls(**chosen, digits=int(digits), frame=frame)

    def query(self, **changes: str | None) -> str:
        """The query string of this look with ``changes``, "" for the default one."""
        kept = self.kept(**changes) | (self.frame.parameters if self.frame else {})
        return "?" + urlencode(kept, safe=",") if kept else ""

    def kept(self, **changes: str | None) -> dict[str, str]:
        """What of this look with ``changes`` is not the default, by its name in the query."""
        chosen = {key: getattr(self, key) for key in (*_CHOICES, "digits", *_FREE)} | changes
        texts = {key: str(value) for key, value in chosen.items() if value}
        return {key: text for key, text in texts.items() if text != _DEFAULTS.get(key)}

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

    def wish(self, lab: Lab) -> Wish:
        """How this network is to be shown."""
        return Wish(
            self.notation_for(lab), self.digits, self.scale == "log", self.open, self.check == "on"
        )

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

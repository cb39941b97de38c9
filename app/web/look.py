"""How a reader wants to see the pages; it travels in the URL, so nothing is stored."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from app.errors import InvalidInput
from app.examples import EXAMPLES
from app.explain.notation import NOTATIONS, Notation
from app.lab import Lab

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader wants to see the pages; it travels in the URL, so nothing is stored.

    Attributes:
        notation: "net" or "z", or None for what the example's source uses.
        theme: "auto", "light" or "dark".
    """

    notation: str | None = None
    theme: str = "auto"

    @classmethod
    def of(cls, request: Request) -> "Look":
        """The look that the request's query asks for.

        Raises:
            InvalidInput: a value is unknown.
        """
        query = request.query_params
        notation, theme = query.get("notation"), query.get("theme", "auto")
        if notation is not None and notation not in NOTATIONS:
            raise InvalidInput("bad_query", pointer="/notation", allowed=", ".join(NOTATIONS))
        if theme not in THEMES:
            raise InvalidInput("bad_query", pointer="/theme", allowed=", ".join(THEMES))
        return cls(notation, theme)

    def query(self, **changes: str) -> str:
        """The query string of this look with ``changes``, "" for the default one."""
        chosen = {"notation": self.notation, "theme": self.theme, **changes}
        kept = {key: value for key, value in chosen.items() if value not in (None, "auto")}
        return f"?{urlencode(kept)}" if kept else ""

    def notation_for(self, lab: Lab) -> Notation:
        """The notation to use for this network."""
        example = EXAMPLES.get(lab.origin or "")
        return NOTATIONS[self.notation or (example.notation if example else "net")]

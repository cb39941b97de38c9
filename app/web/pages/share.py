"""Sharing: a link that holds the moment in view, and the frame that shows it on another site."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request, Response

from app.errors import InvalidInput, LinkTooLarge
from app.lab.links import encode
from app.messages.links import CONTROL_NAMES
from app.web.http.addresses import site_of
from app.web.http.embedding import CONTROLS, EMBED, USUAL, Embedding
from app.web.http.page import page
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.pages.address import EVERYWHERE, NetworkAddress, place_of
from app.web.pages.options import THEMES, Look

router = Routes()
LEAST_HEIGHT, MOST_HEIGHT, USUAL_HEIGHT = 200, 2000, 640


@dataclass(frozen=True, slots=True)
class Choices:
    """What a frame is to be like.

    Attributes:
        controls: names out of CONTROLS.
        theme: out of THEMES.
        height: in CSS pixels.
    """

    controls: tuple[str, ...] = USUAL
    theme: str = "auto"
    height: int = USUAL_HEIGHT

    @classmethod
    def of(cls, request: Request, look: Look) -> "Choices":
        """What the Share form asks for; until it is sent, what is usual.

        Raises:
            InvalidInput: a control is unknown, or the height is no number within its limits.
        """
        query = request.query_params
        if "frame" not in query:
            return cls(theme=look.theme)
        chosen = query.getlist("control")
        if not set(chosen) <= set(CONTROLS):
            raise InvalidInput("bad_query", pointer="/control", allowed=", ".join(CONTROLS))
        theme = query.get("frame_theme", "auto")
        if theme not in THEMES:
            raise InvalidInput("bad_query", pointer="/frame_theme", allowed=", ".join(THEMES))
        text = query.get("height", str(USUAL_HEIGHT)).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise InvalidInput("whole_number", pointer="/height")
        height = int(text)
        if height < LEAST_HEIGHT:
            raise InvalidInput("minimum", pointer="/height", minimum=LEAST_HEIGHT)
        if height > MOST_HEIGHT:
            raise InvalidInput("maximum", pointer="/height", maximum=MOST_HEIGHT)
        return cls(tuple(name for name in CONTROLS if name in chosen), theme, height)


def whereabouts(request: Request, place: NetworkAddress, look: Look) -> str:
    """Where to see what a frame shows without the frame: a whole address.

    It is a link wherever one can hold the network: the address of a stored one is the right to
    drive it.
    """
    frame, path = look.frame, place.address
    if place.opened or (frame and frame.phase):
        try:
            path = f"/at/{encode(place.lab)}"
        except LinkTooLarge:
            path = place.address
    return site_of(request) + path + look.unframed.query()


@router.get(*(f"{path}/share" for path in EVERYWHERE))
async def share_page(request: Request) -> Response:
    """The link and the frame: a page, or with htmx what fills the dialog."""
    look, place = Look.of(request), await place_of(request)
    name = "partials/share.html" if is_htmx(request) else "share.html"
    return page(request, name, _context(request, place, look))


def _context(request: Request, place: NetworkAddress, look: Look) -> dict[str, Any]:
    choices = Choices.of(request, look)
    found: dict[str, Any] = {
        "look": look,
        "query": look.query(),
        "base": place.base,
        "stored": place.opened is not None,
        "step": place.lab.step,
        "choices": choices,
        "controls": CONTROL_NAMES,
        "themes": THEMES,
        "limits": (LEAST_HEIGHT, MOST_HEIGHT),
        "link": "",
    }
    try:
        path = f"/at/{encode(place.lab)}"
    except LinkTooLarge as error:
        return found | {"too_large": detail(error)}
    framed = replace(look, theme=choices.theme, edit="", frame=Embedding(choices.controls))
    return found | {
        "link": site_of(request) + path + look.query(),
        "source": site_of(request) + EMBED + path + framed.query(),
    }

"""Sharing: a link that holds the moment in view, and the frame that shows it on another site."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, Field

from app.errors import LinkTooLarge
from app.lab.lab import Lab
from app.lab.links.codec import encode
from app.messages import CONTROL_NAMES, PRESET_NAMES
from app.views.derivation.wording import phase_name
from app.views.options import CONTROLS, THEMES, Controls, ViewOptions, in_digits, out_of
from app.web.http.application import root_of, site_of
from app.web.http.embedding import EMBED
from app.web.http.page import page
from app.web.http.problems import detail, read_query
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.pages.address import EVERYWHERE, NetworkAddress, place_of
from app.web.pages.options import options_of

router = Routes()
LEAST_HEIGHT, MOST_HEIGHT, USUAL_HEIGHT = 200, 2000, 695


PRESETS = {
    "figure": ((), 585),
    "stepper": (("step", "take-back", "phases", "samples", "panel"), USUAL_HEIGHT),
    "lab": (CONTROLS, 1105),
    "own": ((), USUAL_HEIGHT),
}
"""Ready-made frames: their controls and, where nobody tells their height, how high they are.

The height is what a 2-2-2 needs at the width where it needs most; the lab's tables grow later.
"""


class FrameQuery(BaseModel):
    """What the Share form asks for: what a frame is to be like; its height in CSS pixels.

    ``control`` counts where no preset is chosen.
    """

    preset: Annotated[str, out_of(PRESETS)] = "own"
    control: Controls = ()
    frame_theme: Annotated[str, out_of(THEMES)] = "auto"
    height: Annotated[
        int, Field(ge=LEAST_HEIGHT, le=MOST_HEIGHT), in_digits(r"\s*[0-9]{1,5}\s*")
    ] = USUAL_HEIGHT


def whereabouts(request: Request, place: NetworkAddress, look: ViewOptions) -> str:
    """Where to see what a frame shows without the frame: a whole address.

    It is a link wherever one can hold the network: the address of a stored one is the right to
    drive it.
    """
    path = place.address
    if place.opened or look.phase:
        with suppress(LinkTooLarge):
            path = f"/at/{encode(place.lab)}"
    unframed = look.changed(framed=None, controls=None, phase=None)
    return site_of(request) + path + unframed.query()


def _phase(lab: Lab, look: ViewOptions) -> str:
    """What the last phase of an unfinished step is called, "" of a whole one."""
    now = lab.progress.now if lab.walking else None
    return phase_name(now, lab.shown_spec, look.notation_for(lab)) if now else ""


@router.get(*(f"{path}/share" for path in EVERYWHERE))
async def share_page(request: Request) -> Response:
    """The link and the frame: a page, or with htmx what fills the dialog."""
    look = options_of(request).changed(desk=None, left=None)
    place, query = await place_of(request), request.query_params
    choices = FrameQuery(preset="stepper", frame_theme=look.theme)
    if "frame" in query:
        typed = {**query, "control": query.getlist("control")}
        choices = read_query(FrameQuery.model_validate, typed)
    controls, height = PRESETS[choices.preset]
    if choices.preset == "own":
        controls, height = choices.control, choices.height
    choices = choices.model_copy(update={"control": controls, "height": height})
    context: dict[str, Any] = {
        "look": look,
        "query": look.query(),
        "base": place.base,
        "stored": place.opened is not None,
        "step": place.lab.step,
        "phase": _phase(place.lab, look),
        "choices": choices,
        "controls": CONTROL_NAMES,
        "themes": THEMES,
        "presets": PRESET_NAMES,
        "limits": (LEAST_HEIGHT, MOST_HEIGHT),
        "link": "",
    }
    try:
        path = f"/at/{encode(place.lab)}"
    except LinkTooLarge as error:
        context["too_large"] = detail(error)
    else:
        chosen = {"theme": choices.frame_theme, "controls": choices.control}
        framed = look.changed(edit=None, view=None, framed=True, **chosen).query()
        context["link"] = site_of(request) + path + look.query()
        context["source"] = site_of(request) + EMBED + path + framed
        context["preview"] = root_of(request) + EMBED + path + framed
    name = "share/dialog.html" if is_htmx(request) else "share/page.html"
    return page(request, name, context)

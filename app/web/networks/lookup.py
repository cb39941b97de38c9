"""Finding what a request names."""

import re
from collections.abc import Sequence
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request

from app.errors import InvalidInput, NotFound
from app.explain.quantities import every
from app.lab.examples import EXAMPLES, Example
from app.lab.lab import Lab
from app.lab.limits import MAX_STEPS, check_weights
from app.lab.links.codec import decode
from app.lab.moment import Moment
from app.store.lab_store import LabCache
from app.views.text.formatting import written
from app.web.networks.bodies import LinkSpecModel

_MOST_NAMES = 40
MAX_LAST = MAX_STEPS + 1
"""A timeline has the loss at its first step, too."""
HISTORY = ("history", "last")
"""The parameters that ``last_of`` reads."""


def find_example(slug: str, pointer: str | None = None) -> Example:
    """The worked example of this name, or NotFound."""
    if slug not in EXAMPLES:
        raise NotFound("example_not_found", pointer=pointer, allowed=", ".join(EXAMPLES))
    return EXAMPLES[slug]


async def linked(link: str, cache: LabCache) -> Lab:
    """The Lab of a link, from ``cache`` or decoded beside the event loop; else UnusableLink."""
    name = f"/at/{link}"  # no id of a stored network
    if found := cache.get(name):
        return found[1]
    lab = await run_sync(decode, link, vet)
    cache.put(name, 0, lab)
    return lab


def vet(data: dict[str, Any]) -> dict[str, Any]:
    """The Spec of a link if a request might have brought it, else ValueError or InvalidInput."""
    model = LinkSpecModel.model_validate(data)
    check_weights(model.layers, "/layers")
    found: dict[str, Any] = model.model_dump(exclude_none=True)
    return found


def no_such_quantity(standing: Moment, pointer: str) -> NotFound:
    """The error for a number that the network lacks; it lists those that it has."""
    return no_such(pointer, [quantity.key for quantity in every(standing.shown_spec)])


def no_such_part(standing: Moment, pointer: str) -> NotFound:
    """The same for a reader of pages: it lists the names that stand in the diagram."""
    names = (written(quantity.name) or "E" for quantity in every(standing.shown_spec))
    return no_such(pointer, [*dict.fromkeys(names)])


def no_such(pointer: str, names: Sequence[str], most: int = _MOST_NAMES) -> NotFound:
    """The error for a name of no number; it lists the first of ``names``, at ``most`` so many."""
    listed = [*names[:most]] + ["…"] * (len(names) > most)
    return NotFound("no_such_quantity", pointer=pointer, allowed=", ".join(listed))


def sample_of(request: Request) -> int | None:
    """The sample that the query asks for, counted from 0, or None; else InvalidInput."""
    return _whole(request, "sample")


def last_of(request: Request) -> int | None:
    """How many of the newest losses the query asks for, or None for all; else InvalidInput."""
    if not request.scope["query_string"]:
        return None
    history, last = request.query_params.get("history", "all"), _whole(request, "last")
    if history not in ("none", "all"):
        raise InvalidInput("choice", pointer="/history", allowed="none, all")
    if history == "none" and last:
        raise InvalidInput("history_and_last", pointer="/last")
    if last is not None and last > MAX_LAST:
        raise InvalidInput("maximum", pointer="/last", maximum=MAX_LAST)
    return 0 if history == "none" else last


def _whole(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not re.fullmatch("-?[0-9]+", text):
        raise InvalidInput("whole_number", pointer=f"/{name}")
    if int(text) < 0:
        raise InvalidInput("minimum", pointer=f"/{name}", minimum=0)
    return int(text)

"""Where the network of a page is: stored under its id, or drawn anew from its address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from app.lab import walking
from app.lab.lab import Lab
from app.store.lab_store import StoredNetwork
from app.views.options import OF_A_FRAME
from app.web.http.application import root_of, store_of
from app.web.http.embedding import EMBED, is_embedded
from app.web.networks.lookup import find_example, linked
from app.web.pages.options import options_of

STORED = "/networks/{network_id}"
UNSTORED = ("/examples/{slug}", "/at/{link}")
"""Addresses whose network the first command stores; until then it is a function of the address."""
EVERYWHERE = (STORED, *UNSTORED)


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """A network and where it is.

    ``address`` is where it is on the site, without a proxy's path and a frame's prefix; below
    ``base``, the address as it is now, lie its forms and its other pages.
    """

    lab: Lab
    address: str
    base: str
    opened: StoredNetwork | None = None


def within(paths: Iterable[str]) -> tuple[str, ...]:
    """``paths`` on the site, and in frames of other sites."""
    return tuple(f"{frame}{path}" for frame in ("", EMBED) for path in paths)


def _base(request: Request, address: str) -> str:
    return f"{root_of(request)}{EMBED if is_embedded(request) else ''}{address}"


def stored_place(request: Request, opened: StoredNetwork) -> NetworkAddress:
    """A stored network's place."""
    address = f"/networks/{opened.id}"
    return NetworkAddress(opened.lab, address, _base(request, address), opened)


def stored_page(request: Request, opened: StoredNetwork) -> str:
    """Where the page of a network is that a request on another page has stored."""
    return f"{root_of(request)}/networks/{opened.id}{options_of(request).elsewhere}"


def _unstored(request: Request, lab: Lab, address: str) -> NetworkAddress:
    """A network that is not stored, in the phase that its frame begins with."""
    phase = options_of(request, only=OF_A_FRAME).phase
    lab = walking.begun(lab, phase) if phase else lab
    return NetworkAddress(lab, address, _base(request, address))


def example_place(request: Request, slug: str) -> NetworkAddress:
    """A worked example at step 0. Raises NotFound if there is none of this name."""
    lab = Lab.fresh(find_example(slug).spec, slug)
    return _unstored(request, lab, f"/examples/{slug}")


async def place_of(request: Request) -> NetworkAddress:
    """What the request's path names. Raises NotFound or, if it is a bad link, UnusableLink."""
    return await place_at(request, request.path_params)


async def place_at(request: Request, names: Mapping[str, str]) -> NetworkAddress:
    """What the names in a path of this site stand for; raises what ``place_of`` raises."""
    match names:
        case {"slug": slug}:
            return example_place(request, slug)
        case {"link": link}:
            lab = await linked(link, store_of(request).cache)
            return _unstored(request, lab, f"/at/{link}")
    return stored_place(request, await store_of(request).load(names["network_id"]))

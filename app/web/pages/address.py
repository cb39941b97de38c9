"""Where the network of a page is: stored under its id, or drawn anew from its address."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from app.lab import walking
from app.lab.lab import Lab
from app.store.lab_store import StoredNetwork
from app.views.options import OF_A_FRAME
from app.web.http.addresses import root_of
from app.web.http.application import store_of
from app.web.http.embedding import EMBED, is_embedded, prefix_of
from app.web.networks import commands
from app.web.networks.lookup import find_example, linked
from app.web.pages.options import options_of

STORED = "/networks/{network_id}"
UNSTORED = ("/examples/{slug}", "/at/{link}")
"""Addresses whose network the first command stores; until then it is a function of the address."""
EVERYWHERE = (STORED, *UNSTORED)
FRAMES = ("", EMBED)
"""What stands before these: nothing, or what makes it a page for a frame of another site."""


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """A network and where it is.

    Attributes:
        lab: the network.
        address: its address on the site, without a proxy's path and a frame's prefix.
        base: its address as it is now, below which its forms and its other pages lie.
        opened: how it is stored, or None while it is not.
    """

    lab: Lab
    address: str
    base: str
    opened: StoredNetwork | None = None


def within(paths: Iterable[str]) -> tuple[str, ...]:
    """``paths`` on the site, and in frames of other sites."""
    return tuple(f"{frame}{path}" for frame in FRAMES for path in paths)


def _place(
    request: Request, lab: Lab, address: str, opened: StoredNetwork | None = None
) -> NetworkAddress:
    base = f"{root_of(request)}{prefix_of(request)}{address}"
    return NetworkAddress(lab, address, base, opened)


def stored_place(request: Request, opened: StoredNetwork) -> NetworkAddress:
    """A stored network's place."""
    return _place(request, opened.lab, f"/networks/{opened.id}", opened)


def example_place(request: Request, slug: str) -> NetworkAddress:
    """A worked example at step 0.

    Raises:
        NotFound: there is none of this name.
    """
    example = find_example(slug)
    lab = Lab.fresh(example.spec, example.slug)
    return _place(request, _begun(request, lab), f"/examples/{example.slug}")


async def link_place(request: Request, link: str) -> NetworkAddress:
    """The moment that a link holds.

    Raises:
        UnusableLink: it cannot be opened.
    """
    return _place(
        request, _begun(request, await linked(link, store_of(request).cache)), f"/at/{link}"
    )


def _begun(request: Request, lab: Lab) -> Lab:
    """``lab`` in the phase that its frame begins with."""
    if not is_embedded(request):
        return lab
    phase = options_of(request, only=OF_A_FRAME).phase
    return walking.begun(lab, phase) if phase else lab


async def place_of(request: Request) -> NetworkAddress:
    """What the request's path names.

    Raises:
        NotFound: there is nothing of this name, or it has expired.
        UnusableLink: it is a link that cannot be opened.
    """
    parameters = request.path_params
    if "slug" in parameters:
        return example_place(request, parameters["slug"])
    if "link" in parameters:
        return await link_place(request, parameters["link"])
    store = store_of(request)
    return stored_place(request, await commands.open_network(store, parameters["network_id"]))

"""Where the network of a page is: stored under its id, or drawn anew from its address."""

from dataclasses import dataclass

from starlette.requests import Request

from app.lab import Lab
from app.web import service
from app.web.lookup import find_example

STORED = "/networks/{network_id}"
UNSTORED = ("/examples/{slug}",)
"""Addresses whose network the first command stores; until then it is a function of the address."""
EVERYWHERE = (STORED, *UNSTORED)


@dataclass(frozen=True, slots=True)
class Place:
    """A network and where it is.

    Attributes:
        lab: the network.
        base: its address, below which its forms and its other pages lie.
        opened: how it is stored, or None while it is not.
    """

    lab: Lab
    base: str
    opened: service.Opened | None = None


def root_of(request: Request) -> str:
    """The path under which a proxy serves the application."""
    root: str = request.scope.get("root_path", "")
    return root


def stored_place(request: Request, opened: service.Opened) -> Place:
    """A stored network's place."""
    return Place(opened.lab, f"{root_of(request)}/networks/{opened.id}", opened)


def example_place(request: Request, slug: str) -> Place:
    """A worked example at step 0.

    Raises:
        NotFound: there is none of this name.
    """
    example = find_example(slug)
    base = f"{root_of(request)}/examples/{example.slug}"
    return Place(Lab.fresh(example.spec, example.slug), base)


async def place_of(request: Request) -> Place:
    """What the request's path names.

    Raises:
        NotFound: there is nothing of this name, or it has expired.
    """
    parameters = request.path_params
    if "slug" in parameters:
        return example_place(request, parameters["slug"])
    store = service.store_of(request)
    return stored_place(request, await service.open_network(store, parameters["network_id"]))

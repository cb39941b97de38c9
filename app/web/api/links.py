"""Links over the JSON API: the one of a network, and a network from one."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.lab.links import MAX_LENGTH, encode
from app.web.api.answers import StateModel
from app.web.api.openapi import PROBLEMS
from app.web.api.responses import opened_of, state_response
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.application import root_of, site_of, store_of
from app.web.http.json_body import Model, json_response
from app.web.networks import commands
from app.web.networks.bodies import LinkModel
from app.web.networks.links import linked

router = APIRouter(prefix=PREFIX, tags=["links"], route_class=ApiRoute, responses=PROBLEMS)


class LinkedModel(Model):
    """A link to the moment at which a network stands."""

    link: Annotated[str, Field(max_length=MAX_LENGTH)]
    url: str


@router.get("/networks/{network_id}/link", response_model=LinkedModel)
async def read_link(request: Request) -> Response:
    """The link that holds the network as it stands; it is no right to change it."""
    link = encode((await opened_of(request)).lab)
    return json_response({"link": link, "url": f"{site_of(request)}/at/{link}"})


@router.post("/links", status_code=201, response_model=StateModel)
async def open_link(request: Request, body: LinkModel) -> Response:
    """A new network from a link."""
    store = store_of(request)
    opened = await commands.create(store, await linked(body.link, store.cache))
    location = f"{root_of(request)}{PREFIX}/networks/{opened.id}"
    return state_response(opened, 201, location=location)

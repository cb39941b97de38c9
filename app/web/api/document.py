"""The whole network as data, over the API."""

from functools import partial

from fastapi import FastAPI, Request, Response

from app.store.document import document_of
from app.web.api.openapi import PROBLEMS, takes
from app.web.api.responses import PREFIX
from app.web.http.application import store_of
from app.web.http.json_body import json_response
from app.web.http.threads import made
from app.web.networks import commands
from app.web.networks.export_body import DocumentModel


async def read_export(request: Request) -> Response:
    """The whole network as data, to be opened again by ``POST /api/v1/networks``."""
    store = store_of(request)
    opened = await commands.open_network(store, request.path_params["network_id"])
    content = await made(partial(document_of, opened.lab))
    return json_response(content, etag=f'"{opened.version}"')


def add_routes(app: FastAPI) -> None:
    """Put the document into ``app``."""
    network = f"{PREFIX}/networks/{{network_id}}/export"
    app.add_api_route(
        network, read_export, methods=["GET"], tags=["networks"], responses=PROBLEMS,
        response_model=DocumentModel, openapi_extra=takes(None),
    )  # fmt: skip
    app.add_api_route(network, read_export, methods=["HEAD"], include_in_schema=False)

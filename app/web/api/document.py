"""The whole network as data, over the API."""

from fastapi import APIRouter, Request, Response

from app.store.document import document_of
from app.web.api.openapi import PROBLEMS
from app.web.api.responses import opened_of
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.application import pool_of
from app.web.http.json_body import json_response
from app.web.networks.export_body import DocumentModel

router = APIRouter(prefix=PREFIX, tags=["networks"], route_class=ApiRoute, responses=PROBLEMS)


@router.get("/networks/{network_id}/export", response_model=DocumentModel)
async def read_export(request: Request) -> Response:
    """The whole network as data, to be opened again by ``POST /api/v1/networks``."""
    opened = await opened_of(request)
    content = await pool_of(request).made(document_of, opened.lab)
    return json_response(content, etag=f'"{opened.version}"')

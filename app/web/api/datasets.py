"""The data sets that a Spec may name, over the API."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.data.catalog import IRIS, IRIS_SOURCE, OPTIONS, dataset_named
from app.messages.data import DATASETS
from app.web.api.answers import DatasetModel
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.json_body import json_response

router = APIRouter(prefix=PREFIX, tags=["data"], route_class=ApiRoute)


@router.get("/datasets", response_model=list[DatasetModel])
async def list_datasets(_: Request) -> Response:
    """The data sets that a Spec's ``data`` may name, with their options."""
    return json_response(dataset_listing())


def dataset_listing() -> list[dict[str, Any]]:
    """Every data set as the API lists it."""
    listing = []
    for name, options in OPTIONS.items():
        one = dataset_named(name, {})
        listing.append(
            {
                "name": name,
                "title": DATASETS[name],
                "kind": one.kind,
                "columns": one.columns,
                "targets": one.target_columns,
                "outputs": one.targets.shape[1],
                "classes": one.classes,
                "options": options,
                "source": IRIS_SOURCE if name == IRIS else "",
            }
        )
    return listing

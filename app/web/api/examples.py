"""The worked examples, over the API."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.lab.examples import EXAMPLES, Example
from app.lab.spec_json import spec_to_data
from app.web.api.openapi import PROBLEMS, parameter
from app.web.api.response_models import ExampleModel
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.json_body import json_response
from app.web.networks.lookup import find_example

router = APIRouter(prefix=f"{PREFIX}/examples", tags=["examples"], route_class=ApiRoute)
_SLUG = parameter("path", "slug", type="string", title="Slug")


@router.get("", response_model=list[ExampleModel])
async def list_examples(_: Request) -> Response:
    """The worked examples, with what their sources printed and whether it is right."""
    return json_response([_data(example) for example in EXAMPLES.values()])


@router.get(
    "/{slug}", response_model=ExampleModel, responses={404: PROBLEMS[404]},
    openapi_extra={"parameters": [_SLUG]},
)  # fmt: skip
async def read_example(request: Request) -> Response:
    """One worked example."""
    return json_response(_data(find_example(request.path_params["slug"])))


def _data(example: Example) -> dict[str, Any]:
    told = {name: getattr(example, name) for name in ExampleModel.model_fields}
    return told | {"spec": spec_to_data(example.spec)}

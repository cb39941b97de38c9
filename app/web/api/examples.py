"""The worked examples, over the API."""

from typing import Any

from fastapi import FastAPI, Response

from app.lab.examples import EXAMPLES, Example
from app.lab.spec_json import spec_to_data
from app.web.api.answers import ExampleModel
from app.web.api.openapi import PROBLEMS
from app.web.api.responses import PREFIX
from app.web.http.json_body import json_response
from app.web.networks.lookup import find_example


def example_data(example: Example) -> dict[str, Any]:
    """An example as the API gives it."""
    return {
        "slug": example.slug,
        "title": example.title,
        "source": example.source,
        "url": example.url,
        "about": example.about,
        "notation": example.notation,
        "spec": spec_to_data(example.spec),
        "published": example.published,
        "notes": example.notes,
    }


async def list_examples() -> Response:
    """The worked examples, with what their sources printed and whether it is right."""
    return json_response([example_data(example) for example in EXAMPLES.values()])


async def read_example(slug: str) -> Response:
    """One worked example."""
    return json_response(example_data(find_example(slug)))


def add_routes(app: FastAPI) -> None:
    """Put the examples into ``app``."""
    path = f"{PREFIX}/examples"
    app.add_api_route(
        path, list_examples, methods=["GET"], tags=["examples"], response_model=list[ExampleModel]
    )
    app.add_api_route(
        f"{path}/{{slug}}", read_example, methods=["GET"], tags=["examples"],
        response_model=ExampleModel, responses={404: PROBLEMS[404]},
    )  # fmt: skip
    for each, endpoint in ((path, list_examples), (f"{path}/{{slug}}", read_example)):
        app.add_api_route(each, endpoint, methods=["HEAD"], include_in_schema=False)

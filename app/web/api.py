"""The JSON API, version 1.

Endpoints read the request themselves (``read``): pydantic parses the body's bytes directly, which
is strict about JSON and half the cost of FastAPI's own way; ``takes`` documents it in OpenAPI.
"""

import json
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response

from app.data.catalog import dataset_listing
from app.errors import InvalidInput, MalformedRequest, TooLarge, UnsupportedMediaType
from app.lab import walking
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES, Example
from app.lab.lab import Lab
from app.lab.runs import Goal, Running, Stepping
from app.lab.sample_in_view import seen_in
from app.lab.spec_json import spec_to_data
from app.web import service
from app.web.answers import DatasetModel, ExampleModel, RunStateModel, StateModel
from app.web.documents import CreateOrImportModel, open_document
from app.web.forms import printable
from app.web.lookup import find_example, sample_of
from app.web.openapi import PROBLEMS, SAMPLE, takes
from app.web.schemas import (
    BranchModel,
    CountModel,
    EditModel,
    ForwardModel,
    Model,
    PhaseModel,
    ResetModel,
    RewindModel,
    RunModel,
)
from app.web.states import answered, changed, state_response
from app.web.states import json_response as json_response

PREFIX = "/api/v1"
M = TypeVar("M", bound=Model)


_MOST_DIGITS = 20
_SMALL = 64 * 1024
# More of these than any network needs; parsing them all would keep everybody waiting.
_MOST_MARKS = {b"{": 50_000, b"[": 300_000, b'"': 200_000, b",": 1_200_000}


def check_json(body: bytes) -> None:
    """Refuse what JSON parsers read in different ways, or would take too long to read.

    Raises:
        TooLarge: a large body is made of too many parts.
        MalformedRequest: a key stands twice, or a whole number is huge; whether it is JSON at all
            is the model's to say.
    """
    for mark, most in _MOST_MARKS.items() if len(body) > _SMALL else ():
        if body.count(mark) > most:
            raise TooLarge("too_many_parts", mark=mark.decode(), limit=f"{most:,}")
    try:
        json.loads(body, object_pairs_hook=_unique, parse_int=_sized)
    except (ValueError, RecursionError):
        return


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise MalformedRequest("key_twice", key=printable(key)[:40])
        found[key] = value
    return found


def _sized(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise MalformedRequest("huge_number", maximum=_MOST_DIGITS)
    return int(digits)


async def read(request: Request, model: type[M]) -> M:
    """The request's JSON body as ``model``; an empty body is an empty object.

    Raises:
        ValidationError: a field cannot be used, or the body is not JSON.
        InvalidInput: a value stands in the address.
        UnsupportedMediaType: the body is declared as something else.
    """
    if request.query_params:
        key = next(iter(request.query_params.keys()))
        raise InvalidInput("unknown_query", pointer=f"/{printable(key)[:40]}")
    body = await request.body()
    if not body:
        return model.model_validate({})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType
    check_json(body)
    return model.model_validate_json(body)


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


async def list_datasets() -> Response:
    """The data sets that a Spec's ``data`` may name, with their options."""
    return json_response(dataset_listing())


async def create_network(request: Request) -> Response:
    """A new network, from a worked example, from a Spec, or from what was exported."""
    limit = request.app.state.settings.max_body_bytes
    if len(sent := await request.body()) > limit and b'"export"' not in sent:
        raise TooLarge(limit=limit)
    body = await read(request, CreateOrImportModel)
    if [body.example, body.spec, body.export].count(None) != 2:
        raise InvalidInput("example_or_spec", pointer="/example")
    if body.export is not None:
        lab = await open_document(body.export, "/export")
    elif len(sent) > limit:
        raise TooLarge(limit=limit)
    elif body.spec is not None:
        lab = service.fresh_lab(body.spec)
    else:
        example = find_example(body.example or "", pointer="/example")
        lab = Lab.fresh(example.spec, example.slug)
    opened = await service.create(service.store_of(request), lab)
    root = request.scope.get("root_path", "")
    return state_response(opened, 201, location=f"{root}{PREFIX}/networks/{opened.id}")


async def read_network(request: Request) -> Response:
    """A network as it stands."""
    network_id = request.path_params["network_id"]
    opened = await service.open_network(service.store_of(request), network_id)
    sample = sample_of(request)
    if sample is not None:
        seen_in(opened.lab, sample)
    return await answered(request, opened, sample=sample)


async def _change(request: Request, command: service.Command, steps: int = 1) -> Response:
    return await answered(request, await changed(request, command, steps))


async def forward(request: Request) -> Response:
    """Show the forward pass at the present parameters, with new inputs if given."""
    body = await read(request, ForwardModel)
    return await _change(request, lambda lab: lab.forwarded(body.inputs))


async def step(request: Request) -> Response:
    """Take backprop steps. All of them or, if one would not be finite, none."""
    body = await read(request, CountModel)
    return await _change(request, Stepping(body.count), body.count)


async def run(request: Request) -> Response:
    """Take steps to a chosen error or a number of them; what was computed stays."""
    body = await read(request, RunModel)
    goal = Goal(body.count, body.until)
    running = Running(goal, service.fits, service.MAX_RUN_SECONDS)
    opened = await changed(request, running, body.count)
    start = opened.lab if running.start is None else running.start
    ended = {"start": start.step, "ending": running.ending and running.ending.value}
    return await answered(request, opened, ended)


async def take_back(request: Request) -> Response:
    """Return to the state some steps ago, exactly."""
    body = await read(request, CountModel)
    return await _change(request, lambda lab: lab.taken_back(body.count))


async def rewind(request: Request) -> Response:
    """Return to any step that was taken, earlier or later, exactly."""
    body = await read(request, RewindModel)
    return await _change(request, lambda lab: lab.rewound(body.step))


async def reset(request: Request) -> Response:
    """Return to the network as it was created; its steps and branches stay, unless forgotten."""
    body = await read(request, ResetModel)
    return await _change(request, lambda lab: lab.reset(forget=body.forget))


async def redo(request: Request) -> Response:
    """Go along steps that were taken back."""
    body = await read(request, CountModel)
    return await _change(request, lambda lab: lab.redone(body.count))


async def phase(request: Request) -> Response:
    """Walk through a step, phase by phase."""
    body = await read(request, PhaseModel)
    return await _change(request, walking.command(body.to))


async def branch(request: Request) -> Response:
    """Look at another timeline."""
    body = await read(request, BranchModel)
    return await _change(request, lambda lab: lab.switched(body.branch, body.step))


async def edit(request: Request) -> Response:
    """Change weights, biases, inputs, targets, the learning rate or a rule, from this step on."""
    body = await read(request, EditModel)
    change = Edit(
        weights=body.weights or {},
        biases=body.biases or {},
        inputs=body.inputs,
        targets=body.targets,
        learning_rate=body.learning_rate,
        loss=body.loss,
        bias_update=body.bias_update,
        hidden_deltas=body.hidden_deltas,
        sample=body.sample,
    )
    if body.redo_step:
        return await _change(request, lambda lab: lab.converted(change))
    return await _change(request, lambda lab: lab.edited(change))


def _documented() -> dict[str, Any]:
    """What reading a State takes."""
    documented = takes(None)
    return {**documented, "parameters": [*documented["parameters"], SAMPLE]}


def add_routes(app: FastAPI) -> None:
    """Put the API into ``app``."""
    network = f"{PREFIX}/networks/{{network_id}}"
    commands: dict[str, tuple[Any, type[Model]]] = {
        "step": (step, CountModel),
        "forward": (forward, ForwardModel),
        "take-back": (take_back, CountModel),
        "rewind": (rewind, RewindModel),
        "redo": (redo, CountModel),
        "reset": (reset, ResetModel),
        "phase": (phase, PhaseModel),
        "branch": (branch, BranchModel),
    }
    common: dict[str, Any] = {"response_model": StateModel, "responses": PROBLEMS}
    for name, (endpoint, model) in commands.items():
        app.add_api_route(
            f"{network}/{name}", endpoint, methods=["POST"], tags=["commands"],
            openapi_extra=takes(model), **common,
        )  # fmt: skip
    app.add_api_route(
        f"{network}/run", run, methods=["POST"], tags=["commands"],
        openapi_extra=takes(RunModel), **{**common, "response_model": RunStateModel},
    )  # fmt: skip
    app.add_api_route(
        network, edit, methods=["PATCH"], tags=["commands"],
        openapi_extra=takes(EditModel), **common,
    )  # fmt: skip
    app.add_api_route(
        network, read_network, methods=["GET"], tags=["networks"],
        openapi_extra=_documented(), **common,
    )  # fmt: skip
    app.add_api_route(
        f"{PREFIX}/networks", create_network, methods=["POST"], status_code=201,
        tags=["networks"], openapi_extra=takes(CreateOrImportModel, network=False),
        max_body_size=app.state.settings.max_import_bytes, **common,
    )  # fmt: skip
    _add_lists(app)
    app.add_api_route(network, read_network, methods=["HEAD"], include_in_schema=False)


def _add_lists(app: FastAPI) -> None:
    """What there is to choose from."""
    app.add_api_route(
        f"{PREFIX}/examples", list_examples, methods=["GET"], tags=["examples"],
        response_model=list[ExampleModel],
    )  # fmt: skip
    app.add_api_route(
        f"{PREFIX}/examples/{{slug}}", read_example, methods=["GET"], tags=["examples"],
        response_model=ExampleModel, responses={404: PROBLEMS[404]},
    )  # fmt: skip
    app.add_api_route(
        f"{PREFIX}/datasets", list_datasets, methods=["GET"], tags=["data"],
        response_model=list[DatasetModel],
    )  # fmt: skip
    for path, endpoint in (
        (f"{PREFIX}/datasets", list_datasets),
        (f"{PREFIX}/examples", list_examples),
        (f"{PREFIX}/examples/{{slug}}", read_example),
    ):
        app.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)

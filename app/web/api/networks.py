"""The JSON API, version 1.

Endpoints read the request themselves (``read``): pydantic parses the body's bytes directly, which
is strict about JSON and half the cost of FastAPI's own way; ``takes`` documents it in OpenAPI.
"""

from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response

from app.errors import InvalidInput, TooLarge
from app.lab import limits, walking
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.runs import RunCommand, RunGoal, StepCommand
from app.lab.sample_in_view import sample_in_view
from app.store.lab_store import fits
from app.web.api import openapi
from app.web.api.answers import RunStateModel, StateModel
from app.web.api.openapi import PROBLEMS, SAMPLE, takes
from app.web.api.responses import PREFIX, answered, changed, state_response
from app.web.http.application import store_of
from app.web.http.json_body import read
from app.web.http.model import Model
from app.web.networks import commands
from app.web.networks.bodies import (
    BranchModel,
    CountModel,
    EditModel,
    ForwardModel,
    PhaseModel,
    ResetModel,
    RewindModel,
    RunModel,
)
from app.web.networks.export_body import CreateOrImportModel, open_document
from app.web.networks.lookup import HISTORY, find_example, last_of, sample_of

M = TypeVar("M", bound=Model)


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
        lab = commands.fresh_lab(body.spec)
    else:
        example = find_example(body.example or "", pointer="/example")
        lab = Lab.fresh(example.spec, example.slug)
    opened = await commands.create(store_of(request), lab)
    root = request.scope.get("root_path", "")
    return state_response(opened, 201, location=f"{root}{PREFIX}/networks/{opened.id}")


async def read_network(request: Request) -> Response:
    """A network as it stands."""
    network_id = request.path_params["network_id"]
    opened = await commands.open_network(store_of(request), network_id)
    sample = sample_of(request)
    if sample is not None:
        sample_in_view(opened.lab, sample)
    return await answered(request, opened, sample=sample)


async def _body(request: Request, model: type[M]) -> M:
    """The body of a command whose answer may leave losses out."""
    last_of(request)  # refused before anything is changed
    return await read(request, model, HISTORY)


async def _change(request: Request, command: commands.Command, steps: int = 1) -> Response:
    return await answered(request, await changed(request, command, steps))


async def forward(request: Request) -> Response:
    """Show the forward pass at the present parameters, with new inputs if given."""
    body = await _body(request, ForwardModel)
    return await _change(request, lambda lab: lab.forwarded(body.inputs))


async def step(request: Request) -> Response:
    """Take backprop steps. All of them or, if one would not be finite, none."""
    body = await _body(request, CountModel)
    return await _change(request, StepCommand(body.count), body.count)


async def run(request: Request) -> Response:
    """Take steps to a chosen error or a number of them; what was computed stays."""
    body = await _body(request, RunModel)
    goal = RunGoal(body.count, body.until)
    running = RunCommand(goal, fits, limits.MAX_RUN_SECONDS)
    opened = await changed(request, running, body.count)
    start = opened.lab if running.start is None else running.start
    ended = {"start": start.step, "ending": running.ending and running.ending.value}
    return await answered(request, opened, ended)


async def take_back(request: Request) -> Response:
    """Return to the state some steps ago, exactly."""
    body = await _body(request, CountModel)
    return await _change(request, lambda lab: lab.taken_back(body.count))


async def rewind(request: Request) -> Response:
    """Return to any step that was taken, earlier or later, exactly."""
    body = await _body(request, RewindModel)
    return await _change(request, lambda lab: lab.rewound(body.step))


async def reset(request: Request) -> Response:
    """Return to the network as it was created; its steps and branches stay, unless forgotten."""
    body = await _body(request, ResetModel)
    return await _change(request, lambda lab: lab.reset(forget=body.forget))


async def redo(request: Request) -> Response:
    """Go along steps that were taken back."""
    body = await _body(request, CountModel)
    return await _change(request, lambda lab: lab.redone(body.count))


async def phase(request: Request) -> Response:
    """Walk through a step, phase by phase."""
    body = await _body(request, PhaseModel)
    return await _change(request, walking.command(body.to))


async def branch(request: Request) -> Response:
    """Look at another timeline."""
    body = await _body(request, BranchModel)
    return await _change(request, lambda lab: lab.switched(body.branch, body.step))


async def edit(request: Request) -> Response:
    """Change weights, biases, inputs, targets, the learning rate or a rule, from this step on."""
    body = await _body(request, EditModel)
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
    return {**documented, "parameters": [*documented["parameters"], SAMPLE, *openapi.HISTORY]}


def add_routes(app: FastAPI) -> None:
    """Put the API into ``app``."""
    network = f"{PREFIX}/networks/{{network_id}}"
    by_name: dict[str, tuple[Any, type[Model]]] = {
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
    for name, (endpoint, model) in by_name.items():
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
    app.add_api_route(network, read_network, methods=["HEAD"], include_in_schema=False)

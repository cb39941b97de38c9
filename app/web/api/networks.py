"""Networks and the commands on them, over the API."""

from fastapi import APIRouter, Request, Response

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
from app.web.api.responses import answered, changed, opened_of, state_response
from app.web.api.routing import PREFIX, ApiRoute, ImportRoute
from app.web.http.application import pool_of, store_of
from app.web.http.json_body import read
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
from app.web.networks.lookup import find_example, sample_of

router = APIRouter(prefix=f"{PREFIX}/networks", route_class=ApiRoute, responses=PROBLEMS)


async def create_network(request: Request) -> Response:
    """A new network, from a worked example, from a Spec, or from what was exported."""
    limit = request.app.state.settings.max_body_bytes
    if len(sent := await request.body()) > limit and b'"export"' not in sent:
        raise TooLarge(limit=limit)
    body = await read(request, CreateOrImportModel)
    if [body.example, body.spec, body.export].count(None) != 2:
        raise InvalidInput("example_or_spec", pointer="/example")
    if body.export is not None:
        lab = await open_document(body.export, pool_of(request).imports, "/export")
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


router.add_api_route(
    "",
    create_network,
    methods=["POST"],
    status_code=201,
    tags=["networks"],
    response_model=StateModel,
    openapi_extra=takes(CreateOrImportModel, network=False),
    route_class_override=ImportRoute,
)


@router.get(
    "/{network_id}",
    tags=["networks"],
    response_model=StateModel,
    openapi_extra={"parameters": [SAMPLE, *openapi.HISTORY]},
)
async def read_network(request: Request) -> Response:
    """A network as it stands."""
    opened = await opened_of(request)
    sample = sample_of(request)
    if sample is not None:
        sample_in_view(opened.lab, sample)
    return await answered(request, opened, sample=sample)


async def _change(request: Request, command: commands.Command, steps: int = 1) -> Response:
    return await answered(request, await changed(request, command, steps))


@router.post("/{network_id}/forward", tags=["commands"], response_model=StateModel)
async def forward(request: Request, body: ForwardModel) -> Response:
    """Show the forward pass at the present parameters, with new inputs if given."""
    return await _change(request, lambda lab: lab.forwarded(body.inputs))


@router.post("/{network_id}/step", tags=["commands"], response_model=StateModel)
async def step(request: Request, body: CountModel) -> Response:
    """Take backprop steps. All of them or, if one would not be finite, none."""
    return await _change(request, StepCommand(body.count), body.count)


@router.post("/{network_id}/run", tags=["commands"], response_model=RunStateModel)
async def run(request: Request, body: RunModel) -> Response:
    """Take steps to a chosen error or a number of them; what was computed stays."""
    goal = RunGoal(body.count, body.until)
    running = RunCommand(goal, fits, limits.MAX_RUN_SECONDS)
    opened = await changed(request, running, body.count)
    start = opened.lab if running.start is None else running.start
    ended = {"start": start.step, "ending": running.ending and running.ending.value}
    return await answered(request, opened, ended)


@router.post("/{network_id}/take-back", tags=["commands"], response_model=StateModel)
async def take_back(request: Request, body: CountModel) -> Response:
    """Return to the state some steps ago, exactly."""
    return await _change(request, lambda lab: lab.taken_back(body.count))


@router.post("/{network_id}/rewind", tags=["commands"], response_model=StateModel)
async def rewind(request: Request, body: RewindModel) -> Response:
    """Return to any step that was taken, earlier or later, exactly."""
    return await _change(request, lambda lab: lab.rewound(body.step))


@router.post("/{network_id}/reset", tags=["commands"], response_model=StateModel)
async def reset(request: Request, body: ResetModel) -> Response:
    """Return to the network as it was created; its steps and branches stay, unless forgotten."""
    return await _change(request, lambda lab: lab.reset(forget=body.forget))


@router.post("/{network_id}/redo", tags=["commands"], response_model=StateModel)
async def redo(request: Request, body: CountModel) -> Response:
    """Go along steps that were taken back."""
    return await _change(request, lambda lab: lab.redone(body.count))


@router.post("/{network_id}/phase", tags=["commands"], response_model=StateModel)
async def phase(request: Request, body: PhaseModel) -> Response:
    """Walk through a step, phase by phase."""
    return await _change(request, walking.command(body.to))


@router.post("/{network_id}/branch", tags=["commands"], response_model=StateModel)
async def branch(request: Request, body: BranchModel) -> Response:
    """Look at another timeline."""
    return await _change(request, lambda lab: lab.switched(body.branch, body.step))


@router.patch("/{network_id}", tags=["commands"], response_model=StateModel)
async def edit(request: Request, body: EditModel) -> Response:
    """Change weights, biases, inputs, targets, the learning rate or a rule, from this step on."""
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

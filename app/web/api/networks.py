"""Networks and the commands on them, over the API."""

from fastapi import APIRouter, Request, Response

from app.errors import InvalidInput
from app.lab import limits, walking
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.links.codec import encode
from app.lab.runs import RunCommand, RunGoal, StepCommand
from app.lab.sample_in_view import sample_in_view
from app.store.lab_store import fits
from app.web.api.openapi import HISTORY, IF_MATCH, PROBLEMS, SAMPLE, request_body
from app.web.api.response_models import LinkedModel, RunStateModel, StateModel
from app.web.api.responses import answered, changed, deleted, opened_of
from app.web.api.routing import PREFIX, ApiRoute, ImportRoute
from app.web.budgets.memory import wait_for_memory
from app.web.budgets.processes import Handed
from app.web.budgets.rates import Quota, spend
from app.web.http.application import pool_of, root_of, site_of, store_of
from app.web.http.compression import compressed
from app.web.http.json_body import json_response, json_sent, parsed
from app.web.networks import bodies, commands
from app.web.networks.export_body import CreateOrImportModel, DocumentModel, written_document
from app.web.networks.lookup import find_example, linked, sample_of
from app.web.networks.reading import opened_document

router = APIRouter(prefix=PREFIX, route_class=ApiRoute, responses=PROBLEMS)


# What is asked most stands first: routes are tried in their order.
@router.post("/networks/{network_id}/step", tags=["commands"], response_model=StateModel)
async def step(request: Request, body: bodies.CountModel) -> Response:
    """Take backprop steps. All of them or, if one would not be finite, none."""
    return await _change(request, StepCommand(body.count), body.count)


async def create_network(request: Request) -> Response:
    """A new network, from a worked example, from a Spec, or from what was exported."""
    limit = request.app.state.settings.max_body_bytes
    async with json_sent(request) as sent:
        lab = await _sent_lab(request, sent, limit)
    return await _created(request, lab)


async def _sent_lab(request: Request, sent: bytes | Handed, limit: int) -> Lab:
    pool = pool_of(request)
    if isinstance(sent, Handed) or len(sent) > limit:
        await spend(request, Quota.IMPORT)  # before so much is read
        return await opened_document(sent, pool, limit)
    body = parsed(CreateOrImportModel, sent or b"{}")
    if [body.example, body.spec, body.export].count(None) != 2:
        raise InvalidInput("example_or_spec", pointer="/example")
    if body.export is not None:
        await spend(request, Quota.IMPORT)
        return await opened_document(sent, pool, limit)
    if body.spec is not None:
        return await pool.made(commands.fresh_lab, body.spec)
    example = find_example(body.example or "", pointer="/example")
    return Lab.fresh(example.spec, example.slug)


router.add_api_route(
    "/networks", create_network, methods=["POST"], status_code=201, tags=["networks"],
    response_model=StateModel, openapi_extra={"requestBody": request_body(CreateOrImportModel)},
    route_class_override=ImportRoute,
)  # fmt: skip


async def _created(request: Request, lab: Lab) -> Response:
    opened = await commands.create(request, lab)
    location = f"{root_of(request)}{PREFIX}/networks/{opened.id}"
    return await answered(request, opened, status=201, location=location)


@router.get(
    "/networks/{network_id}", tags=["networks"], response_model=StateModel,
    openapi_extra={"parameters": [SAMPLE, *HISTORY]},
)  # fmt: skip
async def read_network(request: Request) -> Response:
    """A network as it stands."""
    opened, sample = await opened_of(request), sample_of(request)
    if sample is not None:
        sample_in_view(opened.lab, sample)  # refuses one that is not there
    return await answered(request, opened, sample=sample)


@router.delete(
    "/networks/{network_id}", status_code=204, response_class=Response, tags=["networks"],
    openapi_extra={"parameters": [IF_MATCH]},
)  # fmt: skip
async def delete_network(request: Request) -> Response:
    """Delete a network with all its steps, for good; a run of it ends."""
    await deleted(request)
    return Response(status_code=204, headers={"cache-control": "no-store"})


async def _change(
    request: Request, command: commands.Command, steps: int = 1, name: str | None = None
) -> Response:
    """The State after a command, which the address names where nothing else does."""
    named = request.url.path.rpartition("/")[2] if name is None else name
    return await answered(request, await changed(request, command, named, steps))


@router.post("/networks/{network_id}/forward", tags=["commands"], response_model=StateModel)
async def forward(request: Request, body: bodies.ForwardModel) -> Response:
    """Show the forward pass at the present parameters, with new inputs if given."""
    return await _change(request, lambda lab: lab.forwarded(body.inputs))


@router.post("/networks/{network_id}/run", tags=["commands"], response_model=RunStateModel)
async def run(request: Request, body: bodies.RunModel) -> Response:
    """Take steps to a chosen error or a number of them; what was computed stays."""
    await spend(request, Quota.RUN)
    running = RunCommand(
        RunGoal(body.count, body.until, of=body.goal), fits, limits.MAX_RUN_SECONDS
    )
    opened = await changed(request, running, "run", body.count)
    start = running.start or opened.lab
    ended = {"start": start.step, "ending": running.ending and running.ending.value}
    return await answered(request, opened, ended)


@router.post("/networks/{network_id}/take-back", tags=["commands"], response_model=StateModel)
async def take_back(request: Request, body: bodies.CountModel) -> Response:
    """Return to the state some steps ago, exactly; the phases of a begun step count as one."""
    return await _change(request, lambda lab: lab.taken_back(body.count))


@router.post("/networks/{network_id}/rewind", tags=["commands"], response_model=StateModel)
async def rewind(request: Request, body: bodies.RewindModel) -> Response:
    """Return to any step that was taken, earlier or later, exactly."""
    return await _change(request, lambda lab: lab.rewound(body.step))


@router.post("/networks/{network_id}/reset", tags=["commands"], response_model=StateModel)
async def reset(request: Request, body: bodies.ResetModel) -> Response:
    """Return to the network as it was created; its steps and branches stay, unless forgotten."""
    return await _change(request, lambda lab: lab.reset(forget=body.forget))


@router.post("/networks/{network_id}/redo", tags=["commands"], response_model=StateModel)
async def redo(request: Request, body: bodies.CountModel) -> Response:
    """Go along steps that were taken back."""
    return await _change(request, lambda lab: lab.redone(body.count))


@router.post("/networks/{network_id}/phase", tags=["commands"], response_model=StateModel)
async def phase(request: Request, body: bodies.PhaseModel) -> Response:
    """Walk through a step, phase by phase."""
    return await _change(request, walking.command(body.to))


@router.post("/networks/{network_id}/branch", tags=["commands"], response_model=StateModel)
async def branch(request: Request, body: bodies.BranchModel) -> Response:
    """Look at another timeline."""
    return await _change(request, lambda lab: lab.switched(body.branch, body.step))


@router.patch("/networks/{network_id}", tags=["commands"], response_model=StateModel)
async def edit(request: Request, body: bodies.EditModel) -> Response:
    """Change weights, biases, inputs, targets, the learning rate or a rule, from this step on."""
    change = Edit(**body.model_dump(exclude={"redo_step"}, exclude_none=True))
    command = Lab.converted if body.redo_step else Lab.edited
    return await _change(
        request, lambda lab: command(lab, change), name=_name_of(change, redone=body.redo_step)
    )


def _name_of(edit: Edit, *, redone: bool) -> str:
    """What those who follow are told that an edit was; "" where the step in view says it."""
    if edit.has_values:
        return "edit"
    if edit.has_rules:
        return "rules" if redone else ""
    return "" if redone else "learning-rate"


@router.get("/networks/{network_id}/export", tags=["networks"], response_model=DocumentModel)
async def read_export(request: Request) -> Response:
    """The whole network as data, to be opened again by ``POST /api/v1/networks``."""
    opened = await opened_of(request)
    await wait_for_memory(request, opened.lab)
    pool = pool_of(request)
    document = await pool.do(written_document(opened.lab))

    def write() -> Response:
        return compressed(request, json_response(document, etag=f'"{opened.version}"'))

    return await pool.made(write)


@router.get("/networks/{network_id}/link", tags=["links"], response_model=LinkedModel)
async def read_link(request: Request) -> Response:
    """The link that holds the network as it stands; it is no right to change it."""
    link = await pool_of(request).made(encode, (await opened_of(request)).lab)
    return json_response({"link": link, "url": f"{site_of(request)}/at/{link}"})


@router.post("/links", status_code=201, tags=["links"], response_model=StateModel)
async def open_link(request: Request, body: bodies.LinkModel) -> Response:
    """A new network from a link."""
    return await _created(request, await linked(body.link, store_of(request).cache))

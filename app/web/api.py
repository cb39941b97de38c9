"""The JSON API, version 1."""

from itertools import pairwise
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Depends, Header, Request, Response

from app.engine.network import Spec
from app.errors import InvalidInput, VersionConflict
from app.examples import EXAMPLES, Example
from app.lab import Edit, Lab
from app.specs import spec_from_data, spec_to_data
from app.state import state
from app.store.base import Store
from app.web import service
from app.web.examples_openapi import BODIES, PROBLEMS
from app.web.lookup import find_example
from app.web.schemas import (
    MAX_WEIGHTS,
    CountModel,
    CreateModel,
    EditModel,
    EmptyModel,
    ExampleModel,
    ForwardModel,
    RewindModel,
    SpecModel,
    StateModel,
)

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)


async def get_store(request: Request) -> Store:
    """The store of this application."""
    store: Store = request.app.state.store
    return store


StoreDep = Annotated[Store, Depends(get_store)]
IfMatch = Annotated[
    str | None,
    Header(description="An ETag: the request is refused unless the network still stands there."),
]


def json_response(content: Any, status: int = 200, **headers: str) -> Response:
    """``content`` as JSON; NumPy arrays become lists, every float keeps all its digits."""
    body = orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)
    headers = {"cache-control": "no-store", **headers}
    return Response(body, status, headers, "application/json")


def state_response(opened: service.Opened, status: int = 200, **headers: str) -> Response:
    """The State of a network, with its version as ETag."""
    content = state(opened.id, opened.version, opened.lab)
    return json_response(content, status, etag=f'"{opened.version}"', **headers)


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


@router.get("/examples", response_model=list[ExampleModel], tags=["examples"])
async def list_examples() -> Response:
    """The worked examples, with what their sources printed and whether it is right."""
    return json_response([example_data(example) for example in EXAMPLES.values()])


@router.get("/examples/{slug}", response_model=ExampleModel, tags=["examples"])
async def read_example(slug: str) -> Response:
    """One worked example."""
    return json_response(example_data(find_example(slug)))


@router.post("/networks", status_code=201, response_model=StateModel, tags=["networks"])
async def create_network(
    request: Request,
    store: StoreDep,
    body: Annotated[CreateModel, Body(openapi_examples=BODIES["create"])],
) -> Response:
    """A new network, from a worked example or from a Spec."""
    if (body.example is None) == (body.spec is None):
        raise InvalidInput("example_or_spec", pointer="/example")
    if body.spec is not None:
        lab = Lab.fresh(_spec(body.spec))
        if not lab.is_finite:
            raise InvalidInput("loss_not_finite", pointer="/spec")
    else:
        example = find_example(body.example or "", pointer="/example")
        lab = Lab.fresh(example.spec, example.slug)
    opened = await service.create(store, lab)
    location = request.app.url_path_for("read_network", network_id=opened.id)
    root = request.scope.get("root_path", "")
    return state_response(opened, 201, location=f"{root}{location}")


def _spec(model: SpecModel) -> Spec:
    layers = model.layers
    weights = sum(n_in * n_out for n_in, n_out in pairwise(layers))
    if weights > MAX_WEIGHTS:
        raise InvalidInput(
            "too_many_weights", pointer="/spec/layers", count=weights, limit=MAX_WEIGHTS
        )
    return spec_from_data(model.model_dump(exclude_none=True))


@router.get("/networks/{network_id}", response_model=StateModel, tags=["networks"])
async def read_network(network_id: str, store: StoreDep) -> Response:
    """A network as it stands."""
    return state_response(await service.open_network(store, network_id))


async def _change(
    store: Store, network_id: str, command: service.Command, if_match: str | None, steps: int = 1
) -> Response:
    expected = service.if_match(if_match)
    try:
        opened = await service.change(
            store, network_id, command, expected=expected, steps=steps
        )
    except VersionConflict as error:
        raise service.as_precondition(error) from None
    return state_response(opened)


@router.post("/networks/{network_id}/forward", response_model=StateModel, tags=["commands"])
async def forward(
    network_id: str,
    store: StoreDep,
    body: Annotated[ForwardModel, Body(openapi_examples=BODIES["forward"])] = ForwardModel(),
    if_match: IfMatch = None,
) -> Response:
    """Show the forward pass at the present parameters, with new inputs if given."""
    return await _change(store, network_id, lambda lab: lab.forwarded(body.inputs), if_match)


@router.post("/networks/{network_id}/step", response_model=StateModel, tags=["commands"])
async def step(
    network_id: str,
    store: StoreDep,
    body: Annotated[CountModel, Body(openapi_examples=BODIES["step"])] = CountModel(),
    if_match: IfMatch = None,
) -> Response:
    """Take backprop steps. All of them or, if one would not be finite, none."""
    count = body.count
    return await _change(store, network_id, lambda lab: lab.stepped(count), if_match, count)


@router.post("/networks/{network_id}/take-back", response_model=StateModel, tags=["commands"])
async def take_back(
    network_id: str,
    store: StoreDep,
    body: Annotated[CountModel, Body(openapi_examples=BODIES["take_back"])] = CountModel(),
    if_match: IfMatch = None,
) -> Response:
    """Return to the state some steps ago, exactly."""
    return await _change(store, network_id, lambda lab: lab.taken_back(body.count), if_match)


@router.post("/networks/{network_id}/rewind", response_model=StateModel, tags=["commands"])
async def rewind(
    network_id: str,
    store: StoreDep,
    body: Annotated[RewindModel, Body(openapi_examples=BODIES["rewind"])],
    if_match: IfMatch = None,
) -> Response:
    """Return to any step that was taken, earlier or later, exactly."""
    return await _change(store, network_id, lambda lab: lab.rewound(body.step), if_match)


@router.post("/networks/{network_id}/reset", response_model=StateModel, tags=["commands"])
async def reset(
    network_id: str,
    store: StoreDep,
    body: Annotated[EmptyModel, Body()] = EmptyModel(),
    if_match: IfMatch = None,
) -> Response:
    """Start over from the network as it was created."""
    return await _change(store, network_id, lambda lab: lab.reset(), if_match)


@router.patch("/networks/{network_id}", response_model=StateModel, tags=["commands"])
async def edit(
    network_id: str,
    store: StoreDep,
    body: Annotated[EditModel, Body(openapi_examples=BODIES["edit"])],
    if_match: IfMatch = None,
) -> Response:
    """Change weights, biases, inputs, targets or the learning rate, from this step on."""
    change = Edit(
        weights=body.weights or {},
        biases=body.biases or {},
        inputs=body.inputs,
        targets=body.targets,
        learning_rate=body.learning_rate,
    )
    return await _change(store, network_id, lambda lab: lab.edited(change), if_match)

"""What OpenAPI says of requests and errors, with examples."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web.api.response_models import ProblemModel
from app.web.api.table_body import TableModel
from app.web.networks import bodies
from app.web.networks.export_body import CreateOrImportModel
from app.web.networks.lookup import MAX_LAST

_REFERENCE = "#/components/schemas/{model}"
XOR_SPEC = {
    "layers": [2, 2, 1],
    "activations": ["tanh", "sigmoid"],
    "loss": "half_squared_error",
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
    "bias_update": "per_neuron",
    "batch": {"size": "full", "reduction": "mean"},
    "samples": [{"inputs": [a, b], "targets": [a ^ b]} for a in (0, 1) for b in (0, 1)],
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
MOONS_SPEC = {
    "layers": [2, 4, 1],
    "activations": ["tanh", "sigmoid"],
    "loss": "binary_cross_entropy",
    "batch": {"size": 10, "reduction": "mean"},
    "data": {
        "name": "moons", "noise": 0.1, "size": 200, "seed": 3, "test_share": 0.3,
        "standardise": True,
    },
}  # fmt: skip
TABLE = "length,width,kind\n5.1,3.5,setosa\n6.3,2.7,virginica\n6.4,3.2,virginica"
_TABLE_CHOICES = {
    "header": True, "roles": ["input", "ignore", "target"], "test_share": 0.25,
    "standardise": True, "shuffle": True, "seed": 3,
}  # fmt: skip


def _example(summary: str, **value: Any) -> dict[str, Any]:
    return {"summary": summary, "value": value}


_EXAMPLES: dict[type[BaseModel], dict[str, Any]] = {
    CreateOrImportModel: {
        "example": _example("From a worked example", example="mazur-2-2-2"),
        "spec": _example("XOR, in full batches", spec=XOR_SPEC),
        "data": _example("Moons, drawn from a seed", spec=MOONS_SPEC),
    },
    bodies.LinkModel: {
        "link": _example("Mazur's network after one step", link="1hHKQw2YaxDago8yMzc0NagE")
    },
    TableModel: {
        "words": _example("Words in the last column: classes", csv=TABLE),
        "told": _example("What may be told", csv=TABLE, **_TABLE_CHOICES),
    },
    bodies.ForwardModel: {
        "present": _example("With the present inputs"),
        "inputs": _example("With new inputs", inputs=[0.3, 0.7]),
    },
    bodies.CountModel: {"one": _example("One step", count=1)},
    bodies.RunModel: {
        "until": _example("To an error of 0.01, in 5,000 steps at most", count=5000, until=0.01),
        "count": _example("A number of steps", count=5000),
    },
    bodies.RewindModel: {"start": _example("Back to the start", step=0)},
    bodies.ResetModel: {
        "keep": _example("Back to the start; everything stays reachable"),
        "forget": _example("Start afresh", forget=True),
    },
    bodies.PhaseModel: {
        "next": _example("The next phase", to="next"),
        "phase": _example("A phase by its key", to="error"),
    },
    bodies.BranchModel: {"first": _example("The first branch", branch=0)},
    bodies.EditModel: {
        "edit": _example("A weight and the learning rate", weights={"w5": 0.4}, learning_rate=0.1)
    },
}


def parameter(place: str, name: str, description: str = "", **schema: Any) -> dict[str, Any]:
    """A parameter in a request's ``place``: "path", "query" or "header"; only a path needs it."""
    text = {"description": description} if description else {}
    return {"name": name, "in": place, "required": place == "path", "schema": schema, **text}


_NETWORK_ID = parameter(
    "path", "network_id", "The network's id; who knows it may drive the network.", type="string"
)
IF_MATCH = parameter(
    "header", "If-Match", "An ETag: the request is refused unless the network still stands there.",
    type="string", pattern=r'^(\*|(W/)?"[0-9]{1,15}")$',
)  # fmt: skip
SAMPLE = parameter(
    "query", "sample",
    "The sample in view, its index in the Spec's samples; by default the first of the step's batch."
    " Of one outside the batch there is a forward pass and no delta.", type="integer", minimum=0,
)  # fmt: skip
HISTORY = [
    parameter(
        "query", "history", "none: the State's loss_history is an empty list.",
        type="string", enum=["none", "all"], default="all",
    ),
    parameter(
        "query", "last", "How many losses the State's loss_history has at most, the newest ones.",
        type="integer", minimum=0, maximum=MAX_LAST,
    ),
]  # fmt: skip


def request_body(model: type[BaseModel]) -> dict[str, Any]:
    """A JSON body, with examples; one that has no required fields may be left out."""
    fields = model.model_fields.values()
    required = model is CreateOrImportModel or any(field.is_required() for field in fields)
    schema = {"$ref": _REFERENCE.format(model=model.__name__)}
    content = {"application/json": {"schema": schema, "examples": _EXAMPLES[model]}}
    return {"required": required, "content": content}


def described(
    path: str, model: type[BaseModel] | None, *, parameters: Sequence[Any] = (), **extra: Any
) -> dict[str, Any]:
    """What the endpoint at ``path`` takes: parameters, a body if it has a model, and ``extra``."""
    if "{network_id}" in path:
        parameters = [_NETWORK_ID, *([IF_MATCH, *HISTORY] if model else []), *parameters]
    body = {"requestBody": request_body(model)} if model else {}
    return extra | body | ({"parameters": parameters} if parameters else {})


def components() -> dict[str, Any]:
    """The schemas that ``request_body`` and ``PROBLEMS`` refer to."""
    documented: list[type[BaseModel]] = [*_EXAMPLES, ProblemModel]
    schemas: dict[str, Any] = models_json_schema(
        [(model, "validation") for model in documented], ref_template=_REFERENCE
    )[1]["$defs"]
    return schemas


def _described(text: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=ProblemModel.__name__)}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _described("The body cannot be read."),
    404: _described("No such network: unknown or expired."),
    409: _described("What is asked for lies ahead of the phase that a step is walked to."),
    412: _described("The network has moved on from the version in If-Match."),
    413: _described("The body is too large."),
    415: _described("The body is compressed, or not declared as application/json."),
    422: _described("A field cannot be used; the problem names it and says what is allowed."),
    429: _described(
        "Too many of these requests came from one address; Retry-After says how long to wait."
    ),
    503: _described("No room for another network, or the store is out of reach."),
    507: _described("The server's disk is full."),
}

"""Derivations, the gradient check and the scores, as JSON."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.engine.metrics import Score, scores_of
from app.errors import InvalidInput, NotComputed
from app.explain.notation import NOTATIONS
from app.explain.quantities import UnknownQuantity, find
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.lab.lab import Lab
from app.lab.limits import MAX_CHECK_WORK
from app.lab.obstacles import obstacles_of
from app.lab.own_units import answer_of, columns_of, targets_of
from app.lab.sample_in_view import sample_in_view
from app.lab.typed_inputs import typed_inputs
from app.lab.visibility import Visibility
from app.views.derivation.as_json import derivation_data
from app.views.options import ViewOptions
from app.views.pages.gradient_check import agrees
from app.web.api.openapi import PROBLEMS, SAMPLE, parameter
from app.web.api.response_models import DerivationModel, EvaluationModel, GradientCheckModel
from app.web.api.responses import opened_of
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.application import pool_of
from app.web.http.json_body import Model, json_response
from app.web.http.problems import read_query
from app.web.networks.lookup import no_such_quantity, sample_of

router = APIRouter(
    prefix=f"{PREFIX}/networks/{{network_id}}", tags=["explanations"], route_class=ApiRoute,
    responses=PROBLEMS,
)  # fmt: skip
_DEFAULT_DIGITS = "6"
_MOST_CHARACTERS = 2_000
_OPTIONS = [
    parameter(
        "path", "quantity",
        "w5 or b1 (its gradient and update), new:w5, value:w5, h1 or out:h1, net:h1, delta:h1,"
        " error:o1, share:o1, x1, y1, loss, loss:after.", type="string",
    ),
    parameter(
        "query", "notation", "What the writings call things; the example's own by default.",
        type="string", enum=list(NOTATIONS),
    ),
    parameter(
        "query", "digits", "Decimals in the writings; values are always exact.",
        type="integer", minimum=LEAST_DIGITS, maximum=MOST_DIGITS,
    ),
    SAMPLE,
]  # fmt: skip


@router.get(
    "/derivations/{quantity}", response_model=DerivationModel,
    openapi_extra={"parameters": _OPTIONS},
)  # fmt: skip
async def read_derivation(request: Request) -> Response:
    """Where a number of the step in view comes from, line by line."""
    lab = (await opened_of(request)).lab
    query = request.query_params
    chosen = {name: query[name] for name in ("notation", "digits") if name in query}
    options = read_query(ViewOptions.from_query, {"digits": _DEFAULT_DIGITS, **chosen})
    try:
        quantity = find(request.path_params["quantity"], lab.shown_spec)
    except UnknownQuantity:
        raise no_such_quantity(lab, "/quantity") from None
    visible = Visibility(sample_in_view(lab, sample_of(request)), lab.answerable)
    notation = options.notation_for(lab)
    data = await pool_of(request).made(
        derivation_data, visible, quantity, notation, options.digits, fits="page"
    )
    return json_response(data)


@router.get("/gradient-check", response_model=GradientCheckModel)
async def read_check(request: Request) -> Response:
    """Each parameter's gradient, derived and by central differences."""
    lab = (await opened_of(request)).lab
    if not lab.answerable.all_gradients:
        raise NotComputed
    return json_response(await pool_of(request).made(_checked, lab, fits="page"))


def _checked(lab: Lab) -> dict[str, Any]:
    check = lab.gradient_check
    spec, both = lab.shown_spec, (check.analytic, check.numeric)
    rows = []
    for part in spec.names.parameters():
        ours, theirs = (part.of(found) for found in both)
        if spec.bias_update == "none" and part.name in spec.names.bias_nodes:
            # A node that never learns is moved as a whole.
            ours, theirs = (float(found.biases[part.layer].sum()) for found in both)
        relative = abs(ours - theirs) / (abs(ours) + abs(theirs) or 1.0)
        rows.append(
            {"name": part.name, "analytic": ours, "numeric": theirs,
             "relative_difference": relative}
        )  # fmt: skip
    return {
        "step": lab.base_step, "largest_relative_difference": check.largest,
        "agree": agrees(check), "at_kink": check.at_kink, "parameters": rows,
    }  # fmt: skip


@router.get("/evaluation", response_model=EvaluationModel)
async def read_evaluation(request: Request) -> Response:
    """Loss and accuracy at the present parameters, over all training and all test samples."""
    lab = (await opened_of(request)).lab
    if not lab.answerable.error:
        raise NotComputed
    found = await pool_of(request).made(scores_of, lab.present, lab.parameters)
    test = found.test and _score(found.test)
    stuck = await pool_of(request).made(obstacles_of, lab, MAX_CHECK_WORK)
    return json_response(
        {"step": lab.step, "training": _score(found.training), "test": test,
         "obstacles": [one._asdict() for one in stuck]}
    )  # fmt: skip


class OwnAnswerModel(Model):
    """What the network answers for inputs of one's own, in the units of its table.

    ``columns`` and ``targets`` name the inputs and outputs there; ``activations`` are the outputs
    as the network computes them, ``label`` the class that they name or "", and ``outside`` says of
    each input whether no training sample goes so far.
    """

    columns: list[str]
    inputs: list[float]
    targets: list[str]
    outputs: list[float]
    activations: list[float]
    label: str
    outside: list[bool]


@router.get(
    "/answer", response_model=OwnAnswerModel,
    openapi_extra={
        "parameters": [
            parameter(
                "query", "inputs", "Inputs in the table's units, such as 60 or 60; 1,5.",
                type="string",
            )
        ]
    },
)  # fmt: skip
async def read_answer(request: Request) -> Response:
    """What the network answers for inputs of your own, in the units of its table."""
    lab = (await opened_of(request)).lab
    spec, text = lab.present, request.query_params.get("inputs", "")
    if len(text) > _MOST_CHARACTERS:
        raise InvalidInput("max_characters", pointer="/inputs", maximum=_MOST_CHARACTERS)
    try:
        found = answer_of(spec, lab.parameters, typed_inputs(spec, text))
    except InvalidInput as error:
        error.pointer = "/inputs"
        raise
    names = {"columns": columns_of(spec), "targets": targets_of(spec)}
    return json_response({**names, **found._asdict()})


def _score(score: Score) -> dict[str, Any]:
    return {"samples": score.samples, "loss": score.loss, "accuracy": score.accuracy}

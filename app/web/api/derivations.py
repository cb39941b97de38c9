"""Derivations and the gradient check, as JSON."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.errors import InvalidInput, NotComputed
from app.explain.notation import NOTATIONS
from app.explain.quantities import UnknownQuantity, find
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.lab.edits import bias_slots
from app.lab.examples import EXAMPLES
from app.lab.sample_in_view import sample_in_view
from app.views.derivation.as_json import derivation_data
from app.views.pages.gradient_check import agrees, check_of
from app.web.api.answers import DerivationModel, GradientCheckModel
from app.web.api.openapi import PROBLEMS, SAMPLE, parameter
from app.web.api.responses import opened_of
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.application import pool_of
from app.web.http.json_body import json_response
from app.web.networks import commands
from app.web.networks.lookup import no_such_quantity, sample_of

router = APIRouter(
    prefix=f"{PREFIX}/networks/{{network_id}}",
    tags=["explanations"],
    route_class=ApiRoute,
    responses=PROBLEMS,
)
_DEFAULT_DIGITS = 6
_OPTIONS = [
    parameter(
        "path",
        "quantity",
        "w5 or b1 (its gradient and update), new:w5, value:w5, h1 or out:h1, net:h1, delta:h1,"
        " error:o1, share:o1, x1, y1, loss, loss:after.",
        type="string",
    ),
    parameter(
        "query",
        "notation",
        "What the writings call things; the example's own by default.",
        type="string",
        enum=list(NOTATIONS),
    ),
    parameter(
        "query",
        "digits",
        "Decimals in the writings; values are always exact.",
        type="integer",
        minimum=LEAST_DIGITS,
        maximum=MOST_DIGITS,
    ),
    SAMPLE,
]


@router.get(
    "/derivations/{quantity}",
    response_model=DerivationModel,
    openapi_extra={"parameters": _OPTIONS},
)
async def read_derivation(request: Request) -> Response:
    """Where a number of the step in view comes from, line by line."""
    lab = (await opened_of(request)).lab
    notation = request.query_params.get("notation")
    if notation is None:
        example = EXAMPLES.get(lab.origin or "")
        notation = example.notation if example else "net"
    if notation not in NOTATIONS:
        raise InvalidInput("bad_query", pointer="/notation", allowed=", ".join(NOTATIONS))
    try:
        quantity = find(request.path_params["quantity"], lab.shown_spec)
    except UnknownQuantity:
        raise no_such_quantity(lab, "/quantity") from None
    seen = sample_in_view(lab, sample_of(request))
    data = derivation_data(
        lab, quantity, NOTATIONS[notation], _digits(request), lab.answerable, seen
    )
    return json_response(data)


def _digits(request: Request) -> int:
    text = request.query_params.get("digits", str(_DEFAULT_DIGITS))
    allowed = [str(count) for count in range(LEAST_DIGITS, MOST_DIGITS + 1)]
    if text not in allowed:
        raise InvalidInput("bad_query", pointer="/digits", allowed=", ".join(allowed))
    return int(text)


@router.get("/gradient-check", response_model=GradientCheckModel)
async def read_check(request: Request) -> Response:
    """Each parameter's gradient, derived and by central differences."""
    lab = (await opened_of(request)).lab
    if not lab.answerable.all_gradients:
        raise NotComputed
    check = await commands.run_check(check_of, lab, pool=pool_of(request))
    spec = lab.shown_spec
    places = {
        name: (layer, (j, i))
        for layer, rows in enumerate(spec.names.weights)
        for j, row in enumerate(rows)
        for i, name in enumerate(row)
    }
    rows: list[dict[str, Any]] = [
        _row(name, *(float(p.weights[layer][at]) for p in (check.analytic, check.numeric)))
        for name, (layer, at) in places.items()
    ]
    for name, (layer, units) in bias_slots(spec).items():
        first = (p.biases[layer][units] for p in (check.analytic, check.numeric))
        whole = spec.bias_update == "none"  # a node that never learns: moved as a whole
        rows.append(_row(name, *(float(row.sum() if whole else row[0]) for row in first)))
    return json_response(
        {"step": lab.shown.step - 1, "largest_relative_difference": check.largest,
         "agree": agrees(check), "at_kink": check.at_kink, "parameters": rows}
    )  # fmt: skip


def _row(name: str, analytic: float, numeric: float) -> dict[str, Any]:
    size = abs(analytic) + abs(numeric)
    relative = abs(analytic - numeric) / size if size else 0.0
    return {"name": name, "analytic": analytic, "numeric": numeric, "relative_difference": relative}

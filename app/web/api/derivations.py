"""Derivations and the gradient check, as JSON."""

from typing import Any

from fastapi import FastAPI, Request, Response

from app.errors import InvalidInput, NotComputed
from app.explain.notation import NOTATIONS
from app.explain.quantities import UnknownQuantity, find
from app.explain.rounding import LEAST_DIGITS, MOST_DIGITS
from app.lab.edits import bias_slots
from app.lab.examples import EXAMPLES
from app.lab.sample_in_view import sample_in_view
from app.lab.visibility import Visibility
from app.views.derivation.as_json import derivation_data
from app.views.pages.gradient_check import agrees, check_of
from app.web.api.answers import DerivationModel, GradientCheckModel
from app.web.api.openapi import PROBLEMS, SAMPLE, takes
from app.web.api.responses import PREFIX
from app.web.http.application import pool_of, store_of
from app.web.http.json_body import json_response
from app.web.networks import commands
from app.web.networks.lookup import no_such_quantity, sample_of

_DEFAULT_DIGITS = 6
_QUANTITY = {
    "name": "quantity",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "w5 or b1 (its gradient and update), new:w5, value:w5, h1 or out:h1, net:h1, "
    "delta:h1, error:o1, share:o1, x1, y1, loss, loss:after.",
}
_OPTIONS = [
    {
        "name": "notation",
        "in": "query",
        "schema": {"type": "string", "enum": list(NOTATIONS)},
        "description": "What the writings call things; the example's own by default.",
    },
    {
        "name": "digits",
        "in": "query",
        "schema": {"type": "integer", "minimum": LEAST_DIGITS, "maximum": MOST_DIGITS},
        "description": "Decimals in the writings; values are always exact.",
    },
    SAMPLE,
]


async def read_derivation(request: Request) -> Response:
    """Where a number of the step in view comes from, line by line."""
    lab = (await _opened(request)).lab
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
    visible = Visibility(sample_in_view(lab, sample_of(request)), lab.answerable)
    return json_response(derivation_data(visible, quantity, NOTATIONS[notation], _digits(request)))


def _digits(request: Request) -> int:
    text = request.query_params.get("digits", str(_DEFAULT_DIGITS))
    allowed = [str(count) for count in range(LEAST_DIGITS, MOST_DIGITS + 1)]
    if text not in allowed:
        raise InvalidInput("bad_query", pointer="/digits", allowed=", ".join(allowed))
    return int(text)


async def read_check(request: Request) -> Response:
    """Each parameter's gradient, derived and by central differences."""
    opened = await _opened(request)
    lab = opened.lab
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


async def _opened(request: Request) -> commands.StoredNetwork:
    store = store_of(request)
    return await commands.open_network(store, request.path_params["network_id"])


def add_routes(app: FastAPI) -> None:
    """Put both into ``app``."""
    network = f"{PREFIX}/networks/{{network_id}}"
    for path, endpoint, model, extra in (
        (f"{network}/derivations/{{quantity}}", read_derivation, DerivationModel,
         [_QUANTITY, *_OPTIONS]),
        (f"{network}/gradient-check", read_check, GradientCheckModel, []),
    ):  # fmt: skip
        documented = takes(None)
        documented["parameters"] = [*documented["parameters"], *extra]
        app.add_api_route(
            path, endpoint, methods=["GET"], tags=["explanations"], response_model=model,
            responses=PROBLEMS, openapi_extra=documented,
        )  # fmt: skip
        app.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)

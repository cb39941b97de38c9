"""How well a network does on its samples, as JSON; and pictures that take a while, prepared."""

from functools import partial
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response

from app.engine.metrics import Score, evaluate
from app.errors import NotComputed
from app.lab.score_history import known_until, missing, scores_of
from app.views.pages.gradient_check import check_of, is_checkable
from app.views.plots.options import LOSS
from app.web import service
from app.web.answers import EvaluationModel
from app.web.api import PREFIX, json_response
from app.web.explanations import told
from app.web.look import Look
from app.web.openapi import PROBLEMS, takes
from app.web.place import Place
from app.web.service import Opened
from app.web.workers import pool_of, whole

_FEW = 16


P = TypeVar("P", Place, Opened)


async def prepared(request: Request, place: P, look: Look) -> P:
    """``place``, once all that its page shows and that takes long is computed and remembered.

    That happens beside the event loop, in turn with runs.
    """
    lab, pool = place.lab, pool_of(request)
    if look.glance(lab).picked(lab) == LOSS:
        until = known_until(lab)
        if missing(lab, until) > _FEW:
            await pool.do(whole(partial(scores_of, lab, until)))
    if look.check and lab.progress.all_gradients and is_checkable(lab.shown_spec):
        await pool.do(whole(partial(check_of, lab)))
    return place


async def read_evaluation(request: Request) -> Response:
    """Loss and accuracy at the present parameters, over all training and all test samples."""
    store = service.store_of(request)
    lab = (await service.open_network(store, request.path_params["network_id"])).lab
    if not told(lab).error:
        raise NotComputed
    found = evaluate(lab.present, lab.parameters)
    test = _score(found.test) if found.test else None
    return json_response({"step": lab.step, "training": _score(found.training), "test": test})


def _score(score: Score) -> dict[str, Any]:
    return {"samples": score.samples, "loss": score.loss, "accuracy": score.accuracy}


def add_routes(app: FastAPI) -> None:
    """Put it into ``app``."""
    path = f"{PREFIX}/networks/{{network_id}}/evaluation"
    app.add_api_route(
        path, read_evaluation, methods=["GET"], tags=["explanations"],
        response_model=EvaluationModel, responses=PROBLEMS, openapi_extra=takes(None),
    )  # fmt: skip
    app.add_api_route(path, read_evaluation, methods=["HEAD"], include_in_schema=False)

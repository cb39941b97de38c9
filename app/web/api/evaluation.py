"""How a network does on its samples, over the API."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.engine.metrics import Score, scores_of
from app.errors import NotComputed
from app.web.api.answers import EvaluationModel
from app.web.api.openapi import PROBLEMS
from app.web.api.responses import opened_of
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.json_body import json_response

router = APIRouter(prefix=PREFIX, tags=["explanations"], route_class=ApiRoute, responses=PROBLEMS)


@router.get("/networks/{network_id}/evaluation", response_model=EvaluationModel)
async def read_evaluation(request: Request) -> Response:
    """Loss and accuracy at the present parameters, over all training and all test samples."""
    lab = (await opened_of(request)).lab
    if not lab.answerable.error:
        raise NotComputed
    found = scores_of(lab.present, lab.parameters)
    test = _score(found.test) if found.test else None
    return json_response({"step": lab.step, "training": _score(found.training), "test": test})


def _score(score: Score) -> dict[str, Any]:
    return {"samples": score.samples, "loss": score.loss, "accuracy": score.accuracy}

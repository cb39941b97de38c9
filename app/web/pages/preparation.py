"""How well a network does on its samples, as JSON; and pictures that take a while, prepared."""

from functools import partial
from typing import TypeVar

from fastapi import Request

from app.lab.score_history import known_until, missing, score_history_of
from app.store.lab_store import StoredNetwork
from app.views.options import LOSS, ViewOptions
from app.views.pages.gradient_check import check_of, is_checkable
from app.views.plots.options import plots_shown
from app.web.http.application import pool_of
from app.web.http.pool import whole
from app.web.pages.address import NetworkAddress

_FEW = 16
P = TypeVar("P", NetworkAddress, StoredNetwork)


async def prepared(request: Request, place: P, look: ViewOptions) -> P:
    """``place``, once what its page shows and takes long is remembered; in turn with runs."""
    lab, pool = place.lab, pool_of(request)
    if plots_shown(lab, look) == LOSS and missing(lab, until := known_until(lab)) > _FEW:
        await pool.do(whole(partial(score_history_of, lab, until)))
    if look.check and lab.progress.all_gradients and is_checkable(lab.shown_spec):
        await pool.do(whole(partial(check_of, lab)))
    return place

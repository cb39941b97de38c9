"""Pages that take a while: what they show is prepared, and they are drawn, beside the loop."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request, Response

from app.lab.lab import Lab
from app.lab.limits import is_checkable, weights_of
from app.lab.score_history import known_until, missing, score_history_of
from app.store.lab_store import StoredNetwork
from app.views.options import LOSS, ViewOptions
from app.views.plots.options import plots_shown, watched_loss
from app.web.budgets.pool import PoolShare
from app.web.http.application import pool_of
from app.web.http.compression import compressed
from app.web.networks.following import show
from app.web.pages.address import NetworkAddress

_FEW = 16
_FEW_WEIGHTS = 48
P = TypeVar("P", NetworkAddress, StoredNetwork)


async def prepared(request: Request, place: P, look: ViewOptions) -> P:
    """``place``, once what its page shows and takes long is remembered; in turn with runs."""
    if (opened := _opened(place)) is not None:
        await show(request, opened, look)
    await compute_ahead(pool_of(request), place.lab, look)
    return place


async def compute_ahead(pool: PoolShare, lab: Lab, look: ViewOptions) -> None:
    """Have what a page shows of a network, and takes long, remembered."""
    means = "curve" in look.shown_controls and lab.present.batches > 1
    charted = plots_shown(lab, look) == LOSS
    watched = watched_loss(lab.present, look) if charted else ""
    for loss in ("",) * (means or charted) + (watched,) * bool(watched):
        if missing(lab, until := known_until(lab), loss) > _FEW:
            await pool.made(score_history_of, lab, until, loss, fits="page")
    if look.check and lab.progress.all_gradients and is_checkable(lab.shown_spec):
        await pool.made(lambda: lab.gradient_check, fits="page")


def _opened(place: NetworkAddress | StoredNetwork) -> StoredNetwork | None:
    return place if isinstance(place, StoredNetwork) else place.opened


def is_large(lab: Lab) -> bool:
    """Whether the network's page takes longer to draw than others should wait for it."""
    return weights_of(lab.spec.layers) > _FEW_WEIGHTS


async def drawn_page(request: Request, lab: Lab, draw: Callable[[], Response]) -> Response:
    """What ``draw`` answers about a network: of a large one beside the event loop, compressed."""
    if not is_large(lab):
        return draw()
    return await pool_of(request).made(lambda: compressed(request, draw()), fits="page")

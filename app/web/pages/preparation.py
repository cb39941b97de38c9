"""Pages that take a while: what they show is prepared, and they are drawn, beside the loop."""

from collections.abc import Callable, Iterator
from functools import partial

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

_FEW = 16
_FEW_WEIGHTS = 48


async def prepare_page(request: Request, opened: StoredNetwork, look: ViewOptions) -> None:
    """Show a class the network of a page, and have what takes long remembered."""
    await show(request, opened, look)
    await compute_ahead(pool_of(request), opened.lab, look)


async def compute_ahead(pool: PoolShare, lab: Lab, look: ViewOptions) -> None:
    """Have what a page shows of a network, and takes long, remembered; in turn with runs."""
    for compute in _not_remembered(lab, look):
        await pool.made(compute, fits="page")


def _not_remembered(lab: Lab, look: ViewOptions) -> Iterator[Callable[[], object]]:
    """What computes, and so has remembered, each part of a page that takes long."""
    means = "curve" in look.shown_controls and lab.present.batches > 1
    charted = plots_shown(lab, look) == LOSS
    watched = watched_loss(lab.present, look) if charted else ""
    for loss in ("",) * (means or charted) + (watched,) * bool(watched):
        if missing(lab, until := known_until(lab), loss) > _FEW:
            yield partial(score_history_of, lab, until, loss)
    if look.check and lab.progress.all_gradients and is_checkable(lab.shown_spec):
        yield lambda: lab.gradient_check


def is_large(lab: Lab) -> bool:
    """Whether the network's page takes longer to draw than others should wait for it."""
    return weights_of(lab.spec.layers) > _FEW_WEIGHTS


async def drawn_page(request: Request, lab: Lab, draw: Callable[[], Response]) -> Response:
    """What ``draw`` answers about a network: of a large one beside the event loop, compressed."""
    if not is_large(lab):
        return draw()
    return await pool_of(request).made(lambda: compressed(request, draw()), fits="page")

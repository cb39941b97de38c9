"""What the application holds, and where it is."""

from starlette.requests import Request

from app.store.lab_store import LabStore
from app.web.budgets.pool import Pool, PoolShare
from app.web.budgets.rates import SITE_BITS, counted_address
from app.web.budgets.turns import Client


def store_of(request: Request) -> LabStore:
    """The store of the application that the request came to."""
    store: LabStore = request.app.state.store
    return store


def pool_of(request: Request, *, watched: bool = True) -> PoolShare:
    """The request's share of the pool of its application; ``watched``: it ends with its client."""
    pool: Pool = request.app.state.pool
    return PoolShare(pool, client_of(request), request.is_disconnected if watched else None)


def client_of(request: Request) -> Client:
    """Who sent a request: an address, of IPv6 all that one site may have; and its network."""
    host = request.client.host if request.client else ""
    return Client(counted_address(host, SITE_BITS), request.path_params.get("network_id", ""))


def root_of(request: Request) -> str:
    """The path under which a proxy serves the application."""
    return str(request.scope.get("root_path", ""))


def site_of(request: Request) -> str:
    """The address of the site, a proxy's path included: as configured, else as it was asked."""
    if public := request.app.state.settings.public_url:
        return str(public)
    return f"{request.url.scheme}://{request.url.netloc}{root_of(request)}"

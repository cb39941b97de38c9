"""What the application holds."""

from starlette.requests import Request

from app.store.lab_store import LabStore
from app.web.http.pool import Pool


def store_of(request: Request) -> LabStore:
    """The store of the application that the request came to."""
    store: LabStore = request.app.state.store
    return store


def pool_of(request: Request) -> Pool:
    """The pool of the application that the request came to."""
    pool: Pool = request.app.state.pool
    return pool

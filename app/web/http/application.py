"""What the application holds, and where it is."""

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


def root_of(request: Request) -> str:
    """The path under which a proxy serves the application."""
    return str(request.scope.get("root_path", ""))


def site_of(request: Request) -> str:
    """The address of the site, a proxy's path included: as configured, else as it was asked."""
    if public := request.app.state.settings.public_url:
        return str(public)
    return f"{request.url.scheme}://{request.url.netloc}{root_of(request)}"

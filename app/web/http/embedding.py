"""Pages for the frames of other sites have the same addresses behind a prefix."""

from starlette.requests import Request
from starlette.types import Scope

EMBED = "/embed"
"""What the addresses of such pages begin with; what follows is as everywhere else."""


def is_below_embed(scope: Scope) -> bool:
    """Whether a request's scope is of a page in a frame of another site, or comes from one."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(f"{EMBED}/")


def is_embedded(request: Request) -> bool:
    """The same of a request."""
    return is_below_embed(request.scope)

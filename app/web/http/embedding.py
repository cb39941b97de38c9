"""Pages for the frames of other sites have the same addresses behind a prefix."""

from starlette.requests import Request
from starlette.types import Scope

EMBED = "/embed"
"""What the addresses of such pages begin with; what follows is as everywhere else."""


def is_embedded(request: Request) -> bool:
    """Whether the request is for a page in a frame of another site, or comes from one."""
    return is_below_embed(request.scope)


def is_below_embed(scope: Scope) -> bool:
    """The same of a request's scope."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(f"{EMBED}/")


def prefix_of(request: Request) -> str:
    """What stands between the root and the address of a network."""
    return EMBED if is_embedded(request) else ""

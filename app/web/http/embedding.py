"""Pages for the frames of other sites have the same addresses behind a prefix."""

from starlette.requests import Request

EMBED = "/embed"
"""What the addresses of such pages begin with; what follows is as everywhere else."""


def is_embedded(request: Request) -> bool:
    """Whether the request is for a page in a frame of another site, or comes from one."""
    root: str = request.scope.get("root_path", "")
    path: str = request.scope["path"].removeprefix(root)
    return path.startswith(f"{EMBED}/")


def prefix_of(request: Request) -> str:
    """What stands between the root and the address of a network."""
    return EMBED if is_embedded(request) else ""

"""Addresses of this site."""

from fastapi import Request


def site_of(request: Request) -> str:
    """The address of the site, as the person who asks sees it, a proxy's path included."""
    return f"{request.url.scheme}://{request.url.netloc}{root_of(request)}"


def root_of(request: Request) -> str:
    """The path under which a proxy serves the application."""
    root: str = request.scope.get("root_path", "")
    return root

"""The two ways into the builder: each leads back to the other as that was left.

Nothing is stored: the address of a page holds its choices, and browsers tell where they come from.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

from app.views.options import ViewOptions
from app.web.http.application import root_of
from app.web.pages.options import options_of

_WAYS = {"homework": "/new/homework", "data": "/new"}


def ways_of(request: Request) -> dict[str, str]:
    """The address of each way, by its name, with the look of this page."""
    left, root = urlsplit(request.headers.get("referer", "")), root_of(request)
    look = options_of(request).elsewhere
    chosen = [one for one in parse_qsl(left.query) if one[0] not in ViewOptions.model_fields]
    query = "&".join(filter(None, (look[1:], urlencode(chosen))))
    found = {name: f"{root}{path}{look}" for name, path in _WAYS.items()}
    came = next((name for name, path in _WAYS.items() if left.path == root + path), "")
    return found | {came: f"{left.path}?{query}"} if came and query else found

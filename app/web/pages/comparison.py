"""Pages beside the lab: two branches compared, and what an example's source printed."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import Request, Response

from app.errors import InvalidInput
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.links import encode
from app.views.pages.comparison import compare
from app.web.http.addresses import root_of
from app.web.http.page import A_MINUTE, page
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.text import printable
from app.web.networks.lookup import find_example
from app.web.pages.address import STORED, place_of
from app.web.pages.options import Look

router = Routes()


@router.get(f"{STORED}/compare")
async def compare_page(request: Request) -> Response:
    """Two branches side by side; by default the one in view and the one that it left.

    What cannot be compared is explained beside its field, and the default stands in its place.
    """
    place, look = await place_of(request), Look.of(request)
    lab = place.lab
    parent = lab.branches[lab.branch].parent
    other = parent if parent is not None else int(lab.branch == 0 and len(lab.branches) > 1)
    typed = {key: printable(request.query_params.get(key, ""))[:24] for key in ("a", "b", "step")}
    wrong: dict[str, str] = {}
    usable = dict(typed)
    while True:
        try:
            comparison = compare(
                lab, _number(usable, "a", other), _number(usable, "b", lab.branch),
                _number(usable, "step", None), look.notation_for(lab), look.digits,
                log=look.scale == "log",
            )  # fmt: skip
            break
        except InvalidInput as error:
            key = (error.pointer or "").lstrip("/")
            if key not in usable:
                raise
            wrong[key] = detail(error)
            del usable[key]
    context = {
        "c": comparison, "typed": typed, "wrong": wrong, "look": look, "query": look.query(),
        "base": place.base,
    }  # fmt: skip
    return page(request, "compare.html", context, status=422 if wrong else 200)


@router.get("/examples/{slug}/published")
async def published_page(request: Request) -> Response:
    """Every value that an example's source printed, beside the exact one."""
    example, look = find_example(request.path_params["slug"]), Look.of(request)
    context = {
        "example": example,
        "first_step": f"{root_of(request)}/at/{_first_step(example.slug)}",
        "agreeing": sum(row.agrees for row in example.published),
        "look": look,
        "query": look.query(),
    }
    return page(request, "published.html", context, cache=A_MINUTE)


@lru_cache(maxsize=64)
def _first_step(slug: str) -> str:
    """The link to an example after its first step, which most printed values are of."""
    return encode(Lab.fresh(EXAMPLES[slug].spec, slug).stepped())


def _number(typed: Mapping[str, str], name: str, default: Any) -> Any:
    """A whole number that was typed.

    Raises:
        InvalidInput: it is none.
    """
    text = typed.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise InvalidInput("whole_number", pointer=f"/{name}")
    return int(text)

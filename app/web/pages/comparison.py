"""Pages beside the lab: two branches compared, and what an example's source printed."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, Field

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.links.codec import encode
from app.views.pages.comparison import Comparison, compare
from app.web.http.application import root_of
from app.web.http.page import A_MINUTE, page
from app.web.http.routing import Routes
from app.web.http.text import printable_part
from app.web.networks.forms import WholeField
from app.web.networks.lookup import find_example
from app.web.pages.address import STORED, place_of
from app.web.pages.form_errors import as_far_as_usable
from app.web.pages.options import options_of
from app.web.pages.preparation import drawn_page

router = Routes()
_Number = Annotated[WholeField, Field(ge=0)]


class ComparisonQuery(BaseModel):
    """Two branches, and the step at which they are compared."""

    a: _Number
    b: _Number
    step: _Number | None = None


@router.get(f"{STORED}/compare")
async def compare_page(request: Request) -> Response:
    """Two branches side by side; by default the one in view and the one that it left.

    What cannot be compared is explained beside its field, and the default stands in its place.
    """
    place, look = await place_of(request), options_of(request)
    lab = place.lab
    parent = lab.branches[lab.branch].parent
    other = parent if parent is not None else int(lab.branch == 0 and len(lab.branches) > 1)
    sent = request.query_params
    typed = {key: printable_part(sent.get(key, ""))[:24] for key in ("a", "b", "step")}

    def compared(usable: Mapping[str, str]) -> Comparison:
        given = {key: text for key, text in usable.items() if text}
        chosen = ComparisonQuery.model_validate({"a": str(other), "b": str(lab.branch), **given})
        notation = look.notation_for(lab)
        return compare(lab, chosen.a, chosen.b, chosen.step, notation, look.digits, log=look.log)

    def draw() -> Response:
        comparison, wrong = as_far_as_usable(compared, typed)
        context: dict[str, Any] = {
            "c": comparison,
            "typed": typed,
            "wrong": wrong,
            "base": place.base,
        }
        context |= {"look": look, "query": look.query()}
        return page(request, "compare/page.html", context, status=422 if wrong else 200)

    return await drawn_page(request, lab, draw)


@router.get("/examples/{slug}/published")
async def published_page(request: Request) -> Response:
    """Every value that an example's source printed, beside the exact one."""
    example, look = find_example(request.path_params["slug"]), options_of(request)
    context = {
        "example": example,
        "first_step": f"{root_of(request)}/at/{_first_step(example.slug)}",
        "look": look,
        "query": look.query(),
    }
    return page(request, "published/page.html", context, cache=A_MINUTE)


@lru_cache(maxsize=64)
def _first_step(slug: str) -> str:
    """The link to an example after its first step, which most printed values are of."""
    return encode(Lab.fresh(EXAMPLES[slug].spec, slug).stepped())

"""The lesson's page: its numbers come with the address, and nothing is stored."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from app.errors import TakebackError
from app.views.pages.lesson import MOST_MOVES, Lesson, lesson_of
from app.web.http.page import A_MINUTE, page
from app.web.http.problems import as_errors, detail
from app.web.http.routing import Routes
from app.web.http.text import printable
from app.web.networks.bodies import MAX_RATE
from app.web.networks.numbers import NumberField, plain_number
from app.web.pages.options import Look

router = Routes()
VALUE = "value."
_MOST_LAYERS, _MOST_UNITS = 10, 1000


def _layers(text: str) -> list[int]:
    """Layer sizes such as 2-2-2.

    Raises:
        PydanticCustomError: they are not written so, or are too many or too large.
    """
    parts = text.strip().split("-")
    sizes = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 5]
    if len(sizes) != len(parts) or not 2 <= len(sizes) <= _MOST_LAYERS:
        raise PydanticCustomError("layer_sizes", "sizes")
    if not all(1 <= size <= _MOST_UNITS for size in sizes):
        raise PydanticCustomError("layer_sizes", "sizes")
    return sizes


class LessonQuery(BaseModel):
    """What the lesson's address may hold."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    values: dict[str, NumberField] = {}
    learning_rate: (
        Annotated[
            float, Field(ge=0, le=MAX_RATE, allow_inf_nan=False), BeforeValidator(plain_number)
        ]
        | None
    ) = None
    moves: Annotated[int, Field(ge=0, le=MOST_MOVES)] = 3
    layers: Annotated[list[int], BeforeValidator(_layers)] = [2, 2, 2]


@router.get("/lesson")
async def lesson_page(request: Request) -> Response:
    """The lesson with the numbers of the address; a wrong one is explained beside its field."""
    typed = {key: printable(text) for key, text in request.query_params.items()}
    look = Look.of(request)
    lesson, wrong = _as_far_as_right(typed)
    context = {
        "lesson": lesson,
        "look": look,
        "query": look.query(),
        "typed": typed,
        "wrong": wrong,
        "elsewhere": [text for key, text in wrong.items() if key not in _fields_of(lesson)],
        "weights_wrong": any(VALUE + name in wrong for name in lesson.weights),
        "most_moves": MOST_MOVES,
    }
    if wrong:
        return page(request, "lesson.html", context, status=422)
    return page(request, "lesson.html", context, cache=A_MINUTE)


def _fields_of(lesson: Lesson) -> set[str]:
    """The names of the fields that say themselves what is wrong with them."""
    return {
        *(VALUE + name for name in (*lesson.fields, *lesson.weights)),
        "learning_rate",
        "layers",
    }


def _as_far_as_right(typed: Mapping[str, str]) -> tuple[Lesson, dict[str, str]]:
    """The lesson with the numbers that can be used, and what is wrong with each other field."""
    wrong: dict[str, str] = {}
    usable = dict(typed)
    while True:
        try:
            return _lesson(usable), wrong
        except (TakebackError, ValidationError) as error:
            found = {_field(one): detail(one) for one in reversed(as_errors(error))}
        wrong |= found
        left = {key: text for key, text in usable.items() if key not in found}
        # What no field is to blame for goes with all of them.
        usable = left if len(left) < len(usable) else {}


def _lesson(typed: Mapping[str, str]) -> Lesson:
    values = {key.removeprefix(VALUE): text for key, text in typed.items() if key.startswith(VALUE)}
    rest: dict[str, Any] = {key: text for key, text in typed.items() if not key.startswith(VALUE)}
    form = LessonQuery.model_validate({**rest, "values": values})
    return lesson_of(form.values, form.learning_rate, form.moves, form.layers)


def _field(error: TakebackError) -> str:
    pointer = (error.pointer or "").lstrip("/")
    return VALUE + pointer.removeprefix("values/") if pointer.startswith("values/") else pointer

"""The lesson's page: its numbers come with the address, and nothing is stored."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.data.numbers.scripts import plain_signs
from app.lab.edits import unknown_values
from app.lab.examples import DEFAULT, EXAMPLES
from app.views.lesson.lesson import MOST_MOVES, Lesson, lesson_lab, lesson_of
from app.views.lesson.trials import TOO_LARGE
from app.views.options import ViewOptions
from app.web.files.programs import program_text
from app.web.http.application import pool_of
from app.web.http.page import A_MINUTE, page
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.text import printable_part
from app.web.networks.forms import VALUE, NumberField, RateField, with_values
from app.web.pages.form_errors import as_far_as_usable, field_name
from app.web.pages.options import options_of

router = Routes()
_MOST_LAYERS, _MOST_UNITS = 10, 1000
_FIELDS = {"learning_rate", "layers", "other_rate"}
NEURONS_COUNTED = "https://doi.org/10.1002/cne.21974"
"""Azevedo et al. 2009, J. Comp. Neurol. 513, 532-541: 86.1 billion, give or take 8.1."""
# The part of a program that the lesson shows: the optimizer and a step.
_TRAINING, _AFTER_TRAINING = "parameters = ", "\n\n\nfor step in "


def _layers(text: str) -> list[int]:
    """Layer sizes such as 2-2-2, neither too many nor too large."""
    parts = plain_signs(text).strip().split("-")
    sizes = [int(part) for part in parts if re.fullmatch("[0-9]{1,4}", part)]
    if not 2 <= len(parts) <= _MOST_LAYERS or len(sizes) < len(parts):
        raise PydanticCustomError("layer_sizes", "sizes")
    if not all(1 <= size <= _MOST_UNITS for size in sizes):
        raise PydanticCustomError("layer_sizes", "sizes")
    return sizes


class LessonQuery(BaseModel):
    """What the lesson's address may hold."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    values: dict[str, NumberField] = {}
    learning_rate: RateField | None = None
    moves: Annotated[int, Field(ge=0, le=MOST_MOVES)] = 3
    layers: Annotated[list[int], BeforeValidator(_layers)] = [2, 2, 2]
    other_rate: RateField = TOO_LARGE


@router.get("/lesson")
async def lesson_page(request: Request) -> Response:
    """The lesson with the numbers of the address; a wrong one is explained beside its field."""
    typed = {key: printable_part(text) for key, text in request.query_params.items()}
    look = options_of(request)
    draw = partial(_drawn, request, typed, look)
    return await pool_of(request).made(draw, fits="page")


def _drawn(request: Request, typed: Mapping[str, str], look: ViewOptions) -> Response:
    # All names at once: what is wrong with a number takes a pass for each.
    spec, names = EXAMPLES[DEFAULT].spec, [key for key in typed if key.startswith(VALUE)]
    unknown = unknown_values(spec, [name.removeprefix(VALUE) for name in names])
    strange = {name for name in names if unknown_values(spec, [name.removeprefix(VALUE)])}
    known = {key: text for key, text in typed.items() if key not in strange}
    (lesson, program), wrong = as_far_as_usable(_lesson, known)
    wrong |= {field_name(error): detail(error) for error in unknown}
    own = {VALUE + name for name in (*lesson.fields, *lesson.weights)} | _FIELDS
    context = {
        "lesson": lesson,
        "program": program,
        "training": program[program.index(_TRAINING) : program.index(_AFTER_TRAINING)],
        "neurons_counted": NEURONS_COUNTED,
        "look": look,
        "query": look.query(),
        "typed": typed,
        "wrong": wrong,
        "elsewhere": [text for key, text in wrong.items() if key not in own],
        "weights_wrong": any(VALUE + name in wrong for name in lesson.weights),
        "most_moves": MOST_MOVES,
    }
    status, cache = (422, "no-store") if wrong else (200, A_MINUTE)
    return page(request, "lesson/page.html", context, status=status, cache=cache)


def _lesson(typed: Mapping[str, str]) -> tuple[Lesson, str]:
    """The lesson, and the program in PyTorch that computes the same."""
    form = LessonQuery.model_validate(with_values(typed))
    lab = lesson_lab(form.values, form.learning_rate)
    lesson = lesson_of(lab, form.moves, form.layers, form.other_rate)
    return lesson, program_text(lab, "pytorch")

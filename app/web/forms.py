"""The forms of the pages: what a browser sends, as text, and what may be in it."""

import re
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.errors import UnsupportedMediaType
from app.web.schemas import MAX_COUNT, MAX_RATE

_PLAIN_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def plain_number(text: str) -> str:
    """``text`` if it is written as a number with a decimal point, or names infinity or NaN."""
    if _PLAIN_NUMBER.fullmatch(text) or text.strip().lower().lstrip("+-") in ("inf", "nan"):
        return text
    raise PydanticCustomError("decimal_number", "decimal number")


class CommandForm(BaseModel):
    """The fields of the toolbar's forms; text, since that is what a form sends."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: Annotated[int, Field(ge=1)] | None = None
    op: Annotated[str, Field(max_length=64)] = ""
    count: Annotated[int, Field(ge=1, le=MAX_COUNT)] = 1
    learning_rate: (
        Annotated[
            float, Field(ge=0, le=MAX_RATE, allow_inf_nan=False), BeforeValidator(plain_number)
        ]
        | None
    ) = None

    def intention(self, command: str) -> str:
        """What makes this request the same as another one, sent twice: not the token alone."""
        return f"{self.op}:{command}:{self.count}:{self.learning_rate}" if self.op else ""

    def steps_of(self, command: str) -> int:
        """How many steps ``command`` takes."""
        return self.count if command == "step" else 1


_FORM_TYPE = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form.

    Raises:
        UnsupportedMediaType: the body is something else.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _FORM_TYPE:
        if await request.body():
            raise UnsupportedMediaType("unsupported_form")
        return {}
    async with request.form(max_files=0, max_fields=20) as data:
        typed = {key: value for key, value in data.items() if isinstance(value, str)}
    request.state.typed = typed
    return typed


def printable(text: str) -> str:
    """``text`` without characters that a page cannot hold."""
    return "".join(character for character in text if character.isprintable())

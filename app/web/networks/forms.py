"""The forms of the pages: what a browser sends, as text, and what may be in it."""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.data.numbers.number_formats import MINUS
from app.data.numbers.typed_numbers import typed_numbers, typed_whole
from app.engine.losses import LOSSES
from app.engine.network import BIAS_UPDATES, HIDDEN_DELTAS
from app.errors import UnsupportedMediaType
from app.lab.sample_in_view import OWN, TypedEdit
from app.web.budgets.parameters import check_parameters
from app.web.http.text import media_type_of
from app.web.networks.bodies import MAX_COUNT, FiniteNumber, RateNumber
from app.web.networks.choices import one_of

VALUE = "value."
_DIGITS = re.compile(r"\s*[+-]?[0-9]{1,30}\s*")


def plain_number(text: str) -> str:
    """The number in a field, with a decimal point, or the name of infinity or NaN.

    It may be written as people do, see ``typed_numbers``; a comma with two readings is refused.
    """
    if text.strip().lower().lstrip(f"+-{MINUS}") in ("inf", "nan"):
        return text.replace(MINUS, "-")
    found = typed_numbers(text)
    if len(found) > 1:
        point, comma = (f"{value:.15g}" for value in found)
        raise PydanticCustomError("open_number", "number", {"point": point, "comma": comma})
    if not found:
        raise PydanticCustomError("decimal_number", "decimal number")
    return repr(found[0])


def whole_number(text: str) -> str:
    """The whole number in a field, as digits; see ``typed_whole``.

    One with two readings is refused. What is no whole number stays, for pydantic to refuse.
    """
    if _DIGITS.fullmatch(text):
        return text
    found = typed_whole(text)
    if len(found) > 1:
        point, comma = map(str, found)
        raise PydanticCustomError("open_number", "number", {"point": point, "comma": comma})
    return str(found[0]) if found else text


NumberField = Annotated[FiniteNumber, BeforeValidator(plain_number)]
WholeField = Annotated[int, BeforeValidator(whole_number)]
RateField = Annotated[RateNumber, BeforeValidator(plain_number)]
Token = Annotated[str, BeforeValidator(lambda text: "".join(text.split())), Field(max_length=64)]
"""A token in one word: what a store keeps of a run stands behind it on a line of its own."""


def with_values(typed: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form, those of ``value.<name>`` together as ``values``.

    Those of ``value.own.<name>``, in the units of a table, are together as ``own``.
    """
    fields = {key: text for key, text in typed.items() if not key.startswith(VALUE)}
    values = {key[len(VALUE) :]: text for key, text in typed.items() if key.startswith(VALUE)}
    own = {key[len(OWN) :]: text for key, text in values.items() if key.startswith(OWN)}
    values = {key: text for key, text in values.items() if not key.startswith(OWN)}
    return {**fields, "values": values, "own": own}


class CommandForm(BaseModel):
    """The fields of the toolbar's forms; text, since that is what a form sends."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: Annotated[int, Field(ge=1)] | None = None
    op: Token = ""
    whole: bool = False
    count: Annotated[WholeField, Field(ge=1, le=MAX_COUNT)] = 1
    learning_rate: RateField | None = None
    step: Annotated[WholeField, Field(ge=0)] | None = None
    branch: Annotated[int, Field(ge=0)] | None = None
    sample: Annotated[WholeField, Field(ge=1)] | None = None
    to: Annotated[str, Field(max_length=40)] | None = None
    loss: one_of(*LOSSES) | None = None  # type: ignore[valid-type]
    bias_update: one_of(*BIAS_UPDATES) | None = None  # type: ignore[valid-type]
    hidden_deltas: one_of(*HIDDEN_DELTAS) | None = None  # type: ignore[valid-type]
    values: dict[str, NumberField] = {}
    own: dict[str, Annotated[str, Field(max_length=80)]] = {}

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> Self:
        """The form that a browser sent; ValidationError if a field cannot be used."""
        return cls.model_validate(with_values(typed))

    def edit(self, sample: int | None, learning_rate: float | None = None) -> TypedEdit:
        """What was typed and not yet applied, inputs and targets being those of ``sample``."""
        return TypedEdit(self.values, sample, learning_rate, self.own)

    def intention(self, command: str) -> str:
        """What makes this request the same as another one, sent twice: not the token alone.

        The command's name comes last: whoever follows is told what was done.
        """
        meant = self.model_dump(exclude={"version", "op", "whole"}, exclude_defaults=True)
        digest = hashlib.sha256(repr((command, sorted(meant.items()))).encode()).hexdigest()[:24]
        return f"{self.op}:{digest}:{command}" if self.op else ""

    def steps_of(self, command: str) -> int:
        """How many steps ``command`` takes."""
        return self.count if command == "step" else 1


_MOST_FIELDS, _LONGEST = 2_500, 16_000


async def read_form(request: Request, buttons: Collection[str] = ()) -> dict[str, str]:
    """A form's text fields; a button of one of the names ``buttons`` may come after its field.

    Raises UnsupportedMediaType if the body is none, and what ``check_parameters`` does.
    """
    body = await request.body()
    if media_type_of(request) != "application/x-www-form-urlencoded":
        if body:
            raise UnsupportedMediaType("unsupported_form")
        return {}
    check_parameters(body, _MOST_FIELDS, _LONGEST, lists=buttons)
    typed = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
    request.state.typed = typed
    return typed

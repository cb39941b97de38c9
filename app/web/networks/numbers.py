"""Numbers as people type them."""

import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from app.views.text.formatting import MINUS
from app.web.networks.bodies import Number, Rate

_PLAIN_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def plain_number(text: str) -> str:
    """``text`` if it is written as a number with a decimal point, or names infinity or NaN.

    A true minus sign, as pages show it, counts as one.
    """
    text = text.replace(MINUS, "-")
    if _PLAIN_NUMBER.fullmatch(text) or text.strip().lower().lstrip("+-") in ("inf", "nan"):
        return text
    raise PydanticCustomError("decimal_number", "decimal number")


NumberField = Annotated[Number, BeforeValidator(plain_number)]
RateField = Annotated[Rate, BeforeValidator(plain_number)]

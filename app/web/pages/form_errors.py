"""What went wrong with a form, for the page that it stands on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from app.errors import TakebackError
from app.web.http.problems import as_errors, detail
from app.web.http.text import printable_part
from app.web.networks.forms import VALUE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Notice:
    """What went wrong, shown on the page where it did.

    ``details`` are all sentences, ``fields`` those of fields that are to blame, by name, the first
    one last; ``typed``
    is to be kept. ``moved_on`` says whether the page now shows another moment than before.
    """

    details: tuple[str, ...]
    fields: dict[str, str]
    typed: Mapping[str, str]
    moved_on: bool = False

    @property
    def focus(self) -> str:
        """The first field to blame, where one goes on; "" if there is none."""
        return next(reversed(self.fields), "")


def field_name(error: TakebackError) -> str:
    """The name of the form's field that an error blames."""
    return re.sub("^/values/", VALUE, error.pointer or "").lstrip("/")


def kept(typed: Mapping[str, str]) -> dict[str, str]:
    """What a person typed; what the page itself had filled in gives way to what holds now."""
    found = {key: printable_part(text) for key, text in typed.items() if key.startswith(VALUE)}
    rate = typed.get("learning_rate")
    if rate is not None and rate != typed.get("shown_rate"):
        found["learning_rate"] = printable_part(rate)
    return found


def kept_run(typed: Mapping[str, str]) -> dict[str, str]:
    """What a person typed into the run's form, where no script keeps it there."""
    return {
        key: printable_part(typed[key])[:24] for key in ("count", "until", "goal") if key in typed
    }


def as_far_as_usable(
    read: Callable[[Mapping[str, str]], T], typed: Mapping[str, str]
) -> tuple[T, dict[str, str]]:
    """What ``read`` makes of the fields that can be used, and what is wrong with each other one.

    What it raises without any field is raised.
    """
    wrong: dict[str, str] = {}
    usable = typed
    while True:
        try:
            return read(usable), wrong
        except (TakebackError, ValidationError) as error:
            if not usable:
                raise
            for one in as_errors(error):
                wrong.setdefault(field_name(one), detail(one))
        left = {key: text for key, text in usable.items() if key not in wrong}
        # What no field is to blame for goes with all of them.
        usable = left if len(left) < len(usable) else {}
